"""From records to how far many cases have come: one query for each kind of statement, however many.

What is summed up here is what was recorded. Findings come from the engine, through snapshots.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import product
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from django.db.models import Q
from msgspec import Struct

from patients.models import (
    AssessmentDate,
    Demographics,
    EventRevision,
    Observation,
    TreatmentRevision,
)
from riskfactors.domain.progress import (
    PENDING,
    ExpectedVisit,
    Happenings,
    LastResponse,
    RecordedCode,
    Timing,
    expected_visits,
    last_response,
    last_statement,
    last_visit,
    missing_items,
)
from riskfactors.domain.snapshot import Event, Treatment
from riskfactors.domain.timeline import NOT_EVALUABLE
from riskfactors.domain.timepoints import Milestone, age_on
from riskfactors.domain.vocabulary import Role
from riskfactors.published import catalogue

Recorded: TypeAlias = Mapping[tuple[int, str], tuple[str, date | None, str]]
REMEMBERED: Final = 256
"""Pages of a list, each of some twenty cases."""

LISTED: Final = ("product", "response")
"""Variables whose last code a list shows."""
UNTOLD: Final = "response that could not be told"


class CaseVersion(NamedTuple):
    """A case as its last entry leaves it."""

    case: int
    public_id: UUID
    head: int | None


class ListedVisit(Struct, frozen=True, gc=False):
    """A visit by its key and its number in the case."""

    pk: int
    number: int
    milestone: Milestone
    date: date


class CaseProgress(Struct, frozen=True, kw_only=True):
    """A case in a line of a list, as known on a day.

    `age` is that at the infusion, before it at the last milestone. `expected` are the visits due or
    overdue, or the next to come. `untold`: where none could be told since the last response.
    """

    today: date
    age: int
    infusion: date | None
    last_visit: ListedVisit | None
    product: RecordedCode | None
    response: LastResponse
    untold: RecordedCode | None
    expected: tuple[ExpectedVisit, ...]
    missing: tuple[str, ...]
    died: date | None
    not_infused: date | None


def progress_of(versions: tuple[CaseVersion, ...], *, today: date) -> Mapping[int, CaseProgress]:
    """A summary for each case by its key, without what is dated after today."""
    cases = [case for case, _public_id, _head in versions]
    born = dict(
        Demographics.objects.filter(case__in=cases)
        .order_by("revision")
        .values_list("case_id", "birth_date")
    )
    visits, happened = visits_of_cases(cases, today), happenings_of_cases(cases, today)
    last = {case: _last_milestone(visits[case]) for case in cases}
    recorded = _recorded(visits, last)
    said, answered = said_in(visits, recorded), answered_at(recorded)
    return {
        case: _summary(
            born=born[case],
            visits=visits[case],
            last=last[case],
            ends=happened[case].ends,
            said=said[case],
            missing=_missing(last[case], visits[case], answered, happened[case]),
            today=today,
        )
        for case in cases
    }


remembered_progress = lru_cache(maxsize=REMEMBERED)(progress_of)
"""The same for a page that is looked at again."""


def _summary(
    *,
    born: date,
    visits: Sequence[ListedVisit],
    last: ListedVisit | None,
    ends: Mapping[str, date],
    said: Mapping[str, Sequence[RecordedCode]],
    missing: tuple[str, ...],
    today: date,
) -> CaseProgress:
    expected, response = expected_of(visits, ends, today), response_of(visits, said)
    infusion, died = reached_in(visits).get(Milestone.INFUSION), ends.get("death")
    now = tuple(visit for visit in expected if visit.timing is not Timing.UPCOMING)
    return CaseProgress(
        today=today,
        age=age_on(infusion or (last.date if last else died or today), born),
        infusion=infusion,
        last_visit=last,
        product=last_statement(said["product"]),
        response=response,
        untold=response.untold_since(said[UNTOLD], infusion),
        expected=now or expected[:1],
        missing=missing,
        died=died,
        not_infused=ends.get("not_infused"),
    )


def reached_in(visits: Iterable[ListedVisit]) -> Mapping[Milestone, date]:
    """The day of each milestone of a case."""
    return {visit.milestone: visit.date for visit in visits}


def expected_of(
    visits: Iterable[ListedVisit], ends: Collection[str], today: date
) -> tuple[ExpectedVisit, ...]:
    """The visits of a case that are to come, due or overdue on a day."""
    reached = reached_in(visits)
    return expected_visits(
        infusion=reached.get(Milestone.INFUSION),
        reached=reached,
        events=ends,
        today=today,
        windows=catalogue().dictionary.windows_days_after_infusion.items(),
    )


def response_of(
    visits: Iterable[ListedVisit], said: Mapping[str, Sequence[RecordedCode]]
) -> LastResponse:
    """How the lymphoma of a case stood last."""
    return last_response(said["response"], relapse=reached_in(visits).get(Milestone.RELAPSE))


def visits_of_cases(cases: Collection[int], today: date) -> Mapping[int, list[ListedVisit]]:
    """The visits of each case, without those that are withdrawn or dated after today."""
    rows = (
        AssessmentDate.objects.filter(assessment__case__in=cases)
        .order_by("revision", "assessment__number")
        .values_list(
            *("assessment_id", "assessment__number", "assessment__case_id"),
            *("assessment__milestone", "date"),
        )
    )
    visits: dict[int, list[ListedVisit]] = defaultdict(list)
    for pk, number, case, milestone, day in {row[0]: row for row in rows}.values():
        if day is not None and day <= today:
            visits[case].append(ListedVisit(pk, number, Milestone(milestone), day))
    return visits


def happenings_of_cases(cases: Collection[int], today: date) -> Mapping[int, Happenings]:
    """What happened in each case by a day, as far as lists look at it."""
    events: dict[int, list[Event]] = defaultdict(list)
    recorded = (
        EventRevision.objects.filter(event__case__in=cases)
        .order_by("revision")
        .values_list("event_id", "event__case_id", "kind", "date", "grade")
    )
    for _, case, kind, day, grade in {row[0]: row for row in recorded}.values():
        if day is not None and day <= today:
            events[case].append(Event(kind=kind, date=day, grade=grade))
    treatments: dict[int, list[Treatment]] = defaultdict(list)
    given = (
        TreatmentRevision.objects.filter(treatment__case__in=cases)
        .order_by("revision")
        .values_list("treatment_id", "treatment__case_id", "role", "start")
    )
    for _, case, role, day in {row[0]: row for row in given}.values():
        if day is not None and day <= today:
            treatments[case].append(Treatment(role=Role(role), start=day))
    return {case: Happenings(events[case], treatments[case]) for case in cases}


def _last_milestone(visits: Iterable[ListedVisit]) -> ListedVisit | None:
    """The last visit of a milestone: interim visits ask for nothing."""
    by_place: dict[tuple[date, Milestone], ListedVisit] = {
        (v.date, v.milestone): v for v in visits if v.milestone is not Milestone.INTERIM
    }
    place = last_visit(by_place)
    return None if place is None else by_place[place]


def _recorded(
    visits: Mapping[int, Iterable[ListedVisit]], last: Mapping[int, ListedVisit | None]
) -> Recorded:
    """What stands for a variable at a visit: its value, the day of its own, why there is none.

    Of the last visits everything, of the others what a list shows, and what stays true where the
    last visit of the case asks for that.
    """
    standing, milestones = _standing()
    lasts, asked, others = [], [], []
    for case, some in visits.items():
        asking = last[case]
        before = [visit.pk for visit in some if visit != asking]
        if asking is not None:
            lasts.append(asking.pk)
        if asking is not None and asking.milestone in milestones:
            asked += before
        else:
            others += before
    rows = (
        Observation.objects.filter(
            Q(assessment__in=lasts)
            | Q(assessment__in=asked, variable__in={*standing, *LISTED})
            | Q(assessment__in=others, variable__in=LISTED)
        )
        .order_by("revision")
        .values_list("assessment_id", "variable", "value", "observed_on", "absent")
    )
    return {row[:2]: row[2:] for row in rows}


def said_in(
    visits: Mapping[int, Iterable[ListedVisit]], recorded: Recorded
) -> Mapping[int, Mapping[str, Sequence[RecordedCode]]]:
    """The codes of each listed variable, by case, and why a response could not be told."""
    said: dict[int, dict[str, list[RecordedCode]]] = defaultdict(lambda: defaultdict(list))
    for case, some in visits.items():
        for visit, variable in product(some, LISTED):
            code, day, absent = recorded.get((visit.pk, variable), ("", None, ""))
            untold = variable == "response" and absent in NOT_EVALUABLE
            if code or untold:
                seen = RecordedCode(code or absent, visit.milestone, visit.date, day or visit.date)
                said[case][UNTOLD if untold else variable].append(seen)
    return said


def answered_at(recorded: Recorded) -> Mapping[int, set[str]]:
    """What has a value, or a reason for having none that expects none, by visit."""
    answered: dict[int, set[str]] = defaultdict(set)
    for (pk, variable), (value, _, absent) in recorded.items():
        if value or absent not in ("", PENDING):
            answered[pk].add(variable)
    return answered


def _missing(
    last: ListedVisit | None,
    visits: Iterable[ListedVisit],
    answered: Mapping[int, set[str]],
    happened: Happenings,
) -> tuple[str, ...]:
    if last is None:
        return ()
    dictionary, infusion = catalogue().dictionary, reached_in(visits).get(Milestone.INFUSION)
    return missing_items(
        last.milestone,
        dictionary,
        here=answered[last.pk] | happened.answers(last.date, dictionary, infusion=infusion),
        anywhere=set().union(*(answered[visit.pk] for visit in visits)),
    )


@cache
def _standing() -> tuple[tuple[str, ...], frozenset[Milestone]]:
    """The routine facts that stay true, and the milestones that ask for any."""
    routine = catalogue().dictionary.routine
    asked = {v.name: m for m, some in routine.items() for v in some if v.standing}
    asking = {m for m, some in routine.items() if any(v.standing for v in some)}
    return tuple(asked), frozenset(asking)
