"""What people mean by what they type or paste: signs, digits, units and laboratories' flags."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from riskfactors.domain.reading import number_of
from riskfactors.domain.variables import Number
from riskfactors.domain.vocabulary import Comparator

_PLAIN = re.compile(r"[0-9]+([.,][0-9]+)?|[.,][0-9]+")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:([.,' ])[0-9]{3})(?:\1[0-9]{3})*")
_BOTH = re.compile(r"([1-9][0-9]{0,2}(?:([.,' ])[0-9]{3})(?:\2[0-9]{3})*)([.,])([0-9]+)")
_ALIKE = str.maketrans(
    dict.fromkeys("\u00a0\u2009\u202f", " ") | {"\u2019": "'", "\u03bc": "\u00b5"}
)
"""Spaces, apostrophes, and the Greek letter for the sign of micro."""
_UNSEEN = str.maketrans(
    dict.fromkeys(
        "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069\ufeff"
    )
)
"""What is pasted without being seen: spaces and joiners of no width, soft hyphen, byte order mark,
marks of direction. What turns digits round (U+202D, U+202E) is none of them."""
_SEPARATORS = str.maketrans(dict.fromkeys(".,' "))
_FLAGGED = re.compile(r"(.*[0-9])\s*[HL*+-]")
"""How a laboratory marks a number that lies outside its limits: 720 H, 1500*."""
_FLAGGED_UNIT = re.compile(r"(.*\S)\s+[HL*+-]")
_SIGNS: Final[Mapping[str, Comparator]] = {
    "<=": Comparator.AT_MOST,
    ">=": Comparator.AT_LEAST,
    "≤": Comparator.AT_MOST,
    "≥": Comparator.AT_LEAST,
    "<": Comparator.BELOW,
    ">": Comparator.ABOVE,
}


class Parts(NamedTuple):
    """A typed quantity: the side of the number that is meant, the number, the unit behind it."""

    comparator: Comparator | None
    number: str
    unit: str


def parts_of(text: str, units: Mapping[str, str]) -> Parts:
    """A typed text taken apart; `units` are those that may stand behind it, by their spellings.

    What is no part stays with the number, and is refused with it.
    """
    text = text.translate(_UNSEEN).translate(_ALIKE).strip()
    sign = next(filter(text.startswith, _SIGNS), "")
    rest = text.removeprefix(sign).strip()
    flagged = _FLAGGED_UNIT.fullmatch(rest)
    for whole in (rest, flagged[1] if flagged else rest):
        number, unit = _without_unit(whole, units)
        if unit:
            return Parts(_SIGNS.get(sign), _without_flag(number), unit)
    return Parts(_SIGNS.get(sign), _without_flag(rest), "")


def _without_unit(text: str, units: Mapping[str, str]) -> tuple[str, str]:
    for spelling in sorted(units, key=len, reverse=True):
        number = text.removesuffix(spelling)
        apart = number[-1:].isspace() or (number[-1:].isdigit() and not spelling[0].isdigit())
        if number != text and apart:
            return number.strip(), units[spelling]
    return text, ""


def _without_flag(text: str) -> str:
    """A number without the flag behind it, where the number can mean one thing only."""
    flagged = _FLAGGED.fullmatch(text)
    if flagged and (number := spelled(flagged[1])) and number.certain:
        return flagged[1]
    return text


class Spelling(NamedTuple):
    """The numbers that a text may mean, the likeliest first; certain where it can mean one only."""

    readings: tuple[Number, ...]
    certain: bool


def spelled(text: str) -> Spelling | None:
    """What a typed number may mean; None for what is not a number of digits."""
    text = text.translate(_UNSEEN).translate(_ALIKE).strip()
    if parts := _THOUSANDS.fullmatch(text):
        thousands = text.translate(_SEPARATORS)
        if parts[1] in (".", ",") and len(text) <= len("999,999"):
            decimals = text.replace(",", ".")
            likeliest = (thousands, decimals) if parts[1] == "," else (decimals, thousands)
            return _spelling(*likeliest, certain=False)
        return _spelling(thousands, certain=False)
    if (parts := _BOTH.fullmatch(text)) and parts[2] != parts[3]:
        return _spelling(f"{parts[1].translate(_SEPARATORS)}.{parts[4]}", certain=False)
    if _PLAIN.fullmatch(text):
        decimal = text.replace(",", ".")
        return _spelling(f"0{decimal}" if decimal.startswith(".") else decimal, certain=True)
    return None


def _spelling(*texts: str, certain: bool) -> Spelling:
    numbers = (number_of(text) for text in texts)
    return Spelling(tuple(n for n in numbers if n is not None), certain)
