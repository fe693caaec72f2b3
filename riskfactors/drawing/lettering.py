"""How wide a text is, a little more than most fonts make it: nobody sees a screen here."""

from functools import lru_cache
from typing import Final

SIZE: Final = 12.0
"""The height of letters on the sheet."""

NARROW: Final = frozenset(" .,:;|!'()[]/ijltfrI-\N{NO-BREAK SPACE}\N{NON-BREAKING HYPHEN}")
WIDE: Final = frozenset("mwMW%@—…←◆†×")
MEDIUM: Final = frozenset("ABCDEFGHKNOPQRSTUVXYZ+−<>≤≥=")
SHARES: Final = {"narrow": 0.41, "usual": 0.635, "medium": 0.79, "wide": 1.0}
"""Widths as shares of the height, those of DejaVu Sans: among the widest that are in use."""


@lru_cache(maxsize=4096)
def width_of(text: str) -> float:
    """The width of a text on the sheet."""
    return round(sum(map(_share, text)) * SIZE, 1)


def _share(character: str) -> float:
    if character in NARROW:
        return SHARES["narrow"]
    if character in MEDIUM:
        return SHARES["medium"]
    return SHARES["wide"] if character in WIDE else SHARES["usual"]


def fitting(text: str, width: float) -> str:
    """As much of a text as fits, with a sign that there is more; nothing where a word would not."""
    if width_of(text) <= width:
        return text
    kept = text
    while kept and width_of(f"{kept}…") > width:
        kept = kept[:-1]
    return f"{kept.rstrip(' ,')}…" if kept else ""
