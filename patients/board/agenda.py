"""Which cases a meeting is proposed to discuss: what has become so since the last of its kind."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Q
from django.utils.timezone import make_aware
from msgspec import Struct

from patients.board.actions_page import outstanding
from patients.board.rules import OVERDUE, PET_BY, RULES, AgendaRule
from patients.models import Case, Entry, Meeting, MeetingKind, OrderKey
from patients.permissions import cases_at, telling_of_the_course
from patients.records.many import ManyCases

MOST_PROPOSED = 200
"""Candidates that are read: a centre has fewer between two meetings."""


class Proposal(Struct, frozen=True):
    """A case that rules bring, the leading rule first."""

    case: Case
    rules: tuple[AgendaRule, ...]


class Since(Struct, frozen=True):
    """What was known when a board of this kind met last; nothing where it never has."""

    day: date | None
    moment: datetime | None


def since(meeting: Meeting) -> Since:
    """The last meeting of this kind before this one, by its day."""
    last = (
        Meeting.objects.filter(
            centre=meeting.centre, kind=meeting.kind, held_on__lt=meeting.held_on
        )
        .order_by("-held_on")
        .values_list("held_on", flat=True)
        .first()
    )
    return Since(last, make_aware(datetime.combine(last, time.max)) if last else None)


def proposals(meeting: Meeting, *, today: date) -> list[Proposal]:
    """The cases that are not on the agenda yet and that a rule brings, in the order of the rules
    and then of their pseudonyms; in as many queries however many cases there are."""
    last = since(meeting)
    candidates = _candidates(meeting, last, today)
    known = ManyCases({case.pk: case.case_id for case in candidates})
    heads = _heads(candidates, last)
    overdue = set(_overdue(meeting, today)) if meeting.kind == OVERDUE.kind else set()
    found = []
    for case in candidates:
        then, now = heads[case.pk]
        told = known.up_to(case.pk, now)
        if told is None or told.died_on is not None:
            continue
        before = known.up_to(case.pk, then) if then else None
        rules = [
            rule
            for rule in RULES
            if rule.kind == meeting.kind
            and rule.holds(told.as_of(today), today)
            and not (before and last.day and rule.holds(before.as_of(last.day), last.day))
        ]
        rules += [OVERDUE] * (case.pk in overdue)
        if rules:
            found.append(Proposal(case, tuple(rules)))
    order = [*RULES, OVERDUE]
    return sorted(found, key=lambda each: (order.index(each.rules[0]), each.case.case_id))


def _candidates(meeting: Meeting, last: Since, today: date) -> list[Case]:
    """Cases of the centre with an entry since, of which a PET has become late, or with a
    recommendation whose day has passed."""
    told = Q()
    if last.moment is not None:
        entries = telling_of_the_course().filter(recorded_at__gt=last.moment)
        told = Q(pk__in=entries.values("case"))
    if last.day is not None and meeting.kind == MeetingKind.FOLLOW_UP:
        days = (last.day - timedelta(PET_BY), today - timedelta(PET_BY))
        late = OrderKey.objects.filter(infusion__gte=days[0], infusion__lt=days[1])
        told |= Q(pk__in=late.values("case")) | Q(pk__in=_overdue(meeting, today))
    cases = cases_at(meeting.centre).filter(told).exclude(agenda_items__meeting=meeting)
    return list(cases.order_by("-pk")[:MOST_PROPOSED])


def _overdue(meeting: Meeting, today: date) -> Sequence[int]:
    rows = outstanding(meeting.centre).filter(due_on__lt=today)
    return list(rows.values_list("recommendation__case", flat=True))


def _heads(cases: Sequence[Case], last: Since) -> Mapping[int, tuple[int | None, int]]:
    """The last entry of each case, by its key, as of the last meeting and of now."""
    told = Entry.objects.filter(case__in=cases).order_by()
    now = dict(told.values_list("case").annotate(Max("pk")))
    then: dict[int, int] = {}
    if last.moment is not None:
        earlier = told.filter(recorded_at__lte=last.moment)
        then = dict(earlier.values_list("case").annotate(Max("pk")))
    return {case.pk: (then.get(case.pk), now[case.pk]) for case in cases}
