"""People with a role at a centre, cases in a line, and statements about them."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from patients.models import (
    Assessment,
    AssessmentDate,
    Case,
    Centre,
    Entry,
    Event,
    EventRevision,
    Membership,
    Observation,
    Patient,
    Revision,
    Role,
    Treatment,
    TreatmentRevision,
    User,
)
from patients.records import journal
from patients.records import saving as records
from patients.records.opening import open_case
from patients.records.snapshots import snapshot_of
from riskfactors.domain.snapshot import Snapshot
from riskfactors.domain.vocabulary import Sex

INFUSION_DAY = date(2024, 3, 6)
LINE_QUERIES = 2
"""What a line of the journal asks: the last one, with the lock, and its own."""


def centre(code: str = "BCN") -> Centre:
    return Centre.objects.get_or_create(code=code, defaults={"name": f"Hospital {code}"})[0]


def person(name: str, *roles: Role, at: Centre | None = None) -> User:
    """Somebody with these roles at a centre."""
    user = User.objects.create_user(name)
    for role in roles:
        given(user, role, at=at)
    return user


def given(user: User, role: Role, *, at: Centre | None = None) -> Membership:
    """Somebody is given a role at a centre."""
    membership = Membership(user=user, centre=at or centre(), role=role, granted_by=user)
    journal.add(membership)
    return membership


def case(
    by: User,
    *revisions: Revision,
    case_id: str = "A-1",
    at: Centre | None = None,
    token: uuid.UUID | None = None,
) -> Case:
    """A new case of a new patient."""
    return open_case(
        patient=Patient(centre=at or centre(), name="Invented Name", hospital_number=case_id),
        case_id=case_id,
        birth_date=date(1974, 1, 1),
        sex=Sex.FEMALE,
        by=by,
        token=token or uuid.uuid4(),
        revisions=revisions,
    ).case


def visit(
    milestone: str = "infusion", on: date | None = INFUSION_DAY, **observations: str
) -> list[Revision]:
    """A new assessment with its values."""
    assessment = Assessment(milestone=milestone)
    return [
        AssessmentDate(assessment=assessment, revision=1, date=on),
        *(value(assessment, name, typed) for name, typed in observations.items()),
    ]


def value(
    assessment: Assessment, variable: str, typed: str, revision: int = 1, **fields: Any
) -> Observation:
    return Observation(
        assessment=assessment, variable=variable, value=typed, revision=revision, **fields
    )


def line(regimen: str = "R-CHOP", **fields: Any) -> TreatmentRevision:
    """A new line of treatment."""
    fields = {"role": "line", "start": date(2020, 1, 1), "revision": 1, **fields}
    return TreatmentRevision(treatment=Treatment(), regimen=regimen, **fields)


def event(kind: str = "infection", on: date = INFUSION_DAY, **fields: Any) -> EventRevision:
    return EventRevision(event=Event(), revision=1, kind=kind, date=on, **fields)


def record(
    of: Case, by: User, *revisions: Revision, reason: str = "", token: uuid.UUID | None = None
) -> Entry:
    return records.record(
        case=of, by=by, token=token or uuid.uuid4(), revisions=revisions, reason=reason
    )


def known(of: Case) -> Snapshot:
    """All that is recorded by now."""
    return snapshot_of(of, as_of=date.max, known_at=timezone.now() + timedelta(seconds=1))


def values(of: Case) -> dict[str, Any]:
    """The values of the latest visit, as recorded."""
    latest = known(of).assessments[-1].observations
    return {name: observation.fact.value for name, observation in latest.items()}


def infusion(of: Case) -> Assessment:
    return Assessment.objects.get(case=of, milestone="infusion")
