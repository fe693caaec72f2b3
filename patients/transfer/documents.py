"""Case documents come in as one entry, and go out leaving an access record."""

import uuid
from collections.abc import Iterator
from datetime import date

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import timezone
from msgspec import Struct, structs

from patients.models import (
    AccessKind,
    Action,
    Assessment,
    AssessmentDate,
    Case,
    Centre,
    Entry,
    Event,
    EventRevision,
    Observation,
    Patient,
    Revision,
    Treatment,
    TreatmentRevision,
    User,
)
from patients.records.opening import note_access, open_case
from patients.records.snapshots import last_entry_of, snapshot_up_to
from riskfactors.domain import snapshot as domain
from riskfactors.domain.documents import InvalidDocument, parse_case, write_case
from riskfactors.domain.vocabulary import Phrase, Problem
from riskfactors.published import catalogue


def import_case(document: bytes, *, centre: Centre, by: User) -> Entry:
    """A new case from a case document; who the patient is stays unknown.

    Raises InvalidDocument, and what opening a case raises.
    """
    snapshot = parse_case(document, catalogue().dictionary)
    if ahead := tuple(_dated_after(timezone.localdate(), snapshot)):
        raise InvalidDocument(ahead, snapshot.case_id)
    return open_case(
        patient=Patient(centre=centre),
        case_id=snapshot.case_id,
        birth_date=snapshot.birth_date,
        sex=snapshot.sex,
        by=by,
        token=uuid.uuid4(),
        action=Action.IMPORTED,
        revisions=list(revisions_of(snapshot)),
    )


def _dated_after(today: date, snapshot: domain.Snapshot) -> Iterator[Problem]:
    """What has not happened yet, by its place; no observation is later than its visit."""
    parts: dict[str, Struct] = {"": snapshot}
    for name in ("assessments", "treatments", "events"):
        parts |= {f"{name}[{at}].": part for at, part in enumerate(getattr(snapshot, name))}
    for place, part in parts.items():
        for name, value in structs.asdict(part).items():
            if isinstance(value, date) and value > today:
                yield Problem(f"{place}{name}", Phrase("not_yet"), str(value))


def said_of(invalid: ValidationError) -> list[str]:
    """What the database does not take, a line each, with its place in the document."""
    return [
        f"{'document' if place == NON_FIELD_ERRORS else place}: {message}"
        for place, messages in invalid.message_dict.items()
        for message in messages
    ]


def export_case(case: Case, *, by: User | None = None, account: str = "") -> bytes:
    """The case document of all that is recorded now; the caller found the case by the right."""
    with transaction.atomic():
        note_access(case, AccessKind.EXPORTED, by=by, account=account)
        return write_case(snapshot_up_to(case, last_entry_of(case)))


def revisions_of(snapshot: domain.Snapshot) -> Iterator[Revision]:
    for visit in snapshot.assessments:
        assessment = Assessment(milestone=visit.milestone)
        yield AssessmentDate(assessment=assessment, revision=1, date=visit.date)
        yield from _observations(assessment, visit)
    for given in snapshot.treatments:
        yield TreatmentRevision(
            treatment=Treatment(),
            revision=1,
            role=given.role,
            regimen=given.regimen or "",
            modality=given.modality or "",
            treatment_class=given.treatment_class or "",
            start=given.start,
            end=given.end,
            best_response=given.best_response or "",
            response_on=given.response_on,
        )
    for event in snapshot.events:
        yield EventRevision(
            event=Event(),
            revision=1,
            kind=event.kind,
            date=event.date,
            end=event.end,
            grade=event.grade,
            cause=event.cause or "",
            note=event.note or "",
        )


def _observations(assessment: Assessment, visit: domain.Assessment) -> Iterator[Observation]:
    for name, observation in visit.observations.items():
        fact, limit = observation.fact, observation.limit
        yield Observation(
            assessment=assessment,
            variable=name,
            revision=1,
            value=str(fact.value),
            comparator=fact.comparator or "",
            unit=fact.unit or "",
            upper_limit="" if limit is None else str(limit.value),
            observed_on=_unless(visit, fact.observed_on),
            note=observation.note or "",
        )
    for name, absence in visit.absences.items():
        yield Observation(
            assessment=assessment,
            variable=name,
            revision=1,
            absent=absence.reason,
            observed_on=_unless(visit, absence.observed_on),
            note=absence.note or "",
        )


def _unless(visit: domain.Assessment, day: date) -> date | None:
    """A day of its own; without one, correcting the date of the visit moves the observation."""
    return None if day == visit.date else day
