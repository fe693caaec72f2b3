"""What a sheet is made of: every part with its place, in the units of the sheet."""

from typing import Final, Literal, TypeAlias

from msgspec import Struct

WIDTH: Final = 1100.0
Shape: TypeAlias = Literal["bar", "mark", "value", "open", "label"]


class Item(Struct, frozen=True):
    """Something at a place: what is read beside it, and what is said of it in full."""

    shape: Shape
    x: float
    y: float
    text: str
    words: str
    end: float
    kind: str
    above: bool = True


class Gutter(Struct, frozen=True):
    """A name at the left of its row."""

    text: str
    y: float
    strong: bool = True


class Rule(Struct, frozen=True):
    """A straight line: a visit, a cut-off, the floor of a panel, the edge of a window."""

    kind: Literal["visit", "infusion", "cut-off", "leader", "floor", "grid", "window"]
    x0: float
    y0: float
    x1: float
    y1: float


class Text(Struct, frozen=True):
    """A text that belongs to an axis, a visit or a cut-off."""

    kind: Literal["visit", "tick", "day", "cut-off", "window"]
    text: str
    x: float
    y: float
    anchor: Literal["start", "middle", "end"]


class Sheet(Struct, frozen=True):
    """All that is drawn, in the units of one sheet."""

    height: float
    gutters: tuple[Gutter, ...]
    rules: tuple[Rule, ...]
    texts: tuple[Text, ...]
    lines: tuple[tuple[tuple[float, float], ...], ...]
    items: tuple[Item, ...]
