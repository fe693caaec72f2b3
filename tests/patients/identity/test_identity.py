"""Who a patient is can be corrected: for all cases at once, with a reason, and knowingly."""

import re
import uuid
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client

from patients.identity.correcting import IdentityChanged, correct_identity, identity_of, seal_of
from patients.models import Case, Demographics, FormerIdentity, Patient, Person, Role, User
from patients.records import verification
from patients.records.chain import breaks
from patients.records.opening import open_case
from patients.records.saving import ReasonMissing
from riskfactors.domain.vocabulary import Sex
from tests.patients import courses
from tests.patients.pages import case_ids, words
from tests.patients.records.test_races import at_once
from tests.patients.records.test_saving import FailsAt, rows

RIGHT = Person(name="Right Name", hospital_number="99", birth_date=date(1975, 2, 3), sex=Sex.MALE)


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def case(ana: User) -> Case:
    return courses.case(ana, *courses.visit())


@pytest.fixture
def writer(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


def second_case(case: Case, by: User) -> Case:
    return open_case(
        patient=case.patient,
        case_id="A-2",
        birth_date=date(1974, 1, 1),
        sex=Sex.FEMALE,
        by=by,
        token=uuid.uuid4(),
    ).case


def correct(case: Case, by: User, to: Person = RIGHT, **changed: Any) -> None:
    fresh = Case.objects.select_related("patient").get(pk=case.pk)
    about: dict[str, Any] = {
        "seen": seal_of(identity_of(fresh)),
        "reason": "passport",
        "token": uuid.uuid4(),
    }
    correct_identity(fresh, to, by=by, **(about | changed))


def opened(writer: Client, case: Case, query: str = "") -> dict[str, str]:
    """The form as it opens."""
    page = writer.get(f"/cases/{case.public_id}/identity/{query}").content.decode()
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input[^>]*name="(\w+)" value="([^"]*)"', page)
    } | {"sex": "female", "reason": "passport"}


def test_a_form_opened_for_one_patient_is_not_accepted_for_another(
    writer: Client, case: Case, ana: User
) -> None:
    other = courses.case(ana, case_id="A-2")
    before = rows()

    answer = writer.post(f"/cases/{other.public_id}/identity/", opened(writer, case))

    assert (answer.status_code, rows()) == (422, before)


def test_all_cases_of_the_patient_are_corrected_and_say_who_and_why(case: Case, ana: User) -> None:
    second = second_case(case, ana)

    correct(case, ana)

    for one in (case, second):
        entry = one.entries.get(sequence=2)
        assert (entry.action, entry.reason, entry.recorded_by) == ("corrected", "passport", ana)
        known = courses.known(one)
        assert (known.birth_date, known.sex) == (RIGHT.birth_date, RIGHT.sex)
        assert breaks(one) == []
    patient = Patient.objects.get()
    assert (patient.name, patient.hospital_number) == (RIGHT.name, RIGHT.hospital_number)
    assert patient.birth_date == RIGHT.birth_date
    assert Demographics.objects.filter(case=case).count() == 2


def test_a_corrected_name_leaves_no_statement_and_is_found_by_the_new_one_alone(
    case: Case, ana: User, writer: Client
) -> None:
    case.refresh_from_db()
    named = Person(
        name="Right Name", hospital_number="A-1", birth_date=date(1974, 1, 1), sex=Sex.FEMALE
    )

    correct(case, ana, named)

    assert Demographics.objects.count() == 1
    assert case_ids(writer.post("/cases/", {"q": "right"})) == ["A-1"]
    assert case_ids(writer.post("/cases/", {"q": "invented"})) == []


def test_the_form_shows_what_is_recorded_and_corrects_it(
    writer: Client, case: Case, ana: User
) -> None:
    form = opened(writer, case)

    answer = writer.post(f"/cases/{case.public_id}/identity/", form | {"name": "Right Name"})

    shown = {name: form[name] for name in ("name", "hospital_number", "birth_date")}
    assert shown == {
        "name": "Invented Name",
        "hospital_number": "A-1",
        "birth_date": "1974-01-01",
    }
    assert answer.headers["Location"] == f"/cases/{case.public_id}/"
    assert Patient.objects.get().name == "Right Name"


