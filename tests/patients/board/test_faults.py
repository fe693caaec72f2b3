"""Two write one recommendation, a value is corrected while it is signed, a form is sent twice, the
server fails at signing: nothing is lost, and nothing is signed that was not seen."""

import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection

from patients.board import meetings, recommending
from patients.board.recommending import NotSeen
from patients.models import (
    AgendaItem,
    Assessment,
    Case,
    Entry,
    Gate,
    ItemMark,
    Mark,
    Meeting,
    Recommendation,
    RecommendationRevision,
    Role,
    User,
)
from patients.permissions import telling_of_the_course
from patients.records.chain import breaks
from patients.records.saving import Conflict
from tests.conftest import lift_triggers
from tests.patients import boards, courses
from tests.patients.records.test_races import at_once
from tests.patients.records.test_saving import FailsAt, rows

ROUNDS = 5


@pytest.fixture
def ines(transactional_db: None) -> User:
    return courses.person("ines.gil", Role.CLINICIAN)


def item_of(by: User, number: int) -> AgendaItem:
    """A case with a SUVmax of day +28, on the agenda of the one meeting."""
    day_28 = courses.visit("day_28", date(2024, 4, 3), response="PR", suvmax="12")
    case = courses.case(by, *courses.visit(), *day_28, case_id=f"A-{number}")
    return boards.item(case, by)


def chair_of(item: AgendaItem) -> User:
    found = User.objects.filter(username="clara.chair").first()
    return found or boards.chair(at=item.case)


def signing(item: AgendaItem, chair: User) -> Callable[[], Entry]:
    """To sign what is on screen now, later."""
    row = boards.revision(item)
    return partial(recommending.sign, item=item, by=chair, token=uuid.uuid4(), row=row)


def correcting(item: AgendaItem, by: User) -> Callable[[], Entry]:
    """To correct the SUVmax, later."""
    visit = Assessment.objects.get(case=item.case, milestone="day_28")
    row = courses.value(visit, "suvmax", "8.9", 2)
    return partial(courses.record, item.case, by, row, reason="central reading")


def signed_unseen(case: Case) -> list[str]:
    """Each signature of a case before which something was recorded that it does not say it saw."""
    unseen = []
    for row in RecommendationRevision.objects.filter(recommendation__case=case):
        told = telling_of_the_course().filter(case=case, sequence__lt=row.entry.sequence)
        if row.stage != "draft" and row.head != told.latest("sequence").sequence:
            unseen.append(str(row))
    return unseen


def test_of_two_first_drafts_at_once_one_is_written_and_the_other_meets_it(ines: User) -> None:
    for number in range(ROUNDS):
        item = item_of(ines, number)
        chair = chair_of(item)
        mine, theirs = (
            partial(
                recommending.draft,
                item=item,
                by=by,
                token=uuid.uuid4(),
                row=boards.revision(item, rationale=by.username),
            )
            for by in (ines, chair)
        )

        given = at_once(mine, theirs)

        (lost,) = [one for one in given if isinstance(one, Conflict)]
        written = RecommendationRevision.objects.get(recommendation__item=item)
        (clash,) = lost.clashes
        assert clash.current == written
        assert isinstance(clash.mine, RecommendationRevision)
        assert {clash.mine.rationale, written.rationale} == {"ines.gil", "clara.chair"}
        assert breaks(item.case) == []


def test_signed_while_a_value_is_corrected_it_is_signed_as_seen_or_not_at_all(ines: User) -> None:
    refused = 0
    for number in range(ROUNDS):
        item = item_of(ines, number)

        signed, corrected = at_once(signing(item, chair_of(item)), correcting(item, ines))

        assert isinstance(corrected, Entry)
        assert isinstance(signed, Entry | NotSeen)
        refused += isinstance(signed, NotSeen)
        assert signed_unseen(item.case) == []
        assert breaks(item.case) == []
    stages = RecommendationRevision.objects.filter(stage="final").count()
    assert stages == ROUNDS - refused


