"""A case as a board sees it: no text that may hold a name, no date of the calendar, age by tens."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _
from msgspec.structs import replace

from patients.course.known import Course
from patients.course.state import Tile
from riskfactors.domain.snapshot import Absence, Assessment, Observation, Snapshot
from riskfactors.domain.timepoints import Milestone, age_on
from riskfactors.words.course import day_number

DAY: Final = re.compile(r"(\d{1,2})[\s\N{NO-BREAK SPACE}](\w{3})[\s\N{NO-BREAK SPACE}](\d{4})")
OLDEST: Final = 90
"""From this age on ten years of age are few people."""


def nameless(snapshot: Snapshot) -> Snapshot:
    """A case without what people wrote in their own words: notes and names of regimens."""
    return replace(
        snapshot,
        assessments=tuple(map(_without_notes, snapshot.assessments)),
        treatments=tuple(replace(each, regimen=None) for each in snapshot.treatments),
        events=tuple(replace(each, note=None) for each in snapshot.events),
    )


def dateless(markup: str, origin: date) -> str:
    """A page with each date as the days from an origin, the infusion or else the first visit."""
    months = {str(name).title(): number for number, name in MONTHS_3.items()}

    def counted(found: re.Match[str]) -> str:
        day, month, year = found.groups()
        if month not in months:
            return found[0]
        return day_number((date(int(year), months[month], int(day)) - origin).days)

    return DAY.sub(counted, markup)


def decade(course: Course) -> Tile:
    """The age by ten years, at the infusion or else at the last visit."""
    at = course.visits.get(Milestone.INFUSION) or max(
        course.visits.values(), key=lambda visit: visit.place, default=None
    )
    on = course.as_of if at is None else at.date
    years = age_on(on, course.snapshot.birth_date) // 10 * 10
    if years >= OLDEST:
        return Tile(_("Age"), _("%s years or older") % OLDEST)
    return Tile(_("Age"), _("%(from)s to %(to)s years") % {"from": years, "to": years + 9})


def _without_notes(visit: Assessment) -> Assessment:
    observations: Mapping[str, Observation] = {
        name: replace(said, note=None) for name, said in visit.observations.items()
    }
    absences: Mapping[str, Absence] = {
        name: replace(said, note=None) for name, said in visit.absences.items()
    }
    return replace(visit, observations=observations, absences=absences)
