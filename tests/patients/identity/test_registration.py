"""Registering a patient with a case: once, knowingly, and with everything typed kept."""

import re
import uuid
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from patients.identity.registering import (
    LIKENESS,
    Like,
    LookAlikesFound,
    likeness,
    look_alikes,
    register,
)
from patients.models import Case, Demographics, Entry, Membership, Patient, Person, Role, User
from patients.records.chain import breaks
from riskfactors.domain.vocabulary import Sex
from tests.patients import courses
from tests.patients.pages import words
from tests.patients.records.test_races import at_once
from tests.patients.records.test_saving import FailsAt, rows

TYPED = {
    "name": "Núñez Olmo, Ana",
    "hospital_number": "77/1",
    "birth_date": "1960-12-31",
    "sex": "female",
    "case_id": "N-1",
}
WHO = Person(
    name="Núñez Olmo, Ana", hospital_number="77/1", birth_date=date(1960, 12, 31), sex=Sex.FEMALE
)


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def writer(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


def typed(**changed: str) -> dict[str, str]:
    return TYPED | {"token": str(uuid.uuid4())} | changed


def values_in(page: Any) -> dict[str, str]:
    """What stands in the fields."""
    html = page.content.decode()
    inputs = re.findall(r"<input[^>]*>", html)
    found = {}
    for tag in inputs:
        name, value = re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and 'type="radio"' not in tag:
            found[name[1]] = unescape(value[1])
    chosen = re.search(r'<option value="(\w+)" selected', html)
    return found | ({"sex": chosen[1]} if chosen else {})


def problems(page: Any) -> list[str]:
    alert = re.search(r'role="alert".*?</div>', page.content.decode(), re.DOTALL)
    found = re.findall(r"<li>(.*?)</li>", alert[0], re.DOTALL) if alert else []
    return [unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in found]


def test_a_patient_is_registered_and_the_case_opens(writer: Client, ana: User) -> None:
    answer = writer.post("/cases/new/?centre=BCN", typed())

    case = Case.objects.get()
    first = f"/cases/{case.public_id}/visits/new/election/standing/"
    assert answer.headers["Location"] == first
    assert (case.case_id, case.centre.code, case.patient.name) == ("N-1", "BCN", WHO.name)
    assert (case.patient.hospital_number, case.patient.birth_date) == ("77/1", WHO.birth_date)
    assert list(Demographics.objects.values_list("birth_date", "sex")) == [
        (WHO.birth_date, "female")
    ]
    assert case.entries.get().recorded_by == ana
    assert breaks(case) == []
    assert "N-1" in words(writer.post("/cases/", {"q": "nunez 771"}))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "Name: This field is required."),
        ({"name": "--"}, "Name: Write it with letters or digits."),
        (
            {"name": "Ana\nRuiz"},
            "Name: A control character (U+000A) stands in it: write it anew, in one line.",
        ),
        ({"hospital_number": ""}, "Hospital number: This field is required."),
        (
            {"birth_date": "12/31/1960"},
            "Birth date: Write the date as day/month/year: 31/12/1960.",
        ),
        (
            {"birth_date": "31.12.60"},
            "Birth date: Write the date as day/month/year: 31/12/1960.",
        ),
        ({"birth_date": "2999-01-01"}, "Birth date: This day has not come yet."),
        ({"birth_date": "1899-12-31"}, "Birth date: A birth date from 1900 on is expected."),
        ({"sex": ""}, "Sex: This field is required."),
        (
            {"case_id": "x" * 201},
            "Case: Ensure this value has at most 200 characters (it has 201).",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_everything_typed_comes_back(
    writer: Client, changed: dict[str, str], said: str
) -> None:
    page = writer.post("/cases/new/", typed(**changed))

    (field,) = changed
    assert (page.status_code, problems(page)) == (422, [said])
    kept = values_in(page)
    assert {name: kept.get(name, "") for name in TYPED if name != field} == {
        name: value for name, value in TYPED.items() if name != field
    }
    assert kept.get(field, "").strip() == changed[field].strip().replace("\n", "\n")
    assert "<title>Error: Register a patient" in page.content.decode()
    assert Case.objects.count() == 0


def test_what_is_pasted_along_unseen_is_dropped_and_a_joiner_stays(writer: Client) -> None:
    name = "رضایی, علی\N{ZERO WIDTH NON-JOINER}رضا"
    sent = {
        "name": f"\N{RIGHT-TO-LEFT MARK}{name}\N{ZERO WIDTH SPACE}",
        "hospital_number": "77\N{NO-BREAK SPACE}1",
        "case_id": "\N{ZERO WIDTH NO-BREAK SPACE}N-1",
    }

    writer.post("/cases/new/", typed(**sent))

    case = Case.objects.get()
    kept = (case.patient.name, case.patient.hospital_number, case.case_id)
    assert kept == (name, "77 1", "N-1")
    assert "N-1" in words(writer.post("/cases/", {"q": "علیرضا"}))
    assert "N-1" in words(writer.post("/cases/", {"q": "علی\N{ZERO WIDTH NON-JOINER}رضا"}))


def test_a_day_can_be_written_as_people_do(writer: Client) -> None:
    writer.post("/cases/new/", typed(birth_date="31/12/1960"))

    assert Patient.objects.get().birth_date == date(1960, 12, 31)


def test_a_pseudonym_that_is_taken_is_refused_with_all_that_was_typed(
    writer: Client, ana: User
) -> None:
    courses.case(ana, case_id="N-1")

    page = writer.post("/cases/new/", typed())

    assert problems(page) == ["Case: Another case of this centre has this pseudonym."]
    assert values_in(page)["name"] == WHO.name
    assert Patient.objects.count() == 1


# Who may


@pytest.mark.parametrize("role", [Role.READER, Role.CHAIR, Role.ADMINISTRATOR])
def test_who_may_not_record_registers_nobody(client: Client, role: Role, db: None) -> None:
    client.force_login(courses.person("somebody", role))

    answers = [client.get("/cases/new/"), client.post("/cases/new/?centre=BCN", typed())]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert Case.objects.count() == 0


def test_of_several_centres_one_is_chosen_and_named(writer: Client, ana: User) -> None:
    madrid = courses.centre("MAD")
    Membership.objects.create(user=ana, centre=madrid, role=Role.DATA_MANAGER, granted_by=ana)
    courses.centre("VLC")

    first, second = writer.get("/cases/new/"), writer.get("/cases/new/?centre=MAD")
    writer.post("/cases/new/?centre=MAD", typed())

    assert "Register a patient Hospital BCN Hospital BCN Hospital MAD" in words(first)
    assert "Register a patient Hospital MAD" in words(second)
    assert Case.objects.get().centre == madrid
    assert writer.get("/cases/new/?centre=VLC").status_code == 404


# Look-alikes


def twin(by: User, **changed: Any) -> Case:
    """Somebody registered already, who differs as said."""
    fields: dict[str, Any] = {"name": "Somebody Else", "hospital_number": "1"}
    fields |= {"birth_date": date(1950, 1, 1)}
    return register(
        Person(sex=Sex.FEMALE, **(fields | changed)),
        centre=courses.centre(),
        case_id=f"T-{Case.objects.count()}",
        known=[c.public_id for c in Case.objects.all()],
        same_as=None,
        by=by,
        token=uuid.uuid4(),
    ).case


@pytest.mark.parametrize(
    ("changed", "alike"),
    [
        ({}, None),
        ({"hospital_number": "77-1"}, (Like.NUMBER,)),
        ({"birth_date": WHO.birth_date}, (Like.BIRTH_DATE,)),
        ({"name": "ana nunez olmo"}, (Like.NAME,)),
        ({"name": "Nuñes Olmos, Anna"}, (Like.NAME,)),
        ({"name": "Olmo Núñez, Ana"}, (Like.NAME,)),
        ({"name": "Núñez Peral, Bruno"}, None),
        (
            {"name": "Núñez Olmo", "birth_date": WHO.birth_date},
            (Like.BIRTH_DATE, Like.NAME),
        ),
    ],
)
def test_a_look_alike_has_the_number_the_birth_date_or_a_similar_name(
    ana: User, changed: dict[str, Any], alike: tuple[Like, ...] | None
) -> None:
    twin(ana, **changed)

    found = look_alikes(WHO, centre=courses.centre())

    assert [one.alike for one in found] == ([] if alike is None else [alike])


def test_a_look_alike_of_another_centre_is_not_shown(ana: User) -> None:
    twin(ana, birth_date=WHO.birth_date)

    assert look_alikes(WHO, centre=courses.centre("MAD")) == []


def test_numbers_are_the_same_letter_by_letter(ana: User) -> None:
    twin(ana, hospital_number="AE-1")

    found = [
        look_alikes(
            Person(
                name="Nobody Known",
                hospital_number=number,
                birth_date=WHO.birth_date,
                sex=Sex.MALE,
            ),
            centre=courses.centre(),
        )
        for number in ("ae1", "a1")
    ]

    assert [[one.alike for one in some] for some in found] == [[(Like.NUMBER,)], []]


def test_names_are_compared_without_order_and_accents() -> None:
    assert likeness("Núñez Olmo, Ana", "ANA NUNEZ OLMO") == 1
    assert likeness("Müller, Jörg", "MUELLER JOERG") == 1
    assert likeness("Núñez, Ana", "Núñez Echevarría, Ana María") == 1
    assert likeness("Ana", "Núñez Echevarría, Ana María") < LIKENESS
    assert likeness("", "") == 0


def test_a_look_alike_is_shown_and_asked_about_before_anything_is_saved(
    writer: Client, ana: User
) -> None:
    case = twin(ana, name="Nuñes Olmo, Ana", birth_date=WHO.birth_date)
    form = typed()

    asked = writer.post("/cases/new/", form)
    known = values_in(asked)["known"]
    undecided = writer.post("/cases/new/", form | {"known": known})
    cases_before = Case.objects.count()
    another = writer.post("/cases/new/", form | {"known": known, "decision": "another"})

    assert (asked.status_code, undecided.status_code, cases_before) == (422, 422, 1)
    assert "It is Nuñes Olmo, Ana: open another case" in words(asked)
    assert "In common: the same birth date, a similar name. Cases: T-0" in words(asked)
    assert problems(undecided) == ["Say whether this is another patient."]
    assert known == str(case.public_id)
    assert another.status_code == 302
    assert Patient.objects.count() == 2


def test_a_second_infusion_is_another_case_of_the_same_patient(writer: Client, ana: User) -> None:
    first = twin(ana, name=WHO.name, hospital_number="77/1", birth_date=WHO.birth_date)
    chosen = {"known": str(first.public_id), "decision": str(first.public_id)}

    writer.post("/cases/new/", typed(**chosen))

    records = f"/cases/{Case.objects.get(case_id='N-1').public_id}/records/"
    assert Patient.objects.count() == 1
    assert f"/cases/{first.public_id}/" in writer.get(records).content.decode()
    assert [case.case_id for case in first.patient.cases.order_by("pk")] == ["T-0", "N-1"]


def test_the_same_number_cannot_be_another_patient(writer: Client, ana: User) -> None:
    first = twin(ana, hospital_number="77/1")

    page = writer.post("/cases/new/", typed(known=str(first.public_id), decision="another"))

    assert problems(page) == ["Another patient has this hospital number."]
    assert Patient.objects.count() == 1


def test_a_chosen_patient_with_another_birth_date_is_not_taken(writer: Client, ana: User) -> None:
    first = twin(ana, name=WHO.name)
    chosen = {"known": str(first.public_id), "decision": str(first.public_id)}

    page = writer.post("/cases/new/", typed(**chosen))

    assert "has another birth date or sex" in problems(page)[0]
    assert Case.objects.count() == 1


def test_a_case_that_was_not_shown_cannot_be_chosen(writer: Client, ana: User) -> None:
    stranger = courses.person("stranger", Role.CLINICIAN, at=courses.centre("MAD"))
    foreign = courses.case(stranger, at=courses.centre("MAD"), case_id="M-1")

    page = writer.post(
        "/cases/new/", typed(known=str(foreign.public_id), decision=str(foreign.public_id))
    )

    assert problems(page) == ["Who may be the same patient is shown below: say who it is."]
    assert Patient.objects.filter(centre=courses.centre()).count() == 0


def test_who_was_registered_in_the_meantime_is_asked_about(ana: User) -> None:
    twin(ana, birth_date=WHO.birth_date)

    with pytest.raises(LookAlikesFound):
        register(
            WHO,
            centre=courses.centre(),
            case_id="N-1",
            known=[],
            same_as=None,
            by=ana,
            token=uuid.uuid4(),
        )


def test_looking_for_look_alikes_takes_the_same_queries_for_one_and_for_many(ana: User) -> None:
    twin(ana, name=WHO.name)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            look_alikes(WHO, centre=courses.centre())
        return len(captured)

    one = queries()
    for number in range(2, 12):
        twin(ana, name=WHO.name, hospital_number=str(number), birth_date=WHO.birth_date)

    assert (one, queries()) == (4, 4)


# Once


def test_a_form_posted_twice_is_one_patient_and_one_case(writer: Client) -> None:
    form = typed()

    answers = [writer.post("/cases/new/", form).headers.get("Location") for _ in range(5)]

    assert len(set(answers)) == 1
    assert (Case.objects.count(), Patient.objects.count(), Entry.objects.count()) == (1, 1, 1)


def test_a_form_that_was_saved_with_other_content_is_not_taken_for_saved(writer: Client) -> None:
    form = typed()
    writer.post("/cases/new/", form)

    page = writer.post("/cases/new/", form | {"case_id": "N-2"})

    assert problems(page) == ["This form was saved before with other content. Save it again."]
    assert Case.objects.count() == 1


def test_two_who_register_one_pseudonym_at_once_open_one_case(transactional_db: None) -> None:
    people = [courses.person(name, Role.CLINICIAN) for name in ("ana.ruiz", "leo.vidal")]
    clients = [Client(), Client()]
    for client, somebody in zip(clients, people, strict=True):
        client.force_login(somebody)
    forms = [
        typed(name=name, hospital_number=number, birth_date=born)
        for name, number, born in (
            ("Castaño, Celia", "1", "1961-01-01"),
            ("Fresno, Bruno", "2", "1972-02-02"),
        )
    ]

    answers = at_once(
        *[
            lambda c=client, f=form: c.post("/cases/new/", f).status_code
            for client, form in zip(clients, forms, strict=True)
        ]
    )

    assert sorted(answers) == [302, 422]
    assert (Case.objects.count(), Patient.objects.count()) == (1, 1)


def test_two_who_register_one_patient_at_once_are_asked_about_each_other(
    transactional_db: None,
) -> None:
    people = [courses.person(name, Role.CLINICIAN) for name in ("ana.ruiz", "leo.vidal")]
    clients = [Client(), Client()]
    for client, somebody in zip(clients, people, strict=True):
        client.force_login(somebody)

    answers = at_once(
        *[
            lambda c=client, n=number: c.post("/cases/new/", typed(case_id=f"N-{n}")).status_code
            for number, client in enumerate(clients)
        ]
    )

    assert sorted(answers) == [302, 422]
    assert Patient.objects.count() == 1


def test_whichever_statement_fails_nobody_is_half_registered(ana: User) -> None:
    twin(ana, name=WHO.name)
    before, failing = rows(), 0

    while True:
        failing += 1
        failure = FailsAt(failing)
        try:
            with connection.execute_wrapper(failure), transaction.atomic():
                register(
                    WHO,
                    centre=courses.centre(),
                    case_id="N-1",
                    known=[case.public_id for case in Case.objects.all()],
                    same_as=None,
                    by=ana,
                    token=uuid.uuid4(),
                )
            break
        except (DatabaseError, ValidationError):  # Django takes some for a broken constraint
            assert rows() == before, failing

    assert failing > 10
    assert rows() != before
