"""What no case can hold: dates that contradict birth, death or each other, a milestone twice."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Final

from riskfactors.domain.consistency.places import (
    Places,
    assessments_of,
    events_of,
    treatments_of,
)
from riskfactors.domain.snapshot import Snapshot
from riskfactors.domain.timepoints import SCHEDULED, Milestone
from riskfactors.domain.vocabulary import Phrase, Problem

EARLIEST_BIRTH: Final = date(1900, 1, 1)
DEATH: Final = "death"


def problems(snapshot: Snapshot, places: Places | None = None) -> Iterator[Problem]:
    """Why a case is refused, each with its place."""
    places = places or Places.of(snapshot)
    if snapshot.birth_date < EARLIEST_BIRTH:
        yield _problem("birth_date", "born_too_early", snapshot.birth_date)
    yield from _samples(snapshot, places)
    yield from _outside_life(snapshot, places)
    yield from _backwards(snapshot, places)
    yield from _second_deaths(snapshot, places)
    yield from _milestones(snapshot, places)


def _problem(place: str, key: str, given: date | None = None, *about: str) -> Problem:
    return Problem(place, Phrase(key, *about), None if given is None else f'"{given}"')


def _samples(snapshot: Snapshot, places: Places) -> Iterator[Problem]:
    """Days of samples that are after their visit, or before the birth."""
    for place, visit in assessments_of(snapshot, places):
        days = {name: o.fact.observed_on for name, o in visit.observations.items()}
        days |= {name: absence.observed_on for name, absence in visit.absences.items()}
        for name, day in days.items():
            at = f"{place}.observations.{name}.observed_on"
            if day > visit.date:
                yield _problem(at, "after_visit", day, visit.date.isoformat())
            elif day < snapshot.birth_date and day != visit.date:
                yield _problem(at, "before_birth", day)


def _outside_life(snapshot: Snapshot, places: Places) -> Iterator[Problem]:
    """What is dated before the birth or after the death, whose day itself is allowed."""
    died = snapshot.died_on or date.max
    for place, day in _dates(snapshot, places):
        if day < snapshot.birth_date:
            yield _problem(place, "before_birth", day)
        elif day > died:
            yield _problem(place, "after_death", day, died.isoformat())


def _dates(snapshot: Snapshot, places: Places) -> Iterator[tuple[str, date]]:
    """Every date of a visit, a treatment or an event, but those of deaths after the first."""
    for place, visit in assessments_of(snapshot, places):
        yield f"{place}.date", visit.date
    for place, treatment in treatments_of(snapshot, places):
        yield f"{place}.start", treatment.start
        if treatment.end is not None:
            yield f"{place}.end", treatment.end
        if treatment.response_on is not None:
            yield f"{place}.response_on", treatment.response_on
    for place, event in events_of(snapshot, places):
        if event.kind != DEATH or event.date < snapshot.birth_date:
            yield f"{place}.date", event.date
        if event.end is not None:
            yield f"{place}.end", event.end


def _backwards(snapshot: Snapshot, places: Places) -> Iterator[Problem]:
    """What ends, or has its response, before it starts."""
    for place, treatment in treatments_of(snapshot, places):
        for name, day in (("end", treatment.end), ("response_on", treatment.response_on)):
            if day is not None and snapshot.birth_date <= day < treatment.start:
                yield _problem(f"{place}.{name}", "before_start", day)
    for place, event in events_of(snapshot, places):
        if event.end is not None and snapshot.birth_date <= event.end < event.date:
            yield _problem(f"{place}.end", "before_event", event.end)


def _second_deaths(snapshot: Snapshot, places: Places) -> Iterator[Problem]:
    deaths = [place for place, event in events_of(snapshot, places) if event.kind == DEATH]
    for place in deaths[1:]:
        yield _problem(f"{place}.kind", "second_death", None, deaths[0])


def _milestones(snapshot: Snapshot, places: Places) -> Iterator[Problem]:
    """Each milestone once, in the order of the course; no relapse before the infusion."""
    first: dict[Milestone, tuple[str, date]] = {}
    for place, visit in assessments_of(snapshot, places):
        milestone = visit.milestone
        if milestone in first:
            yield _problem(
                f"{place}.milestone", "stands_twice", None, milestone, first[milestone][0]
            )
        elif milestone is not Milestone.INTERIM:
            first[milestone] = place, visit.date
    scheduled = [milestone for milestone in SCHEDULED if milestone in first]
    for earlier, later in (*pairwise(scheduled), (Milestone.INFUSION, Milestone.RELAPSE)):
        if earlier in first and later in first and first[later][1] < first[earlier][1]:
            place, day = first[later]
            about = later, earlier, first[earlier][1].isoformat()
            yield _problem(f"{place}.date", "before_milestone", day, *about)
