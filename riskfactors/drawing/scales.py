"""Where a day and a value lie on the sheet."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10
from typing import Final

from msgspec import Struct

from riskfactors.domain.timeline import Lane, Timeline, Track
from riskfactors.drawing.parts import DAYS

LEFT: Final = 12.0
RIGHT: Final = DAYS - 46.0
"""Right of the last day is room for its words and for the numbers of a second axis."""

ROOM_EARLIER: Final = 0.05
ROOM_EACH_LINE: Final = 0.075
MOST_EARLIER: Final = 0.28
"""The share of the width that lines of therapy from before the first visit may have."""

LONGEST_EARLIER: Final = (240, 60)
LONGEST: Final = ((365, 60), (182, 42), (91, 28), (56, 21), (42, 14), (28, 10))
"""A stretch of days in which nothing is, longer than the first number, is cut to the second."""

ENOUGH: Final = 2.6
"""So many units for a day are enough to tell one day from the next."""

STEPS: Final = (7, 14, 28, 56, 91, 182, 364, 728, 1820)
MOST_TICKS: Final = 3
LEAST_BETWEEN_VALUES: Final = 16.0
LOGARITHMIC: Final = frozenset({Track.MTV, Track.FERRITIN})


class Piece(Struct, frozen=True):
    """Days between two that hold something, as wide as so many days; `left_out` are the others."""

    start: int
    end: int
    wide: int

    @property
    def left_out(self) -> int:
        return self.end - self.start - self.wide


class Days(Struct, frozen=True):
    """Days to places, straight between knots.

    One scale holds from the first visit to the end, another before it; `first` parts them. Between
    the ends of a gap days are left out.
    """

    days: tuple[int, ...]
    places: tuple[float, ...]
    gaps: tuple[Piece, ...]
    first: int

    def __call__(self, day: int) -> float:
        """The place of a day; what lies beyond an end is at that end."""
        if day <= self.days[0]:
            return self.places[0]
        if day >= self.days[-1]:
            return self.places[-1]
        after = bisect_right(self.days, day)
        d0, d1 = self.days[after - 1 : after + 1]
        x0, x1 = self.places[after - 1 : after + 1]
        return round(x0 + (day - d0) / (d1 - d0) * (x1 - x0), 1)

    def leaves_out(self, start: int, end: int) -> bool:
        """Whether days between these two are left out, or their scales differ."""
        cut = any(start <= gap.start and gap.end <= end for gap in self.gaps)
        return cut or start < self.first < end

    def ticks(self, apart: float) -> Iterator[int]:
        """Whole weeks to be labelled at least so far apart, the most usual step of each stretch."""
        cut = {gap.start for gap in self.gaps}
        for (d0, x0), (d1, x1) in pairwise(zip(self.days, self.places, strict=True)):
            if d0 in cut:
                continue
            density = (x1 - x0) / (d1 - d0)
            step = next((s for s in STEPS if s * density >= apart), STEPS[-1])
            yield from range(ceil(d0 / step) * step, d1 + 1, step)


def days_of(timeline: Timeline) -> Days:
    """The scale of a course."""
    held = sorted(set(_held(timeline)))
    first = _first(timeline, held)
    earlier = [day for day in held if day <= first]
    later = [day for day in held if day >= first]
    if len(later) == 1:
        later.append(first + 14)
    before = len([s for s in timeline.spans if s.start < first])
    share = min(MOST_EARLIER, ROOM_EARLIER + ROOM_EACH_LINE * before) if len(earlier) > 1 else 0.0
    middle = LEFT + share * (RIGHT - LEFT)
    pieces = [*_placed(_cut(earlier, *LONGEST_EARLIER), LEFT, middle)]
    pieces += _placed(_readable(later, RIGHT - middle), middle, RIGHT)
    knots = _knots(pieces)
    return Days(
        tuple(day for day, _x in knots),
        tuple(x for _day, x in knots),
        tuple(piece for piece, _x0, _x1 in pieces if piece.left_out),
        first,
    )


def _held(timeline: Timeline) -> Iterator[int]:
    """The days that hold something."""
    yield 0
    for visit in timeline.visits:
        yield visit.day
    for span in timeline.spans:
        yield from (span.start, span.start if span.end is None else span.end)
    for happening in timeline.happenings:
        yield from (happening.day, happening.day if happening.end is None else happening.end)
    for points in timeline.tracks.values():
        yield from (p.day for p in points if p.observation is not None)
    for marker in timeline.markers:
        yield marker.day
    for expected in timeline.expected:
        yield from (expected.opens, expected.closes)


def _first(timeline: Timeline, held: Sequence[int]) -> int:
    """The day of the first visit, or of the first treatment for this infusion."""
    own = (Lane.BRIDGING, Lane.LYMPHODEPLETION)
    starts = [span.start for span in timeline.spans if span.lane in own]
    return min([0, *(v.day for v in timeline.visits), *starts], default=held[0])


def _cut(held: Iterable[int], longest: int, kept: int) -> list[Piece]:
    return [
        Piece(start, end, kept if end - start > longest else end - start)
        for start, end in pairwise(held)
    ]


def _readable(held: Sequence[int], room: float) -> list[Piece]:
    """As little as needed is left out for days to be told from each other."""
    for longest, kept in LONGEST:
        pieces = _cut(held, longest, kept)
        if room >= ENOUGH * sum(piece.wide for piece in pieces):
            return pieces
    return _cut(held, *LONGEST[-1])


def _placed(
    pieces: Sequence[Piece], left: float, right: float
) -> Iterator[tuple[Piece, float, float]]:
    whole, at = sum(piece.wide for piece in pieces), left
    for piece in pieces:
        end = at + (right - left) * piece.wide / whole
        yield piece, at, end
        at = end


def _knots(pieces: Sequence[tuple[Piece, float, float]]) -> list[tuple[int, float]]:
    """The ends of every piece; those within one scale change nothing."""
    _first_piece, left, _right = pieces[0]
    knots = [(pieces[0][0].start, left)]
    for index, (piece, x0, x1) in enumerate(pieces):
        later = pieces[index + 1 : index + 2]
        same = later and _density(piece, x0, x1) == _density(*later[0])
        if not same:
            knots.append((piece.end, x1))
    return knots


def _density(piece: Piece, x0: float, x1: float) -> float:
    return round((x1 - x0) / (piece.end - piece.start), 6)


class Axis(Struct, frozen=True):
    """Values to heights, from `bottom` up to `top`."""

    low: float
    high: float
    top: float
    bottom: float
    logarithmic: bool

    def __call__(self, value: Decimal) -> float:
        """The height of a value; 0 has none on a logarithmic axis and lies on its floor."""
        share = (self._scaled(float(value)) - self.low) / (self.high - self.low)
        return round(self.bottom - max(0.0, share) * (self.bottom - self.top), 1)

    def _scaled(self, value: float) -> float:
        if not self.logarithmic:
            return value
        return log10(value) if value > 0 else self.low

    def ticks(self) -> tuple[Decimal, ...]:
        """Round numbers, as many as can be told apart: powers of ten on a logarithmic axis."""
        if self.logarithmic:
            decades = round(self.high) - round(self.low)
            every = ceil(LEAST_BETWEEN_VALUES * decades / (self.bottom - self.top))
            powers = range(round(self.low), round(self.high) + 1, every)
            return tuple(Decimal(10) ** power for power in powers)
        decade = 10.0 ** floor(log10(self.high))
        least = self.high * LEAST_BETWEEN_VALUES / (self.bottom - self.top)
        steps = (decade * factor for factor in (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10))
        step = next(s for s in steps if s >= least and self.high / s <= MOST_TICKS)
        count = floor(self.high / step)
        return tuple(Decimal(f"{step * i:.6g}") for i in range(count + 1))


def axis_of(track: Track, values: Sequence[Decimal], *, top: float, bottom: float) -> Axis:
    """The axis of a track: from 0 to its highest value, or the powers of ten around all values."""
    numbers = [float(value) for value in values]
    highest = max(numbers) or 1.0
    if track not in LOGARITHMIC:
        return Axis(0.0, highest, top, bottom, logarithmic=False)
    lowest = min((number for number in numbers if number > 0), default=1.0)
    low, high = floor(log10(lowest)), ceil(log10(highest))
    return Axis(float(low), float(max(high, low + 1)), top, bottom, logarithmic=True)
