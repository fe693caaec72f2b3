"""From records to the domain: the case as known at a moment, the one door to the engine.

A moment is turned into the last entry recorded by then, and every table is read up to that entry:
what is saved while the tables are read appears in none of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db.models import Max

from patients.models import (
    Assessment,
    AssessmentDate,
    Case,
    Demographics,
    Entry,
    EventRevision,
    Observation,
    Revision,
    Slot,
    TreatmentRevision,
)
from patients.records.rows import (
    EVENT,
    OBSERVATION,
    TREATMENT,
    read_event,
    read_treatment,
    read_visit,
    told_in,
)
from riskfactors.domain import snapshot as domain
from riskfactors.domain.consistency import Places
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Sex

# Questions that each look at a case asks, put together once: the columns take as long as the rest.
PEOPLE: Final = Demographics.objects.order_by("-revision").values_list("birth_date", "sex")
VISITS: Final = AssessmentDate.objects.order_by("revision").values_list(
    "assessment__number", "assessment_id", "assessment__milestone", "date"
)
OBSERVATIONS: Final = Observation.objects.order_by("revision", "pk").values_list(
    "assessment_id", *OBSERVATION
)
TREATMENTS: Final = TreatmentRevision.objects.order_by("revision").values_list(
    "treatment__number", "withdrawn", *TREATMENT
)
EVENTS: Final = EventRevision.objects.order_by("revision").values_list(
    "event__number", "withdrawn", *EVENT
)


class NumberedSnapshot(NamedTuple):
    """A case, and where it stands in the records.

    `numbers` are those of the visits of its milestones; `places` are the numbers in the case of
    all visits, treatments and events, in the order in which the snapshot lists them.
    """

    snapshot: domain.Snapshot
    numbers: Mapping[Milestone, int]
    places: Places


NEW: Final = 1_000_000
"""The number of what is not recorded yet: it comes last. Of several each has its own from there."""


def snapshot_of(case: Case, *, as_of: date, known_at: datetime) -> domain.Snapshot:
    """The case without what is dated after a day or was recorded after a moment.

    Raises Case.DoesNotExist where the case was not yet known, UnreadableRecord.
    """
    head = Entry.objects.filter(case=case, recorded_at__lte=known_at).aggregate(head=Max("pk"))
    return snapshot_up_to(case, head["head"]).as_of(as_of)


def last_entry_of(case: Case) -> int | None:
    """The key of the last entry of a case, whatever the clock said when it was made."""
    return case.entries.order_by("-sequence").values_list("pk", flat=True).first()


def snapshot_up_to(case: Case, head: int | None) -> domain.Snapshot:
    """The whole case as the entries up to this one tell it."""
    return recorded_up_to(case, head).snapshot


class CaseRows(NamedTuple):
    """What the entries up to one tell of a case: a row for each revision, the later ones last.

    `visits`: number, key, milestone, date.
    """

    case_id: str
    birth_date: date
    sex: Sex
    visits: list[tuple[Any, ...]]
    observations: list[tuple[Any, ...]]
    treatments: list[tuple[Any, ...]]
    events: list[tuple[Any, ...]]


def recorded_up_to(case: Case, head: int | None) -> NumberedSnapshot:
    """The whole case as the entries up to this one tell it."""
    return read_together(rows_up_to(case, head))


def rows_up_to(case: Case, head: int | None) -> CaseRows:
    """The rows of a case, not read yet."""
    if head is None:
        raise Case.DoesNotExist
    birth_date, sex = PEOPLE.filter(case=case, entry_id__lte=head)[0]
    visits = list(VISITS.filter(assessment__case=case, entry_id__lte=head))
    observations = OBSERVATIONS.filter(assessment__case=case, entry_id__lte=head)
    return CaseRows(
        case.case_id,
        birth_date,
        Sex(sex),
        visits,
        list(observations) if visits else [],
        list(TREATMENTS.filter(treatment__case=case, entry_id__lte=head)),
        list(EVENTS.filter(event__case=case, entry_id__lte=head)),
    )


def read_together(rows: CaseRows, also: Sequence[Revision] = ()) -> NumberedSnapshot:
    """The whole case.

    `also`: as it would be with statements that are not saved yet, of one new visit at most; new
    treatments and events are numbered from NEW on.
    """
    visits = read_visits(rows, also)
    treatments, events = read_treatments(rows, also), read_events(rows, also)
    snapshot = domain.Snapshot(
        case_id=rows.case_id,
        birth_date=rows.birth_date,
        sex=rows.sex,
        assessments=_assessments(rows, visits, also),
        treatments=tuple(treatments.values()),
        events=tuple(events.values()),
    )
    places = Places([visit[0] for visit in visits], list(treatments), list(events))
    numbers = {Milestone(v[2]): v[0] for v in visits if v[2] != Milestone.INTERIM}
    return NumberedSnapshot(snapshot, numbers, places)


def observed(told: CaseRows, observations: Iterable[Observation]) -> domain.Snapshot:
    """What these observations of a case say, of the person and on the days of the visits."""
    rows: dict[Assessment, list[tuple[Any, ...]]] = defaultdict(list)
    for row in observations:
        recorded = (row.value, row.comparator, row.unit, row.upper_limit, row.observed_on)
        rows[row.assessment].append((row.variable, *recorded, row.absent, row.note, row.withdrawn))
    days = {key: day for _number, key, _milestone, day in told.visits}
    return domain.Snapshot(
        case_id=told.case_id,
        birth_date=told.birth_date,
        sex=told.sex,
        assessments=tuple(
            read_visit(Milestone(visit.milestone), day, said)
            for visit, said in rows.items()
            if (day := days[visit.pk]) is not None
        ),
    )


def _current(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The last row of each slot, in the order of the slots; the slot is the first column."""
    latest = {row[0]: row for row in rows}
    return [latest[slot] for slot in sorted(latest)]


