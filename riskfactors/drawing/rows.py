"""Puts what lies beside each other into rows, and together where there are not enough rows."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from riskfactors.drawing.lettering import width_of
from riskfactors.drawing.parts import DAYS, TILE, Item, Label
from riskfactors.words.drawn import several_words

APART: Final = 4.0
INSIDE: Final = 5.0
"""Between the edge of a tile and its letters."""

BASELINE: Final = 4.0
"""How far under the middle of a row its letters stand."""


class Unit(Struct, frozen=True):
    """Items that keep together, and the room that they and their labels need; all at height 0."""

    start: float
    end: float
    items: tuple[Item, ...]

    def at(self, y: float) -> tuple[Item, ...]:
        """The items in a row."""
        return tuple(
            replace(item, y=y, label=item.label and replace(item.label, y=y + BASELINE))
            for item in self.items
        )


def in_rows(units: Iterable[Unit], most: int | None = None) -> list[list[Unit]]:
    """Rows in which no unit covers another. What finds no room in so many is counted together."""
    rows: list[list[Unit]] = []
    for unit in sorted(units, key=attrgetter("start", "end")):
        free = next((row for row in rows if row[-1].end + APART <= unit.start), None)
        if free is not None:
            free.append(unit)
        elif most is None or len(rows) < most:
            rows.append([unit])
        else:
            _add_together(min(rows, key=lambda row: row[-1].end), unit)
    return rows


def _add_together(row: list[Unit], unit: Unit) -> None:
    """The last of a row and another become one, with those before that it would cover."""
    together = counted((row.pop(), unit))
    while row and row[-1].end + APART > together.start:
        together = counted((row.pop(), together))
    row.append(together)


def counted(units: Sequence[Unit]) -> Unit:
    """One tile that says how many things it stands for, and each of them in its words."""
    items = [item for unit in units for item in unit.items]
    words = tuple(line for item in items for line in item.words)
    first = items[0]
    text = several_words(len(words))
    width = width_of(text) + 2 * INSIDE
    start = min(units[0].start, DAYS - width)
    return Unit(start, start + width, (tile(first, text, words, "several", start - first.x),))


def tile(like: Item, text: str, words: tuple[str, ...], look: str, dx: float) -> Item:
    """A tile with its letters in it, where another item lies."""
    width = TILE if len(text) == 1 else width_of(text) + 2 * INSIDE
    return Item(
        shape="tile",
        row=like.row,
        day=like.day,
        x=like.x,
        y=0.0,
        words=words,
        look=look,
        dx=dx,
        width=width,
        label=Label(text, like.x, 0.0, dx + width / 2, "middle", look=f"on-{look}"),
    )
