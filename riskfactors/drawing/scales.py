"""Where a day and a value lie on the sheet."""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from math import ceil, floor, log10
from typing import Final

from msgspec import Struct

from riskfactors.domain.timeline import Lane, Timeline, Track

LEFT: Final = 170.0
EDGE: Final = LEFT - 4
"""Left of it stand the names, right of it the days."""

RIGHT: Final = 1080.0
SHARE_BEFORE: Final = 0.32
SHARE_LATE: Final = 0.28
LEAST_BEFORE: Final = 7
ROOM_FOR_LINES: Final = 9
"""The part of a course that begins with the infusion kept free for the lines before it."""

LATE: Final = 115
"""The first months stay readable: what comes after the window of day +90 has its own scale."""

STEPS: Final = (7, 14, 28, 56, 91, 182, 364, 728, 1820)
LEAST_BETWEEN_TICKS: Final = 52.0
ROOM_FOR_TICK: Final = 44.0
"""Where two scales meet, the first label of the later one may come too soon."""

MOST_STEPS: Final = 4
LOGARITHMIC: Final = (Track.MTV, Track.FERRITIN)


class Days(Struct, frozen=True):
    """Days to places, straight between knots; before, after and late each on their own scale."""

    days: tuple[float, ...]
    places: tuple[float, ...]

    def __call__(self, day: float) -> float:
        """The place of a day; what lies beyond an end is at that end."""
        if day <= self.days[0]:
            return self.places[0]
        if day >= self.days[-1]:
            return self.places[-1]
        after = bisect_right(self.days, day)
        d0, d1 = self.days[after - 1 : after + 1]
        x0, x1 = self.places[after - 1 : after + 1]
        return round(x0 + (day - d0) / (d1 - d0) * (x1 - x0), 1)

    @property
    def ticks(self) -> tuple[int, ...]:
        """Days to be labelled: every knot, and as many weeks between as there is room for."""
        ticks: list[int] = []
        for index in range(len(self.days) - 1):
            low, high = self.days[index], self.days[index + 1]
            density = (self.places[index + 1] - self.places[index]) / (high - low)
            step = next((s for s in STEPS if s * density >= LEAST_BETWEEN_TICKS), STEPS[-1])
            start = ceil(low / step) * step
            for day in range(start, floor(high) + 1, step):
                if not ticks or self(day) - self(ticks[-1]) >= ROOM_FOR_TICK:
                    ticks.append(day)
        return tuple(ticks)


def days_of(timeline: Timeline) -> Days:
    """The scale of a course; lines of therapy from long before are cut off at its left end."""
    days = [0, *(visit.day for visit in timeline.visits), *(h.day for h in timeline.happenings)]
    days += [h.end for h in timeline.happenings if h.end is not None]
    days += [p.day for points in timeline.tracks.values() for p in points]
    for span in timeline.spans:
        if span.lane is not Lane.LINE:
            days += [span.start, span.start if span.end is None else span.end]
    days += [e.closes for e in timeline.expected]
    low, high = min(days), max(days)
    if low == high:
        low, high = low - 7, high + 7
    if low == 0 and any(span.lane is Lane.LINE for span in timeline.spans):
        low = -max(1, high // ROOM_FOR_LINES)
    low, high = low - max(2, (0 - low) // 12), high + max(2, high // 25)
    knots: list[tuple[float, float]] = [(low, LEFT), (high, RIGHT)]
    room = RIGHT - LEFT
    if low < -LEAST_BEFORE and high > 0 and timeline.from_infusion:
        knots.insert(1, (0, LEFT + SHARE_BEFORE * room))
    if high > LATE * 1.5:
        knots.insert(-1, (LATE, RIGHT - SHARE_LATE * room))
    return Days(*(tuple(float(k[i]) for k in knots) for i in (0, 1)))


class Axis(Struct, frozen=True):
    """Values to heights, from `bottom` up to `top`."""

    low: float
    high: float
    top: float
    bottom: float
    logarithmic: bool
    ticks: tuple[Decimal, ...]

    def __call__(self, value: Decimal) -> float:
        """The height of a value."""
        share = (self.scaled(float(value)) - self.low) / (self.high - self.low)
        return round(self.bottom - share * (self.bottom - self.top), 1)

    def scaled(self, value: float) -> float:
        """The value on a straight axis; logarithms begin at 1, so that 0 has a place."""
        return log10(1 + value) if self.logarithmic else value


def axis_of(track: Track, values: Sequence[Decimal], *, top: float, bottom: float) -> Axis:
    """The axis of a track, from 0 to above its highest value."""
    highest = max(float(value) for value in values) or 1.0
    if track in LOGARITHMIC:
        decades = max(1, ceil(log10(1 + highest)))
        ticks = tuple(Decimal(10) ** power for power in range(1, decades + 1))
        return Axis(0.0, log10(1 + 10.0**decades), top, bottom, True, (Decimal(0), *ticks))
    decade = 10.0 ** floor(log10(highest))
    step = next(
        s for s in (decade / 5, decade / 2, decade, decade * 2.5) if highest / s <= MOST_STEPS
    )
    count = ceil(highest / step)
    ticks = tuple(Decimal(f"{step * i:.6g}") for i in range(count + 1))
    return Axis(0.0, step * count, top, bottom, False, ticks)
