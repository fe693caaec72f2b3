"""Makes the search keys anew: Müller, Mueller and Muller have one.

How keys were made on this day stands here once more, since `patients.models.search` may change.
"""

import re
from collections.abc import Iterator
from typing import Any
from unicodedata import combining, normalize

from django.apps.registry import Apps
from django.db import migrations

AT_ONCE = 2000
LONGEST_KEY = 200
LETTERS = str.maketrans(
    {
        "æ": "ae",
        "đ": "d",
        "ð": "d",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "ł": "l",
        "ø": "o",
        "œ": "oe",
        "þ": "th",
    }
)
WRITTEN_OUT = re.compile("(?<=[aou])e|(?<=a)a")
WORDS = re.compile(r"[\s,;]+")
PARTS = re.compile(r"[^\w]+|_")


def make_keys(apps: Apps, _editor: Any) -> None:
    SearchKey = apps.get_model("patients", "SearchKey")
    SearchKey.objects.all().delete()
    made = []
    for case in apps.get_model("patients", "Case").objects.select_related("patient").iterator():
        about = {"case_id": case.pk, "centre_id": case.centre_id}
        made += [SearchKey(key=key, **about) for key in keys_of(case)]
        if len(made) >= AT_ONCE:
            SearchKey.objects.bulk_create(made)
            made = []
    SearchKey.objects.bulk_create(made)


def keys_of(case: Any) -> set[str]:
    whole = map(key_of, (case.case_id, case.patient.hospital_number))
    texts = (case.case_id, case.patient.hospital_number, case.patient.name)
    return {*whole, *(key for text in texts for key in words_and_parts(text))} - {""}


def words_and_parts(text: str) -> Iterator[str]:
    yield from map(key_of, WORDS.split(text))
    yield from map(key_of, PARTS.split(normalize("NFKC", text)))


def key_of(text: str) -> str:
    folded = normalize("NFKD", normalize("NFKD", text).casefold()).translate(LETTERS)
    kept = "".join(c for c in folded if c.isalnum() and not combining(c))
    return WRITTEN_OUT.sub("", kept[:LONGEST_KEY])


class Migration(migrations.Migration):
    dependencies = [("patients", "0008_second_contract")]

    operations = [migrations.RunPython(make_keys, migrations.RunPython.noop, elidable=True)]
