"""Which cases a meeting is proposed: what no board has settled, in how many queries."""

from datetime import date, timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patients.board import meetings
from patients.board.agenda import Proposal, Since, proposals, since
from patients.board.rules import RULES
from patients.models import Assessment, Case, Mark, Meeting, Revision, Role, User
from tests.patients import boards, courses

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
BY_RULE = {rule.code: rule for rule in RULES}


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
        (each.case.case_id, [reason.code for reason in each.reasons])
        for each in proposals(of, today=TODAY).shown
    ]


def earlier(days: int) -> "mock._patch[mock.MagicMock]":
    """Recorded so many days ago."""
    return mock.patch.object(timezone, "now", return_value=timezone.now() - timedelta(days))


def read_again(case: Case, by: User, deauville: str, revision: int) -> None:
    visit = Assessment.objects.get(case=case, milestone="day_28")
    row = courses.value(visit, "deauville", deauville, revision)
    courses.record(case, by, row, reason="read again")


def test_the_first_meeting_is_proposed_all_that_rules_find(ines: User) -> None:
    with_pet(ines, "A-1", "4")
    with_pet(ines, "A-2", "3")

    assert found(meeting(ines, TODAY, 1)) == [("A-1", ["deauville"])]


@pytest.mark.parametrize("kind", ["follow_up", "eligibility"])
def test_a_meeting_that_did_not_settle_a_case_does_not_lose_it(ines: User, kind: str) -> None:
    """Closed without the case, of whatever kind; or never held, before today or after."""
    with earlier(5):
        with_pet(ines, "A-1", "4")
    meetings.close(meeting(ines, TODAY - timedelta(2), 1, kind), ines)
    meeting(ines, TODAY - timedelta(1), 2, kind)
    meeting(ines, TODAY + timedelta(1), 3, kind)

    assert found(meeting(ines, TODAY + timedelta(2), 4)) == [("A-1", ["deauville"])]


def test_what_a_chair_signed_is_settled_until_there_is_another_reason(ines: User) -> None:
    case = with_pet(ines, "A-1", "4")
    boards.signed(boards.item(case, ines), boards.chair(at=case), due_on=TODAY)
    coming = meeting(ines, TODAY + timedelta(7), 2)
    courses.record(case, ines, courses.event("infection"))

    settled = found(coming)
    visit = Assessment.objects.get(case=case, milestone="day_28")
    courses.record(case, ines, courses.value(visit, "response", "PD"))

    assert (settled, found(coming)) == ([], [("A-1", ["progression_after"])])


def test_what_another_visit_shows_again_is_another_reason_and_a_corrected_one_is_not(
    ines: User,
) -> None:
    hot = {"response": "PR", "suvmax": "12", "ctdna": "detectable"}
    day_28 = courses.visit("day_28", date(2024, 4, 3), **hot)
    case = courses.case(ines, *courses.visit(), *day_28, case_id="A-1")
    boards.signed(boards.item(case, ines), boards.chair(at=case), due_on=TODAY)
    coming = meeting(ines, TODAY + timedelta(7), 2)
    visit = Assessment.objects.get(case=case, milestone="day_28")
    corrected = courses.value(visit, "suvmax", "13", 2)
    courses.record(case, ines, corrected, reason="read again")

    settled = found(coming)
    courses.record(case, ines, *courses.visit("day_90", date(2024, 6, 4), **hot))

    assert (settled, found(coming)) == ([], [("A-1", ["suvmax", "ctdna"])])


def test_another_visit_is_a_reason_where_that_which_was_settled_ceased(ines: User) -> None:
    first = courses.visit("interim", date(2024, 3, 20), response="PD")
    case = courses.case(ines, *courses.visit(), *first, case_id="A-1")
    boards.signed(boards.item(case, ines), boards.chair(at=case), due_on=TODAY)
    interim = Assessment.objects.get(case=case, milestone="interim")

    corrected = courses.value(interim, "response", "SD", 2)
    courses.record(case, ines, corrected, reason="read again")
    courses.record(case, ines, *courses.visit("interim", date(2024, 4, 20), response="PD"))

    assert found(meeting(ines, TODAY, 2)) == [("A-1", ["progression_after"])]


