"""Looks at a restored site as whoever drills it: prints what it finds as JSON.

`restored.py USER PASSWORD`, with the environment of that site.
"""

import json
import sys

import django

django.setup()

from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.test.utils import override_settings

from patients.models import Case, Entry

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def refuses_a_change() -> bool:
    """Whether the database itself keeps an entry from being changed."""
    try:
        with transaction.atomic():
            Entry.objects.update(reason="forged")
    except IntegrityError:
        return True
    return False


def looked_at(name: str, password: str) -> dict[str, object]:
    """What somebody meets who signs in and reads a case."""
    client = Client(headers={"Host": settings.ALLOWED_HOSTS[0]})
    signed = client.post("/sign-in/", {"login": name, "password": password}, secure=True)
    case = Case.objects.filter(centre__memberships__user__username=name).earliest("pk")
    page = client.get(f"/cases/{case.public_id}/", secure=True)
    return {
        "refuses": refuses_a_change(),
        "signed in": signed.headers.get("Location"),
        "page": page.status_code,
        "timeline": b'class="tl' in page.content,
        "cases": Case.objects.count(),
        "entries": Entry.objects.count(),
    }


if __name__ == "__main__":
    with override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": PLAIN}
    ):  # none is asked for
        sys.stdout.write(json.dumps(looked_at(*sys.argv[1:])))
