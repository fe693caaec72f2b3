"""Whoever has put the guide away is not shown it again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0012_earlier_cases_in_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="guide_put_away",
            field=models.BooleanField(default=False),
        ),
    ]
