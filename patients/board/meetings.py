"""What is done to a meeting until it is closed: planned, its agenda put in order, closed."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone

from patients.board.agenda import Proposal
from patients.models import (
    AgendaItem,
    BoardSetting,
    Case,
    Centre,
    Gate,
    ItemMark,
    Mark,
    Meeting,
    MeetingKind,
    Participant,
    User,
)
from patients.permissions import Right, cases_at, centres_of
from patients.records import journal

Done = TypeVar("Done")


class Closed(Exception):
    """The meeting is closed or cancelled: nothing of it changes."""


class Begun(Exception):
    """Somebody is there, or something was written of a case: the meeting is not cancelled."""


class NotYet(Exception):
    """The day of the meeting is still to come: it is not closed."""


class Decided(Exception):
    """The case has a recommendation: it stays on the agenda."""


class Listed(Exception):
    """The case is on the agenda already, with a question of its own."""


def setting_of(centre: Centre, kind: str) -> BoardSetting:
    """What a centre asks of a kind of meeting; what it has not set is as usual."""
    found = BoardSetting.objects.filter(centre=centre, kind=kind).first()
    return found or BoardSetting(centre=centre, kind=kind)


def plan(
    centre: Centre,
    *,
    kind: MeetingKind,
    held_on: date,
    by: User,
    starts_at: time | None = None,
    place: str = "",
) -> Meeting:
    """A new meeting, with what the centre asks of its kind today.

    Raises Centre.DoesNotExist without the right.
    """
    with transaction.atomic():
        centre = centres_of(by, Right.PREPARE).select_for_update(no_key=True).get(pk=centre.pk)
        setting = setting_of(centre, kind)
        last = centre.meetings.aggregate(number=Max("number"))["number"] or 0
        meeting = Meeting.objects.create(
            centre=centre,
            number=last + 1,
            kind=kind,
            held_on=held_on,
            starts_at=starts_at,
            place=place,
            quorum=setting.quorum,
            disciplines=setting.disciplines,
            minutes=setting.minutes,
            planned_by=by,
        )
        journal.note([meeting])
        return meeting


def in_turn(meeting: Meeting, by: User, act: Callable[[Meeting], Done]) -> Done:
    """Do something to a meeting while nobody else does.

    Raises Meeting.DoesNotExist without the right, Closed.
    """
    with transaction.atomic():
        open_to = Meeting.objects.filter(centre__in=centres_of(by, Right.PREPARE))
        now = open_to.select_for_update(no_key=True, of=("self",)).get(pk=meeting.pk)
        if not now.open:
            raise Closed
        before = _rows_of(now)
        done = act(now)
        after = _rows_of(now)
        journal.follow(after, gone=[row for row in before if row not in after])
        return done


def _rows_of(meeting: Meeting) -> list[Model]:
    """The meeting with all that belongs to it, as it stands."""
    return [
        Meeting.objects.get(pk=meeting.pk),
        *AgendaItem.objects.filter(meeting=meeting),
        *Participant.objects.filter(meeting=meeting),
        *ItemMark.objects.filter(item__meeting=meeting),
    ]


def change(meeting: Meeting, by: User, **said: Any) -> None:
    """Another day, hour, place or length."""

    def act(now: Meeting) -> None:
        for name, value in said.items():
            setattr(now, name, value)
        now.save(update_fields=list(said))

    in_turn(meeting, by, act)


def add(meeting: Meeting, case: Case, by: User, *, gate: Gate, question: str) -> AgendaItem:
    """Put a case at the end of the agenda by hand.

    Raises Case.DoesNotExist for a case of another centre, Listed.
    """

    def act(now: Meeting) -> AgendaItem:
        theirs = cases_at(now.centre).get(pk=case.pk)
        if now.items.filter(case=theirs).exists():
            raise Listed
        last = now.items.aggregate(last=Max("position"))["last"] or 0
        return AgendaItem.objects.create(
            meeting=now,
            case=theirs,
            position=last + 1,
            gate=gate,
            question=question,
            added_by=by,
        )

    return in_turn(meeting, by, act)


def take_over(meeting: Meeting, found: Iterable[Proposal], by: User) -> None:
    """Put cases that are proposed at the end of the agenda; what is there stays as it is."""

    def act(now: Meeting) -> None:
        there = {item.case_id for item in now.items.all()}
        last = now.items.aggregate(last=Max("position"))["last"] or 0
        new = [each for each in found if each.case.pk not in there]
        AgendaItem.objects.bulk_create(
            AgendaItem(
                meeting=now,
                case=each.case,
                position=position,
                gate=each.gate,
                question=each.question,
                rules=" ".join(reason.code for reason in each.reasons),
                added_by=by,
            )
            for position, each in enumerate(new, last + 1)
        )

    in_turn(meeting, by, act)


def ask(meeting: Meeting, item: int, by: User, *, gate: Gate, question: str) -> None:
    """Put another question to the board. What was recommended keeps its own."""
    in_turn(meeting, by, lambda now: now.items.filter(pk=item).update(gate=gate, question=question))


def remove(meeting: Meeting, item: int, by: User) -> None:
    """Take a case off the agenda. Raises Decided where there is a recommendation or a mark."""

    def act(now: Meeting) -> None:
        found = now.items.filter(pk=item)
        if found.exclude(recommendation=None).exists() or found.exclude(marks=None).exists():
            raise Decided
        found.delete()

    in_turn(meeting, by, act)


def put_in_order(meeting: Meeting, wanted: Sequence[int], by: User) -> None:
    """Items in this order; those that are not named stay behind them, as they stood."""

    def act(now: Meeting) -> None:
        items = list(now.items.order_by("position", "pk"))
        place = {key: number for number, key in enumerate(wanted)}
        items.sort(key=lambda item: place.get(item.pk, len(wanted)))
        for position, item in enumerate(items, 1):
            item.position = position
        AgendaItem.objects.bulk_update(items, ["position"])

    in_turn(meeting, by, act)


def move(meeting: Meeting, item: int, by: User, *, up: bool) -> None:
    """One place up or down."""
    keys = list(meeting.items.order_by("position", "pk").values_list("pk", flat=True))
    if item in keys:
        at = keys.index(item)
        to = max(at - 1, 0) if up else min(at + 1, len(keys) - 1)
        keys.insert(to, keys.pop(at))
        put_in_order(meeting, keys, by)


def mark(meeting: Meeting, item: int, by: User, *, said: Mark, note: str = "") -> None:
    """Say of a case that no action is needed, that it is discussed, or is all the same."""

    def act(now: Meeting) -> None:
        found = now.items.get(pk=item)
        last = found.marks.order_by("-revision").first()
        if last is None or (last.mark, last.note) != (said, note):
            ItemMark.objects.create(
                item=found,
                revision=last.revision + 1 if last else 1,
                mark=said,
                note=note,
                by=by,
            )

    in_turn(meeting, by, act)


def invite(meeting: Meeting, by: User, *, name: str, discipline: str, user: User | None) -> None:
    """Ask somebody to the meeting; whoever is listed already is listed once."""

    def act(now: Meeting) -> None:
        said = {"discipline": discipline, "user": user}
        Participant.objects.update_or_create(meeting=now, name=name, defaults=said)

    in_turn(meeting, by, act)


def attend(meeting: Meeting, by: User, *, present: Iterable[int]) -> None:
    """Who of those asked is there."""

    def act(now: Meeting) -> None:
        here = set(present)
        people = list(now.participants.all())
        for person in people:
            person.present = person.pk in here
        Participant.objects.bulk_update(people, ["present"])

    in_turn(meeting, by, act)


def uninvite(meeting: Meeting, participant: int, by: User) -> None:
    """Take somebody off the list."""
    in_turn(meeting, by, lambda now: now.participants.filter(pk=participant).delete())


def close(meeting: Meeting, by: User) -> None:
    """From now on agenda and participants stay as they are. Raises NotYet before its day."""

    def act(now: Meeting) -> None:
        if now.held_on > timezone.localdate():
            raise NotYet
        now.closed_at, now.closed_by = timezone.now(), by
        now.save(update_fields=["closed_at", "closed_by"])

    in_turn(meeting, by, act)


def begun(meeting: Meeting) -> bool:
    """Whether somebody was there, or something was written of a case."""
    here = meeting.participants.filter(present=True)
    return here.exists() or meeting.items.exclude(recommendation=None).exists()


def cancel(meeting: Meeting, by: User) -> None:
    """It is not held: its cases are free for other meetings. Raises Begun."""

    def act(now: Meeting) -> None:
        if begun(now):
            raise Begun
        now.cancelled_at, now.cancelled_by = timezone.now(), by
        now.save(update_fields=["cancelled_at", "cancelled_by"])

    in_turn(meeting, by, act)
