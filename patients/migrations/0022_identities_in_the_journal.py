"""Who each patient is on this day becomes a line of the journal."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations

from patients.records import earlier


def note_identities(apps: Apps, _editor: Any) -> None:
    earlier.begin(apps, ["patient"])


class Migration(migrations.Migration):
    dependencies = [("patients", "0021_former_identities")]

    operations = [migrations.RunPython(note_identities, migrations.RunPython.noop, elidable=True)]
