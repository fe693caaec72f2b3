"""What a sheet is made of: every part with its place.

Along the days a place is in units of a sheet as wide as the narrowest on which it is drawn whole;
a wider page stretches the days and nothing else. Offsets (`dx`), widths of tiles and everything
from top to bottom stay as they are: letters keep their size, and labels only come further apart.
"""

from typing import Final, Literal, TypeAlias

from msgspec import Struct

from riskfactors.drawing.lettering import width_of

GUTTER: Final = 122.0
"""The names of the rows and the numbers of their axes stand left of the days."""

DAYS: Final = 1040.0
"""The width of the days."""

LETTERS: Final = 11.0
"""The height of a label's box, of which the letters stand on the lower edge."""

TILE: Final = 16.0
BAR: Final = 14.0
LEAST_BAR: Final = 5.0
ARROW: Final = 11.0
MARK: Final = 5.0
CUT_OFF: Final = 15.0
"""Heights of what is drawn, and how far a cut-off reaches to either side of its visit."""

STRETCHES: Final = (1.0, 1.3, 1.7)
"""How much wider than the narrowest a page may be: labels stand free on all of them."""

Anchor: TypeAlias = Literal["start", "middle", "end"]
Shape: TypeAlias = Literal["bar", "tile", "mark", "dot", "text", "gap", "cut-off"]


class Box(Struct, frozen=True):
    """Where something lies."""

    x0: float
    y0: float
    x1: float
    y1: float

    def wider(self, by: float) -> "Box":
        """The same with some room at either side."""
        return Box(self.x0 - by, self.y0, self.x1 + by, self.y1)

    def touches(self, other: "Box") -> bool:
        """Whether two have a place in common."""
        return (
            self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1
        )


class Label(Struct, frozen=True):
    """A text at its place: `x` lies on the days, `dx` beside it."""

    text: str
    x: float
    y: float
    dx: float = 0.0
    anchor: Anchor = "start"
    look: str = "text"

    def box(self, stretch: float = 1.0) -> Box:
        """Where it lies on a page that is so much wider."""
        width = width_of(self.text)
        start = (
            self.x * stretch
            + self.dx
            - {"start": 0, "middle": width / 2, "end": width}[self.anchor]
        )
        return Box(start, self.y - LETTERS + 1, start + width, self.y + 2)


class Item(Struct, frozen=True, kw_only=True):
    """Something that was recorded, at its place, with all that is said of it.

    `words` are lines, one for each thing recorded there. `look` names how it is drawn; a tile is
    `width` wide from `dx` beside its day, and an item that lasts ends at `end`.
    """

    shape: Shape
    row: str
    day: int
    x: float
    y: float
    words: tuple[str, ...]
    label: Label | None = None
    look: str = ""
    dx: float = 0.0
    width: float = 0.0
    end: float | None = None
    heights: tuple[float, ...] = ()

    def boxes(self, stretch: float = 1.0) -> tuple[Box, ...]:
        """Where its mark lies, without its label."""
        x, y = self.x * stretch + self.dx, self.y
        match self.shape:
            case "tile":
                return (Box(x, y - TILE / 2, x + self.width, y + TILE / 2),)
            case "bar":
                return (Box(x, y - BAR / 2, self.ends(stretch), y + BAR / 2),)
            case "mark" | "dot":
                return (Box(x - MARK, y - MARK, x + MARK, y + MARK),)
            case "cut-off":
                return tuple(
                    Box(x - CUT_OFF, height - 1, x + CUT_OFF, height + 1) for height in self.heights
                )
            case _:
                return ()

    def ends(self, stretch: float = 1.0) -> float:
        """Where what lasts ends; it is never too short to be seen."""
        end = self.x if self.end is None else self.end
        least = ARROW if "open" in self.look.split() else LEAST_BAR
        return max(end * stretch, self.x * stretch + least)


class Rule(Struct, frozen=True):
    """A straight line, or with the kinds `window`, `earlier` and `left-out` an area."""

    kind: Literal["visit", "infusion", "limit", "floor", "window", "earlier", "left-out"]
    x0: float
    y0: float
    x1: float
    y1: float


class Trace(Struct, frozen=True):
    """A line between two values; `broken` where days between them are left out."""

    look: str
    x0: float
    y0: float
    x1: float
    y1: float
    broken: bool = False


class Sheet(Struct, frozen=True, kw_only=True):
    """All that is drawn. The names stand in the gutter, everything else on the days."""

    height: float
    names: tuple[Label, ...]
    rules: tuple[Rule, ...]
    traces: tuple[Trace, ...]
    texts: tuple[Label, ...]
    items: tuple[Item, ...]
