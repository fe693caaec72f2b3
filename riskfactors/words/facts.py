"""Words what is recorded of a variable: an amount with its unit, a code by its name, a day."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from django.utils.dates import MONTHS_3

from riskfactors.domain.snapshot import Absence, Fact, Observation
from riskfactors.domain.timeline import NOT_EVALUABLE
from riskfactors.domain.variables import Amount, VariableType
from riskfactors.domain.vocabulary import Comparator, Role
from riskfactors.published import catalogue
from riskfactors.words.names import OTHER_CODES, unbroken, unit_name
from riskfactors.words.translating import gettext as _
from riskfactors.words.translating import language

MOST_DIGITS: Final = 20
SIGNS: Final = {Comparator.AT_MOST: "≤", Comparator.AT_LEAST: "≥"}


def day_words(day: date) -> str:
    """A day as it is written here: 12 Aug 2019. No line breaks within it."""
    return _day(day, language())


@lru_cache(maxsize=4096)
def _day(day: date, language: str) -> str:
    return unbroken(f"{day.day} {_month(day.month, language)} {day.year}")


@lru_cache(maxsize=256)
def _month(month: int, _language: str) -> str:
    return str(MONTHS_3[month]).title()


def amount(number: Amount) -> str:
    """The digits as recorded, unless they are more than anybody reads."""
    if isinstance(number, int | str) or abs(number.adjusted()) >= MOST_DIGITS:
        return str(number)
    return f"{number:f}"


def short(number: Decimal) -> str:
    """A converted number with as many digits as anybody reads."""
    text = f"{Decimal(f'{number:.4g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_unit(number: object, unit: str | None) -> str:
    """A number, every digit as it is written, with its unit."""
    return f"{number} {unit_name(unit)}".rstrip()


def value_words(fact: Fact) -> str:
    """What was recorded, on the same line with its unit."""
    return _value(fact, language())


@lru_cache(maxsize=8192)
def _value(fact: Fact, _language: str) -> str:
    if fact.variable in catalogue().dictionary.variables:
        return amount_words(fact.variable, fact.value, fact.unit, fact.comparator)
    if fact.variable in ("infusion_date", "relapse_date"):
        return day_words(fact.observed_on)
    if fact.variable == "treatments.line":
        return str(fact.value) if fact.value != Role.LINE else _("regimen not recorded")
    if isinstance(fact.value, str):
        known = OTHER_CODES.get(fact.value)
        return _(known) if known else fact.value
    return amount_words(fact.variable, fact.value, fact.unit)


def amount_words(
    variable: str, value: Amount, unit: str | None, comparator: Comparator | None = None
) -> str:
    """A value of a variable; without a unit in the dictionary's, and one that it does not know
    as it was written: a dictionary may change, what was recorded does not."""
    known = catalogue().dictionary.variables.get(variable)
    if known is not None and known.type is VariableType.CODE:
        return _(known.codes.get(str(value), str(value)))
    unit = unit or (known.unit if known else None)
    return unbroken(with_unit(f"{sign(comparator)}{amount(value)}", unit))


def significant(number: Decimal) -> str:
    """A computed number with three significant digits; what is smaller than all of them is 0."""
    if not number:
        return "0"
    rounded = number.quantize(Decimal(1).scaleb(min(number.adjusted() - 2, 0)), ROUND_HALF_UP)
    return f"{rounded:f}"


def sign(comparator: Comparator | None) -> str:
    """The side of its number on which a value lies, as it is written before it."""
    return SIGNS.get(comparator, comparator) if comparator else ""


def observation_words(observation: Observation) -> str:
    """What was recorded, with its upper limit where it has one."""
    value, limit = value_words(observation.fact), observation.limit
    return value if limit is None else limited_words(value, value_words(limit))


def limited_words(value: str, limit: str) -> str:
    """A value and its upper limit of normal."""
    return _("%(value)s (upper limit %(limit)s)") % {"value": value, "limit": limit}


def absence_words(reason: str) -> str:
    """Why there is no value."""
    return _("No value: %s") % reason_words(reason)


def reason_words(reason: str) -> str:
    """A reason for having no value, as the dictionary names it."""
    known = catalogue().dictionary.absent_reasons.get(reason)
    return _(known) if known else reason


def untold_words(name: str, absence: Absence) -> str:
    """Why something has no value; a response that was looked for cannot be evaluated."""
    reason = reason_words(absence.reason)
    if name == "response" and absence.reason in NOT_EVALUABLE:
        return _("not evaluable (%s)") % reason.lower()
    return reason


def said_words(said: Observation | Absence) -> str:
    """A value, or why there is none."""
    return absence_words(said.reason) if isinstance(said, Absence) else observation_words(said)
