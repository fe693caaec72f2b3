"""The card of a milestone: what its rows share, and where what is missing is recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from django.urls import reverse
from msgspec import Struct

from patients.course.columns import unbroken_milestone
from patients.course.known import Course
from patients.course.places import is_routine
from riskfactors.beside.related import taken_from
from riskfactors.domain.agenda import Finding
from riskfactors.domain.findings import MilestoneFindings
from riskfactors.domain.snapshot import Assessment, Fact, Observation, View
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Role
from riskfactors.published import catalogue
from riskfactors.words import name_of, unbroken
from riskfactors.words.facts import value_words
from riskfactors.words.translating import gettext as _

LIMIT: Final = ".upper_limit"


class Item(Struct, frozen=True):
    """Something that is not recorded, and where it is recorded, if this person may."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the rows of one card share.

    `before` is what earlier visits recorded last, interim visits too. `items` keeps what is not
    recorded by its name, when, and what is recorded of it: many findings of a card wait for the
    same.
    """

    course: Course
    found: MilestoneFindings
    view: View
    visit: Assessment
    before: Mapping[str, Observation]
    may_record: bool
    language: str
    items: dict[tuple[str, Milestone | None, Fact | None], Item] = field(default_factory=dict)

    @property
    def milestone(self) -> Milestone:
        """Whose card it is."""
        return self.found.milestone


def recorded_before(course: Course) -> Mapping[Milestone, Mapping[str, Observation]]:
    """What the visits before each visit recorded last."""
    latest: Mapping[str, Observation] = {}
    before: dict[Milestone, Mapping[str, Observation]] = {}
    for visit in course.snapshot.in_time:
        before[visit.milestone] = latest
        latest = {**latest, **visit.observations}
    return before


def field_url(course: Course, number: int, name: str) -> str:
    """Where a missing item is recorded: the form of its visit, at its field."""
    variable = name.removesuffix(LIMIT)
    declared = catalogue().dictionary.variables[variable]
    address = "patients:standing" if declared.standing else "patients:visit"
    return f"{_address(address, course.public_id, number)}#id_{variable}"


def treatment_url(course: Course, name: str) -> str:
    """Where a missing treatment is recorded, or the response to one that is."""
    purpose = name.removeprefix("treatments.")
    if Role.of(purpose) is None:
        return _address("patients:records", course.public_id)
    return _address("patients:new_treatment", course.public_id, purpose)


@lru_cache(maxsize=1024)
def _address(name: str, *of: object) -> str:
    return reverse(name, args=of)


def items(card: Card, names: Iterable[str]) -> tuple[Item, ...]:
    """What is not recorded at the card's own visit, each item of routine with the place where it
    is recorded."""
    return tuple([item(card, name) for name in names])


def item(card: Card, name: str) -> Item:
    """One missing item of the card's own visit."""
    own = card.view.own.get(name)
    return _item(card, name, None, None if own is None else own.fact)


def awaited(card: Card, finding: Finding) -> tuple[Item, ...]:
    """What a finding waits for, each item of routine with the place where it is recorded."""
    return tuple([_awaited(card, finding, name) for name in finding.missing])


def _awaited(card: Card, finding: Finding, name: str) -> Item:
    at = lacking_at(card.view, finding, name)
    facts = (f for f in finding.basis if f.variable == name and at in (None, f.milestone))
    return _item(card, name, at, next(facts, None))


def lacking_at(view: View, finding: Finding, name: str) -> Milestone | None:
    """The milestone whose value a finding waits for, where none of another would do."""
    exact = {f.milestone for f in finding.basis if f.variable == name and f.comparator is None}
    sources = taken_from(finding.factor, name.removesuffix(LIMIT))
    lacking = [milestone for milestone in sources if milestone not in exact]
    reached = (milestone for milestone in lacking if milestone in view.dates)
    return next(reached, lacking[0] if lacking else None)


def _item(card: Card, name: str, at: Milestone | None, recorded: Fact | None) -> Item:
    key = name, at, recorded
    known = card.items.get(key)
    if known is None:
        url = _url_for(card, name, at) if card.may_record and is_routine(name) else None
        known = card.items[key] = Item(_named(card, name, at, recorded), url or "")
    return known


def _named(card: Card, name: str, at: Milestone | None, recorded: Fact | None) -> str:
    """What is missing, and when, unless at the milestone of the card; of a value that is only known
    to lie beyond a limit, a closer one."""
    named = name_of(name)
    if at is not None and at is not card.milestone:
        named = named_at(name, at)
    if recorded is None or recorded.comparator is None:
        return named
    return _("%(name)s, closer than %(value)s") % {"name": named, "value": value_words(recorded)}


def named_at(name: str, at: Milestone) -> str:
    """A missing item with the milestone whose value is missing."""
    milestone = unbroken(unbroken_milestone(at))
    return _("%(name)s at %(milestone)s") % {"name": name_of(name), "milestone": milestone}


def _url_for(card: Card, name: str, at: Milestone | None) -> str | None:
    if name.startswith("treatments."):
        return treatment_url(card.course, name)
    number = _visit_for(card, name) if at is None else card.course.numbers.get(at)
    return None if number is None else field_url(card.course, number, name)


def _visit_for(card: Card, name: str) -> int | None:
    """The number of the visit where an item is asked for: this one, else the latest before it."""
    variable = catalogue().dictionary.variables.get(name.removesuffix(LIMIT))
    if variable is None:
        return None
    before = [found.milestone for found in card.course.findings if found.date <= card.found.date]
    asked = [milestone for milestone in before if milestone in variable.asked_at]
    if not asked:
        return None
    at = card.milestone if card.milestone in asked else asked[-1]
    return card.course.numbers[at]
