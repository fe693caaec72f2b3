"""What was recorded before there was a journal makes its first lines, as it stands on this day.

What a line says is asked of the code that will verify it, now and later.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations

from patients.records import chain, journal

AT_ONCE = 1000
TABLES = (
    *("membership", "revocation", "accountchange", "entry", "access", "listaccess"),
    *("meeting", "agendaitem", "participant", "itemmark"),
)


def begin_journals(apps: Apps, _editor: Any) -> None:
    ends: dict[int | None, tuple[int, str]] = {}
    for table in TABLES:
        rows = apps.get_model("patients", table).objects.order_by("pk")
        *way, _centre = journal.CENTRE_OF[table].split("__")
        if way:
            rows = rows.select_related("__".join(way))
        write_lines(apps, rows, ends)


def write_lines(apps: Apps, rows: Any, ends: dict[int | None, tuple[int, str]]) -> None:
    JournalLine = apps.get_model("patients", "JournalLine")
    lines = []
    for row in rows.iterator(AT_ONCE):
        key_id = chain.current_key_id()
        centre = journal.centre_of(row)
        line = JournalLine(table=journal.table_of(row), row=row.pk, key_id=key_id)
        line.content = journal.content_of(row, key_id)
        journal.follow_on(ends.get(centre), centre, [line])
        ends[centre] = (line.sequence, line.digest)
        lines.append(line)
    JournalLine.objects.bulk_create(lines, batch_size=AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("patients", "0017_journal")]

    operations = [migrations.RunPython(begin_journals, migrations.RunPython.noop, elidable=True)]
