"""The demonstration: invented patients for whoever wants to look, and never beside real ones."""

import json
import re
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from patients.demonstration.filling import (
    DOCUMENTS,
    PASSWORD,
    PEOPLE,
    NoDemonstration,
    demonstrate,
)
from patients.models import Case, Membership, User
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


def test_the_clinician_finds_what_was_typed_and_not_recorded(
    client: Client, db: None, demonstration: None
) -> None:
    told()
    case = Case.objects.get(case_id="01-review-case")

    pages = []
    for name in ("clinician", "data.manager"):
        client.force_login(User.objects.get(username=name))
        page = client.get(f"/cases/{case.public_id}/events/new/infection/").content.decode()
        pages.append("Fever at night" in page)

    assert pages == [True, False]


def test_filled_again_it_changes_nothing_and_adds_what_is_missing(
    db: None, demonstration: None
) -> None:
    first, again = told(), told()

    sign_in = f"Sign in as {', '.join(PEOPLE)} with the password {PASSWORD}"
    assert first.splitlines() == ["Invented cases added: 52", sign_in]
    assert again.splitlines() == [sign_in]
    assert (Case.objects.count(), Membership.objects.count()) == (52, len(PEOPLE))


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
