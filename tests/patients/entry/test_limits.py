"""Upper limits of normal: of whatever the dictionary says has one, not of LDH alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from patients.models import Case, CentreLimit, Observation, Role, User
from patients.records import triggers
from patients.records.chain import breaks
from patients.transfer.documents import export_case
from tests.patients import courses
from tests.patients.courses import known, visit
from tests.patients.desks import Desk, filled_in, plainly, text_of
from tests.patients.dictionaries import dictionary, with_limited_creatinine


@pytest.fixture
def limited_creatinine(tmp_path: Path) -> Iterator[None]:
    with dictionary(tmp_path, with_limited_creatinine):
        yield


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN, Role.ADMINISTRATOR)


@pytest.fixture
def case(ana: User) -> Case:
    return courses.case(ana, *visit("lymphodepletion"))


@pytest.fixture
def desk(limited_creatinine: None, ana: User, case: Case) -> Desk:
    return Desk(ana, case)


def test_the_settings_list_every_variable_that_has_a_limit(desk: Desk) -> None:
    page = plainly(desk.client.get("/centres/BCN/settings/").content)
    typed = {"ldh": "250", "ldh-unit": "U/L", "creatinine": "1.2", "creatinine-unit": "mg/dL"}

    kept = desk.client.post("/centres/BCN/settings/", typed)
    refused = desk.client.post("/centres/BCN/settings/", typed | {"creatinine": "4"})

    assert "Upper limit of normal of lactate dehydrogenase" in page
    assert "Upper limit of normal of creatinine" in page
    assert (kept.status_code, refused.status_code) == (302, 422)
    assert "a number from 0.5 to 3 mg/dL is expected" in plainly(refused.content)
    assert sorted(CentreLimit.objects.values_list("variable", "value", "unit")) == [
        ("creatinine", "1.2", "mg/dL"),
        ("ldh", "250", "U/L"),
    ]


def test_the_settings_do_not_call_a_measure_of_imaging_a_laboratory_value(desk: Desk) -> None:
    page = plainly(desk.client.get("/centres/BCN/settings/").content)

    assert re.findall(r"<h2>(.*?)</h2>", page) == ["Units and upper limits"]
    assert 'name="longest_diameter-unit"' in page
    assert "laboratory" not in page.lower()


def test_each_variable_is_offered_its_own_limit(desk: Desk, case: Case) -> None:
    for name, unit, value in (("ldh", "U/L", "250"), ("creatinine", "umol/L", "106")):
        CentreLimit.objects.create(centre=case.centre, variable=name, unit=unit, value=value)

    page = desk.look("visits/1/")
    answer = desk.type(
        "visits/1/",
        ldh="300",
        ldh__centre="on",
        creatinine="90",
        creatinine__unit="umol/L",
        creatinine__centre="on",
    )

    assert "As usual here: 250 U/L" in page
    assert "As usual here: 106 µmol/L" in page
    assert answer.status_code == 302
    rows = Observation.objects.filter(assessment__case=case)
    assert sorted(rows.values_list("variable", "value", "unit", "upper_limit")) == [
        ("creatinine", "90", "umol/L", "106"),
        ("ldh", "300", "U/L", "250"),
    ]


def test_a_form_starts_with_the_units_of_the_laboratory(ana: User, case: Case) -> None:
    desk = Desk(ana, case)
    before = desk.look("visits/1/")
    printed = {"ldh": "", "ldh-unit": "U/L", "creatinine-unit": "umol/L", "crp-unit": "mg/dL"}
    desk.client.post("/centres/BCN/settings/", printed)

    page = desk.look("visits/1/")
    desk.type("visits/1/", creatinine="90", creatinine__unit="umol/L", crp="6 mg/L")

    chosen = [filled_in(each)["creatinine-unit"] for each in (before, page)]
    assert chosen == [["mg/dL"], ["umol/L"]]
    assert filled_in(page)["crp-unit"] == ["mg/dL"]
    assert "As usual here" not in page
    recorded = Observation.objects.filter(assessment__case=case)
    assert sorted(recorded.values_list("variable", "value", "unit")) == [
        ("creatinine", "90", "umol/L"),
        ("crp", "6", "mg/L"),
    ]


def test_a_draft_keeps_the_unit_that_was_chosen(ana: User, case: Case) -> None:
    CentreLimit.objects.create(centre=case.centre, variable="crp", unit="mg/dL", value="")
    desk = Desk(ana, case)
    page = desk.look("visits/1/")
    draft_of = re.findall(r'data-draft-of="([^"]+)"', page)[0]

    desk.send("drafts/", filled_in(page) | {"crp": "64", "crp-unit": "mg/L", "draft-of": draft_of})

    page = desk.look("visits/1/")

    assert filled_in(page)["crp-unit"] == ["mg/L"]


def test_a_limit_is_typed_asked_for_and_checked_for_each(desk: Desk, case: Case) -> None:
    asked = desk.type("visits/1/", creatinine="1.1")
    unusual = desk.type("visits/1/", creatinine="1.1", creatinine__limit="2")
    impossible = desk.type("visits/1/", creatinine="1.1", creatinine__limit="9")
    recorded = desk.type("visits/1/", creatinine="1.1", creatinine__limit="1.2")

    assert "Without the laboratory's upper limit of normal" in text_of(asked)
    assert "creatinine 2 mg/dL is unusual (usually 0.9 to 1.3 mg/dL)." in text_of(unusual)
    assert "9 mg/dL is impossible: from 0.5 to 3 mg/dL is possible." in text_of(impossible)
    assert recorded.status_code == 302
    assert "1.1 mg/dL (upper limit 1.2 mg/dL)" in desk.look("visits/1/")
    (observation,) = known(case).assessments[0].observations.values()
    assert str(observation.upper_limit) == "1.2"
    assert b'"upper_limit":1.2' in export_case(case, account="test")


# Moving the limits of a filled database


def test_limits_move_with_their_centres_to_an_old_database_and_from_one(
    transactional_db: None,
) -> None:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    case = courses.case(ana, *visit(ldh="300"), courses.line())
    courses.centre("MAD")
    CentreLimit.objects.create(centre=case.centre, variable="ldh", unit="U/L", value="255")

    call_command("migrate", "patients", "0009", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, ldh_upper_limit FROM patients_centre ORDER BY code")
        in_columns = cursor.fetchall()
    call_command("migrate", verbosity=0)

    assert in_columns == [("BCN", "255"), ("MAD", "")]
    moved = CentreLimit.objects.values_list("centre__code", "variable", "value", "unit")
    assert list(moved) == [("BCN", "ldh", "255", "U/L")]
    assert breaks(case) == []
    assert list(triggers.problems(connection)) == []
