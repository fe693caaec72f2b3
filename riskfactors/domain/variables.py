"""The data dictionary: which variables exist, and the amounts that they take."""

from collections.abc import Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, DivisionByZero, InvalidOperation
from functools import cached_property
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from riskfactors.domain.timepoints import AFTER_INFUSION, MILESTONES, Milestone
from riskfactors.domain.vocabulary import Comparator, Role, Word

Number: TypeAlias = int | Decimal
Amount: TypeAlias = Number | str
"""A count, a quantity or a code."""

EXACT: Final = Context(
    prec=500, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[InvalidOperation, DivisionByZero]
)
"""Arithmetic that rounds nothing anybody could type."""


class VariableType(Word):
    COUNT = "count"
    QUANTITY = "quantity"
    CODE = "code"


QUANTITY, COUNT = VariableType.QUANTITY, VariableType.COUNT


class Interval(Struct, frozen=True, array_like=True):
    """A closed interval, written as a pair."""

    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("the lower limit is above the upper one")

    def __contains__(self, number: Number) -> bool:
        return self.low <= number <= self.high

    @property
    def ends(self) -> tuple[str, str]:
        """Both ends as text."""
        return f"{self.low:f}", f"{self.high:f}"


End: TypeAlias = tuple[Number | Decimal, int]
"""An end of what a value may be, as it compares with `(number, 0)`: a 1 lies just above its number,
a -1 just below."""

INFINITE: Final = Decimal("Infinity")


def ends_of(value: Number, comparator: Comparator | None) -> tuple[End, End]:
    """The lowest and the highest that a recorded quantity may be; quantities are never negative."""
    if comparator is None:
        exact = (value, 0)
        return exact, exact
    if comparator in (Comparator.BELOW, Comparator.AT_MOST):
        return (0, 0), (value, -1 if comparator is Comparator.BELOW else 0)
    return (value, 1 if comparator is Comparator.ABOVE else 0), (INFINITE, 0)


UNBOUNDED: Final = Interval(Decimal("-Infinity"), Decimal("Infinity"))


class Variable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of the dictionary. Limits are in its own unit.

    `event`, `treatment`: the kind of event or the role of a treatment that says the same with its
    day; whoever knows the day needs no value.
    """

    name: str
    label: str
    group: str
    type: VariableType
    asked_at: tuple[Milestone, ...]
    codes: Mapping[str, str] = {}
    range: Interval = UNBOUNDED
    unit: str | None = None
    accepts: Mapping[str, Decimal] = {}
    impossible_outside: Interval = UNBOUNDED
    unusual_outside: Interval = UNBOUNDED
    needs: Literal["upper_limit"] | None = None
    upper_limit_impossible_outside: Interval = UNBOUNDED
    upper_limit_unusual_outside: Interval = UNBOUNDED
    standing: bool = False
    asked_again_at: tuple[Milestone, ...] = ()
    event: str | None = None
    treatment: Role | None = None
    availability: Literal["routine", "research"] = "routine"
    loinc: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        complete = {
            VariableType.CODE: bool(self.codes),
            VariableType.COUNT: self.range is not UNBOUNDED,
            VariableType.QUANTITY: self.accepts.get(self.unit or "") == 1
            and min(self.accepts.values(), default=0) > 0
            and UNBOUNDED not in (self.impossible_outside, self.unusual_outside),
        }
        if not complete[self.type]:
            raise ValueError(
                f"{self.name}: a {self.type} needs its codes, range, or unit and limits"
            )
        if not set(self.asked_again_at) <= (set(self.asked_at) if self.standing else set()):
            raise ValueError(f"{self.name}: only a standing fact is asked again, where it is asked")
        if (self.needs is None) != (self.upper_limit_impossible_outside is UNBOUNDED):
            raise ValueError(f"{self.name}: an upper limit and its own limits go together")


class EventKind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of event, with the grades and causes it can carry; `grading` names the definition."""

    label: str
    grades: Interval | None = None
    grading: str | None = None
    causes: Mapping[str, str] = {}

    def __post_init__(self) -> None:
        if (self.grades is None) != (self.grading is None):
            raise ValueError(f"{self.label}: grades need the definition that they go by")


