"""Forest plots as strips of one axis, a strip for each line of a table: places in per cent of the
width, so that a strip fits any column and its marks keep their size.

The axis is logarithmic, and 1 lies in its middle: either side of it has the same room.
"""

from collections.abc import Iterable
from decimal import Decimal
from math import log10
from typing import Final

from msgspec import Struct

from riskfactors.domain.variables import Interval
from riskfactors.drawing.forest import ticks_between

MOST_TICKS: Final = 5
ROOM: Final = 1.1
"""Beside the widest interval, so that no end touches the edge."""

LEAST: Final = log10(1.6)
"""Half an axis at least: narrow intervals are not blown up."""


class Tick(Struct, frozen=True):
    """A number of the axis at its place."""

    x: float
    text: str


class Strip(Struct, frozen=True):
    """An estimate and its interval, at their places."""

    x: float
    low: float
    high: float


class RatioAxis(Struct, frozen=True):
    """Ratios to places: `half` is the logarithm at either edge."""

    half: float

    def __call__(self, ratio: Decimal) -> float:
        """The place of a ratio."""
        return round(50 + 50 * log10(ratio) / self.half, 2)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The numbers of the axis, 1 among them."""
        edge = 10**self.half
        found = ticks_between(1 / edge, edge, MOST_TICKS)
        return tuple(Tick(self(tick), f"{tick.normalize():f}") for tick in found)

    def strip(self, estimate: Decimal, interval: Interval) -> Strip:
        """An estimate with its interval on the axis."""
        return Strip(self(estimate), self(interval.low), self(interval.high))


def axis_for(intervals: Iterable[Interval]) -> RatioAxis:
    """The axis on which all of these intervals lie."""
    ends = [log10(end) for interval in intervals for end in (interval.low, interval.high)]
    return RatioAxis(max(LEAST, ROOM * max(map(abs, ends))))