def number_of(slot: Slot) -> int:
    """Its number in the case, or that of what is not recorded yet."""
    return slot.number or NEW


def read_visits(rows: CaseRows, also: Sequence[Revision] = ()) -> list[tuple[Any, ...]]:
    """The visits by number, each as it stands; one without a date is none."""
    unsaved = (
        (number_of(row.assessment), row.assessment.pk, row.assessment.milestone, row.date)
        for row in also
        if isinstance(row, AssessmentDate)
    )
    return [visit for visit in _current((*rows.visits, *unsaved)) if visit[3] is not None]


def _assessments(
    rows: CaseRows, visits: list[tuple[Any, ...]], also: Sequence[Revision]
) -> tuple[domain.Assessment, ...]:
    unsaved = (
        (row.assessment.pk, *told_in(row, OBSERVATION))
        for row in also
        if isinstance(row, Observation)
    )
    recorded: dict[int | None, list[tuple[Any, ...]]] = defaultdict(list)
    for slot, row in {row[:2]: row[1:] for row in (*rows.observations, *unsaved)}.items():
        recorded[slot[0]].append(row)
    return tuple(
        read_visit(Milestone(milestone), day, recorded[assessment])
        for _number, assessment, milestone, day in visits
    )


def read_treatments(rows: CaseRows, also: Sequence[Revision] = ()) -> dict[int, domain.Treatment]:
    """By their numbers in the case."""
    unsaved = (
        (number_of(row.treatment), row.withdrawn, *told_in(row, TREATMENT))
        for row in also
        if isinstance(row, TreatmentRevision)
    )
    current = _current((*rows.treatments, *unsaved))
    return {
        number: read_treatment(*columns) for number, withdrawn, *columns in current if not withdrawn
    }


def read_events(rows: CaseRows, also: Sequence[Revision] = ()) -> dict[int, domain.Event]:
    """By their numbers in the case."""
    unsaved = (
        (number_of(row.event), row.withdrawn, *told_in(row, EVENT))
        for row in also
        if isinstance(row, EventRevision)
    )
    current = _current((*rows.events, *unsaved))
    return {
        number: read_event(*columns) for number, withdrawn, *columns in current if not withdrawn
    }
