"""A published factor: where it is evaluated, how it is decided, and what was printed about it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

from riskfactors.domain.criteria import (
    Condition,
    Criterion,
    Gradation,
    Stratification,
)
from riskfactors.domain.snapshot import Source
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import Interval
from riskfactors.domain.vocabulary import Direction, Kind, Measure, Setting, Verdict

PER_COMPARISON = (Measure.HAZARD_RATIO, Measure.ODDS_RATIO)
IN_GROUPS = (Measure.MEDIAN_MONTHS, Measure.RATE, Measure.COUNT)


Text: TypeAlias = Annotated[str, Meta(min_length=1)]
Clause: TypeAlias = Annotated[str, Meta(pattern=r"[^.\s]$")]
"""A part of a sentence, without its full stop."""
P: TypeAlias = Annotated[str, Meta(pattern=r"^<?\d*\.?\d+(e-\d+)?$")]
"""As printed: 0.010, <0.001, 2.2e-5."""


class _Declared(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Read from the catalogue: an unknown field is a mistake."""


class Group(_Declared, frozen=True):
    """One arm of a published comparison, with the stratum or verdict of the patients in it.

    Its result is a number, with its interval where printed, or words ("not reached", "9 of 9").
    """

    name: Text
    value: Decimal | None = None
    printed: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    stratum: str | None = None
    verdict: Verdict | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.printed is None):
            raise ValueError("value: a group has a value, or words as printed")
        if (self.low is None) != (self.high is None) or (self.low is not None and not self.value):
            raise ValueError("low: an interval has two ends and a value")
        if self.value is None or self.low is None or self.high is None:
            return
        if not self.low <= self.value <= self.high:
            raise ValueError(f"value: {self.value} lies outside {self.low} to {self.high}")

    @property
    def is_rate(self) -> bool:
        """Whether every number of it can be a percentage."""
        return all(0 <= n <= 100 for n in (self.value, self.low, self.high) if n is not None)


class Reading(_Declared, frozen=True):
    """What we take a misprinted estimate or interval to mean."""

    estimate: Decimal | None = None
    interval: Interval | None = None

    def __post_init__(self) -> None:
        if self.estimate is None and self.interval is None:
            raise ValueError("reading: it has an estimate or an interval")


class Later(_Declared, frozen=True):
    """What was read outside the review about an estimate: it stands beside it, in our own words.

    `reference` is a publication outside the review, or a reference in which more was read than
    the review prints. The parts of its sentence: "In … (`cohort`), `fact` … Read in `read_in`."
    """

    reference: int
    cohort: Clause
    fact: Clause
    read_in: Clause


class Estimate(_Declared, frozen=True):
    """One line of evidence, as printed, with our reading and doubt and what is later beside it.

    `of_not_reaching`: the printed odds are those of not reaching the outcome.
    """

    outcome: Text
    measure: Measure
    reference: Annotated[tuple[int, ...], Meta(min_length=1)]
    estimate: Decimal | None = None
    interval: Interval | None = None
    p: P | None = None
    at: str | None = None
    per: str | None = None
    contrast: str | None = None
    of_not_reaching: bool = False
    groups: tuple[Group, ...] = ()
    statement: Text | None = None
    note: str | None = None
    reading: Reading | None = None
    doubt: str | None = None
    later: tuple[Later, ...] = ()

    def __post_init__(self) -> None:
        if self.measure in PER_COMPARISON and (self.estimate is None or self.interval is None):
            raise ValueError(f"estimate: a {self.measure} has an estimate and an interval")
        if self.measure in IN_GROUPS and not self.groups:
            raise ValueError(f"groups: a {self.measure} has groups")
        if self.measure is Measure.STATEMENT and not self.statement:
            raise ValueError("statement: none is given")
        if self.reading is not None and not self.doubt:
            raise ValueError("doubt: a reading that differs from print says why")
        if self.measure is Measure.RATE and not all(group.is_rate for group in self.groups):
            raise ValueError("groups: a rate lies between 0 and 100")
        estimate, interval = self.as_read
        if self.measure in PER_COMPARISON and interval is not None and interval.low <= 0:
            raise ValueError("interval: a ratio is above 0")
        if estimate is not None and interval is not None and estimate not in interval:
            raise ValueError(f"estimate: {estimate} lies outside {interval.low} to {interval.high}")

    @property
    def as_read(self) -> tuple[Decimal | None, Interval | None]:
        """Estimate and interval as we read them."""
        if self.reading is None:
            return self.estimate, self.interval
        return self.reading.estimate or self.estimate, self.reading.interval or self.interval


class Stratum(_Declared, frozen=True):
    """A group of patients, and the side of its published association."""

    name: Text
    direction: Direction


class Factor(_Declared, frozen=True):
    """A prognostic factor. `values_from` says which assessments may supply its values."""

    key: Text
    setting: Setting
    name: Text
    kind: Kind
    direction: Direction
    tables: Annotated[tuple[Text, ...], Meta(min_length=1)]
    evaluated_at: Annotated[tuple[Milestone, ...], Meta(min_length=1)]
    values_from: Source
    studied_in: Text
    applies_if: Condition | Literal["always"]
    criterion: Criterion
    evidence: Annotated[tuple[Estimate, ...], Meta(min_length=1)]
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
        if Milestone.INTERIM in self.evaluated_at:
            raise ValueError("evaluated_at: a factor is evaluated at milestones of the course")
        if len(set(self.evaluated_at)) != len(self.evaluated_at):
            raise ValueError("evaluated_at: a milestone stands twice")
        groups = {g.stratum for line in self.evidence for g in line.groups if g.stratum}
        if not groups <= set(self.strata):
            raise ValueError("evidence: a group names a stratum that the factor does not have")

    @property
    def references(self) -> tuple[int, ...]:
        """The numbers of all references it rests on, rising."""
        return tuple(sorted({number for line in self.evidence for number in line.reference}))

    @property
    def beside(self) -> tuple[int, ...]:
        """The numbers of all that was read outside the review and stands beside it, rising."""
        return tuple(sorted({more.reference for line in self.evidence for more in line.later}))


class Reference(_Declared, frozen=True):
    """A publication as the review lists it, with what is known to be wrong with the entry.

    `original` is the number of the publication that is meant, where the entry names another.
    """

    number: int
    authors: Text
    title: Text
    journal: Text
    year: int
    volume: str
    pages: str
    doi: Text
    discrepancies: tuple[str, ...]
    issue: str | None = None
    products: tuple[str, ...] = ()
    patients: int | None = None
    population: str | None = None
    original: int | None = None


class Publication(_Declared, frozen=True):
    """A publication that the review does not list, as far as its citation was read.

    Its number lies above 100, so that it is never taken for a reference of the review.
    `place` is volume, issue and pages.
    """

    number: Annotated[int, Meta(gt=100)]
    authors: Text | None = None
    title: Text | None = None
    journal: Text | None = None
    year: int | None = None
    place: Text | None = None
    doi: Text | None = None
    doubt: Text | None = None

    def __post_init__(self) -> None:
        if self.authors is None and self.journal is None:
            raise ValueError("authors: it can be named by neither authors nor journal")


class Claim(_Declared, frozen=True):
    """What the review says about the field as a whole, found by what it is about."""

    about: Text
    fact: Text
    reference: tuple[int, ...] = ()
