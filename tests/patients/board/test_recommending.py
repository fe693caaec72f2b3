"""A recommendation is drafted, signed as it was seen, amended, and never changed."""

import uuid
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from patients.board import recommending
from patients.board.frozen import differences, seen_in
from patients.board.recommending import NotSeen, SignedAlready
from patients.models import (
    AgendaItem,
    Assessment,
    Case,
    Entry,
    Recommendation,
    RecommendationRevision,
    Role,
    User,
)
from patients.records.chain import breaks
from patients.records.saving import Conflict, ReasonMissing
from tests.patients import boards, courses

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines(db: None) -> User:
    return courses.person("ines.gil", Role.CLINICIAN)


@pytest.fixture
def item(ines: User) -> AgendaItem:
    day_28 = courses.visit("day_28", date(2024, 4, 3), response="PR", deauville="4")
    return boards.item(courses.case(ines, *courses.visit(crp="12"), *day_28), ines)


@pytest.fixture
def chair(item: AgendaItem) -> User:
    return boards.chair(at=item.case)


def stages(item: AgendaItem) -> list[str]:
    rows = RecommendationRevision.objects.filter(recommendation__item=item)
    return list(rows.order_by("revision").values_list("stage", flat=True))


def test_it_is_drafted_by_two_signed_and_amended(item: AgendaItem, ines: User, chair: User) -> None:
    boards.drafted(item, ines, rationale="PET first")
    boards.drafted(item, chair, rationale="PET first, then biopsy")
    boards.signed(item, chair)
    row = boards.revision(item, option="biopsy")

    recommending.amend(item=item, by=chair, token=uuid.uuid4(), row=row, reason="PET done")

    assert stages(item) == ["draft", "draft", "final", "amendment"]
    assert breaks(item.case) == []


def test_a_clinician_signs_nothing_and_a_reader_drafts_nothing(
    item: AgendaItem, ines: User
) -> None:
    rita = courses.person("rita.reader", Role.READER)

    with pytest.raises(Case.DoesNotExist):
        boards.signed(item, ines)
    with pytest.raises(Case.DoesNotExist):
        boards.drafted(item, rita)

    assert stages(item) == []


def test_what_is_signed_is_neither_drafted_nor_signed_again(item: AgendaItem, chair: User) -> None:
    boards.signed(item, chair)

    with pytest.raises(SignedAlready):
        boards.drafted(item, chair)
    with pytest.raises(SignedAlready):
        boards.signed(item, chair)

    assert stages(item) == ["final"]


def test_an_amendment_says_why(item: AgendaItem, chair: User) -> None:
    boards.signed(item, chair)
    row = boards.revision(item)

    with pytest.raises(ReasonMissing):
        recommending.amend(item=item, by=chair, token=uuid.uuid4(), row=row, reason=" ")


def test_of_two_drafts_of_one_revision_one_is_written(
    item: AgendaItem, ines: User, chair: User
) -> None:
    late = boards.revision(item, rationale="late")
    boards.drafted(item, ines, rationale="first")

    with pytest.raises(Conflict) as conflict:
        recommending.draft(item=item, by=chair, token=uuid.uuid4(), row=late)

    (clash,) = conflict.value.clashes
    assert isinstance(clash.current, RecommendationRevision)
    assert clash.current.rationale == "first"


def test_the_same_form_twice_is_signed_once(item: AgendaItem, chair: User) -> None:
    token, row = uuid.uuid4(), boards.revision(item)
    first = recommending.sign(item=item, by=chair, token=token, row=row)
    again = boards.revision(item)
    again.revision, again.recommendation = 1, Recommendation(case=item.case, item=item)

    second = recommending.sign(item=item, by=chair, token=token, row=again)

    assert (second.pk, stages(item)) == (first.pk, ["final"])


