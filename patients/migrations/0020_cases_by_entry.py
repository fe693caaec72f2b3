"""The cases of a centre by their latest entry: for what waits for a board."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0019_second_factor")]

    operations = [
        migrations.AddIndex(
            model_name="orderkey",
            index=models.Index(fields=["centre", "entry", "case"], name="cases_by_entry"),
        )
    ]
