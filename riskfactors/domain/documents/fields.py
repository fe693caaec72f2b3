"""Reads one field of a document: gives its value, or the phrase that says what would be right."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import (
    Modality,
    Phrase,
    Response,
    Role,
    SalvageClass,
    Sex,
    Word,
)

SCHEMA: Final = "cartapp-case/1"
LENGTH_OF_A_DATE: Final = 10

Reader: TypeAlias = Callable[[Any], Any]
"""Gives the value of a field, or the Phrase that says what would be right."""


def read_value(given: Any) -> Any:
    """Anything but null."""
    return Phrase("value_expected") if given is None else given


def read_schema(given: Any) -> Any:
    """The name of the one schema."""
    return given if given == SCHEMA else Phrase("code_expected", SCHEMA)


def read_text(given: Any) -> str | Phrase:
    """A text that any database can hold."""
    if not isinstance(given, str):
        return Phrase("text_expected")
    storable = "\0" not in given and (
        given.isascii() or not any("\ud800" <= c <= "\udfff" for c in given)
    )
    return given if storable else Phrase("storable_text_expected")


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
        "class": read_word(SalvageClass),
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
        "grade": read_value,
        "cause": read_text,
        "note": read_text,
    }


@cache
def observation_readers(reasons: tuple[str, ...]) -> Mapping[str, Reader]:
    """How each field of a value or an absence that is an object is read."""
    return {
        "value": read_value,
        "unit": read_text,
        "upper_limit": read_value,
        "observed_on": read_day,
        "absent": read_code(reasons),
        "note": read_text,
    }
