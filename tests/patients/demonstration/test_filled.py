"""The demonstration once it is filled: whom it shows, and that no site for real starts on it."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, override_settings
from pytest_django import Settings

from cartapp import checks
from patients.board.actions_page import actions_page
from patients.demonstration.filling import CENTRE, PASSWORD, PEOPLE, demonstrate
from patients.models import AssessmentDate, Case, Centre, Membership, Patient, Role, User
from patients.permissions import visible_to
from patients.records.chain import breaks
from riskfactors.words.facts import day_words
from tests.patients.screens import NAMES

TODAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def filled_once(kept_for_the_module: None) -> None:
    with override_settings(DEMONSTRATION=True):
        demonstrate(today=TODAY)


@pytest.fixture
def filled(filled_once: None, db: None, demonstration: None) -> None:
    """What every test finds, whatever another one wrote."""


def test_it_has_the_patient_of_the_review_first_and_says_that_all_are_invented(
    filled: None,
) -> None:
    cases = Case.objects.order_by("case_id").select_related("patient", "centre")

    assert [case.case_id for case in cases[:12]] == NAMES
    assert len(cases) == 52
    assert [case for case in cases if "nvented" not in case.patient.name] == []
    assert Patient.objects.exclude(hospital_number__startswith="INV-").count() == 0
    assert {case.centre.code for case in cases} == {CENTRE}
    assert [case for case in cases if breaks(case)] == []


def test_nothing_of_it_lies_in_the_future_and_some_patients_are_recent(filled: None) -> None:
    dates = AssessmentDate.objects.exclude(assessment__case__case_id__startswith="0")

    assert dates.filter(date__gt=TODAY).count() == 0
    assert dates.filter(date__gte=date(2026, 10, 26)).count() > 5


def test_what_its_board_recommended_is_due_when_it_says_and_one_of_it_is_overdue(
    filled: None,
) -> None:
    centre = Centre.objects.get(code=CENTRE)

    lines = actions_page(centre, today=TODAY).outstanding

    met_on = TODAY - timedelta(7)
    due = [
        ("Salvage treatment (bispecific antibody)", 6, True),
        ("Biopsy", 14, False),
        ("Repeat PET, in four weeks", 28, False),
        ("Further tests, ctDNA again in four weeks", 28, False),
    ]
    assert sorted((line.what, line.due, line.overdue) for line in lines) == sorted(
        (what, day_words(met_on + timedelta(days)), overdue) for what, days, overdue in due
    )


def test_each_role_has_somebody_who_can_sign_in(filled: None, client: Client) -> None:
    roles = dict(Membership.objects.values_list("user__username", "role"))
    doors = {}
    for name in PEOPLE:
        doors[name] = client.post("/sign-in/", {"login": name, "password": PASSWORD}).status_code
        client.logout()

    assert (roles, set(PEOPLE.values())) == (PEOPLE, set(Role))
    assert doors == dict.fromkeys(PEOPLE, 302)
    assert len(visible_to(User.objects.get(username="reader"))) == 52
    assert len(visible_to(User.objects.get(username="administrator"))) == 0


def test_the_sign_in_page_and_the_readme_name_everybody(reader: Client) -> None:
    page = reader.get("/sign-in/").content.decode()
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")

    listed = re.search(r"The demonstration has people \(([^)]*)\)", readme)
    assert listed
    assert re.findall(r"<dt><code>([\w.]+)</code></dt>", page) == list(PEOPLE)
    assert re.findall(r"`([\w.]+)`", listed[1]) == list(PEOPLE)


def test_no_site_starts_in_earnest_on_its_database(filled: None, settings: Settings) -> None:
    in_demonstration = list(checks.database_problems(connection))
    settings.DEMONSTRATION = False
    in_earnest = list(checks.database_problems(connection))

    assert [problem for problem in in_earnest if problem not in in_demonstration] == [
        "The database is the demonstration's, whose password is known: give another one."
    ]