def test_a_new_birth_date_is_asked_about_with_what_follows(writer: Client, case: Case) -> None:
    form = opened(writer, case) | {"birth_date": "1964-01-01"}
    address = f"/cases/{case.public_id}/identity/"

    asked = writer.post(address, form)
    unchanged = Patient.objects.get().birth_date
    other = writer.post(address, form | {"confirmed": "1964-01-02"})
    done = writer.post(address, form | {"confirmed": "1964-01-01"})

    assert (asked.status_code, other.status_code, done.status_code) == (422, 422, 302)
    assert "changes from 1 Jan 1974 to 1 Jan 1964" in words(asked)
    assert unchanged is None
    assert courses.known(case).birth_date == date(1964, 1, 1)


def test_a_birth_after_what_is_recorded_is_refused_at_its_field(writer: Client, case: Case) -> None:
    late = {"birth_date": "2024-06-01", "confirmed": "2024-06-01", "reason": "misread"}

    answer = writer.post(f"/cases/{case.public_id}/identity/", opened(writer, case) | late)

    assert answer.status_code == 422
    assert "Birth date : Something that is recorded is dated before it." in words(answer)
    assert courses.known(case).birth_date == date(1974, 1, 1)


def test_a_new_birth_date_lists_the_verdicts_of_every_case_that_would_change(
    writer: Client, case: Case, ana: User
) -> None:
    """H37: 60, 61 and 65 years on the day of the infusion; the second case has no visit."""
    second_case(case, ana)
    form = opened(writer, case)
    address = f"/cases/{case.public_id}/identity/"

    shown = {
        born: words(writer.post(address, form | {"birth_date": born}))
        for born in ("1963-03-07", "1963-03-06", "1959-03-06")
    }

    assert {
        born: [
            factor
            for factor in ("Age over 60 years", "Age 65 years or older")
            if f"{factor} Milestone Infusion (day 0) Now Criterion not met"
            " After the correction Criterion met" in said
        ]
        for born, said in shown.items()
    } == {
        "1963-03-07": [],
        "1963-03-06": ["Age over 60 years"],
        "1959-03-06": ["Age over 60 years", "Age 65 years or older"],
    }
    assert "No verdict of case A-1 would change." in shown["1963-03-07"]
    assert all("No verdict of case A-2 would change." in said for said in shown.values())
    assert case.entries.count() == 1


def test_who_the_patient_was_taken_for_is_kept_beside_the_identity(case: Case, ana: User) -> None:
    correct(case, ana)

    former = FormerIdentity.objects.get(patient=case.patient)

    assert (former.name, former.hospital_number) == ("Invented Name", "A-1")
    assert (former.birth_date, former.sex) == (date(1974, 1, 1), "female")
    assert former.entry == case.entries.get(sequence=2)


def test_a_wrong_correction_is_seen_and_undone(writer: Client, case: Case, ana: User) -> None:
    correct(case, ana)
    address = f"/cases/{case.public_id}/identity/"

    page = words(writer.get(address))
    form = opened(writer, case, "?former=1") | {"reason": "mistaken"}
    done = writer.post(address, form | {"confirmed": "1974-01-01"})

    assert "Invented Name A-1, born 1 Jan 1974, Female. Until " in page
    assert "corrected by ana.ruiz: passport Put Invented Name into the form" in page
    assert (form["name"], form["hospital_number"]) == ("Invented Name", "A-1")
    assert (done.status_code, Patient.objects.get().name) == (302, "Invented Name")
    names = FormerIdentity.objects.order_by("pk").values_list("name", flat=True)
    assert list(names) == ["Invented Name", "Right Name"]
    assert (courses.known(case).birth_date, breaks(case)) == (date(1974, 1, 1), [])


def test_the_former_identity_of_another_patient_does_not_come_into_the_form(
    writer: Client, case: Case, ana: User
) -> None:
    other = courses.case(ana, case_id="A-2")
    correct(other, ana, replace(RIGHT, name="Another Name"))

    form = opened(writer, case, "?former=1")

    assert (form["name"], form["hospital_number"]) == ("Invented Name", "A-1")


