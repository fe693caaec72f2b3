"""The one reader of a typed value, whether it comes from a form, a record or a document."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, TypeGuard

from msgspec import Struct

from riskfactors.domain.variables import (
    COUNT,
    EXACT,
    QUANTITY,
    Amount,
    Interval,
    Number,
    Variable,
)
from riskfactors.domain.vocabulary import Comparator, Phrase

ONE: Final = Decimal(1)

_WHOLE: Final = re.compile(r"-?[0-9]+")
_SPELLED: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


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
