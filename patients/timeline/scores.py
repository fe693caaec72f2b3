"""The named indices of a milestone, with what gives each point; those of toxicity apart."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext_noop
from msgspec import Struct

from patients.course.card import Card, Item, items
from riskfactors.domain.points import Component
from riskfactors.domain.scores import MOST_POINTS, Score, ScoreName
from riskfactors.domain.snapshot import Observation
from riskfactors.domain.timeline import confounders
from riskfactors.published import catalogue
from riskfactors.words import name_of, say, unbroken, unit_name
from riskfactors.words.course import confounder_name, listed
from riskfactors.words.facts import short, sign, significant, value_words, with_unit
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
    moved: str
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
    moved = [movers(card, component.name) for component in score.components]
    return Index(
        key=score.score,
        name=name_of(score.score),
        value=interval(score),
        group=_(GROUPS[score.group]) if score.group else "",
        moved=moved_words(tuple(dict.fromkeys(name for names in moved for name in names))),
        missing=items(card, score.missing),
        formula="" if counted else say(score.components[0].rule),
        inputs=tuple(
            [
                _input(component, _observed(card, score, component), names, card.language)
                for component, names in zip(score.components, moved, strict=True)
            ]
        ),
    )


def _observed(card: Card, score: Score, component: Component) -> Observation | None:
    """What an input was read from."""
    latest = score.score is ScoreName.CIRS_TOTAL
    return (card.view.latest if latest else card.view.own).get(component.name)


def movers(card: Card, name: str) -> tuple[str, ...]:
    """What was recorded with an input that can move it by itself."""
    visit = card.visit
    if name not in visit.observations:
        return ()
    return confounders(name, visit, card.course.snapshot.events, catalogue().dictionary)


def moved_words(names: tuple[str, ...]) -> str:
    """What can move a value by itself, as it stands beside it."""
    return f"† {'; '.join(map(confounder_name, names))}" if names else ""


@lru_cache(maxsize=4096)
def _input(
    component: Component,
    observation: Observation | None,
    moved_by: tuple[str, ...],
    _language: str,
) -> Input:
    said = (value_of(component, observation), moved_words(moved_by))
    return Input(name_of(component.name), listed(said), points(component), say(component.rule))


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


def value_of(component: Component, observation: Observation | None) -> str:
    """The input as it was recorded; in another unit also in that of the rule."""
    value = component.value
    if value is None:
        return _("not recorded")
    if observation is None:
        return f"{value} {unit_name('a')}"
    recorded = value_words(observation.fact)
    unit = catalogue().dictionary.variables[component.name].unit
    if isinstance(value, str) or observation.fact.unit in (None, unit):
        return recorded
    taken = f"{sign(component.comparator)}{short(Decimal(value))}"
    return f"{recorded} = {unbroken(with_unit(taken, unit))}"


def points(component: Component) -> str:
    """The points it gives, or from the fewest to the most; nothing where it gives none."""
    low, high = component.points_low, component.points_high
    if low is None or high is None:
        return ""
    return str(low) if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}
