"""The history of a case: each entry with what it wrote, each look and copy, the newest first."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, TypeAlias

from django.db.models import Q, QuerySet
from django.utils import formats
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from patients.frame.written import Change, wrote
from patients.models import (
    AccessKind,
    Action,
    Case,
)

Row: TypeAlias = Mapping[str, Any]
PAGE: Final = 50
ENTRY, ACCESS = 1, 0


class Happened(Struct, frozen=True, kw_only=True):
    """One line of the history."""

    when: str
    who: str
    what: str
    reason: str = ""
    changes: tuple[Change, ...] = ()
    times: int = 1
    since: str = ""


class History(Struct, frozen=True):
    """One page of the history, and where the next begins."""

    lines: tuple[Happened, ...]
    following: str


class Cursor(NamedTuple):
    """The last line of a page, after which the next begins."""

    at: datetime
    kind: int
    pk: int


def read_cursor(text: str) -> Cursor | None:
    """The cursor in an address, None where there is none or it says nothing."""
    at, _first, rest = text.partition("~")
    kind, _second, pk = rest.partition("~")
    try:
        moment = parse_datetime(at)
        if moment is None or moment.tzinfo is None or not (kind.isdecimal() and pk.isdecimal()):
            return None
        return Cursor(moment.astimezone(UTC), int(kind), int(pk[:18]))
    except (ValueError, OverflowError):  # no day, or beyond the first and the last one
        return None


def history(case: Case, after: Cursor | None) -> History:
    """A page of the history, in a number of queries that does not depend on its length."""
    entries = _after(case.entries.all(), "recorded_at", ENTRY, after)
    accesses = _after(case.accesses.all(), "at", ACCESS, after)
    lines: list[tuple[Cursor, Row]] = [
        *((Cursor(r["recorded_at"], ENTRY, r["pk"]), r) for r in entries),
        *((Cursor(r["at"], ACCESS, r["pk"]), r) for r in accesses),
    ]
    lines.sort(key=lambda line: line[0], reverse=True)
    shown = lines[:PAGE]
    written = wrote(case, [row["pk"] for cursor, row in shown if cursor.kind == ENTRY])
    following = ""
    if len(lines) > PAGE:
        last = shown[-1][0]
        following = f"{last.at.isoformat()}~{last.kind}~{last.pk}"
    happened = (
        _entry(row, written.get(row["pk"], ())) if cursor.kind == ENTRY else _access(row)
        for cursor, row in shown
    )
    return History(tuple(_looks_together(happened)), following)


def _looks_together(lines: Iterable[Happened]) -> list[Happened]:
    """Looks of one person with nothing between them are one line: what was written stands out."""
    together: list[Happened] = []
    for line in lines:
        last = together[-1] if together else None
        if last and line.what == str(AccessKind.LOOKED.label) and _same(last, line):
            together[-1] = replace(last, times=last.times + 1, since=line.when)
        else:
            together.append(line)
    return together


def _same(one: Happened, other: Happened) -> bool:
    return (one.who, one.what) == (other.who, other.what)


def _after(rows: QuerySet[Any], moment: str, kind: int, cursor: Cursor | None) -> list[Row]:
    """The rows that follow a cursor, one more than a page holds."""
    if cursor is not None:
        same = Q((moment, cursor.at))
        if kind == cursor.kind:
            same &= Q(pk__lt=cursor.pk)
        elif kind > cursor.kind:
            same = Q(pk__in=())
        rows = rows.filter(Q((f"{moment}__lt", cursor.at)) | same)
    names = (
        ("recorded_at", "recorded_by__username", "action", "reason")
        if kind == ENTRY
        else ("at", "user__username", "account", "kind", "emergency__reason")
    )
    return list(rows.order_by(f"-{moment}", "-pk").values("pk", *names)[: PAGE + 1])


def _moment(at: datetime) -> str:
    return formats.date_format(localtime(at), "j M Y, H:i:s")


def _entry(row: Row, changes: Iterable[Change]) -> Happened:
    return Happened(
        when=_moment(row["recorded_at"]),
        who=row["recorded_by__username"],
        what=str(Action(row["action"]).label),
        reason=row["reason"],
        changes=tuple(changes),
    )


def _access(row: Row) -> Happened:
    who = row["user__username"] or _("account “%s” of the machine") % row["account"]
    return Happened(
        when=_moment(row["at"]),
        who=who,
        what=str(AccessKind(row["kind"]).label),
        reason=row["emergency__reason"] or "",
    )
