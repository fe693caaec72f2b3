"""A case as a board sees it: no text that may hold a name, no date of the calendar, age by tens."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import Final, NamedTuple

from django.utils.dates import MONTHS_3
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from msgspec.structs import replace

from patients.course.known import Course, Moment, course_in, course_of
from patients.course.state import Tile, by_tens
from patients.records.snapshots import recorded_up_to
from riskfactors.domain.findings import MilestoneFindings
from riskfactors.domain.snapshot import Absence, Assessment, Fact, Observation, Snapshot
from riskfactors.domain.timeline import Timeline
from riskfactors.domain.timepoints import Milestone, age_on
from riskfactors.words import unbroken
from riskfactors.words.course import day_number

DAY: Final = re.compile(r"(\d{1,2})[\s\N{NO-BREAK SPACE}](\w{3})[\s\N{NO-BREAK SPACE}](\d{4})")
WRITTEN: Final = re.compile(r"\b\d{4}-\d\d-\d\d\b")
REMEMBERED: Final = 64


class Shown(NamedTuple):
    """A case as somebody sees it, and what becomes of other words about it there."""

    course: Course
    words: Callable[[str], str]
    hidden: bool
    """Whether it is seen by people who need not know who it is."""


def at_a_desk(known: Moment) -> Shown:
    """With all that is known."""
    return Shown(course_of(known), str, hidden=False)


def on_a_projector(known: Moment) -> Shown:
    """Without what tells who it is."""
    course = nameless_course(known)
    return Shown(course, partial(dateless, timeline=course.timeline), hidden=True)


def nameless_course(known: Moment) -> Course:
    """The course without what may hold a name, and with ages by ten years."""
    return remembered_course(known, get_language())


@lru_cache(maxsize=REMEMBERED)
def remembered_course(known: Moment, _language: str) -> Course:
    recorded = recorded_up_to(known.case, known.head)
    course = course_in(known, recorded._replace(snapshot=nameless(recorded.snapshot)))
    return dataclasses.replace(course, findings=tuple(map(_by_tens, course.findings)))


def nameless(snapshot: Snapshot) -> Snapshot:
    """A case without what people wrote in their own words: notes and names of regimens."""
    return replace(
        snapshot,
        assessments=tuple(map(_without_notes, snapshot.assessments)),
        treatments=tuple(replace(each, regimen=None) for each in snapshot.treatments),
        events=tuple(replace(each, note=None) for each in snapshot.events),
    )


def dateless(markup: str, timeline: Timeline) -> str:
    """A page with each date as its day after the infusion, or else from the first visit."""
    months = {str(name).title(): number for number, name in MONTHS_3.items()}
    worded = day_number if timeline.from_infusion else from_first_visit

    def counted(found: re.Match[str]) -> str:
        day, month, year = found.groups()
        if month not in months:
            return found[0]
        return worded((date(int(year), months[month], int(day)) - timeline.origin).days)

    def written(found: re.Match[str]) -> str:
        try:
            return worded((date.fromisoformat(found[0]) - timeline.origin).days)
        except ValueError:
            return found[0]

    return WRITTEN.sub(written, DAY.sub(counted, markup))


def from_first_visit(days: int) -> str:
    """A day of a course without an infusion: no number of its own that reads as one after it."""
    if not days:
        return _("day of the first visit")
    count = ngettext("%(n)s day", "%(n)s days", abs(days)) % {"n": abs(days)}
    words = _("%s after the first visit") if days > 0 else _("%s before the first visit")
    return unbroken(words % count)


def decade(course: Course) -> Tile:
    """The age by ten years, at the infusion or else at the last visit."""
    at = course.visits.get(Milestone.INFUSION) or max(
        course.visits.values(), key=lambda visit: visit.place, default=None
    )
    on = course.as_of if at is None else at.date
    return Tile(_("Age"), by_tens(age_on(on, course.snapshot.birth_date)))


def _by_tens(found: MilestoneFindings) -> MilestoneFindings:
    """Findings that rest on an age, resting on ten years of it; what they conclude stands."""

    def fact_of(fact: Fact) -> Fact:
        if fact.variable != "age":
            return fact
        return replace(fact, value=by_tens(int(fact.value)), unit=None)

    findings = (replace(f, basis=tuple(map(fact_of, f.basis))) for f in found.findings)
    return replace(found, findings=tuple(findings))


def _without_notes(visit: Assessment) -> Assessment:
    observations: Mapping[str, Observation] = {
        name: replace(said, note=None) for name, said in visit.observations.items()
    }
    absences: Mapping[str, Absence] = {
        name: replace(said, note=None) for name, said in visit.absences.items()
    }
    return replace(visit, observations=observations, absences=absences)
