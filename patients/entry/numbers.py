"""What people mean by the digits they type: a comma may part thousands or decimals."""

import re
from typing import NamedTuple

from riskfactors.domain.variables import Number, number_of

_PLAIN = re.compile(r"[0-9]+([.,][0-9]+)?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:([.,' ])[0-9]{3})(?:\1[0-9]{3})*")
_BOTH = re.compile(r"([1-9][0-9]{0,2}(?:([.,' ])[0-9]{3})(?:\2[0-9]{3})*)([.,])([0-9]+)")
_ALIKE = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f", " ") | {"\u2019": "'"})
_SEPARATORS = str.maketrans(dict.fromkeys(".,' "))


class Spelling(NamedTuple):
    """The numbers that a text may mean, the likeliest first; certain where it can mean one only."""

    readings: tuple[Number, ...]
    certain: bool


def spelled(text: str) -> Spelling | None:
    """What a typed number may mean; None for what is not a number of digits."""
    text = text.strip().translate(_ALIKE)
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
        return _spelling(text.replace(",", "."), certain=True)
    return None


def _spelling(*texts: str, certain: bool) -> Spelling:
    numbers = (number_of(text) for text in texts)
    return Spelling(tuple(n for n in numbers if n is not None), certain)
