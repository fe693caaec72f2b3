"""Values beyond a limit, the end of an event, further milestones, roles and classes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0007_accounts")]

    operations = [
        migrations.RemoveConstraint(model_name="treatmentrevision", name="treatment_class_known"),
        migrations.RenameField(
            model_name="treatmentrevision",
            old_name="salvage_class",
            new_name="treatment_class",
        ),
        migrations.RemoveConstraint(
            model_name="assessment",
            name="assessment_milestone_known",
        ),
        migrations.RemoveConstraint(
            model_name="observation",
            name="observation_unit_needs_a_value",
        ),
        migrations.RemoveConstraint(
            model_name="treatmentrevision",
            name="treatment_role_known",
        ),
        migrations.AddField(
            model_name="eventrevision",
            name="end",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="observation",
            name="comparator",
            field=models.CharField(blank=True, max_length=2),
        ),
        migrations.AlterField(
            model_name="treatmentrevision",
            name="treatment_class",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "milestone__in",
                        [
                            "interim",
                            "election",
                            "apheresis",
                            "lymphodepletion",
                            "infusion",
                            "day_7",
                            "day_28",
                            "day_90",
                            "month_6",
                            "month_12",
                            "month_24",
                            "relapse",
                        ],
                    )
                ),
                name="assessment_milestone_known",
                violation_error_message="This is not one of the known codes.",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("value", ""), _negated=True),
                    models.Q(
                        ("comparator", ""), ("confirmed", False), ("unit", ""), ("upper_limit", "")
                    ),
                    _connector="OR",
                ),
                name="observation_unit_needs_a_value",
                violation_error_message="A comparator, a unit and an upper limit belong to a value.",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(("comparator__in", ["", "<", "<=", ">", ">="])),
                name="observation_comparator_known",
                violation_error_message="This is not one of the known codes.",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatmentrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["", "line", "bridging", "lymphodepletion", "salvage", "other"])
                ),
                name="treatment_role_known",
                violation_error_message="This is not one of the known codes.",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatmentrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "treatment_class__in",
                        [
                            "",
                            "allogeneic",
                            "autologous",
                            "bispecific",
                            "btk_inhibitor",
                            "consolidation",
                            "lenalidomide",
                            "loncastuximab",
                            "maintenance",
                            "none_supportive",
                            "other",
                            "pola_br",
                            "radiotherapy",
                            "second_car_t",
                            "tafasitamab_lenalidomide",
                            "trial",
                        ],
                    )
                ),
                name="treatment_class_known",
                violation_error_message="This is not one of the known codes.",
            ),
        ),
    ]
