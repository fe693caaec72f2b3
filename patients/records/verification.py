"""Is the journal what was written, and does each row say what its last line says?"""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, Model, OuterRef, QuerySet, Subquery

from patients.models import (
    AccountAct,
    AccountChange,
    Centre,
    CentreChange,
    CentreRule,
    JournalLine,
    User,
)
from patients.records import journal
from patients.records.chain import Flaw

AT_ONCE: Final = 1000
M = TypeVar("M", bound=Model)


class Fault(NamedTuple):
    """What is wrong with a line of a journal, or with a row; a stray row has no line."""

    sequence: int | None
    table: str
    row: int
    flaw: Flaw


def faults(centre: Centre | None) -> Iterator[Fault]:
    """What is wrong with one journal; lines cut from its end are missed by a head alone."""
    previous, expected = "", 1
    lines = JournalLine.objects.filter(centre=centre)
    for part in in_parts(lines, by="sequence", at_once=AT_ONCE):
        some = list(part)
        for line in some:
            flaw = _flaw_of(line, previous, expected)
            if flaw is not None:
                yield _fault(line, flaw)
            previous, expected = line.digest, line.sequence + 1
        yield from _unlike([line for line in some if line.table not in journal.CHANGING])
        last = _last([line for line in some if line.table in journal.CHANGING])
        yield from _changed_still(centre, _unlike(last))
    yield from _ruled_otherwise(centre) if centre else _open_otherwise()


def in_parts(rows: QuerySet[M], *, by: str, at_once: int) -> Iterator[QuerySet[M]]:
    """Some rows after the others, in the order of a number that each has: of however many there
    are, no more than some are in memory."""
    rest = rows = rows.order_by(by)
    while numbers := list(rest.values_list(by, flat=True)[:at_once]):
        yield rest.filter(**{f"{by}__lte": numbers[-1]})
        rest = rows.filter(**{f"{by}__gt": numbers[-1]})


def _last(lines: Sequence[JournalLine]) -> list[JournalLine]:
    """Those of some lines that are the last of their row in their journal."""
    ends: set[tuple[object, ...]] = set()
    for table in {line.table for line in lines}:
        rows = [line.row for line in lines if line.table == table]
        told = JournalLine.objects.filter(table=table, row__in=rows)  # by the index of rows alone
        ends.update(told.values_list("table", "row", "centre").annotate(Max("sequence")))
    return [line for line in lines if (line.table, line.row, line.centre_id, line.sequence) in ends]


def strays() -> Iterator[Fault]:
    """Rows that no line of any journal tells of: written past it."""
    for table in journal.CENTRE_OF:
        lines = JournalLine.objects.filter(table=table, row=OuterRef("pk"))
        for part in in_parts(_model(table)._default_manager.all(), by="pk", at_once=AT_ONCE):
            for row in part.filter(~Exists(lines)).values_list("pk", flat=True):
                yield Fault(None, table, row, Flaw.STRAY)


def _flaw_of(line: JournalLine, previous: str, expected: int) -> Flaw | None:
    if line.sequence != expected:
        return Flaw.MISSING
    if line.key_id not in settings.CHAIN_KEYS:
        return Flaw.UNKNOWN_KEY
    same = hmac.compare_digest(line.digest, journal.link(line, previous=previous))
    return None if same else Flaw.CHANGED


def _unlike(lines: Sequence[JournalLine]) -> Iterator[Fault]:
    """The lines whose row is gone or says something else."""
    rows: dict[str, dict[int, Any]] = {}
    for table in {line.table for line in lines} & set(journal.CENTRE_OF):
        keys = [line.row for line in lines if line.table == table]
        rows[table] = _model(table)._default_manager.in_bulk(keys)
    for line in lines:
        flaw = _said_otherwise(line, rows.get(line.table, {}).get(line.row))
        if flaw is not None:
            yield _fault(line, flaw)


def _said_otherwise(line: JournalLine, row: Model | None) -> Flaw | None:
    if line.key_id not in settings.CHAIN_KEYS:
        return None  # the line has said so
    if row is None:
        return Flaw.MISSING if line.content else None
    same = line.content == journal.content_of(row, line.key_id)
    return None if same else Flaw.CHANGED


def _changed_still(centre: Centre | None, suspected: Iterable[Fault]) -> Iterator[Fault]:
    """Of rows that change: asked once more while nobody writes, by the last line then."""
    for _sequence, table, row, _flaw in suspected:
        with transaction.atomic():
            journal.held(centre.pk if centre else None)
            last = JournalLine.objects.filter(table=table, row=row).order_by("-sequence")[:1]
            again = list(_unlike(list(last)))
        yield from again


def _ruled_otherwise(centre: Centre) -> Iterator[Fault]:
    """Rules of a centre that its last change does not say; a new centre has none of them."""
    for rule in CentreRule:
        changes = CentreChange.objects.filter(centre=OuterRef("pk"), rule=rule).order_by("-pk")
        said = Centre.objects.annotate(said=Subquery(changes.values("holds")[:1]))
        holds, last = said.values_list(rule.value, "said").get(pk=centre.pk)  # at one moment
        if holds is not bool(last):
            yield Fault(None, "centre", centre.pk, Flaw.CHANGED)


def _open_otherwise() -> Iterator[Fault]:
    """Accounts that are closed or open, and were last made the other by an administrator."""
    acts = AccountChange.objects.filter(
        user=OuterRef("pk"), act__in=(AccountAct.CLOSED, AccountAct.REOPENED)
    ).order_by("-pk")
    people = User.objects.annotate(last=Subquery(acts.values("act")[:1])).order_by("pk")
    for key, is_open, last in people.values_list("pk", "is_active", "last"):
        if is_open is (last == AccountAct.CLOSED):
            yield Fault(None, "user", key, Flaw.CHANGED)


def _fault(line: JournalLine, flaw: Flaw) -> Fault:
    return Fault(line.sequence, line.table, line.row, flaw)


def _model(table: str) -> type[Model]:
    return apps.get_model("patients", table)
