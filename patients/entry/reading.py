"""Reads what was typed about one variable: a statement, or what is wrong, or what must be asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from patients.entry.numbers import spelled
from patients.entry.questions import Question, Surroundings, questions_about
from riskfactors.domain.variables import (
    Number,
    Reading,
    Refusal,
    Variable,
    VariableType,
    number_of,
    read,
)
from riskfactors.words import say, unit_name
from riskfactors.words.facts import day_words, short, with_unit


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
    unit: str = ""
    upper_limit: str = ""
    observed_on: date | None = None
    absent: str = ""
    note: str = ""
    confirmed: bool = False
    withdrawn: bool = False


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
    if typed.observed_on and near.visited_on and typed.observed_on > near.visited_on:
        doubts.errors["on"] = _("It is after the visit of %s.") % day_words(near.visited_on)
    if not typed.value:
        return _without_value(variable, typed, near, doubts)
    if typed.absent:
        doubts.errors["absent"] = _("Give the value or a reason why there is none, not both.")
    reading = _read(variable, typed, near, doubts)
    if reading is None or doubts.errors or doubts.question:
        return doubts
    for question in questions_about(variable, reading, near):
        if not set(question.answers) & set(typed.sure):
            doubts.question = question
            return doubts
    return Statement(
        variable=variable.name,
        value=str(reading.recorded),
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


def _read(variable: Variable, typed: Typed, near: Surroundings, doubts: Doubts) -> Reading | None:
    unit = (typed.unit or variable.unit) if variable.type is VariableType.QUANTITY else None
    value: object = typed.value
    if variable.type is not VariableType.CODE:
        value = _number("", typed.value, typed.sure, doubts, partial(read, variable, unit=unit))
    limit: object = None
    if typed.upper_limit:
        about = partial(_with_limit, variable, value, unit)
        limit = _number("limit", typed.upper_limit, typed.sure, doubts, about)
    elif typed.centre_limit:
        limit = _centre_limit(variable, typed, near, doubts)
    if doubts.errors or doubts.question:
        return None
    reading = read(variable, value, unit=unit, upper_limit=limit)
    if isinstance(reading, Reading):
        return reading
    for refusal in reading:
        at, given = {"value": ("", value), "unit": ("unit", unit), "upper_limit": ("limit", limit)}[
            refusal.field
        ]
        doubts.errors[at] = _possible(variable, refusal, given, unit)
    return None


def _with_limit(variable: Variable, value: object, unit: str | None, limit: Number) -> object:
    return read(variable, value, unit=unit, upper_limit=limit)


def _number(
    at: str, text: str, sure: Sequence[str], doubts: Doubts, reading_of: Callable[[Number], object]
) -> Number | None:
    """The number that a text means; one that may mean another possible one is asked about."""
    spelling = spelled(text)
    if spelling is None:
        doubts.errors[at] = _(
            "A number is expected, in digits, without signs or words; given: %s."
        ) % (text)
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


def _centre_limit(
    variable: Variable, typed: Typed, near: Surroundings, doubts: Doubts
) -> Number | None:
    limit = near.centre_limit
    if limit is None:
        doubts.errors["limit"] = _("The centre has no limit of its own: type the limit.")
    elif limit.unit != (typed.unit or variable.unit):
        doubts.errors["limit"] = _("The centre's limit is in %s: type the limit in your unit.") % (
            unit_name(limit.unit)
        )
    else:
        return number_of(limit.value)
    return None


def _possible(variable: Variable, refusal: Refusal, given: object, unit: str | None) -> str:
    """What would be right, with the unit in which the number would be possible."""
    if variable.type is VariableType.CODE:
        return _("Choose one of the list.")
    if variable.type is VariableType.COUNT:
        low, high = variable.range.ends
        return _("A whole number from %(low)s to %(high)s is possible.") % {
            "low": low,
            "high": high,
        }
    limits = variable.impossible_outside
    if refusal.field == "upper_limit":
        limits = variable.upper_limit_impossible_outside
    elif refusal.field == "unit":
        return say(refusal.phrase)
    low, high = limits.ends
    sentence = _("%(given)s is impossible: from %(low)s to %(high)s is possible.") % {
        "given": with_unit(given, unit),
        "low": low,
        "high": with_unit(high, variable.unit),
    }
    if refusal.field == "value" and isinstance(given, int | Decimal):
        for other, factor in variable.accepts.items():
            if other != unit and given * factor in variable.unusual_outside:
                sentence += " " + _("Is it %(other)s, which is %(same)s?") % {
                    "other": with_unit(given, other),
                    "same": with_unit(short(given * factor), variable.unit),
                }
                break
    return sentence
