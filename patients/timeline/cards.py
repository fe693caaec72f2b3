"""A card for each milestone reached, the latest first: response leads, then what was found."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import get_language, gettext_noop
from msgspec import Struct

from patients.course.card import Card, recorded_before
from patients.course.known import Course
from patients.course.matrix import anchor
from patients.course.places import FOLDED, Place, Topic, sorted_findings
from patients.timeline.clusters import CardEntry, entry
from patients.timeline.lead import Fact, Lead, Standing, headline, lead, standing
from patients.timeline.scores import Indices, scores
from riskfactors.domain.derived import salvage
from riskfactors.domain.findings import MilestoneFindings
from riskfactors.domain.timepoints import Milestone
from riskfactors.words import milestone_name
from riskfactors.words.course import day_number, treatment_words
from riskfactors.words.facts import day_words
from riskfactors.words.translating import gettext as _

TITLES: Final = {
    Place.RESPONSE: gettext_noop("Response: groups that were compared"),
    Place.ADVERSE: gettext_noop("Criteria met (adverse association)"),
    Place.GROUPS: gettext_noop("Groups and values"),
    Place.FAVOURABLE: gettext_noop("Criteria met (favourable association)"),
    Place.UNCERTAIN: gettext_noop("Contradictory or uncertain evidence"),
    Place.UNDECIDED: gettext_noop("Cannot be decided: routine items are not recorded"),
    Place.SALVAGE: gettext_noop("Salvage treatments"),
    Place.NOT_MET: gettext_noop("Criterion not met"),
    Place.NEUTRAL: gettext_noop("Studied without prognostic value"),
    Place.NOT_STUDIED: gettext_noop("Not studied here"),
    Place.RESEARCH: gettext_noop("Research items, not recorded"),
}


class Part(Struct, frozen=True):
    """Findings of one place under their title; of salvage the treatments come first."""

    place: Place
    title: str
    entries: tuple[CardEntry, ...]
    treatments: tuple[str, ...] = ()
    about: str = ""


class CardHead(Struct, frozen=True, kw_only=True):
    """What can be read of a card while it is closed."""

    milestone: Milestone
    anchor: str
    name: str
    when: str
    headline: Fact | None


class CardPage(Struct, frozen=True, kw_only=True):
    """A card: its head, then its parts in their order."""

    head: CardHead
    lead: Lead
    standing: Standing
    found: tuple[Part, ...]
    indices: tuple[Indices, ...]
    salvage: Part | None
    folded: tuple[Part, ...]


class Labels(Struct, frozen=True, kw_only=True):
    """The words that are the same on every card."""

    not_recorded: str
    recorded: str
    association: str
    discrepancy: str
    standing: str
    components: str
    component: str
    value: str
    points: str
    rule_of_points: str
    components_and_rules: str
    unrecorded: str
    in_full: str


def cards_of(course: Course, *, may_record: bool) -> tuple[Card, ...]:
    """The cards in the order of the course."""
    before, language = recorded_before(course), get_language()
    return tuple(
        Card(
            course=course,
            found=found,
            view=view,
            visit=course.visits[found.milestone],
            before=before[found.milestone],
            may_record=may_record,
            language=language,
        )
        for found, view in zip(course.findings, course.views, strict=True)
    )


def cards(course: Course, *, may_record: bool) -> tuple[CardPage, ...]:
    """What the cards show, the latest milestone first."""
    return tuple(map(_card, reversed(cards_of(course, may_record=may_record))))


def heads(course: Course) -> tuple[CardHead, ...]:
    """What the page of a case shows of the cards, which are fetched when one is opened."""
    return tuple(map(_head, reversed(cards_of(course, may_record=False))))


def labels() -> Labels:
    """The labels in the active language."""
    return Labels(
        not_recorded=_("Not recorded:"),
        recorded=_("Recorded at this visit"),
        association=_("Published association:"),
        discrepancy=_("Discrepancy of this reference."),
        standing=_("Standing facts"),
        components=_("Components"),
        component=_("Component"),
        value=_("Value"),
        points=_("Points"),
        rule_of_points=_("Rule"),
        components_and_rules=_("Components and rules"),
        unrecorded=_("not recorded"),
        in_full=_("Rule and figures"),
    )


def when(found: MilestoneFindings) -> str:
    """The date of a milestone and its day, which is in the name of the infusion."""
    on = day_words(found.date)
    if found.day is None or found.milestone is Milestone.INFUSION:
        return on
    return f"{on}, {day_number(found.day)}"


def _head(card: Card) -> CardHead:
    return CardHead(
        milestone=card.milestone,
        anchor=anchor(card.milestone),
        name=milestone_name(card.milestone),
        when=when(card.found),
        headline=headline(card),
    )


def _card(card: Card) -> CardPage:
    places = sorted_findings(card.found.findings)
    return CardPage(
        head=_head(card),
        lead=lead(card),
        standing=standing(card),
        found=tuple(_parts(card, places, folded=False)),
        indices=scores(card),
        salvage=_salvage(card, places[Place.SALVAGE]),
        folded=tuple(_parts(card, places, folded=True)),
    )


def _parts(card: Card, places: Mapping[Place, list[Topic]], *, folded: bool) -> Iterator[Part]:
    for place, groups in places.items():
        if groups and place is not Place.SALVAGE and (place in FOLDED) is folded:
            yield Part(place, _(TITLES[place]), _entries(card, groups))


def _entries(card: Card, groups: list[Topic]) -> tuple[CardEntry, ...]:
    return tuple([entry(card, group) for group in groups])


def _salvage(card: Card, groups: list[Topic]) -> Part | None:
    """Treatments after the relapse, as treatments: on neither side, and never missing."""
    treatments = salvage(card.view) if card.milestone is Milestone.RELAPSE else ()
    if not treatments:
        return None
    about = _(
        "What was seen after these treatments in patients who were chosen for them, alive and "
        "fit to receive them: neither adverse nor favourable."
    )
    return Part(
        Place.SALVAGE,
        _(TITLES[Place.SALVAGE]),
        _entries(card, groups),
        tuple(map(treatment_words, treatments)),
        about if groups else "",
    )
