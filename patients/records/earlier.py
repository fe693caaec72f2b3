"""Rows that are older than the journal, or than their place in it, make lines of it: in migrations.

What a line says is asked of the code that will verify it, now and later.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.apps.registry import Apps

from patients.records import chain, journal

AT_ONCE: Final = 1000


def begin(apps: Apps, tables: Iterable[str]) -> None:
    """A line for each row of these tables, as it stands now, behind what the journals say."""
    ends: dict[int | None, tuple[int, str] | None] = {}
    for table in tables:
        rows = apps.get_model("patients", table).objects.order_by("pk")
        *way, _centre = journal.CENTRE_OF[table].split("__")
        _write_lines(apps, rows.select_related("__".join(way)) if way else rows, ends)


def _write_lines(apps: Apps, rows: Any, ends: dict[int | None, tuple[int, str] | None]) -> None:
    model = apps.get_model("patients", "JournalLine")
    key_id, lines = chain.current_key_id(), []
    for row in rows.iterator(AT_ONCE):
        centre = journal.centre_of(row)
        if centre not in ends:
            ends[centre] = journal.held(centre)
        line = model(table=journal.table_of(row), row=row.pk, key_id=key_id)
        line.content = journal.content_of(row, key_id)
        journal.follow_on(ends[centre], centre, [line])
        ends[centre] = (line.sequence, line.digest)
        lines.append(line)
    model.objects.bulk_create(lines, batch_size=AT_ONCE)
