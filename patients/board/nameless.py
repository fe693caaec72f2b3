"""A case as a board sees it: no text that may hold a name, no date of the calendar, age by tens."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

from django.utils.dates import MONTHS
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from msgspec.structs import replace

from patients.board.frozen import Seen
from patients.course.known import Course, Moment, course_in, course_of
from patients.course.state import Tile, by_tens
from patients.records.snapshots import recorded_up_to
from riskfactors.domain.findings import MilestoneFindings
from riskfactors.domain.snapshot import Absence, Assessment, Fact, Observation, Snapshot
from riskfactors.domain.timeline import Timeline
from riskfactors.domain.timepoints import Milestone, age_on
from riskfactors.words import unbroken
from riskfactors.words.course import day_number

GAP: Final = r"[\s\N{NO-BREAK SPACE}]"
MONTH: Final = r"(?P<month>[^\W\d_]{3,9})"
WRITTEN: Final = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})\.?{GAP}{MONTH}\.?,?{GAP}(?P<year>\d{{4}})\b"),
    re.compile(rf"\b{MONTH}\.?{GAP}(?P<day>\d{{1,2}}),?{GAP}(?P<year>\d{{4}})\b"),
    re.compile(r"\b(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>(19|20)\d\d)\b"),
)
"""Days as we write them, and as people do."""
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
    worded = day_number if timeline.from_infusion else from_first_visit
    return without_dates(markup, lambda day: worded((day - timeline.origin).days))


def after_meeting(markup: str, held_on: date) -> str:
    """A text of a decision with each date as its day after the meeting."""

    def worded(day: date) -> str:
        count = (day - held_on).days
        if not count:
            return _("the day of the meeting")
        days = ngettext("%(n)s day", "%(n)s days", abs(count)) % {"n": abs(count)}
        words = _("%s after the meeting") if count > 0 else _("%s before the meeting")
        return unbroken(words % days)

    return without_dates(markup, worded)


def without_dates(markup: str, worded: Callable[[date], str]) -> str:
    """A text with other words for each date in it, however it is written; for what looks like one
    and is no day of the calendar, that there is a date."""
    names = ((str(name).lower(), number) for number, name in MONTHS.items())
    months = {word: number for name, number in names for word in (name, name[:3], name[:4])}

    def said(found: re.Match[str]) -> str:
        part = found.groupdict()
        month = part["month"]
        number = int(month) if month.isdigit() else months.get(month.lower())
        if number is None:
            return found[0]
        try:
            return worded(date(int(part["year"]), number, int(part["day"])))
        except ValueError:
            return _("(a date)")

    for written in WRITTEN:
        markup = written.sub(said, markup)
    return markup


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


def by_tens_in(seen: Seen) -> Seen:
    """What was seen at a desk, with ages by ten years."""

    def fact_of(fact: dict[str, Any]) -> dict[str, Any]:
        if fact["variable"] != "age":
            return fact
        return fact | {"value": by_tens(int(fact["value"])), "unit": None}

    def finding_of(found: dict[str, Any]) -> dict[str, Any]:
        return found | {"basis": list(map(fact_of, found["basis"]))}

    return replace(
        seen,
        milestones=tuple(
            at | {"findings": list(map(finding_of, at["findings"]))} for at in seen.milestones
        ),
    )


def _without_notes(visit: Assessment) -> Assessment:
    observations: Mapping[str, Observation] = {
        name: replace(said, note=None) for name, said in visit.observations.items()
    }
    absences: Mapping[str, Absence] = {
        name: replace(said, note=None) for name, said in visit.absences.items()
    }
    return replace(visit, observations=observations, absences=absences)