def test_a_reason_that_ceased_and_came_again_since_it_was_settled_is_new(ines: User) -> None:
    case = with_pet(ines, "A-1", "4")
    read_again(case, ines, "2", 2)
    boards.signed(boards.item(case, ines), boards.chair(at=case), due_on=TODAY)

    read_again(case, ines, "4", 3)

    assert found(meeting(ines, TODAY, 2)) == [("A-1", ["deauville"])]


def test_no_action_settles_at_its_moment_once_the_meeting_is_closed(ines: User) -> None:
    """What is recorded later on the day of the meeting is new."""
    settled, later = with_pet(ines, "A-1", "4"), with_pet(ines, "A-2", "3")
    held = meeting(ines, TODAY, 1)
    for case in (settled, later):
        meetings.mark(held, boards.item(case, ines).pk, ines, said=Mark.NO_ACTION)
    read_again(later, ines, "5", 2)
    coming = meeting(ines, TODAY + timedelta(7), 2)

    on_its_agenda = found(coming)
    meetings.close(held, ines)

    assert (on_its_agenda, found(coming)) == ([], [("A-2", ["deauville"])])


def test_no_action_of_a_meeting_that_was_not_closed_settles_nothing(ines: User) -> None:
    case = with_pet(ines, "A-1", "4")
    never_closed = meeting(ines, TODAY - timedelta(1), 1)
    meetings.mark(never_closed, boards.item(case, ines).pk, ines, said=Mark.NO_ACTION)

    assert found(meeting(ines, TODAY, 2)) == [("A-1", ["deauville", "not_settled"])]


def test_no_action_that_was_taken_back_settles_nothing(ines: User) -> None:
    case = with_pet(ines, "A-1", "4")
    held, item = meeting(ines, TODAY, 1), boards.item(case, ines)
    meetings.mark(held, item.pk, ines, said=Mark.NO_ACTION)
    meetings.mark(held, item.pk, ines, said=Mark.DISCUSS)
    meetings.close(held, ines)

    assert found(meeting(ines, TODAY, 2)) == [("A-1", ["deauville", "not_settled"])]


def test_a_case_added_by_hand_and_not_settled_comes_again_with_its_question(ines: User) -> None:
    by_hand, risen = with_pet(ines, "A-1", "2"), with_pet(ines, "A-2", "2")
    held = meeting(ines, TODAY, 1)
    boards.item(by_hand, ines, question="Is dental care needed?", gate="day_90")
    boards.item(risen, ines, question="Read again?", rules="no_pet")
    meetings.close(held, ines)
    read_again(risen, ines, "4", 2)

    again = proposals(meeting(ines, TODAY, 2), today=TODAY).shown

    assert [(each.case.case_id, each.gate, each.question) for each in again] == [
        ("A-2", "day_28", BY_RULE["deauville"].question),
        ("A-1", "day_90", "Is dental care needed?"),
    ]


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_meeting_that_was_cancelled_carries_nothing_over(ines: User, days: int) -> None:
    brought, by_hand = with_pet(ines, "A-1", "4"), with_pet(ines, "A-2", "2")
    cancelled = meeting(ines, TODAY + timedelta(days), 1)
    for case in (brought, by_hand):
        boards.item(case, ines)

    meetings.cancel(cancelled, ines)

    assert found(meeting(ines, TODAY + timedelta(7), 2)) == [("A-1", ["deauville"])]