def test_a_value_that_comes_first_is_seen_before_it_is_signed(ines: User) -> None:
    item = item_of(ines, 1)
    sign = signing(item, chair_of(item))
    correcting(item, ines)()

    with pytest.raises(NotSeen):
        sign()

    assert RecommendationRevision.objects.count() == 0


def test_without_check_and_guard_it_would_be_signed_unseen(
    ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the two tests above."""
    item = item_of(ines, 1)
    sign = signing(item, chair_of(item))
    correcting(item, ines)()
    lift_triggers()

    def look_away(_case: Case, *, item: AgendaItem, row: RecommendationRevision) -> None:
        row.seen = "{}"

    monkeypatch.setattr(recommending, "_hold", look_away)
    sign()

    assert len(signed_unseen(item.case)) == 1


def test_without_the_check_alone_the_database_refuses_it(
    ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = item_of(ines, 1)
    sign = signing(item, chair_of(item))
    correcting(item, ines)()

    def look_away(_case: Case, *, item: AgendaItem, row: RecommendationRevision) -> None:
        row.seen = "{}"

    monkeypatch.setattr(recommending, "_hold", look_away)

    with pytest.raises(DatabaseError, match="Something was recorded since this was seen"):
        sign()


def test_sent_twice_at_once_it_is_signed_once(ines: User) -> None:
    for number in range(ROUNDS):
        item = item_of(ines, number)
        chair, token = chair_of(item), uuid.uuid4()
        twice = [
            partial(recommending.sign, item=item, by=chair, token=token, row=boards.revision(item))
            for _time in (1, 2)
        ]

        first, second = at_once(*twice)

        assert first == second
        assert RecommendationRevision.objects.filter(recommendation__item=item).count() == 1


def test_whichever_statement_of_signing_fails_nothing_is_half_signed(ines: User) -> None:
    item = item_of(ines, 1)
    chair = chair_of(item)
    before, failing = rows(), 0

    while True:
        failing += 1
        failure = FailsAt(failing)
        sign = signing(item, chair)
        with connection.execute_wrapper(failure):
            try:
                sign()
            except DatabaseError:
                assert rows() == before, failing
        if failure.left > 0:
            break
    assert failing > 10
    assert RecommendationRevision.objects.get().stage == "final"
    assert breaks(item.case) == []


def test_an_agenda_that_two_change_at_once_loses_no_item_and_doubles_none(ines: User) -> None:
    for number in range(3):
        item_of(ines, number)
    meeting = Meeting.objects.get()
    added = courses.case(ines, case_id="A-9")
    keys = list(meeting.items.order_by("position").values_list("pk", flat=True))
    put = partial(meetings.add, meeting, added, ines, gate=Gate.DAY_28, question="What of A-9?")

    given: list[Any] = at_once(
        partial(meetings.put_in_order, meeting, keys[::-1], ines),
        partial(meetings.move, meeting, keys[0], ines, up=False),
        put,
        put,
    )

    refused = [type(one) for one in given if isinstance(one, Exception)]
    assert refused == [meetings.Listed]
    items = list(meeting.items.order_by("position"))
    assert [item.position for item in items] == [1, 2, 3, 4]
    assert sorted(item.case.case_id for item in items) == ["A-0", "A-1", "A-2", "A-9"]


def test_closed_while_somebody_marks_it_is_marked_before_or_not_at_all(ines: User) -> None:
    for number in range(ROUNDS):
        case = courses.case(ines, case_id=f"A-{number}")
        item = boards.item(case, ines, number=number + 1)
        mark = partial(meetings.mark, item.meeting, item.pk, ines, said=Mark.NO_ACTION)

        marked, closed = at_once(mark, partial(meetings.close, item.meeting, ines))

        assert closed is None
        assert isinstance(marked, meetings.Closed | None)
        assert ItemMark.objects.filter(item=item).exists() is (marked is None)


def test_two_recommendations_of_one_item_are_one(ines: User) -> None:
    item = item_of(ines, 1)

    at_once(partial(boards.drafted, item, ines), partial(boards.drafted, item, chair_of(item)))

    assert Recommendation.objects.filter(item=item).count() == 1
