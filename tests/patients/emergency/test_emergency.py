"""A case of another centre in an emergency: who opens it, for how long, and who sees that."""

import uuid
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone

from patients.emergency.opening import LASTS, open_in_emergency
from patients.models import Access, AccessKind, Case, CentreRule, Emergency, Role, User
from patients.people import roles
from patients.people.second_factor import set_rule
from patients.permissions import Right, open_case_of, visible_to
from patients.records import verification
from patients.records.opening import open_case
from riskfactors.domain.vocabulary import Sex
from tests.patients import courses
from tests.patients.pages import alert, words

REASON = "Fever and confusion in the emergency room"


@pytest.fixture
def head(db: None) -> User:
    """Administers the people of the case's centre, and sees no case."""
    return courses.person("head", Role.ADMINISTRATOR)


@pytest.fixture
def case(head: User) -> Case:
    """Of a centre that lets others in."""
    allow(head)
    return courses.case(courses.person("ines.gil", Role.CLINICIAN), *courses.visit(crp="12"))


@pytest.fixture
def leo(db: None) -> User:
    """A clinician of another centre."""
    return courses.person("leo.vidal", Role.CLINICIAN, at=courses.centre("MAD"))


def allow(head: User, *, holds: bool = True) -> None:
    set_rule(courses.centre(), CentreRule.EMERGENCY, holds=holds, by=head)


def opened(by: User, number: str = "A-1") -> Case:
    return open_in_emergency(centre=courses.centre(), number=number, reason=REASON, by=by)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(**changes: str) -> dict[str, str]:
    return {"centre": "BCN", "number": "A-1", "reason": REASON} | changes


def test_a_clinician_of_another_centre_opens_a_case_by_its_number_and_reads_it(
    case: Case, leo: User
) -> None:
    client, address = signed_in(leo), f"/cases/{case.public_id}/"
    before = client.get(address).status_code

    answer = client.post("/emergency/", typed(number="\N{NO-BREAK SPACE}A-1\N{ZERO WIDTH SPACE}"))

    assert (before, answer.headers["Location"]) == (404, address)
    assert "Opened in an emergency until" in words(client.get(address))
    assert [client.get(f"{address}{page}").status_code for page in ("records/", "history/")] == [
        *(200, 200),
    ]


def test_it_is_read_alone(case: Case, leo: User) -> None:
    opened(leo)
    client, address = signed_in(leo), f"/cases/{case.public_id}/"

    refused = [
        client.get(f"{address}{page}").status_code
        for page in ("visits/new/day_7/", "identity/", "export/")
    ]
    tabs = client.get(address).content.decode()

    assert refused == [403, 403, 403]
    assert ["Identity</a>" in tabs, "Export</a>" in tabs] == [False, False]
    assert list(visible_to(leo)) == []


