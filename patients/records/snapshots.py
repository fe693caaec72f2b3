"""From records to the domain: the case as known at a moment, the one door to the engine.

A moment is turned into the last entry recorded by then, and every table is read up to that entry:
what is saved while the tables are read appears in none of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db.models import Max, Subquery

from patients.models import (
    Assessment,
    AssessmentDate,
    Case,
    Demographics,
    Entry,
    EventRevision,
    Observation,
    TreatmentRevision,
)
from riskfactors.domain import snapshot as domain
from riskfactors.domain.documents import observation_of
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import Reading, Variable, VariableType, number_of, read
from riskfactors.domain.vocabulary import (
    CLASSES,
    Comparator,
    Modality,
    Phrase,
    Problem,
    Response,
    Role,
    Sex,
)
from riskfactors.published import catalogue


class UnreadableRecord(ValueError):
    """A recorded value that the data dictionary does not know how to read."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.place)  # a log shows no value


class Recorded(NamedTuple):
    """A case, and the number of the visit that each of its milestones has in the records."""

    snapshot: domain.Snapshot
    numbers: Mapping[Milestone, int]


def snapshot_of(case: Case, *, as_of: date, known_at: datetime) -> domain.Snapshot:
    """The case without what is dated after a day or was recorded after a moment.

    Raises Case.DoesNotExist where the case was not yet known, UnreadableRecord.
    """
    head = Entry.objects.filter(case=case, recorded_at__lte=known_at).aggregate(head=Max("pk"))
    return snapshot_up_to(case, head["head"]).as_of(as_of)


def snapshot_up_to(case: Case, head: int | None) -> domain.Snapshot:
    """The whole case as the entries up to this one tell it."""
    return recorded_up_to(case, head).snapshot


def recorded_up_to(case: Case, head: int | None) -> Recorded:
    """The whole case as the entries up to this one tell it, in four queries."""
    if head is None:
        raise Case.DoesNotExist
    told = {"entry_id__lte": head}
    visits, (birth_date, sex) = _visits(case, told)
    snapshot = domain.Snapshot(
        case_id=case.case_id,
        birth_date=birth_date,
        sex=Sex(sex),
        assessments=_assessments(case, visits, told) if visits else (),
        treatments=_treatments(case, told),
        events=_events(case, told),
    )
    return Recorded(
        snapshot,
        {Milestone(v[2]): v[0] for v in visits if v[2] != Milestone.INTERIM and v[3] is not None},
    )


def observed(case: Case, observations: Iterable[Observation]) -> domain.Snapshot:
    """What these observations say, of the person and on the days of the visits as they stand."""
    rows: dict[Assessment, list[tuple[Any, ...]]] = defaultdict(list)
    for row in observations:
        recorded = (row.value, row.comparator, row.unit, row.upper_limit, row.observed_on)
        rows[row.assessment].append((row.variable, *recorded, row.absent, row.note, row.withdrawn))
    told = AssessmentDate.objects.filter(assessment__case=case).order_by("revision")
    days = dict(told.values_list("assessment_id", "date"))
    person = Demographics.objects.filter(case=case).latest("revision")
    return domain.Snapshot(
        case_id=case.case_id,
        birth_date=person.birth_date,
        sex=Sex(person.sex),
        assessments=tuple(
            _assessment(Milestone(visit.milestone), day, said)
            for visit, said in rows.items()
            if (day := days[visit.pk]) is not None
        ),
    )


