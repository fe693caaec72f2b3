"""Which cases a meeting is proposed to discuss: what has become so since a board settled them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from django.db.models import F
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.board.occasions import LOOKED_AT
from patients.board.rules import (
    NOT_SETTLED,
    OVERDUE,
    RULES,
    AgendaRule,
    AskingReason,
    Reason,
)
from patients.board.unsettled import (
    MOST_READ,
    Settlement,
    carried_over,
    elsewhere,
    overdue,
    settlements,
    waiting,
)
from patients.models import AgendaItem, Case, Gate, Meeting
from patients.permissions import cases_at
from patients.records.many import ManyCases
from riskfactors.domain.snapshot import Snapshot

MOST_PROPOSED = 200
"""At once: of more it is said that there are more. So many are read together."""
ORDER = [*RULES, OVERDUE, NOT_SETTLED]


class Proposal(Struct, frozen=True):
    """A case that is brought, the leading reason first, with the question to the board."""

    case: Case
    reasons: tuple[Reason, ...]
    gate: Gate
    question: str


class Told(Struct, frozen=True):
    """A case as it is known now, and as a board knew it that settled it on a day."""

    case: Case
    now: Snapshot
    then: Snapshot | None
    settled_on: date


class Proposals(Struct, frozen=True):
    """The cases that are brought, and whether there are more than these."""

    shown: tuple[Proposal, ...]
    more: bool


class Since(Struct, frozen=True):
    """When a board of this kind had a case on its agenda last; nothing where it never has."""

    day: date | None
    moment: datetime | None


def since(item: AgendaItem) -> Since:
    """The last meeting of this kind with this case that was closed before this one: what counts is
    that moment."""
    meeting = item.meeting
    last = (
        Meeting.objects.filter(
            items__case=item.case_id,
            centre=meeting.centre,
            kind=meeting.kind,
            closed_at__isnull=False,
            held_on__lte=meeting.held_on,
        )
        .exclude(pk=meeting.pk)
        .order_by("-held_on", "-closed_at")
        .values_list("held_on", "closed_at")
        .first()
    )
    return Since(*last) if last else Since(None, None)


def proposals(meeting: Meeting, *, today: date) -> Proposals:
    """The cases that are on no agenda yet and that something brings, in the order of the rules and
    then of their pseudonyms; in as many queries for MOST_PROPOSED cases as for one."""
    settled = settlements(meeting, today)
    carried = carried_over(meeting, settled, today)
    late = overdue(meeting, settled, today)
    keys = list(dict.fromkeys((*carried, *late, *waiting(meeting, settled, today))))
    found: list[Proposal] = []
    for begin in range(0, min(len(keys), MOST_READ), MOST_PROPOSED):
        for told in _told(meeting, keys[begin : begin + MOST_PROPOSED], settled, today):
            gates: dict[AskingReason, Gate] = {
                rule: rule.gate_in(told.now) for rule in _rules(meeting, told, today)
            }
            if told.case.pk in late:
                gates[OVERDUE] = late[told.case.pk]
            before = carried.get(told.case.pk)
            if gates or before:
                found.append(_proposal(told.case, gates, before))
        if len(found) > MOST_PROPOSED:
            break
    shown = sorted(found[:MOST_PROPOSED], key=_place)
    return Proposals(tuple(shown), len(found) > MOST_PROPOSED or len(keys) > MOST_READ)


def _place(proposal: Proposal) -> tuple[int, str]:
    return ORDER.index(proposal.reasons[0]), proposal.case.case_id


def _told(
    meeting: Meeting, keys: Sequence[int], settled: Mapping[int, Settlement], today: date
) -> Iterator[Told]:
    """What is known of some cases; nobody who died and nothing that is on an agenda."""
    cases = cases_at(meeting.centre).filter(~elsewhere(meeting, today), pk__in=keys)
    found = list(cases.annotate(head=F("order_key__entry")))
    known = ManyCases({case.pk: case.case_id for case in found}, LOOKED_AT)
    for case in found:
        now = known.up_to(case.pk, case.head)
        if now is None or now.died_on is not None:
            continue
        last = settled.get(case.pk)
        before = known.up_to(case.pk, last.head) if last else None
        then = before.as_of(last.day) if last and before else None
        yield Told(case, now.as_of(today), then, last.day if last else today)


def _rules(meeting: Meeting, told: Told, today: date) -> Iterator[AgendaRule]:
    """Those that find what they did not when a board settled the case."""
    for rule in RULES:
        if rule.kind == meeting.kind and rule.since(told.now, today, told.then, told.settled_on):
            yield rule


def _proposal(
    case: Case, gates: Mapping[AskingReason, Gate], before: AgendaItem | None
) -> Proposal:
    """By its reasons, each with its gate. Its question is that of the item that was not settled,
    unless there is a reason since."""
    brought = set(before.rules.split()) if before else set()
    asked = before and (not brought or {each.code for each in gates} <= brought)
    every = (*gates, NOT_SETTLED) if before else tuple(gates)
    if before and asked:
        return Proposal(case, every, Gate(before.gate), before.question)
    lead, gate = next(iter(gates.items()))
    return Proposal(case, every, gate, _(lead.question))
