"""Finds a place for a number beside its mark where nothing is in the way."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, Generic, TypeAlias, TypeVar

from riskfactors.drawing.parts import DAYS, STRETCHES, Anchor, Box, Item, Label, Trace

Side: TypeAlias = tuple[float, float, Anchor]
"""How far beside a mark and under its middle a text stands, and on which side of that."""

BOTH: Final[tuple[tuple[int, Anchor], ...]] = ((1, "start"), (-1, "end"))
OF_A_VALUE: Final[tuple[Side, ...]] = (
    (0.0, -7.0, "middle"),
    (0.0, 15.5, "middle"),
    (8.0, 4.0, "start"),
    (-8.0, 4.0, "end"),
    (8.0, 7.0, "start"),
    (-8.0, 7.0, "end"),
    (8.0, 1.0, "start"),
    (-8.0, 1.0, "end"),
    (6.0, -6.0, "start"),
    (-6.0, -6.0, "end"),
    (6.0, 13.0, "start"),
    (-6.0, 13.0, "end"),
    (9.0, -12.0, "start"),
    (-9.0, -12.0, "end"),
    (0.0, -18.0, "middle"),
    (0.0, 24.0, "middle"),
    (14.0, 9.0, "start"),
    (-14.0, 9.0, "end"),
    *((side * 20.0, dy, anchor) for dy in (4.0, -4.0, 12.0, -12.0) for side, anchor in BOTH),
    (0.0, -28.0, "middle"),
)
"""Where the number of a value may stand, the best place first."""


COLUMN: Final = 32.0
"""Some two numbers wide: with hundreds of values, few lie in the way of one."""

Part = TypeVar("Part")


class Columns(Generic[Part]):
    """What lies on a panel, by columns of its width: who asks about a place sees few."""

    def __init__(self) -> None:
        self.parts: dict[int, list[Part]] = defaultdict(list)

    def add(self, part: Part, x0: float, x1: float) -> None:
        """Something that lies from one place to another."""
        for column in _columns(x0, x1):
            self.parts[column].append(part)

    def near(self, box: Box) -> Iterator[Part]:
        """All that a box could touch; what is wide may come more than once."""
        for column in _columns(box.x0, box.x1):
            yield from self.parts.get(column, ())


def _columns(x0: float, x1: float) -> range:
    return range(int(x0 // COLUMN), int(x1 // COLUMN) + 1)


class Room:
    """A panel with what already lies in it, on pages of every width."""

    def __init__(
        self, top: float, bottom: float, traces: Iterable[Trace], limits: Iterable[float]
    ) -> None:
        self.top, self.bottom = top, bottom
        self.limits = tuple(limits)
        self.taken = {stretch: Columns[Box]() for stretch in STRETCHES}
        self.traces = {stretch: Columns[Trace]() for stretch in STRETCHES}
        for trace in traces:
            for stretch, columns in self.traces.items():
                columns.add(trace, trace.x0 * stretch, trace.x1 * stretch)

    def take(self, part: Item | Label) -> None:
        """Keep others from where something lies."""
        for stretch, columns in self.taken.items():
            boxes = part.boxes(stretch) if isinstance(part, Item) else [part.box(stretch)]
            for box in boxes:
                columns.add(box, box.x0, box.x1)

    def label(self, item: Item, text: str, sides: Iterable[Side], look: str) -> Label | None:
        """The text at the first free side; on the line of a limit if it must, else nowhere."""
        tried = (Label(text, item.x, item.y + dy, dx, anchor, look) for dx, dy, anchor in sides)
        second = None
        for label in tried:
            if self._is_free(label):
                if not self._on_a_limit(label):
                    self.take(label)
                    return label
                second = second or label
        if second is not None:
            self.take(second)
        return second

    def _is_free(self, label: Label) -> bool:
        for stretch, boxes in self.taken.items():
            box = label.box(stretch)
            if box.y0 < self.top or box.y1 > self.bottom:
                return False
            if box.x0 < 0 or box.x1 > DAYS * stretch:
                return False
            if any(map(box.touches, boxes.near(box))):
                return False
            if any(crosses(trace, box, stretch) for trace in self.traces[stretch].near(box)):
                return False
        return True

    def _on_a_limit(self, label: Label) -> bool:
        box = label.box()
        return any(box.y0 < height < box.y1 for height in self.limits)


def crosses(trace: Trace, box: Box, stretch: float) -> bool:
    """Whether a line runs through a box."""
    x0, x1 = trace.x0 * stretch, trace.x1 * stretch
    left, right = max(x0, box.x0), min(x1, box.x1)
    if left >= right:
        return False
    slope = (trace.y1 - trace.y0) / (x1 - x0)
    heights = (trace.y0 + slope * (left - x0), trace.y0 + slope * (right - x0))
    return min(heights) < box.y1 and box.y0 < max(heights)
