"""The keys that a case is found by: what a name or number is once spelling is set aside."""

import re
from collections.abc import Iterator
from typing import Any, Final
from unicodedata import combining, normalize

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from patients.models.cases import Case, Patient
from patients.models.people import Centre

LONGEST_KEY: Final = 200
BEHIND_ALL: Final = "\U0010ffff"
"""Sorts behind every character, so that all keys that begin with a text stand before the two."""

LETTERS: Final = str.maketrans(
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
"""Letters that Unicode does not take apart into a letter and its mark."""


class KeyField(models.CharField):  # type: ignore[type-arg]  # Django's own takes none when run
    """Text in the order of its characters' numbers, in whatever language the database sorts."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class SearchKey(models.Model):
    """One key of a case: of its pseudonym, or of who its patient is. Not a record: it goes with
    the identity, and is made anew when that is corrected."""

    case = models.ForeignKey(Case, models.CASCADE, db_index=False, related_name="search_keys")
    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, related_name="+")
    key = KeyField(max_length=LONGEST_KEY)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "key"],
                name="search_key_once",
                violation_error_message=_("This case has this key already."),
            ),
        )
        indexes = (models.Index(fields=["centre", "key", "case"], name="search_key_in_a_centre"),)

    def __str__(self) -> str:
        return str(self.key)


def plain(text: str) -> str:
    """Letters and digits alone, without case, accents and punctuation."""
    folded = normalize("NFKD", normalize("NFKD", text).casefold()).translate(LETTERS)
    kept = (c for c in folded if c.isalnum() and not combining(c))
    return "".join(kept)[:LONGEST_KEY]


def words_of(text: str) -> list[str]:
    """The plain words of a text, in its order: O'Neill and García-López are one each."""
    return [word for part in re.split(r"[\s,;]+", text) if (word := plain(part))]


def beginning_with(word: str) -> models.Q:
    """The keys that begin with a plain word, by the order of the index."""
    return models.Q(key__gte=word, key__lt=word + BEHIND_ALL)


def keys_of(case: Case, patient: Patient) -> set[str]:
    """Every key of a case, whose patient's identity may have been erased."""
    return {
        *_of_number(case.case_id),
        *_of_number(patient.hospital_number),
        *words_of(patient.name),
        *_parts(patient.name),
    } - {""}


def _of_number(number: str) -> Iterator[str]:
    """A number or pseudonym as one word, and its parts."""
    yield plain(number)
    yield from words_of(number)
    yield from _parts(number)


def _parts(text: str) -> Iterator[str]:
    """What stands between spaces, hyphens and other marks."""
    return map(plain, re.split(r"[^\w]+|_", normalize("NFKC", text)))
