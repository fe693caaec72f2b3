"""The named indices of a milestone, with what gives each point; those of toxicity apart."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext_noop
from msgspec import Struct

from patients.timeline.card import Card, Item, items
from riskfactors.domain.points import Component
from riskfactors.domain.scores import MOST_POINTS, Score, ScoreName
from riskfactors.domain.timeline import confounders
from riskfactors.domain.variables import VariableType
from riskfactors.published import catalogue
from riskfactors.words import code_name, name_of, say, unit_name
from riskfactors.words.course import confounder_name
from riskfactors.words.facts import amount, sign, significant
from riskfactors.words.translating import gettext as _

TOXICITY: Final = (
    ScoreName.CAR_HEMATOTOX,
    ScoreName.EASIX,
    ScoreName.M_EASIX,
    ScoreName.S_EASIX,
)
GROUPS: Final = {
    "low": gettext_noop("low"),
    "low-intermediate": gettext_noop("low-intermediate"),
    "high-intermediate": gettext_noop("high-intermediate"),
    "high": gettext_noop("high"),
    "very good": gettext_noop("very good"),
    "good": gettext_noop("good"),
    "poor": gettext_noop("poor"),
}
"""The groups as the indices themselves name them."""


class Input(Struct, frozen=True):
    """One input of an index, with the points it gives and why."""

    name: str
    value: str
    points: str
    rule: str


class Index(Struct, frozen=True, kw_only=True):
    """A named index: its value or bounds, and what gives it. Without points there is a formula."""

    key: ScoreName
    name: str
    value: str
    group: str
    missing: tuple[Item, ...]
    formula: str
    inputs: tuple[Input, ...]


class Indices(Struct, frozen=True):
    """Indices that stand together, with where they are from."""

    title: str
    about: str
    indices: tuple[Index, ...]


def scores(card: Card) -> tuple[Indices, ...]:
    """Indices of the lymphoma and comorbidity, then those of toxicity with where they are from."""
    of_lymphoma = [s for s in card.found.scores if s.score not in TOXICITY]
    of_toxicity = [s for s in card.found.scores if s.score in TOXICITY]
    parts = (
        _together(card, of_lymphoma, _("Named indices"), ""),
        _together(card, of_toxicity, _("Indices of toxicity"), _("Not from this review.")),
    )
    return tuple(part for part in parts if part.indices)


def _together(card: Card, found: Iterable[Score], title: str, about: str) -> Indices:
    return Indices(title, about, tuple(_index(card, score) for score in found))


def _index(card: Card, score: Score) -> Index:
    counted = any(c.points_low is not None for c in score.components)
    return Index(
        key=score.score,
        name=name_of(score.score),
        value=interval(score),
        group=_(GROUPS[score.group]) if score.group else "",
        missing=items(card, score.missing),
        formula="" if counted else say(score.components[0].rule),
        inputs=tuple([_input(c, _moved(card, c.name), card.language) for c in score.components]),
    )


def _moved(card: Card, name: str) -> tuple[str, ...]:
    """What was recorded with an input that can move it by itself."""
    visit = card.visit
    if name not in visit.observations:
        return ()
    return confounders(name, visit, card.course.snapshot.events, catalogue().dictionary)


@lru_cache(maxsize=4096)
def _input(component: Component, moved_by: tuple[str, ...], _language: str) -> Input:
    value, rule = value_of(component), say(component.rule)
    if moved_by:
        value = f"{value} († {'; '.join(map(confounder_name, moved_by))})"
    return Input(name_of(component.name), value, points(component), rule)


def interval(score: Score) -> str:
    """The value, or from the lowest to the highest that missing inputs allow; of how many points.

    A ratio is shown with three significant digits: its inputs have no more.
    """
    low, high = score.low, score.high
    if low is None or high is None:
        return _("cannot be computed")
    if isinstance(low, Decimal):
        return significant(low)
    value = str(low)
    if low != high:
        value = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return _("%(value)s of %(most)s") % {"value": value, "most": MOST_POINTS[score.score]}


def value_of(component: Component) -> str:
    """The input as the rule takes it, in the unit of the dictionary."""
    variable = catalogue().dictionary.variables.get(component.name)
    value = component.value
    if value is None:
        return _("not recorded")
    if variable is None:
        return f"{value} {unit_name('a')}"
    if variable.type is VariableType.CODE:
        return code_name(component.name, str(value))
    number = value if isinstance(value, int) else Decimal(value)
    return f"{sign(component.comparator)}{amount(number)} {unit_name(variable.unit)}".strip()


def points(component: Component) -> str:
    """The points it gives, or from the fewest to the most; nothing where it gives none."""
    low, high = component.points_low, component.points_high
    if low is None or high is None:
        return ""
    return str(low) if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}
