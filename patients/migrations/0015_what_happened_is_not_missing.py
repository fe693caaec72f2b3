"""Makes the keys anew that cases are ordered by: what events and treatments answer is no gap."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations


def put_in_order(_apps: Apps, _editor: Any) -> None:
    """By the code as it is, which the next save of each case uses too. A migration that changes
    the table or how keys are made takes this step over, and leaves nothing to do here."""
    from patients.records.ordering import put_all_in_order  # noqa: PLC0415 - needs the models

    put_all_in_order()


class Migration(migrations.Migration):
    dependencies = [("patients", "0014_board")]

    operations = [migrations.RunPython(put_in_order, migrations.RunPython.noop, elidable=True)]
