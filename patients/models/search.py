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

WRITTEN_OUT: Final = re.compile("(?<=[aou])e|(?<=a)a")
"""What stands for the mark of ä, ö, ü, ø and å where it cannot be written: of Mueller the e."""


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


def key_of(text: str) -> str:
    """A text as it is searched: plain, and one for Müller, Mueller and Muller.

    The beginning of a text has the beginning of its key, wherever it ends.
    """
    return WRITTEN_OUT.sub("", plain(text))


def words_of(text: str) -> list[str]:
    """The keys of the words of a text, in its order: O'Neill and García-López are one each."""
    return [key for part in re.split(r"[\s,;]+", text) if (key := key_of(part))]


def beginning_with(word: str) -> models.Q:
    """The keys that begin with the key of a word, by the order of the index."""
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
    yield key_of(number)
    yield from words_of(number)
    yield from _parts(number)


def _parts(text: str) -> Iterator[str]:
    """What stands between spaces, hyphens and other marks."""
    return map(key_of, re.split(r"[^\w]+|_", normalize("NFKC", text)))
