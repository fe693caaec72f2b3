"""Made the keys of cases that were opened before there were keys: 0009 makes all of them anew."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patients", "0005_search_keys")]

    operations = []
