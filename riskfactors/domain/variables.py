"""The data dictionary: which variables exist, and the one reader of a typed value."""

import re
from collections.abc import Iterator, Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, DivisionByZero, InvalidOperation
from functools import cached_property
from typing import Final, Literal, TypeAlias, TypeGuard

from msgspec import Struct

from riskfactors.domain.timepoints import AFTER_INFUSION, MILESTONES, Milestone
from riskfactors.domain.vocabulary import Comparator, Phrase, Role, Word

Number: TypeAlias = int | Decimal
Amount: TypeAlias = Number | str
"""A count, a quantity or a code."""

EXACT: Final = Context(
    prec=500, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[InvalidOperation, DivisionByZero]
)
"""Arithmetic that rounds nothing anybody could type."""

_WHOLE: Final = re.compile(r"-?[0-9]+")
_SPELLED: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


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

ONE: Final = Decimal(1)
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


class Reading(Struct, frozen=True, gc=False):
    """A value that was read: as recorded with its unit, and in the unit of the dictionary."""

    value: Amount
    recorded: Amount
    unit: str | None = None
    comparator: Comparator | None = None
    upper_limit: Decimal | None = None
    recorded_upper_limit: Amount | None = None


class Refusal(Struct, frozen=True):
    """Why a value was not read: the field at fault and what would be right."""

    field: Literal["value", "unit", "comparator", "upper_limit"]
    phrase: Phrase


def read(
    variable: Variable,
    recorded: object,
    *,
    unit: object = None,
    comparator: Comparator | None = None,
    upper_limit: object = None,
) -> Reading | tuple[Refusal, ...]:
    """Read a typed value: a number as int or Decimal, a code as str.

    `unit`, `comparator` and `upper_limit` None stand for "not given". Never raises: what cannot be
    read comes back as its reasons, one for each field at fault.
    """
    if variable.type is QUANTITY:
        return _read_quantity(variable, recorded, unit, comparator, upper_limit)
    value = bare(variable, recorded)
    if value is not None and unit is None and comparator is None and upper_limit is None:
        return Reading(value, value)
    refused = () if value is not None else (Refusal("value", expected(variable)),)
    return (*refused, *_strays(unit=unit, comparator=comparator, upper_limit=upper_limit))


def bare(variable: Variable, recorded: object) -> Amount | None:
    """A value that comes without a unit, in that of the dictionary; None for what is no value."""
    if variable.type is QUANTITY:
        return _converted(recorded, ONE, variable.impossible_outside)
    if variable.type is COUNT:
        return whole(recorded, variable.range)
    return recorded if isinstance(recorded, str) and recorded in variable.codes else None


def _strays(**given: object) -> Iterator[Refusal]:
    """What only quantities have, or only some of them."""
    for field in ("unit", "comparator", "upper_limit"):
        if given.get(field) is not None:
            yield Refusal(field, Phrase(f"{field}_not_expected"))


def _read_quantity(
    variable: Variable,
    recorded: object,
    unit: object,
    comparator: Comparator | None,
    upper_limit: object,
) -> Reading | tuple[Refusal, ...]:
    unit = variable.unit if unit is None else unit
    factor = variable.accepts.get(unit) if isinstance(unit, str) else None
    if factor is None:
        return (Refusal("unit", Phrase("unit_expected", *variable.accepts)),)
    value = _converted(recorded, factor, variable.impossible_outside)
    limit = _converted(upper_limit, factor, variable.upper_limit_impossible_outside)
    refusals = []
    if value is None:
        refusals.append(Refusal("value", expected(variable)))
    elif comparator is Comparator.BELOW and value == 0:
        refusals.append(Refusal("comparator", Phrase("below_zero")))
    if upper_limit is not None and variable.needs is None:
        refusals += _strays(upper_limit=upper_limit)
    elif upper_limit is not None and limit is None:
        possible = variable.upper_limit_impossible_outside.ends
        expected_limit = Phrase("quantity_expected", *possible, variable.unit or "")
        refusals.append(Refusal("upper_limit", expected_limit))
    if value is None or refusals:
        return tuple(refusals)
    return Reading(value, recorded, unit, comparator, limit, upper_limit)  # type: ignore[arg-type]  # both were converted, so they are numbers


def expected(variable: Variable) -> Phrase:
    """What a value of a variable may be."""
    if variable.type is QUANTITY:
        possible = variable.impossible_outside.ends
        return Phrase("quantity_expected", *possible, variable.unit or "")
    if variable.type is COUNT:
        return Phrase("count_expected", *variable.range.ends)
    return Phrase("code_expected", *variable.codes)


def number_of(text: str) -> Number | None:
    """The number that a text spells as JSON does, with every digit; None if it spells none."""
    if not _SPELLED.fullmatch(text):
        return None
    try:
        return int(text) if _WHOLE.fullmatch(text) else Decimal(text)
    except (InvalidOperation, ValueError):  # an exponent or a length that no reading has
        return None


def whole(recorded: object, limits: Interval) -> int | None:
    """A whole number within limits, or None; a count written 2.0 is 2."""
    if not _is_number(recorded) or not limits.low <= recorded <= limits.high:
        return None
    number = int(recorded)
    return number if number == recorded else None


def _is_number(recorded: object) -> TypeGuard[Number]:
    """True is not a number, and neither is "12"."""
    return type(recorded) is int or type(recorded) is Decimal


def _converted(recorded: object, factor: Decimal, limits: Interval) -> Decimal | None:
    if type(recorded) is not int and type(recorded) is not Decimal:  # true is not a number
        return None
    value = Decimal(recorded) if factor is ONE else EXACT.multiply(recorded, factor)
    return value if limits.low <= value <= limits.high else None
