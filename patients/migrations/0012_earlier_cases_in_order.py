"""Put the cases recorded so far in order: 0015 does it for all of them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patients", "0011_order_keys")]

    operations = []
