"""Whichever form is sent, to whichever address, whatever fails: nothing wrong, nothing by half."""

from datetime import date

import pytest
from django.db import connection

from patients import urls
from patients.frame import policy
from patients.models import Case, Role, User
from patients.records.chain import breaks
from tests.patients import boards, courses
from tests.patients.courses import visit
from tests.patients.desks import TOKEN, Desk, fields, text_of
from tests.patients.records.test_saving import FailsAt, rows

CONFIRMED = {"reason": "typing error", "confirmed": "1"}
POSTS = {
    "visit": ("visits/2/", {"crp": "40", "ldh": "300", "ldh__limit": "250", "il6": "5"}),
    "new_visit": ("visits/new/day_28/", {"date": "2024-04-03", "response": "PR", "suvmax": "9"}),
    "new_standing": (
        "visits/new/lymphodepletion/standing/",
        {"date": "2024-03-01", "tp53": "altered", "line1-start": "2021-01-01"},
    ),
    "standing": ("visits/1/standing/", {"histology": "pmbcl", "tp53": "altered"}),
    "value": ("visits/2/values/ecog/", {"ecog": "2", "reason": "read wrongly"}),
    "visit_date": ("visits/2/date/", CONFIRMED | {"date": "2024-03-07"}),
    "new_treatment": ("treatments/new/line/", {"start": "2021-01-01", "regimen": "R-GDP"}),
    "treatment": ("treatments/1/", CONFIRMED | {"start": "2020-02-01"}),
    "new_event": ("events/new/infection/", {"date": "2024-03-20"}),
    "event": ("events/1/", CONFIRMED | {"date": "2024-03-10"}),
    "clearance": (
        "clearances/eligibility/",
        {"answer": "not_eligible", "not_eligible": "wish", "on": "2024-04-11", "reason": "asked"},
    ),
    "outcome": (
        "recommendations/1/outcome/",
        {"answer": "wish", "on": "2024-04-12", "reason": "asked again"},
    ),
}  # fmt: skip
"""By the name of the address: a form of it that records something."""
OTHERWISE = {
    "visit": {"il6": "6"},
    "new_visit": {"suvmax": "8"},
    "new_standing": {"tp53": "wild_type"},
    "standing": {"tp53": "wild_type"},
    "new_treatment": {"regimen": "R-ICE"},
    "new_event": {"date": "2024-03-21"},
}
"""Something else in the same form; a correction has another reason."""


def case(of: User, case_id: str = "A-1") -> Case:
    made = courses.case(
        of,
        *visit("election", date(2024, 2, 1), crp="35"),
        *visit(ecog="1"),
        courses.line(),
        courses.event("crs", date(2024, 3, 9), grade=2),
        case_id=case_id,
    )
    boards.followed_up(made, of)
    return made


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    return Desk(ana, case(ana))


@pytest.mark.parametrize("name", POSTS)
def test_whichever_statement_fails_nothing_is_half_recorded(
    desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A look or a session that cannot be written stops nothing: tests/test_read_only.py.
    monkeypatch.setattr(policy, "note_look", lambda _case, *, by: None)
    path, typed = POSTS[name]
    form = desk.opened(path) | fields(typed)
    desk.client.raise_request_exception = False
    before, failing = rows(), 0
    # What fails before anything is written fails alike on both databases: SQLite tries it.
    once_writing = connection.vendor == "postgresql"

    while True:
        failing += 1
        failure = FailsAt(failing, once_writing=once_writing)
        with connection.execute_wrapper(failure):
            answer = desk.send(path, form)
        if failure.left > 0:
            break
        assert (answer.status_code >= 500, rows()) == (True, before), failing

    assert answer.status_code == 302
    assert rows() != before
    assert failing > 10
    assert breaks(Case.objects.get()) == []


def test_every_address_of_a_case_that_records_is_tried() -> None:
    """Those whose policy asks for the right to record; test_identity.py tries the identity, and
    timeline/test_following.py and entry/test_drafts.py what records nothing."""
    found = {
        pattern.name
        for pattern in urls.of_a_case
        if (policy := getattr(pattern.callback, "policy", None))
        and "record" in (policy.right, policy.post)
        and not str(pattern.name).endswith(("_follows", "_results", "drafts"))
    }

    assert found == {*POSTS, "identity"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", POSTS)
def test_a_form_that_was_saved_with_other_content_says_so_and_is_another_save(
    name: str,
) -> None:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    desk = Desk(ana, case(ana))
    path, typed = POSTS[name]
    form = desk.opened(path) | fields(typed)
    desk.send(path, form)
    before = rows()

    again = desk.send(path, form | OTHERWISE.get(name, {"reason": "another reason"}))

    assert (again.status_code, rows()) == (422, before)
    assert "This form was saved before with other content. Save it again." in text_of(again)
    assert TOKEN.findall(text_of(again))[0] != form["token"]


@pytest.mark.django_db
def test_a_form_opened_for_one_case_is_not_accepted_for_another() -> None:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    one, other = Desk(ana, case(ana)), Desk(ana, case(ana, "A-2"))
    before = rows()

    answers = {
        name: other.send(path, one.opened(path) | fields(typed))
        for name, (path, typed) in POSTS.items()
    }

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        POSTS, 422
    )
    assert ["opened for another case or visit" in text_of(a) for a in answers.values()] == [
        True
    ] * len(POSTS)
    assert rows() == before


@pytest.mark.django_db
def test_a_form_opened_for_one_visit_is_not_accepted_for_another() -> None:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    desk = Desk(ana, case(ana))
    before = rows()

    answer = desk.send("visits/1/", desk.opened("visits/2/") | {"extranodal_sites": "2"})

    assert answer.status_code == 422
    assert rows() == before
