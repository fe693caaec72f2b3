"""Reads what was typed about one variable: a statement, or what is wrong, or what must be asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from patients.entry.numbers import Parts, parts_of, spelled
from patients.entry.questions import Question, Surroundings, questions_about
from riskfactors.domain.reading import Reading, Refusal, number_of, read
from riskfactors.domain.variables import Number, Variable, VariableType
from riskfactors.domain.vocabulary import Comparator
from riskfactors.published import catalogue
from riskfactors.words import say, unit_name
from riskfactors.words.facts import short, with_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The texts typed about one variable, as they came; `sure` are the answers given so far."""

    value: str = ""
    unit: str = ""
    upper_limit: str = ""
    centre_limit: bool = False
    observed_on: date | None = None
    absent: str = ""
    note: str = ""
    sure: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is to be recorded, texts exactly as they will be stored."""

    variable: str
    value: str = ""
    comparator: str = ""
    unit: str = ""
    upper_limit: str = ""
    observed_on: date | None = None
    absent: str = ""
    note: str = ""
    confirmed: bool = False
    withdrawn: bool = False


@dataclass(slots=True)
class Given:
    """What a text says, taken apart, before the dictionary has read it."""

    value: Number | str | None
    unit: str | None = None
    comparator: Comparator | None = None
    upper_limit: Number | None = None

    def read(self, variable: Variable) -> Reading | tuple[Refusal, ...]:
        """What the dictionary says of it."""
        return read(
            variable,
            self.value,
            unit=self.unit,
            comparator=self.comparator,
            upper_limit=self.upper_limit,
        )


@dataclass(slots=True)
class Doubts:
    """What is wrong, by the field at fault, and what is asked; both empty: it can be recorded."""

    errors: dict[str, str] = field(default_factory=dict)
    question: Question | None = None


def read_statement(
    variable: Variable, typed: Typed, near: Surroundings
) -> Statement | Doubts | None:
    """The statement, its doubts, or None where nothing was typed."""
    doubts = Doubts()
    if not typed.value:
        return _without_value(variable, typed, near, doubts)
    if typed.absent:
        doubts.errors["absent"] = _("Give the value or a reason why there is none, not both.")
    parts = parts_of(typed.value, spellings(variable))
    reading = _read(variable, typed, parts, near, doubts)
    if reading is None or doubts.errors or doubts.question:
        return doubts
    for question in questions_about(variable, reading, near, unit_typed=bool(parts.unit)):
        if not set(question.answers) & set(typed.sure):
            doubts.question = question
            return doubts
    return Statement(
        variable=variable.name,
        value=str(reading.recorded),
        comparator=reading.comparator or "",
        unit=reading.unit or "",
        upper_limit=_text(reading.recorded_upper_limit),
        observed_on=None if typed.observed_on == near.visited_on else typed.observed_on,
        note=typed.note,
        confirmed=bool(typed.sure),
    )


def _text(number: object) -> str:
    return "" if number is None else str(number)


def _without_value(
    variable: Variable, typed: Typed, near: Surroundings, doubts: Doubts
) -> Statement | Doubts | None:
    if typed.absent and not (typed.upper_limit or doubts.errors):
        return Statement(
            variable=variable.name,
            absent=typed.absent,
            note=typed.note,
            observed_on=None if typed.observed_on == near.visited_on else typed.observed_on,
        )
    if typed.absent and typed.upper_limit:
        doubts.errors["limit"] = _("An upper limit belongs to a value.")
    elif typed.note or typed.observed_on or typed.upper_limit or typed.centre_limit:
        doubts.errors[""] = _("Give the value, or the reason why there is none.")
    return doubts if doubts.errors else None


def _read(
    variable: Variable, typed: Typed, parts: Parts, near: Surroundings, doubts: Doubts
) -> Reading | None:
    """What was typed, read, unless something of it is wrong or may mean two things."""
    if variable.type is VariableType.CODE:
        return _checked(variable, Given(typed.value), doubts)
    unit = (parts.unit or typed.unit or variable.unit) if variable.accepts else None
    given = Given(None, unit, parts.comparator)
    given.value = _number(parts.number, typed.sure, doubts, partial(_with_value, variable, given))
    if given.value is None and doubts.question is None:
        doubts.errors[""] = _no_number(variable, typed.value)
    if typed.upper_limit:
        given.upper_limit = _limit(variable, typed, given, doubts)
    elif typed.centre_limit:
        given.upper_limit = _centre_limit(given, near, doubts)
    if doubts.errors or doubts.question:
        return None
    return _checked(variable, given, doubts)


def _checked(variable: Variable, given: Given, doubts: Doubts) -> Reading | None:
    """The reading, or at each field what would be right."""
    reading = given.read(variable)
    if isinstance(reading, Reading):
        return reading
    for refusal in reading:
        at = {"unit": "unit", "upper_limit": "limit"}.get(refusal.field, "")
        doubts.errors[at] = _possible(variable, refusal, given)
    return None


def _with_value(variable: Variable, given: Given, value: Number) -> object:
    return replace(given, value=value).read(variable)


def _with_limit(variable: Variable, given: Given, limit: Number) -> object:
    return replace(given, upper_limit=limit).read(variable)


def spellings(variable: Variable) -> Mapping[str, str]:
    """The units of a variable by what people write for them."""
    units = [unit for unit in variable.accepts if unit_name(unit)]
    known = catalogue().dictionary.unit_aliases
    aliases = {alias: unit for alias, unit in known.items() if unit in units}
    return aliases | {unit_name(unit): unit for unit in units} | {unit: unit for unit in units}


def _number(
    text: str, sure: Sequence[str], doubts: Doubts, reading_of: Callable[[Number], object]
) -> Number | None:
    """The number that a text means; one that may mean another possible one is asked about."""
    spelling = spelled(text)
    if spelling is None:
        return None
    likeliest = spelling.readings[0]
    possible = [n for n in spelling.readings if isinstance(reading_of(n), Reading)]
    if spelling.certain or not possible or (possible == [likeliest] and str(likeliest) == text):
        return likeliest
    answers = {f"{text}={number}": _unmistakable(number) for number in possible}
    for key, number in zip(answers, possible, strict=True):
        if key in sure:
            return number
    doubts.question = Question(sentence=_("Which number is meant by “%s”?") % text, answers=answers)
    return None


def _no_number(variable: Variable, text: str) -> str:
    """What is expected instead of a text that says no number."""
    units = ", ".join(filter(None, map(unit_name, variable.accepts)))
    if units:
        return _(
            "A number is expected, in digits; < or > may stand before it, its unit behind it "
            "(%(units)s). Given: %(text)s."
        ) % {"units": units, "text": text}
    if variable.accepts:
        return _("A number is expected, in digits; < or > may stand before it. Given: %s.") % text
    return _("A number is expected, in digits. Given: %s.") % text


def _unmistakable(number: Number) -> str:
    """In words that do not ask the same again: three decimals look like thousands."""
    if isinstance(number, int):
        return str(number)
    whole, _point, decimals = f"{number.normalize():f}".partition(".")
    if len(decimals) == len("000"):
        return _("%(number)s (%(whole)s and three decimals)") % {
            "number": f"{whole}.{decimals}",
            "whole": whole,
        }
    return f"{whole}.{decimals}" if decimals else whole


def _limit(variable: Variable, typed: Typed, given: Given, doubts: Doubts) -> Number | None:
    """The upper limit, a plain number in the unit of the value."""
    parts = parts_of(typed.upper_limit, spellings(variable))
    if parts.unit not in ("", given.unit):
        doubts.errors["limit"] = _("Give the upper limit in the unit of the value, %s.") % (
            unit_name(given.unit)
        )
        return None
    text = typed.upper_limit if parts.comparator else parts.number
    limit = _number(text, typed.sure, doubts, partial(_with_limit, variable, given))
    if limit is None and doubts.question is None:
        doubts.errors["limit"] = _("A number is expected, in digits. Given: %s.") % text
    return limit


def _centre_limit(given: Given, near: Surroundings, doubts: Doubts) -> Number | None:
    limit = near.centre_limit
    if limit is None:
        doubts.errors["limit"] = _("The centre has no limit of its own: type the limit.")
    elif limit.unit != given.unit:
        doubts.errors["limit"] = _("The centre's limit is in %s: type the limit in your unit.") % (
            unit_name(limit.unit)
        )
    else:
        return number_of(limit.value)
    return None


def _possible(variable: Variable, refusal: Refusal, given: Given) -> str:
    """What would be right, with the unit in which the number would be possible."""
    if refusal.field == "comparator" and variable.type is VariableType.COUNT:
        return _("Give the number itself: < and > belong to measured quantities.")
    if refusal.field == "comparator":
        return f"{capfirst(say(refusal.phrase))}."
    if variable.type is VariableType.CODE:
        return _("Choose one of the list.")
    if variable.type is VariableType.COUNT:
        low, high = variable.range.ends
        return _("A whole number from %(low)s to %(high)s is possible.") % {
            "low": low,
            "high": high,
        }
    number, limits = given.value, variable.impossible_outside
    if refusal.field == "upper_limit":
        number, limits = given.upper_limit, variable.upper_limit_impossible_outside
    elif refusal.field == "unit":
        return say(refusal.phrase)
    low, high = limits.ends
    sentence = _("%(given)s is impossible: from %(low)s to %(high)s is possible.") % {
        "given": with_unit(number, given.unit),
        "low": low,
        "high": with_unit(high, variable.unit),
    }
    if refusal.field == "value" and isinstance(number, int | Decimal):
        for other, factor in variable.accepts.items():
            if other != given.unit and number * factor in variable.unusual_outside:
                sentence += " " + _("Is it %(other)s, which is %(same)s?") % {
                    "other": with_unit(number, other),
                    "same": with_unit(short(number * factor), variable.unit),
                }
                break
    return sentence