def test_it_closes_after_four_hours(case: Case, leo: User, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(leo)
    begun, seen = timezone.now(), {}
    for late in (-1, 1):
        clock = SimpleNamespace(now=partial(begun.__add__, LASTS + timedelta(minutes=late)))
        monkeypatch.setattr("patients.permissions.timezone", clock)
        try:
            seen[late] = open_case_of(leo, case.public_id, Right.SEE).rights
        except Http404:
            seen[late] = frozenset()

    assert seen == {-1: {Right.SEE}, 1: frozenset()}


def test_it_closes_when_the_centre_lets_nobody_in_any_more(
    case: Case, leo: User, head: User
) -> None:
    opened(leo)

    allow(head, holds=False)

    assert signed_in(leo).get(f"/cases/{case.public_id}/").status_code == 404


def test_it_closes_when_the_clinician_is_none_any_more(case: Case, leo: User) -> None:
    opened(leo)
    by = courses.person("head.mad", Role.ADMINISTRATOR, at=courses.centre("MAD"))

    roles.revoke(user=leo, role=Role.CLINICIAN, centre=courses.centre("MAD"), by=by)

    assert signed_in(leo).get(f"/cases/{case.public_id}/").status_code == 404


def test_it_opens_for_nobody_else(case: Case, leo: User) -> None:
    opened(leo)

    other = courses.person("mar.sala", Role.CLINICIAN, at=courses.centre("MAD"))

    assert signed_in(other).get(f"/cases/{case.public_id}/").status_code == 404


def test_it_stands_in_the_history_of_the_case_with_its_reason_and_each_look(
    case: Case, leo: User
) -> None:
    opened(leo)
    signed_in(leo).get(f"/cases/{case.public_id}/")
    reader = courses.person("rita", Role.READER)

    page = words(signed_in(reader).get(f"/cases/{case.public_id}/history/"))

    assert f"Opened in an emergency by leo.vidal Reason: {REASON}" in page
    assert "Looked at by leo.vidal" in page
    kinds = Access.objects.filter(user=leo).values_list("kind", flat=True)
    assert list(kinds) == [AccessKind.EMERGENCY, AccessKind.LOOKED]


def test_the_administrators_of_the_centre_see_who_until_when_and_why_but_not_which_case(
    case: Case, leo: User, head: User
) -> None:
    opened(leo)

    page = words(signed_in(head).get("/centres/BCN/access/"))

    assert "leo.vidal on" in page
    assert f"Reason: {REASON}" in page
    assert [word for word in ("A-1", "Invented", str(case.public_id)) if word in page] == []


def test_it_stands_in_the_journal_of_the_centre(case: Case, leo: User) -> None:
    opened(leo)

    assert list(verification.faults(courses.centre())) + list(verification.strays()) == []


def test_a_centre_is_closed_unless_it_says_otherwise(case: Case, leo: User, head: User) -> None:
    allow(head, holds=False)
    client = signed_in(leo)

    page, sent = words(client.get("/emergency/")), client.post("/emergency/", typed())

    assert "No other centre of this site allows it." in page
    assert (sent.status_code, Emergency.objects.count()) == (422, 0)
    with pytest.raises(Case.DoesNotExist):
        opened(leo)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CLINICIAN])
def test_no_other_role_opens_a_case_of_another_centre(role: Role, case: Case) -> None:
    by = courses.person("somebody", role, at=courses.centre("MAD"))

    assert signed_in(by).get("/emergency/").status_code == 403
    with pytest.raises(Case.DoesNotExist):
        opened(by)


@pytest.mark.parametrize(
    "changes",
    [{"number": "A-2"}, {"number": "a"}, {"reason": ""}, {"reason": "why"}, {"centre": "MAD"}],
    ids=str,
)
def test_what_names_no_case_or_no_reason_opens_nothing(
    changes: dict[str, str], case: Case, leo: User
) -> None:
    answer = signed_in(leo).post("/emergency/", typed(**changes))

    assert (answer.status_code, bool(alert(answer))) == (422, True)
    assert Emergency.objects.count() == 0


def test_every_case_of_the_patient_is_opened_by_the_hospital_number(case: Case, leo: User) -> None:
    second = open_case(
        patient=case.patient,
        case_id="A-1b",
        birth_date=date(1974, 1, 1),
        sex=Sex.FEMALE,
        by=User.objects.get(username="ines.gil"),
        token=uuid.uuid4(),
    ).case

    shown = opened(leo, number="A-1")

    assert {each.access.case for each in Emergency.objects.all()} == {case, second}
    assert shown == second


def test_numbers_cannot_be_tried_without_end(case: Case, leo: User) -> None:
    client = signed_in(leo)

    answers = [client.post("/emergency/", typed(number=f"B-{n}")).status_code for n in range(5)]

    assert answers == [422] * 3 + [429] * 2


def test_who_sees_the_case_anyway_is_not_offered_its_centre(case: Case) -> None:
    page = words(signed_in(User.objects.get(username="ines.gil")).get("/emergency/"))

    assert "No other centre of this site allows it." in page


def test_a_page_that_is_not_there_leads_to_it_alike_for_every_address(
    case: Case, leo: User
) -> None:
    client = signed_in(leo)

    pages = [words(client.get(path)) for path in (f"/cases/{case.public_id}/", "/nowhere/")]

    assert ["open a case in an emergency" in page for page in pages] == [True, True]
    assert pages[0] == pages[1]