def test_a_renaming_past_the_site_is_noticed(case: Case, ana: User) -> None:
    """Of an identity and of a former one; so is a former one that is gone."""
    correct(case, ana)
    kept = FormerIdentity.objects.get()

    found = [flaws(case)]
    Patient.objects.update(name="Somebody Else")
    found.append(flaws(case))
    FormerIdentity.objects.filter(pk=kept.pk).update(hospital_number="Z-9")
    found.append(flaws(case))
    kept.delete()
    found.append(flaws(case))

    assert found == [
        {},
        {"patient": "changed"},
        {"patient": "changed", "formeridentity": "changed"},
        {"patient": "changed", "formeridentity": "missing"},
    ]


def flaws(case: Case) -> dict[str, str]:
    """What the journal of a case's centre finds, by table."""
    return {fault.table: fault.flaw for fault in verification.faults(case.centre)}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "Nothing differs from what is recorded."),
        ({"reason": " "}, "Reason for the correction : This field is required."),
        ({"hospital_number": "B-1"}, "Another patient has this hospital number."),
        (
            {"name": "Right Name", "seen": "0"},
            "Somebody else has corrected this patient since you opened the form.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_corrected(
    writer: Client, ana: User, case: Case, changed: dict[str, str], said: str
) -> None:
    courses.case(ana, case_id="B-1")
    form = opened(writer, case)

    page = writer.post(f"/cases/{case.public_id}/identity/", form | changed)

    assert page.status_code == 422
    assert said in words(page)
    assert case.entries.count() == 1
    assert Patient.objects.get(cases=case).name == "Invented Name"


def test_who_may_only_see_corrects_nothing(client: Client, case: Case) -> None:
    reader = courses.person("reader", Role.READER)
    stranger = courses.person("stranger", Role.CLINICIAN, at=courses.centre("MAD"))

    for somebody, status in ((reader, 403), (stranger, 404)):
        client.force_login(somebody)
        assert client.get(f"/cases/{case.public_id}/identity/").status_code == status
        assert client.post(f"/cases/{case.public_id}/identity/", {}).status_code == status
        with pytest.raises(Case.DoesNotExist):
            correct(case, somebody)


def test_a_correction_has_a_reason(case: Case, ana: User) -> None:
    with pytest.raises(ReasonMissing):
        correct(case, ana, reason=" ")


def test_a_form_posted_twice_corrects_once(writer: Client, case: Case) -> None:
    form = opened(writer, case) | {"name": "Right Name"}

    answers = {
        writer.post(f"/cases/{case.public_id}/identity/", form).status_code for _ in range(3)
    }

    assert (answers, case.entries.count()) == ({302}, 2)


def test_of_two_who_correct_at_once_one_wins_and_the_other_is_told(
    transactional_db: None,
) -> None:
    ana, leo = (courses.person(name, Role.CLINICIAN) for name in ("ana.ruiz", "leo.vidal"))
    case = courses.case(ana)
    second_case(case, ana)
    fresh = Case.objects.select_related("patient").get(pk=case.pk)
    seen = seal_of(identity_of(fresh))

    given = at_once(
        lambda: correct(case, ana, seen=seen),
        lambda: correct(case, leo, seen=seen),
    )

    assert sorted(type(one).__name__ for one in given) == ["IdentityChanged", "NoneType"]
    assert isinstance(next(filter(None, given)), IdentityChanged)
    assert case.entries.count() == 2


def test_whichever_statement_fails_nothing_is_half_corrected(case: Case, ana: User) -> None:
    second_case(case, ana)
    before, failing = rows(), 0

    while True:
        failing += 1
        failure = FailsAt(failing)
        try:
            with connection.execute_wrapper(failure), transaction.atomic():
                correct(case, ana)
            break
        except (DatabaseError, ValidationError):  # Django takes some for a broken constraint
            assert rows() == before, failing
            assert Patient.objects.get().name == "Invented Name"

    assert failing > 10
    assert [breaks(one) for one in Case.objects.all()] == [[], []]
