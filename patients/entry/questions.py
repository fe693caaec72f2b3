"""What is unlikely about a value that can be recorded, asked about once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from riskfactors.domain.snapshot import Observation
from riskfactors.domain.variables import Reading, Variable, VariableType
from riskfactors.words import code_name
from riskfactors.words.facts import day_words, short, sign, with_unit


class Limit(NamedTuple):
    """An upper limit of normal, as the laboratory of the centre prints it."""

    value: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a statement is compared with."""

    visited_on: date | None = None
    previous: Observation | None = None
    centre_limit: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something unlikely, asked about once: the sentence, and each answer with its words."""

    sentence: str
    answers: Mapping[str, str]


def questions_about(
    variable: Variable, reading: Reading, near: Surroundings, *, unit_typed: bool = False
) -> Iterator[Question]:
    """What is unlikely. A unit that was typed with the value is meant."""
    recorded = with_unit(f"{sign(reading.comparator)}{reading.recorded}", reading.unit)
    right = {f"{variable.name} {recorded}": _("Yes, it is %s") % recorded}
    if variable.type is VariableType.QUANTITY:
        compared = near.previous if reading.comparator is None and not unit_typed else None
        if other := _fitting_unit(variable, reading, compared):
            yield Question(
                sentence=_(
                    "%(recorded)s is far from the value before, %(previous)s; %(other)s would be "
                    "%(same)s. If the unit is another, choose it above."
                )
                % {"recorded": recorded, **other},
                answers=right,
            )
        elif not _usual(variable, reading.value):
            low, high = variable.unusual_outside.ends
            yield Question(
                sentence=_("%(recorded)s is unusual (usually %(low)s to %(high)s).")
                % {"recorded": recorded, "low": low, "high": with_unit(high, variable.unit)},
                answers=right,
            )
        yield from _limit_questions(variable, reading)
    before = near.previous
    if variable.name == "product" and before is not None and before.value != reading.value:
        yield Question(
            sentence=_("Planned was %s. Is this the product that was given?")
            % code_name("product", str(before.value)),
            answers={
                f"product {reading.value}": _("Yes, %s was given")
                % code_name("product", str(reading.value))
            },
        )


def _usual(variable: Variable, value: object) -> bool:
    return not isinstance(value, int | Decimal) or value in variable.unusual_outside


def _limit_questions(variable: Variable, reading: Reading) -> Iterator[Question]:
    if variable.needs is None:
        return
    if reading.upper_limit is None:
        yield Question(
            sentence=_(
                "Without the laboratory's upper limit of normal, what depends on it cannot be "
                "decided."
            ),
            answers={f"{variable.name} without limit": _("The upper limit is not known")},
        )
    elif reading.upper_limit not in variable.upper_limit_unusual_outside:
        low, high = variable.upper_limit_unusual_outside.ends
        limit = with_unit(reading.recorded_upper_limit, reading.unit)
        yield Question(
            sentence=_("An upper limit of %(limit)s is unusual (usually %(low)s to %(high)s).")
            % {"limit": limit, "low": low, "high": with_unit(high, variable.unit)},
            answers={f"{variable.name} limit {limit}": _("Yes, the limit is %s") % limit},
        )


def _fitting_unit(
    variable: Variable, reading: Reading, previous: Observation | None
) -> dict[str, str] | None:
    """Another unit in which the number would lie much closer to the value before."""
    if previous is None or not previous.number or not reading.value:
        return None
    apart = _apart(Decimal(reading.value), Decimal(previous.number))
    for unit, factor in variable.accepts.items():
        same = Decimal(reading.recorded) * factor
        if unit == reading.unit or same not in variable.impossible_outside:
            continue
        if apart >= 5 and _apart(same, Decimal(previous.number)) * 4 <= apart:
            fact = previous.fact
            # In the unit of what is compared with it: 86 mg/L, also where 8.6 mg/dL is recorded.
            seen = fact.value if fact.unit == variable.unit else short(Decimal(previous.number))
            seen = f"{with_unit(seen, variable.unit)} ({day_words(fact.observed_on)})"
            return {
                "previous": seen,
                "other": with_unit(reading.recorded, unit),
                "same": with_unit(short(same), variable.unit),
            }
    return None


def _apart(one: Decimal, other: Decimal) -> Decimal:
    """How many times the larger is the smaller."""
    return max(one / other, other / one)
