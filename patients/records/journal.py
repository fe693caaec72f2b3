"""The journal of a centre: one keyed chain of all that is added there, in the order of writing.

Each entry, look, copy, role, account act and board act is a line, written in its own transaction
under the lock of the journal. So what is cut from the end of a case, or a case that is gone, is
missed by lines that go on without it; and the last lines of all journals are the head of the site.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection, models, transaction

from patients.models import JournalLine
from patients.records import chain

CENTRE_OF: Final[Mapping[str, str]] = {
    "patient": "centre",
    "formeridentity": "patient__centre",
    "entry": "case__centre",
    "access": "case__centre",
    "emergency": "access__case__centre",
    "listaccess": "centre",
    "membership": "centre",
    "revocation": "membership__centre",
    "accountchange": "centre",
    "centrechange": "centre",
    "centrelimit": "centre",
    "boardsetting": "centre",
    "meeting": "centre",
    "agendaitem": "meeting__centre",
    "participant": "meeting__centre",
    "itemmark": "item__meeting__centre",
}
"""The tables whose rows are lines, with the way from a row to its centre."""
CHANGING: Final = frozenset(
    {"patient", "formeridentity", "meeting", "agendaitem", "participant"}
    | {"centrelimit", "boardsetting"}
)
"""Those whose rows change, and may go: the last line of a row says what it says."""
NOT_SAID: Final = frozenset({"id", "shown", "presenter"})
"""What stands on a screen at a meeting, and who puts it there, is no act."""
LOCKS: Final = 0x6A6F75726E616C << 8
"""Added to the key of a centre: the name of its lock, apart from others in the database."""
HOLD: Final = "SET CONSTRAINTS ALL IMMEDIATE; SELECT pg_advisory_xact_lock(%s); "
END, END_OF_SITE = (
    f"SELECT sequence, digest FROM patients_journalline WHERE {of} ORDER BY sequence DESC LIMIT 1"  # noqa: S608 - our own words
    for of in ("centre_id = %s", "centre_id IS NULL")
)


def add(*rows: models.Model) -> None:
    """Insert rows that are added and never edited, each with its line."""
    with transaction.atomic(savepoint=False):
        for row in rows:
            row.save(force_insert=True)
        note(rows)


def note(rows: Iterable[models.Model]) -> None:
    """A line for each row as it is saved now."""
    key_id = chain.current_key_id()
    by_centre: dict[int | None, list[JournalLine]] = defaultdict(list)
    for row in rows:
        content = content_of(row, key_id)
        by_centre[centre_of(row)].append(
            JournalLine(table=table_of(row), row=row.pk, content=content, key_id=key_id)
        )
    for centre in sorted(by_centre, key=lambda key: key or 0):
        _append(held(centre), centre, by_centre[centre])


def follow(now: Sequence[models.Model], *, gone: Sequence[models.Model] = ()) -> None:
    """A line for each row of one centre that says something else than its last line, or is gone."""
    if not (rows := [*now, *gone]):
        return
    centre, key_id = centre_of(rows[0]), chain.current_key_id()
    end = held(centre)
    last = _last_lines(rows)
    lines = []
    for row in now:
        line = last.get((table_of(row), row.pk))
        if line is None or content_of(row, line.key_id) != line.content:
            content = content_of(row, key_id)
            lines.append(JournalLine(table=table_of(row), row=row.pk, content=content))
    lines += [JournalLine(table=table_of(row), row=row.pk) for row in gone]
    for line in lines:
        line.key_id = key_id
    _append(end, centre, lines)


def _last_lines(rows: Iterable[models.Model]) -> dict[tuple[str, int], JournalLine]:
    named = models.Q(pk__in=())
    for row in rows:
        named |= models.Q(table=table_of(row), row=row.pk)
    found = JournalLine.objects.filter(named).order_by("sequence")
    return {(line.table, line.row): line for line in found}


def held(centre: int | None) -> tuple[int, str] | None:
    """The last line of a journal, where nobody else adds one until the transaction ends.

    Taken last of all locks. What rows refer to is checked first, so that whoever holds a journal
    waits for no other row. On SQLite whoever writes is alone.
    """
    question, about = (END_OF_SITE, []) if centre is None else (END, [centre])
    with connection.cursor() as cursor:  # in one step: each look at a case waits for it
        if connection.vendor == "sqlite":
            cursor.execute(question, about)
        else:
            cursor.execute(HOLD + question, [LOCKS + (centre or 0), *about])
            while cursor.nextset():
                pass
        return cursor.fetchone()  # type: ignore[no-any-return]  # the two columns


def _append(end: tuple[int, str] | None, centre: int | None, lines: Sequence[JournalLine]) -> None:
    follow_on(end, centre, lines)
    JournalLine.objects.bulk_create(lines)


def follow_on(end: tuple[int, str] | None, centre: int | None, lines: Iterable[Any]) -> None:
    """Number and seal lines behind the end of a journal, given by its sequence and digest."""
    written, previous = end or (0, "")
    for sequence, line in enumerate(lines, written + 1):
        line.centre_id, line.sequence = centre, sequence
        line.digest = previous = link(line, previous=previous)


def link(line: Any, *, previous: str) -> str:
    """The digest of a line behind another."""
    about = [line.centre_id, line.sequence, line.table, line.row, line.content, line.key_id]
    return chain.digest_of([previous, about], line.key_id)


def table_of(row: models.Model) -> str:
    """The name of the table of a row in the journal."""
    return row._meta.model_name or ""


def centre_of(row: Any) -> int | None:
    """The key of the centre whose journal has a row."""
    *way, last = CENTRE_OF[table_of(row)].split("__")
    for name in way:
        row = getattr(row, name)
    key: int | None = getattr(row, f"{last}_id")
    return key


def content_of(row: models.Model, key_id: str) -> str:
    """The keyed digest of what a row says. Empty fields say nothing, as in the chain of a case."""
    said = {}
    for field in row._meta.concrete_fields:
        value = field.to_python(getattr(row, field.attname))
        if field.name not in NOT_SAID and not (value is None or value is False or value == ""):
            said[field.name] = _written(value)
    return chain.digest_of(said, key_id)


def _written(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
