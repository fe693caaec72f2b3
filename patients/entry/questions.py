"""What is unlikely about a value that can be recorded, asked about once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from riskfactors.domain.reading import Reading
from riskfactors.domain.snapshot import Observation
from riskfactors.domain.variables import Variable, VariableType
from riskfactors.words.facts import day_words, short, with_unit

RISING: Final = ("neutrophils", "platelets", "hemoglobin")
FALLING: Final = ("ldh", "crp", "ferritin", "il6", "creatinine")
"""How values recover after the infusion."""
CALMED: Final = ("crp", "ferritin", "ferritin_peak")
"""What falls after tocilizumab and corticosteroids."""
CALMING: Final = {"tocilizumab": "tocilizumab_given", "steroids": "steroids_given"}
"""Kinds of events, and the variables that say the same."""


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
    recovering: bool = False
    """Whether the visit is so long after the infusion that values recover."""
    calmed: bool = False
    """Whether tocilizumab or corticosteroids were given with or shortly before it."""

    def explain(self, variable: Variable, *, rises: bool) -> bool:
        """Whether a large change from the value before is what one expects."""
        if variable.name in RISING:
            return rises and self.recovering
        falls = variable.name in FALLING and self.recovering
        return not rises and (falls or (variable.name in CALMED and self.calmed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something unlikely, asked about once: the sentence, and each answer with its words."""

    sentence: str
    answers: Mapping[str, str]


def questions_about(
    variable: Variable, reading: Reading, near: Surroundings, *, unit_typed: bool = False
) -> Iterator[Question]:
    """What a form alone can ask: whether the unit is meant, which limit the laboratory has.

    A unit that was typed with the value is meant, and what lies beyond a limit fits any. A change
    that something explains is none of the unit.
    """
    exact = variable.type is VariableType.QUANTITY and reading.comparator is None
    previous = near.previous if exact and not unit_typed else None
    if previous is not None and isinstance(reading.value, int | Decimal):
        rises = reading.value > previous.number
        previous = None if near.explain(variable, rises=rises) else previous
    if other := _fitting_unit(variable, reading, previous):
        recorded = with_unit(reading.recorded, reading.unit)
        yield Question(
            sentence=_(
                "%(recorded)s is far from the value before, %(previous)s; %(other)s would be "
                "%(same)s. If the unit is another, choose it above."
            )
            % {"recorded": recorded, **other},
            answers={f"{variable.name} {recorded}": _("Yes, it is %s") % recorded},
        )
    if variable.needs is not None and reading.upper_limit is None:
        yield Question(
            sentence=_(
                "Without the laboratory's upper limit of normal, what depends on it cannot be "
                "decided."
            ),
            answers={f"{variable.name} without limit": _("The upper limit is not known")},
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
