"""Decodes JSON strictly: exact numbers, no key twice, one object; or refuses the document."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from json import JSONDecodeError, JSONDecoder, dumps
from typing import Any, Final, NoReturn

from riskfactors.domain.vocabulary import Phrase, Problem


class InvalidDocument(Exception):
    """The document is refused as a whole: all its problems, and its case_id where readable."""

    def __init__(self, problems: Iterable[Problem], case_id: str | None = None) -> None:
        self.problems = tuple(problems)
        self.case_id = case_id
        super().__init__(self.problems)


def json_object(text: bytes) -> dict[str, Any]:
    """The one object that the text (UTF-8) holds, numbers as int and Decimal.

    A byte order mark before it is no fault. Raises InvalidDocument.
    """
    try:
        document = _decoded(text.decode("utf-8-sig"))
    except _NotJson as error:
        raise InvalidDocument([Problem("document", error.phrase)]) from error
    except JSONDecodeError as error:
        phrase = Phrase("not_json_at", str(error.lineno), str(error.colno))
        raise InvalidDocument([Problem("document", phrase)]) from error
    except UnicodeDecodeError as error:
        raise InvalidDocument([Problem("document", Phrase("not_utf_8"))]) from error
    except (InvalidOperation, RecursionError) as error:
        raise InvalidDocument([Problem("document", Phrase("not_json"))]) from error
    if not isinstance(document, dict):
        raise InvalidDocument([Problem("document", Phrase("object_expected"))])
    return document


def _decoded(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except JSONDecodeError:
        raise
    except ValueError:  # an integer of thousands of digits, which int() does not take
        return _LONG_INTEGERS_DECODER.decode(text)


class _NotJson(Exception):
    def __init__(self, phrase: Phrase) -> None:
        self.phrase = phrase


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        (twice, _count), *_others = Counter(key for key, _ in pairs).most_common(1)
        raise _NotJson(Phrase("duplicate_key", dumps(twice)))
    return table


def _no_constant(name: str) -> NoReturn:
    raise _NotJson(Phrase("not_a_json_number", name))


_STRICT: Final[dict[str, Any]] = {
    "parse_float": Decimal,
    "parse_constant": _no_constant,
    "object_pairs_hook": _unique_keys,
}
_DECODER: Final = JSONDecoder(**_STRICT)
_LONG_INTEGERS_DECODER: Final = JSONDecoder(parse_int=Decimal, **_STRICT)
