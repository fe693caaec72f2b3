"""The outstanding actions of a centre: which are listed, in which order, in how many queries."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patients.board.actions_page import ActionsPage, actions_page
from patients.models import Case, Role, User
from tests.patients import boards, courses

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 20)


@pytest.fixture
def ines(db: None) -> User:
    return courses.person("ines.gil", Role.CLINICIAN)


def page() -> ActionsPage:
    return actions_page(courses.centre(), today=TODAY)


def signed(by: User, case_id: str, **said: object) -> Case:
    """A new case with a signed recommendation."""
    day_28 = courses.visit("day_28", date(2024, 4, 3), response="PR")
    case = courses.case(by, *courses.visit(), *day_28, case_id=case_id)
    chair = User.objects.filter(username="clara.chair").first() or boards.chair(at=case)
    boards.signed(boards.item(case, by), chair, **said)
    return case


def test_the_earliest_due_stands_first_and_what_is_past_is_overdue(ines: User) -> None:
    signed(ines, "A-1", due_on=date(2024, 4, 20))
    signed(ines, "A-2", due_on=date(2024, 4, 19))

    lines = page().outstanding

    assert [(line.case_id, line.due, line.overdue) for line in lines] == [
        ("A-2", "19\xa0Apr\xa02024", True),
        ("A-1", "20\xa0Apr\xa02024", False),
    ]


def test_a_draft_is_no_action_and_an_amendment_is_the_action(ines: User) -> None:
    case = courses.case(ines, *courses.visit(), case_id="A-1")
    boards.drafted(boards.item(case, ines), ines)
    amended = signed(ines, "A-2")
    boards.amended(amended, User.objects.get(username="clara.chair"), option="biopsy")

    assert [(line.case_id, line.what) for line in page().outstanding] == [("A-2", "Biopsy")]


def test_what_came_of_it_stands_beside_the_responses(ines: User) -> None:
    case = signed(ines, "A-1")
    boards.carried_out(case, ines)

    shown = page()

    assert shown.outstanding == ()
    assert [(line.outcome, line.responses) for line in shown.followed] == [
        ("Done, on 10\xa0Apr\xa02024", ("PR", ""))
    ]


def test_a_withdrawn_outcome_leaves_it_outstanding(ines: User) -> None:
    case = signed(ines, "A-1")
    boards.carried_out(case, ines)
    boards.carried_out(case, ines, done=False, on=None, withdrawn=True)

    assert [line.case_id for line in page().outstanding] == ["A-1"]


@pytest.mark.parametrize("cases", [1, 4])
def test_the_page_asks_as_much_for_many_as_for_one(ines: User, cases: int) -> None:
    for number in range(cases):
        signed(ines, f"A-{number}")
        boards.carried_out(signed(ines, f"B-{number}"), ines)

    centre = courses.centre()
    with CaptureQueriesContext(connection) as asked:
        actions_page(centre, today=TODAY)

    assert len(asked) == 4
