"""Makes the cases findable that were opened before there were keys."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations

from patients.models.search import keys_of


def make_keys(apps: Apps, _editor: Any) -> None:
    SearchKey = apps.get_model("patients", "SearchKey")
    for case in apps.get_model("patients", "Case").objects.select_related("patient").iterator():
        SearchKey.objects.bulk_create(
            SearchKey(case_id=case.pk, centre_id=case.centre_id, key=key)
            for key in keys_of(case, case.patient)
        )


class Migration(migrations.Migration):
    dependencies = [("patients", "0005_search_keys")]

    operations = [migrations.RunPython(make_keys, migrations.RunPython.noop, elidable=True)]