def _current(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The last row of each slot, in the order of the slots; the slot is the first column."""
    latest = {row[0]: row[1:] for row in rows}
    return [latest[slot] for slot in sorted(latest)]


def _visits(case: Case, told: dict[str, int]) -> tuple[list[tuple[Any, ...]], tuple[date, str]]:
    """The visits by number - number, key, milestone, date - and birth date and sex with them."""
    person = Demographics.objects.filter(case=case, **told).order_by("-revision")
    rows = list(
        AssessmentDate.objects.filter(assessment__case=case, **told)
        .order_by("revision")
        .values_list(
            *("assessment__number", "assessment_id", "assessment__milestone", "date"),
            Subquery(person.values("birth_date")[:1]),
            Subquery(person.values("sex")[:1]),
        )
    )
    if not rows:
        return [], person.values_list("birth_date", "sex")[0]
    latest = {row[0]: row[:4] for row in rows}
    return [latest[number] for number in sorted(latest)], rows[0][4:]


def _assessments(
    case: Case, visits: list[tuple[Any, ...]], told: dict[str, int]
) -> tuple[domain.Assessment, ...]:
    rows = (
        Observation.objects.filter(assessment__case=case, **told)
        .order_by("revision", "pk")
        .values_list(
            *("assessment_id", "variable", "value", "comparator", "unit", "upper_limit"),
            *("observed_on", "absent", "note", "withdrawn"),
        )
    )
    recorded: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for slot, row in {row[:2]: row[2:] for row in rows}.items():
        recorded[slot[0]].append((slot[1], *row))
    return tuple(
        _assessment(Milestone(milestone), day, recorded[assessment])
        for _number, assessment, milestone, day in visits
        if day is not None
    )


def _assessment(milestone: Milestone, day: date, rows: list[tuple[Any, ...]]) -> domain.Assessment:
    observations: dict[str, domain.Observation] = {}
    absences: dict[str, domain.Absence] = {}
    for name, value, comparator, unit, limit, observed_on, absent, note, withdrawn in rows:
        on = observed_on or day
        if absent:
            absences[name] = domain.Absence(absent, on, note or None)
        elif not withdrawn:
            variable, reading = _reading(milestone, name, value, comparator, unit, limit)
            observations[name] = observation_of(variable, reading, milestone, on, note or None)
    return domain.Assessment(
        milestone=milestone, date=day, observations=observations, absences=absences
    )


def _reading(
    milestone: str, name: str, value: str, comparator: str, unit: str, limit: str
) -> tuple[Variable, Reading]:
    variable = catalogue().dictionary.variables.get(name)
    place = f"{milestone}.{name}"
    if variable is None:
        raise UnreadableRecord(Problem(place, Phrase("unknown_variable")))
    reading = read(
        variable,
        value if variable.type is VariableType.CODE else _typed(value),
        unit=unit or None,
        comparator=Comparator(comparator) if comparator else None,
        upper_limit=_typed(limit) if limit else None,
    )
    if isinstance(reading, Reading):
        return variable, reading
    raise UnreadableRecord(Problem(place, reading[0].phrase, value))


def _typed(text: str) -> object:
    """The number that a text spells, or the text that spells none and will be refused."""
    number = number_of(text)
    return text if number is None else number


TREATMENT: Final = (
    *("role", "regimen", "modality", "treatment_class", "start", "end"),
    *("best_response", "response_on"),
)
EVENT: Final = ("kind", "date", "end", "grade", "cause", "note")
"""The columns that say what a treatment or an event was."""


def _treatments(case: Case, told: dict[str, int]) -> tuple[domain.Treatment, ...]:
    rows = _current(
        TreatmentRevision.objects.filter(treatment__case=case, **told)
        .order_by("revision")
        .values_list("treatment__number", "withdrawn", *TREATMENT)
    )
    return tuple(_treatment(*said) for withdrawn, *said in rows if not withdrawn)


def treatment_of(row: TreatmentRevision) -> domain.Treatment:
    """What a row says that is not withdrawn."""
    return _treatment(*(getattr(row, column) for column in TREATMENT))


def _treatment(*said: Any) -> domain.Treatment:
    role, regimen, modality, treatment_class, start, end, best_response, response_on = said
    return domain.Treatment(
        role=Role(role),
        regimen=regimen or None,
        modality=Modality(modality) if modality else None,
        treatment_class=CLASSES[Role(role)](treatment_class) if treatment_class else None,
        start=start,
        end=end,
        best_response=Response(best_response) if best_response else None,
        response_on=response_on,
    )


def _events(case: Case, told: dict[str, int]) -> tuple[domain.Event, ...]:
    rows = _current(
        EventRevision.objects.filter(event__case=case, **told)
        .order_by("revision")
        .values_list("event__number", "withdrawn", *EVENT)
    )
    return tuple(_event(*said) for withdrawn, *said in rows if not withdrawn)


def event_of(row: EventRevision) -> domain.Event:
    """What a row says that is not withdrawn."""
    return _event(*(getattr(row, column) for column in EVENT))


def _event(*said: Any) -> domain.Event:
    kind, day, end, grade, cause, note = said
    return domain.Event(
        kind=kind, date=day, end=end, grade=grade, cause=cause or None, note=note or None
    )
