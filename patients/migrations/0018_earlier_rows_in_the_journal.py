"""What was recorded before there was a journal makes its first lines, as it stands on this day."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations

from patients.records import earlier

TABLES = (
    *("membership", "revocation", "accountchange", "entry", "access", "listaccess"),
    *("meeting", "agendaitem", "participant", "itemmark"),
)


def begin_journals(apps: Apps, _editor: Any) -> None:
    earlier.begin(apps, TABLES)


class Migration(migrations.Migration):
    dependencies = [("patients", "0017_journal")]

    operations = [migrations.RunPython(begin_journals, migrations.RunPython.noop, elidable=True)]
