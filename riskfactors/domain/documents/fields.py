"""Reads one field of a document: gives its value, or the phrase that says what would be right."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import (
    CLASSES,
    Comparator,
    Modality,
    Phrase,
    Response,
    Role,
    Sex,
    Word,
)

SCHEMA: Final = "cartapp-case/2"
READ_TOO: Final = "cartapp-case/1"
"""An earlier form, which the same rules read."""
LONGEST_TEXT: Final = 2_000
LENGTH_OF_A_DATE: Final = 10

_LINES: Final = str.maketrans("\n\r\t", "   ")
_UNREADABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""Control characters, halves of characters, and what turns the direction of writing. Joiners, which
some scripts need within words, are letters' business."""

Reader: TypeAlias = Callable[[Any], Any]
"""Gives the value of a field, or the Phrase that says what would be right."""


def read_value(given: Any) -> Any:
    """Anything but null."""
    return Phrase("value_expected") if given is None else given


def read_schema(given: Any) -> Any:
    """The name of a schema that can be read."""
    return given if given in (SCHEMA, READ_TOO) else Phrase("code_expected", SCHEMA, READ_TOO)


def read_text(given: Any) -> str | Phrase:
    """A text of one line that any database can hold and that reads as it is written."""
    return given if isinstance(given, str) and _is_plain(given) else _refused_text(given)


def read_note(given: Any) -> str | Phrase:
    """A text that may have several lines."""
    plain = isinstance(given, str) and _is_plain(given.translate(_LINES))
    return given if plain else _refused_text(given)


def _is_plain(text: str) -> bool:
    if len(text) > LONGEST_TEXT:
        return False
    return text.isprintable() or not _UNREADABLE.search(text)


def _refused_text(given: Any) -> Phrase:
    if not isinstance(given, str):
        return Phrase("text_expected")
    if len(given) > LONGEST_TEXT:
        return Phrase("shorter_text_expected", str(LONGEST_TEXT), str(len(given)))
    return Phrase("plain_text_expected")


def read_identifier(given: Any) -> str | Phrase:
    """A text that is not empty."""
    return read_text(given) if given else Phrase("text_expected")


def read_items(given: Any) -> Any:
    """A list, unread."""
    return given if isinstance(given, list) else Phrase("list_expected")


def read_table(given: Any) -> Any:
    """An object, unread."""
    return given if isinstance(given, dict) else Phrase("object_expected")


def read_day(given: Any) -> date | Phrase:
    """A date."""
    day = parse_date(given) if isinstance(given, str) and len(given) == LENGTH_OF_A_DATE else None
    return Phrase("date_expected") if day is None else day


@lru_cache(maxsize=16384)
def parse_date(text: str) -> date | None:
    """A date written YYYY-MM-DD and no other way."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def read_word(words: type[Word]) -> Reader:
    """A reader of the codes of a closed set."""
    members, expected = {word.value: word for word in words}, Phrase("code_expected", *words)

    def reader(given: Any) -> Word | Phrase:
        return members.get(given, expected) if isinstance(given, str) else expected

    return reader


def read_code(codes: Iterable[str]) -> Reader:
    """A reader of some codes."""
    known = tuple(codes)

    def reader(given: Any) -> str | Phrase:
        return given if given in known else Phrase("code_expected", *known)

    return reader


class Shape(NamedTuple):
    """An object of a document: which fields it must have, how each is read."""

    obligatory: tuple[str, ...]
    readers: Mapping[str, Reader]


CASE: Final = Shape(
    obligatory=("schema", "case_id", "birth_date", "sex", "assessments"),
    readers={
        "schema": read_schema,
        "case_id": read_identifier,
        "birth_date": read_day,
        "sex": read_word(Sex),
        "assessments": read_items,
        "treatments": read_items,
        "events": read_items,
    },
)
ASSESSMENT: Final = Shape(
    obligatory=("milestone", "date"),
    readers={
        "milestone": read_word(Milestone),
        "date": read_day,
        "observations": read_table,
    },
)
TREATMENT: Final = Shape(
    obligatory=("role", "start"),
    readers={
        "role": read_word(Role),
        "regimen": read_text,
        "modality": read_word(Modality),
        "class": read_code(dict.fromkeys(c for classes in CLASSES.values() for c in classes)),
        "start": read_day,
        "end": read_day,
        "best_response": read_word(Response),
        "response_on": read_day,
    },
)


@cache
def event_readers(kinds: tuple[str, ...]) -> Mapping[str, Reader]:
    """How each field of an event is read."""
    return {
        "kind": read_code(kinds),
        "date": read_day,
        "end": read_day,
        "grade": read_value,
        "cause": read_text,
        "note": read_note,
    }


@cache
def observation_readers(reasons: tuple[str, ...]) -> Mapping[str, Reader]:
    """How each field of a value or an absence that is an object is read."""
    return {
        "value": read_value,
        "unit": read_text,
        "comparator": read_word(Comparator),
        "upper_limit": read_value,
        "observed_on": read_day,
        "absent": read_code(reasons),
        "note": read_note,
    }
