"""The visits of a course as steps of entering: where one is, and where one goes next."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from patients.entry.places import Place, standing_at, visit_at
from patients.models import Case
from patients.permissions import OpenedCase
from patients.records.slots import Known
from riskfactors.domain.timepoints import AFTER_INFUSION, MILESTONES, SCHEDULED, Milestone
from riskfactors.published import catalogue
from riskfactors.words import milestone_name
from riskfactors.words.facts import day_words

FIRST: Final = Milestone.ELECTION


class Step(NamedTuple):
    """A visit of the course, with its day once it is recorded; no address where one is."""

    text: str
    day: str
    url: str
    here: bool


class Onward(NamedTuple):
    """Where a save can go on to: a milestone, and what that is called."""

    milestone: Milestone
    text: str


def course_of(opened: OpenedCase, known: Known, place: Place) -> Iterator[Step]:
    """The standing facts, then all visits in the order of the course."""
    case, may = opened.case, opened.may_record
    standing = standing_url(case, known, place.number)
    reachable = not place.standing and (may or bool(known.visits))
    yield Step(_("Standing facts"), "", standing if reachable else "", place.standing)
    for milestone in MILESTONES:
        visit = known.at(milestone)
        text, day = milestone_name(milestone), "" if visit is None else day_words(visit.date)
        here = place.milestone is milestone and not place.standing
        url = visit_at(milestone, None if visit is None else visit.number).url(case)
        yield Step(text, day, "" if here or (visit is None and not may) else url, here)


def standing_url(case: Case, known: Known, number: int | None) -> str:
    """The standing facts as known at a visit; without one, at the last; else at the first to be."""
    at = number if number is not None else next(reversed(known.visits), None)
    if at is None:
        return standing_at(FIRST, None).url(case)
    return reverse("patients:standing", args=[case.public_id, at])


def onward_from(known: Known, place: Place) -> Iterator[Onward]:
    """What is next, not recorded and not after the death; after the infusion also the relapse."""
    for milestone in _following(known, place):
        name = milestone_name(milestone)
        yield Onward(milestone, _("Record and go to %s") % (name[0].lower() + name[1:]))


def _following(known: Known, place: Place) -> Iterator[Milestone]:
    if place.standing and (known.at(place.milestone) is None or place.milestone is FIRST):
        yield place.milestone
        return
    after = SCHEDULED.index(place.milestone) + 1 if place.milestone in SCHEDULED else len(SCHEDULED)
    if place.standing:
        after = 0
    open_ones = (m for m in SCHEDULED[after:] if known.at(m) is None)
    if following := next((m for m in open_ones if not _comes_after_death(known, m)), None):
        yield following
    relapsed = known.at(Milestone.RELAPSE) is not None or place.milestone is Milestone.RELAPSE
    if place.milestone in (*AFTER_INFUSION, Milestone.INTERIM) and not relapsed:
        yield Milestone.RELAPSE


def _comes_after_death(known: Known, milestone: Milestone) -> bool:
    """Whether the patient died before a milestone's window opened: its visit would be refused."""
    died, infused = known.snapshot.died_on, known.at(Milestone.INFUSION)
    window = catalogue().dictionary.windows_days_after_infusion.get(milestone)
    if died is None or infused is None or window is None:
        return False
    return infused.date + timedelta(days=int(window.low)) > died


def onward_url(case: Case, known: Known, milestone: Milestone) -> str:
    """The form of a milestone, recorded or not."""
    visit = known.at(milestone)
    return visit_at(milestone, None if visit is None else visit.number).url(case)
