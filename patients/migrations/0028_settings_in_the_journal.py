"""The limits and the settings of boards, as they stand on this day, become lines of the journal."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations

from patients.records import earlier


def note_settings(apps: Apps, _editor: Any) -> None:
    earlier.begin(apps, ["centrelimit", "boardsetting"])


class Migration(migrations.Migration):
    dependencies = [("patients", "0027_units")]

    operations = [migrations.RunPython(note_settings, migrations.RunPython.noop, elidable=True)]
