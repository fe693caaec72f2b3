"""A centre may ask for a second factor; what people do with theirs is on record."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

OWN_ACTS = ["chosen", "factor_added", "factor_removed", "codes_made"]
ACTS = {
    "made": "Account made",
    "reset": "Password reset",
    "chosen": "Own password chosen",
    "closed": "Account closed",
    "reopened": "Account opened again",
    "factor_added": "Second factor set up",
    "factor_removed": "Second factor removed",
    "factor_reset": "Second factors reset",
    "codes_made": "Recovery codes made",
}
KNOWN = "This is not one of the known codes."


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0018_earlier_rows_in_the_journal"),
    ]

    operations = [
        migrations.AddField(
            model_name="centre",
            name="asks_second_factor",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="CentreChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[("asks_second_factor", "A second factor is asked for")],
                        max_length=40,
                    ),
                ),
                ("holds", models.BooleanField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="patients.centre",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rule__in", ["asks_second_factor"])),
                        name="centre_rule_known",
                        violation_error_message=KNOWN,
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="accountchange", name="account_act_known"),
        migrations.RemoveConstraint(
            model_name="accountchange", name="account_changed_by_somebody_else"
        ),
        migrations.AlterField(
            model_name="accountchange",
            name="act",
            field=models.CharField(choices=list(ACTS.items()), max_length=20),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("act__in", list(ACTS))),
                name="account_act_known",
                violation_error_message=KNOWN,
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("act__in", OWN_ACTS),
                        ("by", models.F("user")),
                        ("centre__isnull", True),
                    ),
                    models.Q(
                        models.Q(("act__in", OWN_ACTS), _negated=True),
                        ("centre__isnull", False),
                        models.Q(("by", models.F("user")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="account_changed_by_somebody_else",
                violation_error_message=(
                    "People choose their own password and second factor;"
                    " all else is done by an administrator."
                ),
            ),
        ),
    ]