class InterimVisits(Struct, frozen=True, forbid_unknown_fields=True):
    """What a visit between the milestones asks for: groups of variables."""

    groups: tuple[str, ...]


class Dictionary(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """All that can be recorded, as `variables.toml` states it."""

    milestones: Mapping[Milestone, str]
    windows_days_after_infusion: Mapping[Milestone, Interval]
    fresh_days_before_visit: Mapping[str, Mapping[str, int]]
    interim_visits: InterimVisits
    treatments_asked_at: Mapping[Role, tuple[Milestone, ...]]
    absent_reasons: Mapping[str, str]
    unit_aliases: Mapping[str, str]
    events: Mapping[str, EventKind]
    variable: tuple[Variable, ...]

    def __post_init__(self) -> None:
        if tuple(self.milestones) != MILESTONES:
            raise ValueError("the milestones are not those of the course, in its order")
        if len(self.variables) != len(self.variable):
            raise ValueError("a variable stands twice")
        known = {unit for variable in self.variable for unit in variable.accepts}
        if not known.issuperset(self.unit_aliases.values()) or known & self.unit_aliases.keys():
            raise ValueError("unit_aliases: other spellings of units that a variable accepts")
        if any("otherwise" not in days for days in self.fresh_days_before_visit.values()):
            raise ValueError("a group's days before the visit lack `otherwise`")
        if not set(self.interim_visits.groups) <= {v.group for v in self.variable}:
            raise ValueError("interim_visits: groups of variables")
        if not {v.event for v in self.variable if v.event is not None} <= self.events.keys():
            raise ValueError("a variable names an event that is none")

    @cached_property
    def variables(self) -> dict[str, Variable]:
        """The variables by name, in the order of the dictionary."""
        return {variable.name: variable for variable in self.variable}

    @cached_property
    def quantities(self) -> dict[str, Variable]:
        """The variables that are measured, by name."""
        return {v.name: v for v in self.variable if v.type is QUANTITY}

    @cached_property
    def told_by_the_course(self) -> tuple[Variable, ...]:
        """What an event or a treatment says as well."""
        return tuple(v for v in self.variable if v.event or v.treatment)

    @cached_property
    def routine(self) -> dict[Milestone, tuple[Variable, ...]]:
        """What is asked at each milestone and every centre can have; research items left out."""
        return {
            milestone: tuple(
                v for v in self.variable if milestone in v.asked_at and v.availability == "routine"
            )
            for milestone in MILESTONES
        }

    @cached_property
    def asked(self) -> dict[Milestone, tuple[Variable, ...]]:
        """What a visit asks for, apart from the standing facts that are asked once for all.

        An interim visit asks what those after the infusion ask, of its groups.
        """
        asked: dict[Milestone, tuple[Variable, ...]] = {
            milestone: tuple(v for v in self.variable if _is_asked(v, milestone))
            for milestone in MILESTONES
        }
        followed = {v.name for milestone in AFTER_INFUSION for v in asked[milestone]}
        groups = self.interim_visits.groups
        interim = (v for v in self.variable if v.group in groups and v.name in followed)
        asked[Milestone.INTERIM] = tuple(interim)
        return asked

    def fresh_days(self, variable: Variable, milestone: Milestone) -> int | None:
        """How many days before the visit a value may have been taken; None: it does not age."""
        days = self.fresh_days_before_visit.get(variable.group)
        return None if days is None else days.get(milestone, days["otherwise"])


def _is_asked(variable: Variable, milestone: Milestone) -> bool:
    return milestone in (variable.asked_again_at if variable.standing else variable.asked_at)
