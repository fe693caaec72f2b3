"""Two people save at the same moment: exactly one wins, the other is told, nothing is lost."""

import threading
import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connection, models

from patients.models import AssessmentDate, Case, Entry, Observation, Patient, Role, User
from patients.records.chain import breaks
from patients.records.saving import Conflict
from patients.records.slots import known_of, revisions_at
from tests.conftest import lift_triggers
from tests.patients import courses
from tests.patients.courses import infusion, record, value, visit
from tests.patients.desks import Desk

ROUNDS = 5


@pytest.fixture
def people(transactional_db: None) -> tuple[User, User]:
    return courses.person("ana.ruiz", Role.CLINICIAN), courses.person("leo.vidal", Role.CLINICIAN)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gave or raised, each in a thread and a connection of its own."""
    start = threading.Barrier(len(acts))
    given: list[Any] = [None] * len(acts)

    def run(number: int) -> None:
        try:
            start.wait(timeout=20)
            given[number] = acts[number]()
        except Exception as raised:  # noqa: BLE001 - given to the test, which says what it expects
            given[number] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def winners_and_losers(given: list[Any]) -> tuple[list[Entry], list[Conflict]]:
    won = [one for one in given if isinstance(one, Entry)]
    lost = [one for one in given if isinstance(one, Conflict)]
    assert len(won) + len(lost) == len(given), given
    return won, lost


def test_of_two_corrections_at_once_one_wins_and_the_other_sees_it(
    people: tuple[User, User],
) -> None:
    ana, leo = people
    case = courses.case(ana, *visit(ecog="0"))
    at = infusion(case)
    for number in range(ROUNDS):
        revision = number + 2

        won, lost = winners_and_losers(
            at_once(
                lambda: record(case, ana, value(at, "ecog", "1", revision), reason="one"),  # noqa: B023 - called before the next round
                lambda: record(case, leo, value(at, "ecog", "2", revision), reason="two"),  # noqa: B023 - as above
            )
        )

        assert (len(won), len(lost)) == (1, 1)
        (clash,) = lost[0].clashes
        theirs, mine = clash.current, clash.mine
        assert isinstance(theirs, Observation)
        assert isinstance(mine, Observation)
        assert {theirs.value, mine.value} == {"1", "2"}
        assert str(courses.values(case)["ecog"]) == theirs.value
    assert Observation.objects.count() == ROUNDS + 1
    assert breaks(case) == []


def test_of_two_first_values_at_once_one_wins(people: tuple[User, User]) -> None:
    ana, leo = people
    for number in range(ROUNDS):
        case = courses.case(ana, *visit(), case_id=f"A-{number}")
        at = infusion(case)

        won, lost = winners_and_losers(
            at_once(
                lambda: record(case, ana, value(at, "ecog", "1")),  # noqa: B023 - called before the next round
                lambda: record(case, leo, value(at, "ecog", "2")),  # noqa: B023 - as above
            )
        )

        assert (len(won), len(lost), Observation.objects.filter(assessment=at).count()) == (1, 1, 1)


def test_of_two_who_add_the_same_milestone_at_once_one_wins(people: tuple[User, User]) -> None:
    ana, leo = people
    for number in range(ROUNDS):
        case = courses.case(ana, case_id=f"A-{number}")

        won, lost = winners_and_losers(
            at_once(
                lambda: record(case, ana, *visit(ecog="1")),  # noqa: B023 - called before the next round
                lambda: record(case, leo, *visit(ecog="2")),  # noqa: B023 - as above
            )
        )

        assert (len(won), len(lost)) == (1, 1)
        assert [type(clash.mine).__name__ for clash in lost[0].clashes] == [
            "AssessmentDate",
            "Observation",
        ]


def test_two_who_write_different_slots_at_once_both_win(people: tuple[User, User]) -> None:
    ana, leo = people
    case = courses.case(ana, *visit())
    at = infusion(case)

    won, lost = winners_and_losers(
        at_once(
            lambda: record(case, ana, value(at, "ecog", "1"), courses.line("R-CHOP")),
            lambda: record(case, leo, value(at, "crp", "12"), courses.line("R-GDP")),
        )
    )

    assert ({entry.sequence for entry in won}, lost) == ({2, 3}, [])
    assert set(courses.values(case)) == {"ecog", "crp"}
    assert breaks(case) == []


def test_one_form_posted_eight_times_at_once_is_one_entry(people: tuple[User, User]) -> None:
    ana, _ = people
    case = courses.case(ana, *visit())
    at, token = infusion(case), uuid.uuid4()

    given = at_once(*[lambda: record(case, ana, value(at, "ecog", "1"), token=token)] * 8)

    assert {entry.pk for entry in given} == {case.entries.get(sequence=2).pk}


def test_eight_forms_that_say_the_same_at_once_are_eight_entries(
    people: tuple[User, User],
) -> None:
    """The negative control of the test above: without one token for all, each is a save."""
    ana, _ = people
    case = courses.case(ana, *visit())

    given = at_once(*[lambda: record(case, ana, courses.event())] * 8)

    assert {entry.sequence for entry in given} == {*range(2, 10)}


def test_a_case_registered_four_times_at_once_is_one(people: tuple[User, User]) -> None:
    ana, _ = people
    token = uuid.uuid4()

    given = at_once(*[lambda: courses.case(ana, *visit(), token=token)] * 4)

    assert given == [Case.objects.get()] * 4
    assert Patient.objects.count() == 1


def test_a_new_visit_sent_three_times_at_once_is_one_and_every_answer_leads_to_it(
    people: tuple[User, User],
) -> None:
    ana, _ = people
    for number in range(ROUNDS):
        case = courses.case(ana, *visit(), case_id=f"A-{number}")
        desks = [Desk(ana, case) for _ in range(3)]
        form = desks[0].opened("visits/new/day_28/") | {"date": "2024-04-03", "response": "PR"}

        answers = at_once(*(partial(desk.send, "visits/new/day_28/", form) for desk in desks))

        led = [getattr(answer, "headers", {}).get("Location", answer) for answer in answers]
        assert led == [desks[0].address("visits/2/")] * 3
        assert case.entries.count() == 2


def test_what_is_saved_while_a_page_reads_a_case_appears_in_no_part_of_it(
    people: tuple[User, User],
) -> None:
    ana, leo = people
    case = courses.case(ana, *visit(ecog="0"))
    at, head = infusion(case), case.entries.get().pk
    before = known_of(case, head)
    moved = AssessmentDate(assessment=at, revision=2, date=date(2024, 3, 7))

    record(case, leo, *visit("day_28", date(2024, 4, 3), response="PR"))
    record(case, leo, value(at, "ecog", "1", 2), value(at, "crp", "5"), moved, reason="two")

    assert known_of(case, head) == before
    assert revisions_at(at.pk, head) == {"ecog": 1}


# The negative control: what a naive save does with the same two corrections


def test_a_naive_save_of_the_row_loses_what_one_of_two_wrote(people: tuple[User, User]) -> None:
    """Without slots, triggers and the revision that was seen, both are told that it worked."""
    ana, _ = people
    case = courses.case(ana, *visit(ecog="0"))
    lift_triggers()
    read = threading.Barrier(2)

    def naive(typed: str) -> str:
        row = Observation.objects.get(variable="ecog")
        read.wait(timeout=20)
        row.value = typed
        row.save()
        return typed

    given = at_once(lambda: naive("1"), lambda: naive("2"))

    assert given == ["1", "2"]
    kept = list(Observation.objects.values_list("value", flat=True))
    assert len(kept) == 1
    assert kept[0] in ("1", "2")
    assert breaks(case) != []


def test_a_naive_next_revision_hides_what_one_of_two_wrote(people: tuple[User, User]) -> None:
    """Numbered by the database instead of by what the writer saw, both win and one is unseen."""
    ana, leo = people
    case = courses.case(ana, *visit(ecog="0"))
    at = infusion(case)
    seen = threading.Barrier(2)

    def naive(by: User, typed: str) -> Entry:
        seen.wait(timeout=20)
        while True:
            highest = Observation.objects.filter(assessment=at).aggregate(
                revision=models.Max("revision")
            )
            try:
                after = highest["revision"] + 1
                return record(case, by, value(at, "ecog", typed, after), reason="naive")
            except Conflict:
                continue

    won, lost = winners_and_losers(at_once(lambda: naive(ana, "1"), lambda: naive(leo, "2")))

    assert (len(won), lost) == (2, [])
    assert len(courses.values(case)) == 1
