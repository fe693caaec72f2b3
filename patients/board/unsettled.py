"""Which cases wait for a board of a kind: what no board of the centre has settled yet.

A board settles a case when a chair signs a recommendation for it, at that entry, or when it is
marked "no action" at a meeting that was closed, at the moment of the mark. A meeting that is only
planned settles nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate
from msgspec import Struct

from patients.board.actions_page import outstanding
from patients.board.occasions import DEAUVILLE, PARTIAL_OR_STABLE, PET, PET_BY
from patients.models import (
    AgendaItem,
    Assessment,
    Entry,
    Gate,
    ItemMark,
    Mark,
    Meeting,
    MeetingKind,
    Observation,
    RecommendationRevision,
    Stage,
)
from patients.permissions import cases_at
from riskfactors.domain.timepoints import AFTER_INFUSION, Milestone
from riskfactors.domain.vocabulary import Response

MOST_READ: Final = 2000
"""Cases that are looked at, those with the latest entries."""
ORDER_KEY: Final = ("case__order_key__entry", "case__order_key__infusion")


class Settlement(Struct, frozen=True, kw_only=True):
    """When a board settled a case last, the entry that it knew last, and whether something may
    have become so since."""

    at: datetime
    head: int
    stale: bool

    @property
    def day(self) -> date:
        return localdate(self.at)


def settlements(meeting: Meeting, today: date) -> Mapping[int, Settlement]:
    """By the key of each case: when a board of this centre and kind settled it last."""
    found: dict[int, Settlement] = {}
    late_by = today - timedelta(PET_BY)
    for case, at, head, last, infusion in (*_signed(meeting), *_marked(meeting, today)):
        late = infusion is not None and localdate(at) - timedelta(PET_BY) <= infusion < late_by
        settled = Settlement(at=at, head=head, stale=late or last > head)
        if case not in found or (found[case].head, found[case].at) < (head, at):
            found[case] = settled
    return found


def _signed(meeting: Meeting) -> QuerySet[Any, tuple[Any, ...]]:
    rows = RecommendationRevision.objects.exclude(stage=Stage.DRAFT).filter(
        recommendation__item__meeting__centre=meeting.centre,
        recommendation__item__meeting__kind=meeting.kind,
    )
    order_key = (f"recommendation__{name}" for name in ORDER_KEY)
    return rows.values_list("recommendation__case", "entry__recorded_at", "entry", *order_key)


def _marked(meeting: Meeting, today: date) -> QuerySet[Any, tuple[Any, ...]]:
    """The head is the last entry at the moment of the mark."""
    known = Entry.objects.filter(case=OuterRef("item__case"), recorded_at__lte=OuterRef("at"))
    return (
        ItemMark.objects.filter(
            ~_said_later(),
            mark=Mark.NO_ACTION,
            item__meeting__centre=meeting.centre,
            item__meeting__kind=meeting.kind,
            item__meeting__closed_at__isnull=False,
            item__meeting__held_on__lte=today,
        )
        .annotate(head=Subquery(known.order_by("-sequence").values("pk")[:1]))
        .values_list("item__case", "at", "head", *(f"item__{name}" for name in ORDER_KEY))
    )


def _said_later() -> Exists:
    """Of a mark: whether another took its place."""
    later = ItemMark.objects.filter(item=OuterRef("item"), revision__gt=OuterRef("revision"))
    return Exists(later)


def carried_over(
    meeting: Meeting, settled: Mapping[int, Settlement], today: date
) -> Mapping[int, AgendaItem]:
    """By case: its item on the agenda of a meeting that is over and did not settle it. Cancelled
    it was none."""
    signed = RecommendationRevision.objects.exclude(stage=Stage.DRAFT)
    items = (
        AgendaItem.objects.filter(
            Q(meeting__closed_at__isnull=False) | Q(meeting__held_on__lt=today),
            meeting__cancelled_at=None,
            meeting__centre=meeting.centre,
            meeting__kind=meeting.kind,
        )
        .exclude(pk__in=signed.values("recommendation__item"))
        .exclude(meeting=meeting)
        .order_by("pk")
    )
    return {
        item.case_id: item
        for item in items
        if item.case_id not in settled or settled[item.case_id].at < item.added_at
    }


def overdue(meeting: Meeting, settled: Mapping[int, Settlement], today: date) -> Mapping[int, Gate]:
    """Cases with a recommendation of this kind of meeting whose day has passed, which no board
    settled since then other than by signing it: each with its gate, of several that due first."""
    rows = outstanding(meeting.centre).filter(
        due_on__lt=today, recommendation__item__meeting__kind=meeting.kind
    )
    found: dict[int, Gate] = {}
    for case, gate, due_on, signed in rows.order_by("due_on", "pk").values_list(
        "recommendation__case", "gate", "due_on", "entry__recorded_at"
    ):
        if case not in settled or settled[case].day <= due_on or settled[case].at <= signed:
            found.setdefault(case, Gate(gate))
    return found


def waiting(meeting: Meeting, settled: Mapping[int, Settlement], today: date) -> Sequence[int]:
    """Cases of which a rule may hold, those with the latest entries first: those settled before of
    which something has been recorded since, and those never settled, at most MOST_READ."""
    of_kind = _for_follow_up(today) if meeting.kind == MeetingKind.FOLLOW_UP else _not_infused()
    cases = cases_at(meeting.centre).filter(
        of_kind, order_key__centre=meeting.centre, order_key__died_on=None
    )
    latest = cases.order_by("-order_key__entry").values_list("pk", flat=True)
    stale = [case for case, each in settled.items() if each.stale]
    never = [case for case in latest[: MOST_READ + 1 + len(settled)] if case not in settled]
    return [*sorted(stale, key=lambda case: settled[case].at, reverse=True), *never]


def elsewhere(meeting: Meeting, today: date) -> Exists:
    """Of a case: whether it is on the agenda of this meeting, or of another of this kind that is
    still to come and before this one."""
    before = Q(
        meeting__centre=meeting.centre,
        meeting__kind=meeting.kind,
        meeting__closed_at__isnull=True,
        meeting__cancelled_at__isnull=True,
        meeting__held_on__range=(today, meeting.held_on),
    )
    items = AgendaItem.objects.filter(case=OuterRef("pk"))
    return Exists(items.filter(Q(meeting=meeting) | before))


def _not_infused() -> Q:
    return Q(order_key__infusion=None) | Q(_said(variable="out_of_specification", value="yes"))


def _for_follow_up(today: date) -> Q:
    """What each rule of the follow-up needs at least; the rules themselves say the rest."""
    after = {"assessment__milestone__in": [*AFTER_INFUSION, Milestone.INTERIM, Milestone.RELAPSE]}
    day_28 = {"assessment__milestone": Milestone.DAY_28}
    relapse = Assessment.objects.filter(case=OuterRef("pk"), milestone=Milestone.RELAPSE)
    seen = _said(variable__in=PET, assessment__milestone__in=AFTER_INFUSION)
    taken_back = _said(Q(value="") | Q(assessment__assessmentdate__date=None), variable__in=PET)
    late = Q(order_key__infusion__lt=today - timedelta(PET_BY)) & (Q(~seen) | Q(taken_back))
    measured = Q(_said(variable="ctdna", value="detectable", **after))
    measured |= Q(_said(variable="suvmax", value__regex=r"^\d\d", **after))
    incomplete = _said(variable="response", value__in=PARTIAL_OR_STABLE, **after)
    return (
        late
        | Q(Exists(relapse))
        | Q(_said(variable="response", value=Response.PD, **after))
        | Q(_said(variable="deauville", value__in=DEAUVILLE, **day_28))
        | (measured & Q(incomplete))
    )


def _said(*wanted: Q, **values: Any) -> Exists:
    """Of a case: whether an observation says this, now or before."""
    return Exists(Observation.objects.filter(*wanted, assessment__case=OuterRef("pk"), **values))
