"""Looks at lists, and refused looks at cases, are noted."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

UNKNOWN = "This is not one of the known codes."
LISTS = {
    "worklist": "Worklist",
    "search": "Search",
    "completeness": "Completeness",
    "look_alikes": "Who may be the same patient",
}
KINDS = {
    "looked": "Looked at",
    "exported": "Exported",
    "printed": "Printed",
    "revealed": "Identity shown at a meeting",
    "refused": "Refused: no right to it",
}


def key_of(table: str) -> Any:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="list_accesses", to=table
    )


class Migration(migrations.Migration):
    dependencies = [("patients", "0015_what_happened_is_not_missing")]

    operations = [
        migrations.CreateModel(
            name="ListAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("kind", models.CharField(choices=[*LISTS.items()], max_length=20)),
                ("cases", models.JSONField(default=list)),
                ("centre", key_of("patients.centre")),
                ("user", key_of(settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name_plural": "list accesses",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(kind__in=[*LISTS]),
                        name="list_access_kind_known",
                        violation_error_message=UNKNOWN,
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="access", name="access_kind_known"),
        migrations.AlterField(
            model_name="access",
            name="kind",
            field=models.CharField(choices=[*KINDS.items()], max_length=20),
        ),
        migrations.AddConstraint(
            model_name="access",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=[*KINDS]),
                name="access_kind_known",
                violation_error_message=UNKNOWN,
            ),
        ),
    ]
