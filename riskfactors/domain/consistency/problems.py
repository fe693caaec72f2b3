"""What no case can hold: dates that contradict birth, death or each other, a milestone twice."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from riskfactors.domain.consistency.places import (
    Places,
    assessments_of,
    events_of,
    treatments_of,
)
from riskfactors.domain.snapshot import Assessment, Event, Snapshot, Treatment
from riskfactors.domain.timepoints import SCHEDULED, Milestone
from riskfactors.domain.vocabulary import Phrase, Problem

EARLIEST_BIRTH: Final = date(1900, 1, 1)
DEATH: Final = "death"


class _Case(NamedTuple):
    """What is asked about: a case, with the place of each of its parts."""

    born: date
    died: date
    visits: Sequence[tuple[str, Assessment]]
    treatments: Sequence[tuple[str, Treatment]]
    events: Sequence[tuple[str, Event]]


def problems(snapshot: Snapshot, places: Places | None = None) -> Iterator[Problem]:
    """Why a case is refused, each with its place."""
    places = places or Places.of(snapshot)
    case = _Case(
        snapshot.birth_date,
        snapshot.died_on or date.max,
        tuple(assessments_of(snapshot, places)),
        tuple(treatments_of(snapshot, places)),
        tuple(events_of(snapshot, places)),
    )
    if case.born < EARLIEST_BIRTH:
        yield _problem("birth_date", "born_too_early", case.born)
    for check in (_samples, _outside_life, _backwards, _second_deaths, _milestones):
        yield from check(case)


def _problem(place: str, key: str, given: date | None = None, *about: str) -> Problem:
    return Problem(place, Phrase(key, *about), None if given is None else f'"{given}"')


def _samples(case: _Case) -> Iterator[Problem]:
    """Days of samples that are after their visit, or before the birth."""
    for place, visit in case.visits:
        absent = [(name, absence.observed_on) for name, absence in visit.absences.items()]
        for name, day in visit.other_days + absent:
            at = f"{place}.observations.{name}.observed_on"
            if day > visit.date:
                yield _problem(at, "after_visit", day, visit.date.isoformat())
            elif day < case.born and day != visit.date:
                yield _problem(at, "before_birth", day)


def _outside_life(case: _Case) -> Iterator[Problem]:
    """What is dated before the birth or after the death, whose day itself is allowed."""
    for place, field, day in _dates(case):
        if day < case.born:
            yield _problem(f"{place}.{field}", "before_birth", day)
        elif day > case.died:
            yield _problem(f"{place}.{field}", "after_death", day, case.died.isoformat())


def _dates(case: _Case) -> Iterator[tuple[str, str, date]]:
    """Every date of a visit, a treatment or an event, but those of deaths after the first."""
    for place, visit in case.visits:
        yield place, "date", visit.date
    for place, treatment in case.treatments:
        yield place, "start", treatment.start
        if treatment.end is not None:
            yield place, "end", treatment.end
        if treatment.response_on is not None:
            yield place, "response_on", treatment.response_on
    for place, event in case.events:
        if event.kind != DEATH or event.date < case.born:
            yield place, "date", event.date
        if event.end is not None:
            yield place, "end", event.end


def _backwards(case: _Case) -> Iterator[Problem]:
    """What ends, or has its response, before it starts."""
    for place, treatment in case.treatments:
        for name, day in (("end", treatment.end), ("response_on", treatment.response_on)):
            if day is not None and case.born <= day < treatment.start:
                yield _problem(f"{place}.{name}", "before_start", day)
    for place, event in case.events:
        if event.end is not None and case.born <= event.end < event.date:
            yield _problem(f"{place}.end", "before_event", event.end)


def _second_deaths(case: _Case) -> Iterator[Problem]:
    deaths = [place for place, event in case.events if event.kind == DEATH]
    for place in deaths[1:]:
        yield _problem(f"{place}.kind", "second_death", None, deaths[0])


def _milestones(case: _Case) -> Iterator[Problem]:
    """Each milestone once, in the order of the course; no relapse before the infusion."""
    first: dict[Milestone, tuple[str, date]] = {}
    for place, visit in case.visits:
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
