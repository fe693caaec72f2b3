"""A case can be opened in an emergency, where its centre allows it."""

import django.db.models.deletion
from django.db import migrations, models

KNOWN = "This is not one of the known codes."
KINDS = {
    "looked": "Looked at",
    "exported": "Exported",
    "printed": "Printed",
    "revealed": "Identity shown at a meeting",
    "refused": "Refused: no right to it",
    "emergency": "Opened in an emergency",
}
RULES = {
    "asks_second_factor": "A second factor is asked for",
    "opens_in_emergency": "Cases can be opened in an emergency",
}


class Migration(migrations.Migration):
    dependencies = [("patients", "0024_presenter")]

    operations = [
        migrations.AddField(
            model_name="centre",
            name="opens_in_emergency",
            field=models.BooleanField(default=False),
        ),
        migrations.RemoveConstraint(model_name="access", name="access_kind_known"),
        migrations.AlterField(
            model_name="access",
            name="kind",
            field=models.CharField(choices=list(KINDS.items()), max_length=20),
        ),
        migrations.AddConstraint(
            model_name="access",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", list(KINDS))),
                name="access_kind_known",
                violation_error_message=KNOWN,
            ),
        ),
        migrations.RemoveConstraint(model_name="centrechange", name="centre_rule_known"),
        migrations.AlterField(
            model_name="centrechange",
            name="rule",
            field=models.CharField(choices=list(RULES.items()), max_length=40),
        ),
        migrations.AddConstraint(
            model_name="centrechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("rule__in", list(RULES))),
                name="centre_rule_known",
                violation_error_message=KNOWN,
            ),
        ),
        migrations.CreateModel(
            name="Emergency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("until", models.DateTimeField()),
                (
                    "access",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergency",
                        to="patients.access",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "emergencies",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="emergency_has_a_reason",
                        violation_error_message="Say why this is an emergency.",
                    ),
                ],
            },
        ),
    ]
