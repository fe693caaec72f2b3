"""A published factor: where it is evaluated, how it is decided, and what was printed about it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple, TypeAlias

from msgspec import Struct

from riskfactors.domain.criteria import Ask, Condition, Criterion, Gradation, Stratification
from riskfactors.domain.snapshot import Source
from riskfactors.domain.timepoints import MILESTONES, Milestone
from riskfactors.domain.variables import Interval
from riskfactors.domain.vocabulary import Direction, Kind, Measure, Phrase, Setting, Verdict

PER_COMPARISON = (Measure.HAZARD_RATIO, Measure.ODDS_RATIO)
IN_GROUPS = (Measure.MEDIAN_MONTHS, Measure.RATE, Measure.COUNT)


class _Declared(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Read from the catalogue: an unknown field is a mistake."""


class Group(_Declared, frozen=True):
    """One arm of a published comparison, with the stratum or verdict of the patients in it.

    Its result is a number, with its interval where printed, or words ("not reached", "9 of 9").
    """

    name: str
    value: Decimal | None = None
    printed: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    stratum: str | None = None
    verdict: Verdict | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.printed is None):
            raise ValueError("value: a group has a value, or words as printed")
        if self.value is None or self.low is None or self.high is None:
            return
        if not self.low <= self.value <= self.high:
            raise ValueError(f"value: {self.value} lies outside {self.low} to {self.high}")


class Reading(_Declared, frozen=True):
    """What we take a misprint to mean."""

    estimate: Decimal | None = None
    interval: Interval | None = None
    p: str | None = None


class Estimate(_Declared, frozen=True):
    """One line of evidence, as printed, with our reading and doubt beside it.

    `of_not_reaching`: the printed odds are those of not reaching the outcome.
    """

    outcome: str
    measure: Measure
    reference: tuple[int, ...]
    estimate: Decimal | None = None
    interval: Interval | None = None
    p: str | None = None
    at: str | None = None
    per: str | None = None
    contrast: str | None = None
    of_not_reaching: bool = False
    groups: tuple[Group, ...] = ()
    statement: str | None = None
    note: str | None = None
    reading: Reading | None = None
    doubt: str | None = None

    def __post_init__(self) -> None:
        if not self.reference:
            raise ValueError("reference: none is given")
        if self.measure in PER_COMPARISON and (self.estimate is None or self.interval is None):
            raise ValueError(f"estimate: a {self.measure} has an estimate and an interval")
        if self.measure in IN_GROUPS and not self.groups:
            raise ValueError(f"groups: a {self.measure} has groups")
        if self.measure is Measure.STATEMENT and not self.statement:
            raise ValueError("statement: none is given")
        if self.reading is not None and not self.doubt:
            raise ValueError("doubt: a reading that differs from print says why")
        estimate, interval = self.as_read
        if estimate is not None and interval is not None and estimate not in interval:
            raise ValueError(f"estimate: {estimate} lies outside {interval.low} to {interval.high}")

    @property
    def as_read(self) -> tuple[Decimal | None, Interval | None]:
        """Estimate and interval as we read them."""
        reading = self.reading or Reading()
        return reading.estimate or self.estimate, reading.interval or self.interval


class Stratum(_Declared, frozen=True):
    """A group of patients, and the side of its published association."""

    name: str
    direction: Direction


class Factor(_Declared, frozen=True):
    """A prognostic factor. `values_from` says which assessments may supply its values."""

    key: str
    setting: Setting
    name: str
    kind: Kind
    direction: Direction
    tables: tuple[str, ...]
    evaluated_at: tuple[Milestone, ...]
    values_from: Source
    studied_in: str
    applies_if: Condition | Literal["always"]
    criterion: Criterion
    evidence: tuple[Estimate, ...]
    strata: Mapping[str, Stratum] = {}
    cutoff_source: str | None = None
    analysis: str | None = None
    cohort: int | None = None
    caveats: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        shapes: Mapping[Kind, Any] = {
            Kind.BINARY: Condition,
            Kind.STRATIFIED: Stratification,
            Kind.GRADED: Gradation,
        }
        criterion: object = self.criterion
        if not isinstance(criterion, shapes[self.kind]):
            raise ValueError(f"criterion: it does not answer a {self.kind} factor")
        named = criterion.named if isinstance(criterion, Stratification) else ()
        if set(named) != set(self.strata):
            raise ValueError("strata: they are not those that the criterion names")
        if not self.evaluated_at or Milestone.INTERIM in self.evaluated_at:
            raise ValueError("evaluated_at: a factor is evaluated at milestones of the course")
        if not self.evidence:
            raise ValueError("evidence: none is given")
        groups = {g.stratum for line in self.evidence for g in line.groups if g.stratum}
        if not groups <= set(self.strata):
            raise ValueError("evidence: a group names a stratum that the factor does not have")

    @property
    def references(self) -> tuple[int, ...]:
        """The numbers of all references it rests on, rising."""
        return tuple(sorted({number for line in self.evidence for number in line.reference}))


class Reference(_Declared, frozen=True):
    """A publication as the review lists it, with what is known to be wrong with the entry."""

    number: int
    authors: str
    title: str
    journal: str
    year: int
    volume: str
    pages: str
    doi: str
    discrepancies: tuple[str, ...]
    issue: str | None = None
    products: tuple[str, ...] = ()
    patients: int | None = None
    population: str | None = None


class Claim(_Declared, frozen=True):
    """What the review says about the field as a whole."""

    about: str
    fact: str
    reference: tuple[int, ...] = ()


class Question(NamedTuple):
    """One factor, made ready to be asked of a view: what the evaluation needs and nothing else."""

    factor: str
    ask: Ask
    direction: Direction
    directions: Mapping[str, Direction]
    not_met: Phrase
    not_studied: Phrase


class Panel(NamedTuple):
    """Questions of one milestone that apply to the same patients; None: to all of them."""

    applies: Ask | None
    questions: tuple[Question, ...]


Agenda: TypeAlias = Mapping[Milestone, tuple[Panel, ...]]
"""What is asked at each milestone."""


def agenda(factors: Iterable[Factor]) -> Agenda:
    """The factors by milestone and by whom they apply to, so that this is decided once for all."""
    groups: dict[Milestone, dict[Condition | None, list[Question]]] = {m: {} for m in MILESTONES}
    for factor in factors:
        condition = None if factor.applies_if == "always" else factor.applies_if
        for milestone in factor.evaluated_at:
            groups[milestone].setdefault(condition, []).append(_question(factor, condition))
    return {
        milestone: tuple(
            Panel(condition.ready("latest") if condition else None, tuple(questions))
            for condition, questions in group.items()
        )
        for milestone, group in groups.items()
    }


def _question(factor: Factor, condition: Condition | None) -> Question:
    return Question(
        factor.key,
        factor.criterion.ready(factor.values_from),
        factor.direction,
        {name: stratum.direction for name, stratum in factor.strata.items()},
        Phrase("not_met", factor.criterion.sentence),
        Phrase("not_studied", *(() if condition is None else (condition.sentence,))),
    )
