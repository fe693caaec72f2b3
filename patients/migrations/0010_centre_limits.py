"""A centre keeps an upper limit of every variable that has one, not of LDH alone."""

from typing import Any

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models


def to_rows(apps: Apps, _editor: Any) -> None:
    Centre: Any = apps.get_model("patients", "Centre")
    CentreLimit: Any = apps.get_model("patients", "CentreLimit")
    for centre in Centre.objects.exclude(ldh_upper_limit=""):
        CentreLimit.objects.create(
            centre=centre, variable="ldh", unit="U/L", value=centre.ldh_upper_limit
        )


def to_columns(apps: Apps, _editor: Any) -> None:
    """The column held a limit in U/L alone: another has no place in it."""
    CentreLimit: Any = apps.get_model("patients", "CentreLimit")
    in_columns = CentreLimit.objects.filter(variable="ldh", unit="U/L")
    for limit in in_columns.select_related("centre"):
        limit.centre.ldh_upper_limit = limit.value
        limit.centre.save(update_fields=["ldh_upper_limit"])


class Migration(migrations.Migration):
    dependencies = [("patients", "0009_search_keys_written_out")]

    operations = [
        migrations.CreateModel(
            name="CentreLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("variable", models.CharField(max_length=80)),
                ("unit", models.CharField(max_length=40)),
                ("value", models.CharField(max_length=20)),
                (
                    "centre",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="limits",
                        to="patients.centre",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("centre", "variable"),
                        name="centre_limit_once",
                        violation_error_message="This centre has a limit of this variable already.",
                    )
                ],
            },
        ),
        migrations.RunPython(to_rows, to_columns),
        migrations.RemoveField(model_name="centre", name="ldh_upper_limit"),
    ]
