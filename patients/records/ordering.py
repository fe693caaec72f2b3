"""Cases are put in order by what a line of a list shows of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from django.db.models import OuterRef, Subquery

from patients.models import Case, Entry, OrderKey
from patients.permissions import telling_of_the_course
from patients.records.completeness import answers_at, course_of, said_at
from patients.records.progress import (
    ListedVisit,
    expected_of,
    happenings_of_cases,
    response_of,
    said_in,
    visits_of_cases,
)
from patients.records.snapshots import CaseRows, read_events, read_treatments, read_visits
from riskfactors.domain.completeness import GAPS, NOTHING, Answers, RecordedCourse, completeness
from riskfactors.domain.progress import Happenings, RecordedCode
from riskfactors.domain.timepoints import ORDER, Milestone
from riskfactors.published import catalogue

KEYS: Final = (
    *("entry", "infusion", "expected_from", "expected_until", "responded_on", "progressed_on"),
    *("expected_place", "pending", "pending_since", "gaps", "died_on"),
)
AT_ONCE: Final = 500


def put_in_order(case: Case, entry: Entry, told: CaseRows) -> None:
    """Make the key of a case anew, as its last entry leaves it: with all that is recorded, since
    nothing of tomorrow can be. `told`: what its entries up to this one tell."""
    visits = [
        ListedVisit(pk, number, Milestone(milestone), day)
        for number, pk, milestone, day in read_visits(told)
    ]
    happened = Happenings(read_events(told).values(), read_treatments(told).values())
    recorded = {
        (visit, variable): (value, observed_on, absent)
        for visit, variable, value, *_, observed_on, absent, _note, _withdrawn in told.observations
    }
    said = said_in({case.pk: visits}, recorded)[case.pk]
    _put({case: _key_of(visits, happened, said, answers_at(recorded))}, {case: entry.pk})


def _put_as_listed(last_entries: Mapping[Case, int]) -> None:
    """The same of many cases, each with the key of its last entry, by what lists read of them."""
    cases = [case.pk for case in last_entries]
    visits = visits_of_cases(cases, date.max)
    happened = happenings_of_cases(cases, date.max)
    recorded = said_at(visit.pk for case in cases for visit in visits[case])
    said, answers = said_in(visits, recorded), answers_at(recorded)
    keys = {
        case: _key_of(visits[case.pk], happened[case.pk], said[case.pk], answers)
        for case in last_entries
    }
    _put(keys, last_entries)


def _put(keys: Mapping[Case, OrderKey], last_entries: Mapping[Case, int]) -> None:
    for case, key in keys.items():
        key.case, key.centre_id, key.entry_id = case, case.centre_id, last_entries[case]
    OrderKey.objects.bulk_create(
        keys.values(), update_conflicts=True, unique_fields=["case"], update_fields=KEYS
    )


def put_all_in_order() -> None:
    """Make the keys of every case anew: after a change of how they are made, of the windows of
    visits for one."""
    last = telling_of_the_course().filter(case=OuterRef("pk")).order_by("-sequence").values("pk")
    # By name: a migration runs this while later columns are still to come.
    cases = Case.objects.only("centre").annotate(last_entry=Subquery(last[:1])).order_by("pk")
    done = 0
    while some := list(cases.filter(pk__gt=done)[:AT_ONCE]):
        _put_as_listed({case: case.last_entry for case in some})
        done = some[-1].pk


def _key_of(
    visits: Sequence[ListedVisit],
    happened: Happenings,
    said: Mapping[str, Sequence[RecordedCode]],
    answers: Mapping[int, Answers],
) -> OrderKey:
    course, ends = course_of(visits, happened, answers), happened.ends
    infusion = course.infusion
    expected, response = expected_of(visits, ends, date.max), response_of(visits, said)
    pending = _pending(visits, course, answers)
    return OrderKey(
        infusion=infusion,
        expected_from=expected[0].opens if expected else None,
        expected_until=expected[0].closes if expected else None,
        expected_place=ORDER[expected[0].milestone] if expected else None,
        responded_on=response.established_on(infusion),
        progressed_on=response.progressed_on(infusion),
        pending=len(pending),
        pending_since=min(pending, default=None),
        gaps=_gaps(course, {visit.milestone for visit in expected}),
        died_on=ends.get("death"),
    )


def _pending(
    visits: Sequence[ListedVisit], course: RecordedCourse, answers: Mapping[int, Answers]
) -> list[date]:
    """The days of the visits of which routine results are awaited, one for each result: what
    stays true through the course is awaited nowhere once it has an answer, and what happened
    answers is awaited no more."""
    dictionary = catalogue().dictionary
    variables, happened = dictionary.variables, course.happened
    return [
        visit.date
        for visit in visits
        if (awaited := answers.get(visit.pk, NOTHING).pending)
        for name in {*awaited} - happened.answers(visit.date, dictionary, infusion=course.infusion)
        if variables[name].availability == "routine"
        and not (variables[name].standing and name in course.answered)
    ]


def _gaps(course: RecordedCourse, expected: Collection[Milestone]) -> int:
    """A bit for the place of each milestone with a gap; that of a visit that is expected comes
    with the end of its window."""
    found = completeness(course, catalogue().dictionary, today=date.max)
    return sum(
        1 << ORDER[visit.milestone]
        for visit in found
        if visit.state in GAPS and visit.milestone not in expected
    )
