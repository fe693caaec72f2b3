"""Recommendations are drafted, signed by a chair as they were seen, and from then on amended."""

import uuid
from collections.abc import Sequence
from functools import partial

from django.db.models import Max
from django.utils.timezone import localdate

from patients.board.frozen import frozen
from patients.course.known import Course, Moment, course_of
from patients.models import (
    Action,
    AgendaItem,
    Case,
    Entry,
    OutcomeRevision,
    Recommendation,
    RecommendationRevision,
    Stage,
    User,
)
from patients.permissions import OpenedCase, Right, telling_of_the_course
from patients.records.saving import record
from riskfactors.published import catalogue


class SignedAlready(Exception):
    """What is signed is not drafted anew: it is amended."""


class NotSeen(Exception):
    """Something is there that whoever signs has not seen; nothing is signed.

    `arrived` are the entries since, the oldest first; `republished` whether the evidence is
    another.
    """

    def __init__(self, arrived: Sequence[Entry], *, republished: bool) -> None:
        self.arrived = tuple(arrived)
        self.republished = republished
        super().__init__(f"{len(self.arrived)} entries")


def draft(*, item: AgendaItem, by: User, token: uuid.UUID, row: RecommendationRevision) -> Entry:
    """Write a draft, for whoever prepares the meeting and the chair to go on with.

    Raises what `record` raises, and SignedAlready.
    """
    row.stage = Stage.DRAFT
    return _write(item, by, token, row, Right.PREPARE, Action.DRAFTED)


def sign(*, item: AgendaItem, by: User, token: uuid.UUID, row: RecommendationRevision) -> Entry:
    """Make a recommendation final. `row.head` is the sequence of the last entry that was seen,
    `row.digest` the catalogue it was seen with.

    Raises what `record` raises, NotSeen and SignedAlready.
    """
    row.stage = Stage.FINAL
    return _write(item, by, token, row, Right.SIGN, Action.SIGNED)


def amend(
    *, item: AgendaItem, by: User, token: uuid.UUID, row: RecommendationRevision, reason: str
) -> Entry:
    """Add to what is signed, again as it is seen now; the reason says why.

    Raises what `record` raises, and NotSeen.
    """
    row.stage = Stage.AMENDMENT
    return _write(item, by, token, row, Right.SIGN, Action.AMENDED, reason)


def follow_up(
    *, of: Recommendation, by: User, token: uuid.UUID, row: OutcomeRevision, reason: str = ""
) -> Entry:
    """Say whether a recommendation was carried out. Raises what `record` raises."""
    action = Action.CORRECTED if row.revision > 1 else Action.FOLLOWED_UP
    return record(case=of.case, by=by, token=token, revisions=[row], reason=reason, action=action)


def _write(
    item: AgendaItem,
    by: User,
    token: uuid.UUID,
    row: RecommendationRevision,
    right: Right,
    action: Action,
    reason: str = "",
) -> Entry:
    return record(
        case=item.case,
        by=by,
        token=token,
        revisions=[row],
        reason=reason,
        right=right,
        action=action,
        under_lock=partial(_hold, item=item, row=row),
    )


def _hold(case: Case, *, item: AgendaItem, row: RecommendationRevision) -> None:
    """Once nobody else writes the case: hold what is signed against what is there, and keep it."""
    stages = RecommendationRevision.objects.filter(recommendation__item=item)
    if row.stage != Stage.AMENDMENT and stages.exclude(stage=Stage.DRAFT).exists():
        raise SignedAlready
    if row.stage == Stage.DRAFT:
        row.head, row.digest, row.seen = None, "", ""
        return
    if (found := unseen(case, row.head or 0, row.digest)) is not None:
        raise found
    row.seen = frozen(course_now(case), item.meeting)


def unseen(case: Case, head: int, digest: str) -> NotSeen | None:
    """What is there beyond an entry and a catalogue that were on screen; None where nothing is."""
    told = telling_of_the_course().filter(case=case, sequence__gt=head).order_by("sequence")
    arrived = list(told.select_related("recorded_by"))
    republished = digest != catalogue().digest
    return NotSeen(arrived, republished=republished) if arrived or republished else None


def seen_up_to(opened: OpenedCase) -> int:
    """The sequence of the last entry that a page of a case shows."""
    return int(telling_of_the_course().values_list("sequence", flat=True).get(pk=opened.head))


def course_now(case: Case) -> Course:
    """The course of a case as its last entry and this day leave it."""
    told = telling_of_the_course().filter(case=case).aggregate(head=Max("pk"))
    return course_of(
        Moment(
            public_id=case.public_id,
            head=told["head"],
            digest=catalogue().digest,
            as_of=localdate(),
            case=case,
        )
    )
