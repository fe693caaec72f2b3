"""Looks at lists, and looks that are refused, say who, when and at what."""

import uuid

import pytest
from django.test import Client

from patients.models import Access, Case, ListAccess, Role, User
from tests.patients import courses
from tests.patients.pages import words


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def case(ana: User) -> Case:
    return courses.case(ana)


@pytest.fixture
def client(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def lists() -> list[tuple[str, str, list[int]]]:
    looks = ListAccess.objects.order_by("pk")
    return list(looks.values_list("user__username", "kind", "cases"))


def refusals() -> list[tuple[str, int]]:
    refused = Access.objects.filter(kind="refused").order_by("pk").select_related("user")
    return [(str(look.user), look.case_id) for look in refused]


def test_the_worklist_a_search_and_the_grid_say_which_cases_they_showed(
    client: Client, case: Case
) -> None:
    client.get("/cases/")
    client.post("/cases/", {"q": case.case_id})
    client.post("/cases/", {"q": "nobody"})
    client.get(f"/centres/{case.centre.code}/completeness/")

    assert lists() == [
        ("ana.ruiz", "worklist", [case.pk]),
        ("ana.ruiz", "search", [case.pk]),
        ("ana.ruiz", "search", []),
        ("ana.ruiz", "completeness", [case.pk]),
    ]


def test_who_registers_a_patient_is_on_record_with_whom_they_were_shown(
    client: Client, case: Case
) -> None:
    about = {"name": "Somebody Else", "hospital_number": "A-1", "sex": "female"}
    typed = about | {"birth_date": "1974-01-01", "token": str(uuid.uuid4())}

    client.get("/cases/new/")
    client.post("/cases/new/", typed)

    assert lists() == [("ana.ruiz", "look_alikes", [case.pk])]


def test_a_refused_look_is_on_record_for_whoever_may_read_the_case(
    client: Client, case: Case
) -> None:
    reader = courses.person("a.reader", Role.READER)
    stranger = User.objects.create_user("a.stranger", must_choose_password=False)
    for refused in (reader, stranger):
        other = Client()
        other.force_login(refused)
        other.get(f"/cases/{case.public_id}/visits/new/day_28/")
        other.get(f"/cases/{uuid.UUID(int=1)}/")

    assert refusals() == [("a.reader", case.pk), ("a.stranger", case.pk)]
    history = words(client.get(f"/cases/{case.public_id}/history/"))
    assert history.count("Refused: no right to it by a.") == 2


def test_administrators_see_how_many_cases_were_listed_and_who_was_refused(
    client: Client, case: Case
) -> None:
    head, stranger = courses.person("head", Role.ADMINISTRATOR), Client()
    stranger.force_login(head)
    client.get("/cases/")
    stranger.get(f"/cases/{case.public_id}/")

    shown = words(stranger.get(f"/centres/{case.centre.code}/people/"))

    assert "Latest looks at lists Worklist, 1 case: ana.ruiz on " in shown
    assert "Latest refused looks at cases head on " in shown
    assert case.case_id not in shown
