"""One save: its statements become one entry of a case, all of them or none."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max

from patients.models import (
    BOARD_ACTIONS,
    Action,
    Assessment,
    AssessmentDate,
    Case,
    Entry,
    Observation,
    Record,
    Revision,
    Slot,
    User,
)
from patients.permissions import Right, locked
from patients.records import chain, clock, journal
from patients.records.ordering import put_in_order
from patients.records.rows import UnreadableRecord
from patients.records.snapshots import (
    CaseRows,
    observed,
    read_together,
    rows_up_to,
    snapshot_up_to,
)
from riskfactors.domain.documents import InvalidDocument, parse_case, write_case
from riskfactors.domain.snapshot import Snapshot
from riskfactors.domain.vocabulary import Phrase, Problem
from riskfactors.published import catalogue

Row = TypeVar("Row", bound=Slot | Revision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A slot that somebody else has written since: what stood there, what each of two wrote."""

    mine: Revision
    seen: Revision | None
    current: Revision | None


class Conflict(Exception):
    """Somebody else has written the same slots first; nothing of this save is recorded."""

    def __init__(self, clashes: Iterable[Clash]) -> None:
        self.clashes = tuple(clashes)
        super().__init__(f"{len(self.clashes)} slots")


class Refused(Exception):
    """With these statements the case would be none that can be read; nothing is recorded."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__([problem.place for problem in self.problems])


class ReasonMissing(ValueError):
    """A correction or a withdrawal says why."""


class TokenReused(Exception):
    """This form has been saved already, with other content: it must be opened anew."""


def record(
    *,
    case: Case,
    by: User,
    token: uuid.UUID,
    revisions: Sequence[Revision],
    reason: str = "",
    right: Right = Right.RECORD,
    action: Action | None = None,
    under_lock: Callable[[Case], None] | None = None,
) -> Entry:
    """Write statements as one entry; the same token again gives the same entry.

    Without an action they are recorded, or corrected where one of them follows another.
    `under_lock` is called while nobody else writes the case, before anything is written: it may
    refuse by raising, or complete a statement by what can be said then alone.

    Each revision is not saved yet, and one higher than the revision its writer saw. What it is
    about may be new too: an assessment, a treatment or an event that is not saved yet.
    Raises Case.DoesNotExist without the right, Conflict, Refused, ReasonMissing, TokenReused.
    """
    if action is None:
        corrects = any(row.revision > 1 for row in revisions)
        action = Action.CORRECTED if corrects else Action.RECORDED
    if action in (Action.CORRECTED, Action.AMENDED) and not reason.strip():
        raise ReasonMissing
    asked = request_of(action, by, reason, [case.pk], revisions)
    with transaction.atomic():
        case = locked(case.pk, by, right)
        if (earlier := saved_with(token, asked)) is not None:
            return earlier
        _refuse_conflicts(case, revisions)
        if under_lock is not None:
            under_lock(case)
        return write(
            case,
            Entry(recorded_by=by, action=action, reason=reason, token=token, request=asked),
            revisions,
        )


def request_of(
    action: Action, by: User, reason: str, about: Sequence[Any], revisions: Sequence[Revision]
) -> str:
    """A digest of what is asked for, taken before anything is numbered."""
    owners = _owners(revisions)
    named = {
        id(owner): [
            owner.pk or place - len(owners),
            chain.content_of(owner) if isinstance(owner, Slot) else {},
        ]
        for place, owner in enumerate(owners)
    }
    statements = [[named[id(row.owner)], chain.content_of(row)] for row in revisions]
    asked = [action, by.pk, reason, about, statements]
    return chain.digest_of(asked, chain.current_key_id())


def saved_with(token: uuid.UUID, asked: str) -> Entry | None:
    """The entry that this form has been saved as. Raises TokenReused."""
    earlier = Entry.objects.filter(token=token).first()
    if earlier is not None and earlier.request != asked:
        raise TokenReused
    return earlier


def write(case: Case, entry: Entry, revisions: Sequence[Revision]) -> Entry:
    """Complete and insert an entry and what it writes, under the case's lock.

    Raises Refused, ClockBehind.
    """
    last = case.entries.order_by("-sequence").first()
    entry.case = case
    entry.sequence = last.sequence + 1 if last else 1
    entry.recorded_at = clock.time_of_next(last.recorded_at if last else None)
    entry.key_id = chain.current_key_id()
    slots = _numbered(case, revisions)
    rows: list[Slot | Revision] = [*slots, *revisions]
    content = map(chain.content_of, rows)
    entry.digest = chain.link(case, entry, content, previous=last.digest if last else "")
    entry.save(force_insert=True)
    for row in rows:
        row.entry = entry
    for model, new in _by_model(slots).items():
        model._default_manager.bulk_create(new)
    for kind, said in _by_model(revisions).items():
        kind._default_manager.bulk_create(said)
    if entry.action not in BOARD_ACTIONS:
        told = rows_up_to(case, entry.pk)
        _refuse_unreadable(case, entry, revisions, told)
        put_in_order(case, entry, told)
    journal.note([entry])
    return entry


def _numbered(case: Case, revisions: Sequence[Revision]) -> list[Slot]:
    """What is new in the case, with the next numbers."""
    new = [owner for owner in _owners(revisions) if isinstance(owner, Slot) and owner.pk is None]
    for model, slots in _by_model(new).items():
        highest = model._default_manager.filter(case=case).aggregate(number=Max("number"))
        for number, slot in enumerate(slots, (highest["number"] or 0) + 1):
            slot.case, slot.number = case, number
    return new


def _refuse_conflicts(case: Case, revisions: Sequence[Revision]) -> None:
    _refuse_strangers(case, revisions)
    _meet_existing(case, revisions)
    clashes = []
    for model, rows in _by_model(revisions).items():
        written = _written(model, rows)
        late = [row for row in rows if row.revision != written.get(row.slot, 0) + 1]
        history = _history(model, late)
        for row in late:
            before = history.get(row.slot, {})
            current = before[max(before)] if before else None
            clashes.append(Clash(mine=row, seen=before.get(row.revision - 1), current=current))
    if clashes:
        raise Conflict(clashes)


def _refuse_strangers(case: Case, revisions: Sequence[Revision]) -> None:
    """What a statement is about belongs to the case, and a new visit has its date."""
    dated = {id(row.assessment) for row in revisions if isinstance(row, AssessmentDate)}
    for owner in _owners(revisions):
        if owner.pk is not None:
            theirs = owner.case_id if isinstance(owner, Slot) else owner.pk
            if theirs != case.pk:
                raise ValueError("a statement about another case")
        elif isinstance(owner, Assessment) and id(owner) not in dated:
            raise ValueError("a new assessment without its date")


def _meet_existing(case: Case, revisions: Sequence[Revision]) -> None:
    """What somebody else has begun first is theirs: statements meet its own."""
    for owner in _owners(revisions):
        if isinstance(owner, Slot) and owner._state.adding and (theirs := owner.begun_in(case)):
            for row in revisions:
                if row.owner is owner:
                    setattr(row, row.SLOT[0], theirs)


def _written(model: type[Revision], rows: Sequence[Revision]) -> dict[tuple[object, ...], int]:
    """The highest revision of each slot of what these rows are about."""
    keys = {owner.pk for owner in _owners(rows)} - {None}
    if not keys:
        return {}
    written: dict[tuple[object, ...], int] = {}
    found = model._default_manager.filter(**{f"{model.SLOT[0]}__in": keys})
    for *slot, revision in found.values_list(*model.SLOT, "revision"):
        written[tuple(slot)] = max(revision, written.get(tuple(slot), 0))
    return written


def _history(
    model: type[Revision], rows: Sequence[Revision]
) -> dict[tuple[object, ...], dict[int, Revision]]:
    """The revisions of the slots that these rows are about, by slot and number."""
    owner, *rest = model.SLOT
    about = {f"{owner}__in": {row.owner.pk for row in rows if row.owner.pk is not None}}
    about |= {f"{name}__in": {getattr(row, name) for row in rows} for name in rest}
    history: dict[tuple[object, ...], dict[int, Revision]] = {}
    if about[f"{owner}__in"]:
        for found in model._default_manager.filter(**about).select_related(owner):
            history.setdefault(found.slot, {})[found.revision] = found
    return history


def _refuse_unreadable(
    case: Case, entry: Entry, revisions: Sequence[Revision], told: CaseRows
) -> None:
    """What is recorded can be exported and read again, by the rules of the case document.

    An observation can break no rule but its own; anything else is read with the whole case.
    """
    observations = [row for row in revisions if isinstance(row, Observation)]
    alone = len(observations) == len(revisions)
    try:
        snapshot = observed(told, observations) if alone else read_together(told).snapshot
    except UnreadableRecord as unreadable:
        raise Refused([unreadable.problem]) from unreadable
    found = _problems(snapshot)
    if found and not alone:
        known = _known_before(case, entry)
        found = [problem for problem in found if problem[1:] not in known]
    if found:
        raise Refused(found)


def _problems(snapshot: Snapshot) -> list[Problem]:
    try:
        parse_case(write_case(snapshot), catalogue().dictionary)
    except InvalidDocument as invalid:
        return list(invalid.problems)
    return []


def _known_before(case: Case, entry: Entry) -> set[tuple[Phrase, str | None]]:
    """What is wrong with the case as it stood: recorded when it was no fault yet, it keeps nobody
    from recording something else, or from correcting it."""
    before = case.entries.filter(sequence__lt=entry.sequence).order_by("-sequence").first()
    if before is None:
        return set()
    return {problem[1:] for problem in _problems(snapshot_up_to(case, before.pk))}


def _owners(revisions: Iterable[Revision]) -> list[Record]:
    """What the statements are about, each once."""
    return list({id(owner): owner for owner in (row.owner for row in revisions)}.values())


def _by_model(rows: Iterable[Row]) -> dict[type[Row], list[Row]]:
    """In the order in which the models come."""
    models: dict[type[Row], list[Row]] = {}
    for row in rows:
        models.setdefault(type(row), []).append(row)
    return models