def test_what_arrived_since_is_shown_before_it_is_signed(
    item: AgendaItem, ines: User, chair: User
) -> None:
    row = boards.revision(item)
    arrived = courses.record(item.case, ines, courses.event("infection"))

    with pytest.raises(NotSeen) as unseen:
        recommending.sign(item=item, by=chair, token=uuid.uuid4(), row=row)

    assert (unseen.value.arrived, unseen.value.republished) == ((arrived,), False)
    assert stages(item) == []


def test_what_a_board_wrote_itself_is_no_news(item: AgendaItem, ines: User, chair: User) -> None:
    row = boards.revision(item)
    boards.drafted(item, ines)
    row.revision, row.recommendation = 2, Recommendation.objects.get(item=item)

    recommending.sign(item=item, by=chair, token=uuid.uuid4(), row=row)

    assert stages(item) == ["draft", "final"]


def test_other_evidence_than_was_seen_is_not_signed(item: AgendaItem, chair: User) -> None:
    with pytest.raises(NotSeen) as unseen:
        boards.signed(item, chair, digest="of another catalogue")

    assert (unseen.value.arrived, unseen.value.republished) == ((), True)


def test_what_was_seen_is_kept_and_a_later_value_makes_the_difference(
    item: AgendaItem, ines: User, chair: User
) -> None:
    boards.signed(item, chair)
    kept = RecommendationRevision.objects.get(recommendation__item=item)
    seen = seen_in(kept.seen)
    same = list(differences(seen, recommending.course_now(item.case)))
    visit = Assessment.objects.get(case=item.case, milestone="day_28")
    courses.record(item.case, ines, courses.value(visit, "suvmax", "12"))

    found = list(differences(seen, recommending.course_now(item.case)))

    assert same == []
    assert [d.name for d in found if d.verdict_changed] == ["day_28:suvmax_ge_10_day_28"]


def refused(row: RecommendationRevision, by: User) -> str:
    """What the database says to a row that no code of ours has looked at."""
    last = Entry.objects.filter(case=row.recommendation.case).latest("sequence")
    entry = Entry.objects.create(
        case=last.case,
        sequence=last.sequence + 1,
        recorded_at=last.recorded_at,
        recorded_by=by,
        action="signed",
        token=uuid.uuid4(),
        request="r",
        key_id="k",
        digest="d",
    )
    row.recommendation.entry = row.entry = entry
    row.recommendation.number = row.recommendation.number or 1
    try:
        with transaction.atomic():
            if row.recommendation._state.adding:
                row.recommendation.save()
            row.recommendation_id = row.recommendation.pk
            row.save(force_insert=True)
    except IntegrityError as error:
        return str(error).splitlines()[0]
    return ""


def test_the_database_itself_refuses_who_may_not_sign(
    item: AgendaItem, ines: User, chair: User
) -> None:
    row = boards.revision(item, stage="final", seen="{}")
    other = boards.revision(item, stage="final", seen="{}")

    assert refused(row, ines) == "Only a chair of the centre's board signs."
    assert refused(other, chair) == ""


def test_the_database_itself_refuses_what_was_not_seen(
    item: AgendaItem, ines: User, chair: User
) -> None:
    row = boards.revision(item, stage="final", seen="{}")
    courses.record(item.case, ines, courses.event("infection"))

    assert refused(row, chair) == "Something was recorded since this was seen."


def test_the_database_itself_keeps_the_order_of_the_stages(item: AgendaItem, chair: User) -> None:
    early = boards.revision(item, stage="amendment", seen="{}")
    said = [refused(early, chair)]
    boards.signed(item, chair)
    said += [
        refused(boards.revision(item, stage=stage, seen="{}"), chair)
        for stage in ("draft", "final")
    ]

    again = "Records are added" if connection.vendor == "sqlite" else "duplicate key value"
    assert [words[: len(again)] for words in said[2:]] == [again]
    assert said[:2] == [
        "Only what is signed can be amended.",
        "What is signed is amended, never drafted anew.",
    ]