def test_what_was_not_settled_before_a_cancelled_meeting_is_still_carried_over(ines: User) -> None:
    case = with_pet(ines, "A-1", "2")
    held = meeting(ines, TODAY, 1)
    boards.item(case, ines, question="Is dental care needed?")
    meetings.close(held, ines)
    cancelled = meeting(ines, TODAY + timedelta(1), 2)
    boards.item(case, ines, number=2)

    meetings.cancel(cancelled, ines)

    again = proposals(meeting(ines, TODAY + timedelta(7), 3), today=TODAY).shown
    assert [each.question for each in again] == ["Is dental care needed?"]


def test_a_case_on_the_agenda_of_a_meeting_in_between_waits_for_it(ines: User) -> None:
    case = with_pet(ines, "A-1", "4")
    between = meeting(ines, TODAY + timedelta(7), 1)
    boards.item(case, ines)

    days = (TODAY + timedelta(14), TODAY + timedelta(1))
    proposed = [found(meeting(ines, day, 2 + number)) for number, day in enumerate(days)]

    assert (between.number, proposed) == (1, [[], [("A-1", ["deauville"])]])


def test_the_last_meeting_is_one_with_the_case_that_was_closed_by_its_moment(ines: User) -> None:
    case = courses.case(ines)
    other = courses.case(ines, case_id="A-2")
    held = boards.item(case, ines, number=1).meeting
    boards.item(case, ines, number=2)
    without = boards.item(other, ines, number=3).meeting
    coming = boards.item(case, ines, number=4)
    meetings.close(without, ines)

    before = since(coming)
    meetings.close(held, ines)

    held.refresh_from_db()
    assert (before, since(coming)) == (Since(None, None), Since(held.held_on, held.closed_at))


def test_a_pet_that_has_become_late_brings_without_any_entry(ines: User) -> None:
    late, later = (TODAY - timedelta(days) for days in (43, 46))
    with earlier(2):
        for case_id, infusion in (("A-1", late), ("A-2", later)):
            case = courses.case(ines, *courses.visit(on=infusion), case_id=case_id)
            chair = User.objects.filter(username="clara.chair").first() or boards.chair(at=case)
            boards.signed(boards.item(case, ines), chair, due_on=TODAY)

    assert found(meeting(ines, TODAY, 2)) == [("A-1", ["no_pet"])]


def test_a_pet_that_was_withdrawn_is_no_pet(ines: User) -> None:
    case = with_pet(ines, "A-1", "2")
    visit = Assessment.objects.get(case=case, milestone="day_28")
    courses.record(
        case, ines, courses.value(visit, "deauville", "", 2, withdrawn=True), reason="wrong case"
    )
    before = found(meeting(ines, TODAY, 1))
    courses.record(case, ines, courses.value(visit, "suvmax", "3"))

    assert (before, found(Meeting.objects.get())) == ([("A-1", ["no_pet"])], [])


def test_an_overdue_recommendation_brings_its_case(ines: User) -> None:
    with earlier(5):
        case = courses.case(ines, *courses.visit(), *courses.visit("day_28", deauville="2"))
        boards.signed(boards.item(case, ines), boards.chair(at=case), due_on=TODAY - timedelta(1))

    assert found(meeting(ines, TODAY, 2)) == [("A-1", ["overdue"])]


@pytest.mark.parametrize(
    ("kind", "other"), [("eligibility", "follow_up"), ("follow_up", "eligibility")]
)
def test_an_overdue_recommendation_comes_to_the_kind_of_meeting_that_made_it_with_its_gate(
    ines: User, kind: str, other: str
) -> None:
    with earlier(5):
        case = courses.case(ines, *courses.visit(), *courses.visit("day_28", deauville="2"))
        meeting(ines, TODAY - timedelta(2), 1, kind)
        of = boards.item(case, ines)
        due = TODAY - timedelta(1)
        boards.signed(of, boards.chair(at=case), due_on=due, gate="apheresis")

    own, others = (
        proposals(meeting(ines, TODAY, number, of_kind), today=TODAY).shown
        for number, of_kind in ((2, kind), (3, other))
    )

    question = "The day set for it has passed: what has become of it?"
    assert ([(each.gate, each.question) for each in own], others) == ([("apheresis", question)], ())


