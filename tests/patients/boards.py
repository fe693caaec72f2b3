"""Meetings with a case on their agenda, and recommendations at each stage."""

import uuid
from datetime import date
from typing import Any

from patients.board import recommending
from patients.models import (
    AgendaItem,
    Case,
    ClearanceRevision,
    Entry,
    ItemMark,
    Meeting,
    OutcomeRevision,
    Recommendation,
    RecommendationRevision,
    Role,
    User,
)
from patients.permissions import telling_of_the_course
from patients.records import journal
from riskfactors.published import catalogue
from tests.patients import courses

HELD = date(2024, 4, 10)
COMPLETE = {
    "intent": "cure",
    "options": "observe repeat_pet",
    "option": "repeat_pet",
    "rests_on_none": True,
    "responsible": "Dr Invented",
    "due_on": HELD,
}


def item(case: Case, by: User, *, number: int = 1, **fields: Any) -> AgendaItem:
    """The case on the agenda of a meeting of its centre."""
    meeting, made = Meeting.objects.get_or_create(
        centre=case.centre,
        number=number,
        defaults={
            "kind": "follow_up",
            "held_on": HELD,
            "quorum": 3,
            "minutes": 10,
            "planned_by": by,
        },
    )
    said = {"gate": "day_28", "question": "What follows the PET of day +28?", **fields}
    position = meeting.items.count() + 1
    added = AgendaItem.objects.create(
        meeting=meeting, case=case, position=position, added_by=by, **said
    )
    journal.note([meeting, added] if made else [added])
    return added


def chair(name: str = "clara.chair", *, at: Case) -> User:
    """A chair of the board of a case."""
    return courses.person(name, Role.CHAIR, at=at.centre)


def head(case: Case) -> int:
    """The sequence of the last entry that tells of the course."""
    last = telling_of_the_course().filter(case=case).order_by("-sequence").first()
    assert last is not None
    return last.sequence


def revision(of: AgendaItem, **said: Any) -> RecommendationRevision:
    """A complete statement on an item as it is seen now; the next of its slot."""
    known = Recommendation.objects.filter(item=of).first()
    written = RecommendationRevision.objects.filter(recommendation__item=of).count()
    fields = {"gate": of.gate, "question": of.question, **COMPLETE, **said}
    return RecommendationRevision(
        recommendation=known or Recommendation(case=of.case, item=of),
        revision=written + 1,
        **{"head": head(of.case), "digest": catalogue().digest, **fields},
    )


def drafted(of: AgendaItem, by: User, **said: Any) -> Entry:
    """A draft, written."""
    return recommending.draft(item=of, by=by, token=uuid.uuid4(), row=revision(of, **said))


def signed(of: AgendaItem, by: User, **said: Any) -> Entry:
    """A final recommendation, signed by a chair."""
    return recommending.sign(item=of, by=by, token=uuid.uuid4(), row=revision(of, **said))


def amended(case: Case, by: User, **said: Any) -> Entry:
    """An amendment of the signed recommendation of a case."""
    of = AgendaItem.objects.get(case=case)
    row = revision(of, **said)
    return recommending.amend(item=of, by=by, token=uuid.uuid4(), row=row, reason="seen again")


def carried_out(case: Case, by: User, **said: Any) -> Entry:
    """What came of the recommendation of a case, the next revision."""
    recommendation = Recommendation.objects.get(case=case)
    written = OutcomeRevision.objects.filter(recommendation=recommendation).count()
    row = OutcomeRevision(
        recommendation=recommendation,
        revision=written + 1,
        **{"done": True, "on": HELD, **said},
    )
    reason = "seen again" if written else ""
    return recommending.follow_up(
        of=recommendation, by=by, token=uuid.uuid4(), row=row, reason=reason
    )


def followed_up(case: Case, by: User, *, chairing: str = "clara.chair") -> None:
    """Whatever a board can write about a case: its eligibility, a mark, a signed recommendation,
    and what came of it."""
    eligible = ClearanceRevision(
        case=case, revision=1, kind="eligibility", answer="eligible", on=HELD
    )
    courses.record(case, by, eligible)
    of = item(case, by)
    journal.add(ItemMark(item=of, revision=1, mark="discuss", by=by))
    signed(of, User.objects.filter(username=chairing).first() or chair(chairing, at=case))
    carried_out(case, by)
