"""Measures entering a visit: its form against an empty page, and saving thirty values."""

import uuid
from datetime import date
from functools import partial
from urllib.parse import urlencode

import django

django.setup()

from django.db import connection, transaction
from django.test import override_settings
from measure_pages import beside_empty, client_of, valid_value, with_empty_page
from timing import Row, best, side_by_side

from patients.entry import cells
from patients.frame.tokens import new_token
from patients.models import (
    Assessment,
    AssessmentDate,
    Case,
    Observation,
    Patient,
    Revision,
    Role,
    User,
)
from patients.people.roles import grant, open_centre
from patients.records.opening import open_case
from patients.records.saving import record
from riskfactors.domain.vocabulary import Sex
from riskfactors.published import catalogue

SAVED = 30
URLENCODED = "application/x-www-form-urlencoded"
TYPED = {
    "date": "2024-03-20",
    "ecog": "1",
    "platelets": "64",
    "neutrophils": "0.8",
    "hemoglobin": "8.5",
    "crp": "40",
    "ferritin": "700",
    "ldh": "700",
    "ldh-limit": "250",
}
"""What is typed before lymphodepletion."""


def records_rows() -> list[Row]:
    """The form of lymphodepletion, which asks for most, and one save."""
    user = User.objects.create_user("records")
    case = opened_case(user)
    client = client_of(user)
    form = f"/cases/{case.public_id}/visits/new/lymphodepletion/"
    with override_settings(ROOT_URLCONF=with_empty_page()):
        rows = []
        for name, before, goal in (
            ("form of a visit", None, "<= 9.0"),
            ("form of a visit, every row by crispy-forms anew", cells.forget, ""),
        ):
            page, nothing = beside_empty(client, form, before)
            figures = f"{page * 1e3:.1f} against {nothing * 1e3:.1f} ms of CPU"
            rows.append((f"{name} / empty page", f"{page / nothing:.1f}", goal, figures))
        sent = urlencode(TYPED | {"token": new_token(form)})
        typed = partial(client.post, f"{form}follows/", sent, content_type=URLENCODED)
        follows, nothing = side_by_side(typed, partial(client.get, "/empty/"))
        figures = f"{follows * 1e3:.1f} against {nothing * 1e3:.1f} ms of CPU"
        ratio = f"{follows / nothing:.1f}"
        rows.append(("what follows from what is typed / empty page", ratio, "<= 4.0", figures))
    seconds = best(lambda: save(case, user), rounds=30)
    about = f"saving {SAVED} values, ms of CPU ({connection.vendor})"
    return [*rows, (about, f"{seconds * 1e3:.1f}", "<= 8.0", "lock, chain and reading back")]


def opened_case(user: User) -> Case:
    """A case of one visit, at a centre of its own."""
    centre = open_centre(code="RECORDS", name="Records", administrator=user)
    grant(user=user, role=Role.CLINICIAN, centre=centre, by=user)
    visit = Assessment(milestone="election")
    return open_case(
        patient=Patient(centre=centre),
        case_id="records",
        birth_date=date(1960, 5, 5),
        sex=Sex.FEMALE,
        by=user,
        token=uuid.uuid4(),
        revisions=[AssessmentDate(assessment=visit, revision=1, date=date(2024, 3, 1))],
    ).case


def save(case: Case, user: User) -> None:
    """Record values at the visit and take them back."""
    visit = Assessment.objects.get(case=case)
    single = [v for v in catalogue().dictionary.variable if v.needs is None][:SAVED]
    values: list[Revision] = [
        Observation(
            assessment=visit,
            variable=variable.name,
            revision=1,
            value=str(valid_value(variable)),
            unit=variable.unit or "",
        )
        for variable in single
    ]
    with transaction.atomic():
        record(case=case, by=user, token=uuid.uuid4(), revisions=values)
        transaction.set_rollback(True)
