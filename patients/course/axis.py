"""A volume on a logarithmic axis, with the cut-offs of the studies."""

from collections.abc import Iterable
from decimal import Decimal
from math import log10
from typing import Final, Literal

from msgspec import Struct

from riskfactors.words.facts import amount
from riskfactors.words.translating import gettext as _

WIDTH: Final = 640
LEFT: Final = 16
RIGHT: Final = 600
FLOOR: Final = 74
STEP: Final = 17
"""How much lower each cut-off is written than the one before it."""

DECADES: Final = 4
"""The axis runs from 0 to 10,000 mL, which is more than anybody has."""

TICKS: Final = ("0", "10", "100", "1000", "10000")
ROOM: Final = 140
"""What the words of the patient's own volume need at its right."""


class Label(Struct, frozen=True):
    """A text at its place."""

    text: str
    x: str
    y: int
    anchor: Literal["start", "middle", "end"] = "start"


class Mark(Struct, frozen=True):
    """A cut-off: a line from its label down to the axis."""

    x: str
    top: int
    label: Label


class Axis(Struct, frozen=True, kw_only=True):
    """The axis with everything on it, in the units of its own picture."""

    title: str
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT
    floor: int = FLOOR
    own_top: int = FLOOR - 7
    ticks: tuple[Label, ...]
    marks: tuple[Mark, ...]
    own_x: str
    own: Label


def axis_of(volume: Decimal, words: str, cut_offs: Iterable[tuple[Decimal, str]]) -> Axis:
    """The axis of one volume, with the number of each cut-off and its studies."""
    x = _place(volume)
    roomy = x < RIGHT - ROOM
    return Axis(
        title=_("Metabolic tumour volume on a logarithmic axis with the cut-offs of three studies"),
        ticks=tuple(
            Label(tick, _written(_place(Decimal(tick))), FLOOR + 34, "middle") for tick in TICKS
        ),
        marks=tuple(
            _mark(place, number, studies) for place, (number, studies) in enumerate(cut_offs)
        ),
        own_x=_written(x),
        own=Label(
            _("this patient: %s") % words,
            _written(x + (12 if roomy else -12)),
            FLOOR + 18,
            "start" if roomy else "end",
        ),
    )


def _mark(place: int, number: Decimal, studies: str) -> Mark:
    x, top = _place(number), FLOOR - 50 + STEP * place
    label = Label(f"{amount(number)} mL · {studies}", _written(x + 6), top + 8)
    return Mark(_written(x), top, label)


def _place(volume: Decimal) -> float:
    share = log10(1 + float(volume)) / DECADES
    return LEFT + min(1.0, share) * (RIGHT - LEFT)


def _written(x: float) -> str:
    return f"{x:.1f}"
