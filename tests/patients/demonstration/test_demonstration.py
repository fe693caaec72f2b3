"""The demonstration: invented patients for whoever wants to look, and never beside real ones."""

import json
import re
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from cartapp import checks
from patients.demonstration.filling import (
    CENTRE,
    DOCUMENTS,
    PASSWORD,
    PEOPLE,
    NoDemonstration,
    demonstrate,
)
from patients.models import AssessmentDate, Case, Membership, Patient, Role, User
from patients.permissions import visible_to
from patients.records.chain import breaks
from riskfactors.domain.documents import parse_case
from riskfactors.published import catalogue
from tests.patients import courses

VIGNETTES = Path(__file__).resolve().parents[2] / "contract" / "vignettes"
TODAY = date(2026, 11, 26)
REVIEW = "01-review-case.json"
INVENTED = "invented number"


def told() -> str:
    out = StringIO()
    call_command("demonstrate", stdout=out)
    return out.getvalue()


@pytest.fixture
def filled(db: None, demonstration: None) -> None:
    demonstrate(today=TODAY)


def test_its_documents_are_the_cases_of_the_vignettes() -> None:
    ours, theirs = (
        {path.name: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
        for folder in (DOCUMENTS, VIGNETTES)
    )

    for visit in ours[REVIEW]["assessments"]:
        visit["observations"] = {n: unmarked(raw) for n, raw in visit["observations"].items()}
    assert ours == {name: vignette["case"] for name, vignette in theirs.items()}
    assert len(ours) == 12


def unmarked(observation: Any) -> Any:
    """An observation without the remark that its number is invented."""
    if not isinstance(observation, dict) or observation.get("note") != INVENTED:
        return observation
    fields = {name: value for name, value in observation.items() if name != "note"}
    return fields["value"] if len(fields) == 1 else fields


def test_every_number_that_the_review_does_not_print_is_marked_as_invented() -> None:
    snapshot = parse_case((DOCUMENTS / REVIEW).read_bytes(), catalogue().dictionary)

    plain = {
        (name, str(observation.value))
        for visit in snapshot.assessments
        for name, observation in visit.observations.items()
        if not isinstance(observation.value, str) and observation.note != INVENTED
    }

    assert plain == {("prior_lines", "3"), ("crs_grade_max", "3"), ("icans_grade_max", "1")}


def test_it_has_the_patient_of_the_review_first_and_says_that_all_are_invented(
    filled: None,
) -> None:
    cases = Case.objects.order_by("case_id").select_related("patient", "centre")

    assert [case.case_id for case in cases[:12]] == [
        path.stem for path in sorted(VIGNETTES.iterdir())
    ]
    assert len(cases) == 52
    assert [case for case in cases if "nvented" not in case.patient.name] == []
    assert Patient.objects.exclude(hospital_number__startswith="INV-").count() == 0
    assert {case.centre.code for case in cases} == {CENTRE}
    assert [case for case in cases if breaks(case)] == []


def test_nothing_of_it_lies_in_the_future_and_some_patients_are_recent(filled: None) -> None:
    dates = AssessmentDate.objects.exclude(assessment__case__case_id__startswith="0")

    assert dates.filter(date__gt=TODAY).count() == 0
    assert dates.filter(date__gte=date(2026, 10, 26)).count() > 5


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


def test_filled_again_it_changes_nothing_and_adds_what_is_missing(
    db: None, demonstration: None
) -> None:
    first, again = told(), told()

    sign_in = f"Sign in as {', '.join(PEOPLE)} with the password {PASSWORD}"
    assert first.splitlines() == ["Invented cases added: 52", sign_in]
    assert again.splitlines() == [sign_in]
    assert (Case.objects.count(), Membership.objects.count()) == (52, 5)


def test_it_is_never_filled_in_earnest_nor_beside_real_centres(
    db: None, settings: Settings
) -> None:
    with pytest.raises(NoDemonstration):
        demonstrate(today=TODAY)

    settings.DEMONSTRATION = True
    courses.centre()
    with pytest.raises(CommandError, match="nothing was changed"):
        told()

    assert (User.objects.count(), Case.objects.count()) == (0, 0)


def test_no_site_starts_in_earnest_on_its_database(filled: None, settings: Settings) -> None:
    in_demonstration = list(checks.database_problems(connection))
    settings.DEMONSTRATION = False
    in_earnest = list(checks.database_problems(connection))

    assert [problem for problem in in_earnest if problem not in in_demonstration] == [
        "The database is the demonstration's, whose password is known: give another one."
    ]


@pytest.mark.django_db
def test_the_sign_in_page_shows_its_people_and_password_there_alone(
    client: Client, settings: Settings
) -> None:
    in_earnest = client.get("/sign-in/").content.decode()
    settings.DEMONSTRATION = True
    shown = client.get("/sign-in/").content.decode()

    people = re.findall(r"<dt><code>(.*?)</code></dt>", shown)
    assert people == list(PEOPLE)
    assert f"<code>{PASSWORD}</code>" in shown
    assert [word for word in (PASSWORD, *PEOPLE) if f"<code>{word}</code>" in in_earnest] == []
