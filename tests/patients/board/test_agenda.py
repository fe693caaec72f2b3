"""Which cases a meeting is proposed: what has become so since the last, in how many queries."""

from datetime import date, timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patients.board.agenda import proposals
from patients.models import Assessment, Case, Meeting, Role, User
from tests.patients import boards, courses

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def ines(db: None) -> User:
    return courses.person("ines.gil", Role.CLINICIAN)


def meeting(by: User, held_on: date, number: int, kind: str = "follow_up") -> Meeting:
    said = {"quorum": 3, "minutes": 10, "planned_by": by}
    return Meeting.objects.create(
        centre=courses.centre(), number=number, kind=kind, held_on=held_on, **said
    )


def with_pet(by: User, case_id: str, deauville: str) -> Case:
    day_28 = courses.visit("day_28", date(2024, 4, 3), deauville=deauville)
    return courses.case(by, *courses.visit(), *day_28, case_id=case_id)


def found(of: Meeting) -> list[tuple[str, list[str]]]:
    return [
        (each.case.case_id, [rule.code for rule in each.rules])
        for each in proposals(of, today=TODAY)
    ]


def earlier(days: int) -> "mock._patch[mock.MagicMock]":
    """Recorded so many days ago."""
    return mock.patch.object(timezone, "now", return_value=timezone.now() - timedelta(days))


def test_the_first_meeting_is_proposed_all_that_rules_find(ines: User) -> None:
    with_pet(ines, "A-1", "4")
    with_pet(ines, "A-2", "3")

    assert found(meeting(ines, TODAY, 1)) == [("A-1", ["deauville"])]


def test_what_was_so_at_the_last_meeting_is_not_proposed_again(ines: User) -> None:
    with earlier(5):
        old, risen = with_pet(ines, "A-1", "4"), with_pet(ines, "A-2", "3")
    meeting(ines, TODAY - timedelta(2), 1)
    coming = meeting(ines, TODAY, 2)
    courses.record(old, ines, courses.event("infection"))
    visit = Assessment.objects.get(case=risen, milestone="day_28")
    courses.record(risen, ines, courses.value(visit, "deauville", "5", 2), reason="read again")

    assert found(coming) == [("A-2", ["deauville"])]


def test_only_a_meeting_of_the_same_kind_counts_as_the_last(ines: User) -> None:
    with earlier(5):
        with_pet(ines, "A-1", "4")
    meeting(ines, TODAY - timedelta(2), 1, kind="eligibility")

    assert found(meeting(ines, TODAY, 2)) == [("A-1", ["deauville"])]


def test_a_pet_that_has_become_late_brings_without_any_entry(ines: User) -> None:
    with earlier(5):
        courses.case(ines, *courses.visit(on=TODAY - timedelta(43)), case_id="A-1")
    meeting(ines, TODAY - timedelta(3), 1)

    assert found(meeting(ines, TODAY, 2)) == [("A-1", ["no_pet"])]


def test_an_overdue_recommendation_brings_its_case(ines: User) -> None:
    with earlier(5):
        case = courses.case(ines, *courses.visit(), *courses.visit("day_28", deauville="2"))
        boards.signed(boards.item(case, ines), boards.chair(at=case), due_on=TODAY - timedelta(1))
    Meeting.objects.update(held_on=TODAY - timedelta(3))

    assert found(meeting(ines, TODAY, 2)) == [("A-1", ["overdue"])]


def test_nobody_who_died_and_nothing_on_the_agenda_is_proposed(ines: User) -> None:
    died, there = with_pet(ines, "A-1", "4"), with_pet(ines, "A-2", "4")
    courses.record(died, ines, courses.event("death", date(2024, 5, 1), cause="lymphoma"))
    coming = meeting(ines, TODAY, 1)
    boards.item(there, ines)

    assert found(coming) == []


@pytest.mark.parametrize("cases", [1, 6])
def test_it_asks_as_much_for_many_cases_as_for_one(ines: User, cases: int) -> None:
    meeting(ines, TODAY - timedelta(2), 1)
    coming = meeting(ines, TODAY, 2)
    for number in range(cases):
        with_pet(ines, f"A-{number}", "4")

    with CaptureQueriesContext(connection) as asked:
        found(coming)

    assert len(asked) == 11