def test_one_that_was_overdue_when_it_was_signed_brings_its_case_too(ines: User) -> None:
    with earlier(5):
        case = courses.case(ines, *courses.visit(), *courses.visit("day_28", deauville="2"))
        due = TODAY - timedelta(20)
        boards.signed(boards.item(case, ines), boards.chair(at=case), due_on=due)

    assert found(meeting(ines, TODAY, 2)) == [("A-1", ["overdue"])]


def test_nobody_who_died_and_nothing_on_the_agenda_is_proposed(ines: User) -> None:
    died, there = with_pet(ines, "A-1", "4"), with_pet(ines, "A-2", "4")
    courses.record(died, ines, courses.event("death", date(2024, 5, 1), cause="lymphoma"))
    coming = meeting(ines, TODAY, 1)
    boards.item(there, ines)

    assert found(coming) == []


def test_of_more_cases_than_are_proposed_it_is_said_that_there_are_more(ines: User) -> None:
    for number in range(3):
        with_pet(ines, f"A-{number}", "4")
    of = meeting(ines, TODAY, 1)

    with mock.patch("patients.board.agenda.MOST_PROPOSED", 2):
        some = proposals(of, today=TODAY)
    every = proposals(of, today=TODAY)

    assert [(len(each.shown), each.more) for each in (some, every)] == [(2, True), (3, False)]
    assert [each.case.case_id for each in some.shown] == ["A-1", "A-2"]


def test_what_brings_a_case_is_found_whatever_the_rule(ines: User) -> None:
    """The queries that choose what is read leave out nothing that a rule finds."""
    after, before = date(2024, 4, 3), date(2024, 2, 1)
    pr, pd = {"response": "PR"}, {"response": "PD"}
    visits = {
        "relapse": courses.visit("relapse", after, deauville="2"),
        "progression_after": courses.visit("interim", after, **pd),
        "deauville": courses.visit("day_28", after, deauville="5"),
        "suvmax": courses.visit("interim", after, suvmax="10", **pr),
        "ctdna": courses.visit("day_90", date(2024, 6, 4), ctdna="detectable", mtv="2", **pr),
        "no_pet": courses.visit("day_28", after, ldh="200"),
    }
    for code, rows in visits.items():
        courses.case(ines, *courses.visit(), *rows, case_id=code)
    early: dict[str, list[Revision]] = {
        "newly_elected": courses.visit("election", before),
        "apheresed": courses.visit("apheresis", before),
        "out_of_specification": courses.visit("infusion", before, out_of_specification="yes"),
        "lymphodepleted": courses.visit("lymphodepletion", before),
        "progression_before": courses.visit("interim", before, **pd),
        "consented": [courses.event("consent", before)],
    }
    for code, rows in early.items():
        courses.case(ines, *rows, case_id=code)

    led = [
        [each.case.case_id for each in proposals(of, today=TODAY).shown if leads(each)]
        for of in (meeting(ines, TODAY, 1), meeting(ines, TODAY, 2, "eligibility"))
    ]

    assert sorted(case for each in led for case in each) == sorted([*visits, *early])


def leads(proposal: Proposal) -> bool:
    return proposal.case.case_id in {reason.code for reason in proposal.reasons}


@pytest.mark.parametrize("cases", [1, 6])
def test_it_asks_as_much_for_many_cases_as_for_one(ines: User, cases: int) -> None:
    meeting(ines, TODAY - timedelta(2), 1)
    coming = meeting(ines, TODAY, 2)
    for number in range(cases):
        with_pet(ines, f"A-{number}", "4")

    with CaptureQueriesContext(connection) as asked:
        found(coming)

    assert len(asked) == 11
