"""Lays a timeline on a sheet: every bar, tile, dot, label and line with its place and its words."""

from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import Final

from msgspec import Struct

from riskfactors.domain.timeline import Timeline, Track
from riskfactors.domain.timepoints import Milestone
from riskfactors.drawing.lanes import ctdna, head, response, therapy, toxicity
from riskfactors.drawing.lettering import width_of
from riskfactors.drawing.parts import DAYS, STRETCHES, Box, Item, Label, Rule, Sheet
from riskfactors.drawing.rows import BASELINE, Unit, in_rows
from riskfactors.drawing.scales import Days, days_of
from riskfactors.drawing.tracks import Panel, has_values, panel
from riskfactors.words.course import signed
from riskfactors.words.drawn import ROWS, day_date, gap_short, gap_words
from riskfactors.words.translating import gettext as _

HIGHEST: Final = 326.0
"""The whole course is on one screen beside the summary and the head of the findings."""

AXIS: Final = 19.0
GAP: Final = 3.0
"""Half the width of the mark for days that are left out."""

BETWEEN: Final = 3.0
ROW: Final = 17.5
HEAD_ROW: Final = 15.0
LEAST: Final = 40.0
MOST: Final = 60.0
"""How high a panel of values is."""

TWO: Final = 1.3
"""How much higher than others it is where two tracks share it."""

ALONE: Final = 84.0
"""How high it is on a sheet of values alone."""

DEFAULT_TRACKS: Final = ((Track.LDH,), (Track.CRP,), (Track.MTV, Track.SUVMAX))
LANES: Final[tuple[tuple[str, Callable[[Timeline, Days], list[Unit]]], ...]] = (
    ("therapy", therapy),
    ("toxicity", toxicity),
    ("response", response),
    ("ctdna", ctdna),
)
DAY_TICKS: Final = 60.0
DATE_TICKS: Final = 92.0
"""How far apart days or dates are labelled at least."""

BEFORE: Final = 6.0
"""So far a label reaches over the left edge, and so far it keeps from the next."""


class _Lane(Struct, frozen=True):
    """A lane with its rows."""

    row: str
    units: list[Unit]
    rows: list[list[Unit]]

    @property
    def height(self) -> float:
        return self.of(len(self.rows))

    def of(self, rows: int) -> float:
        """How high it is in so many rows."""
        return (HEAD_ROW if self.row == "head" else ROW) * rows

    def within(self, rows: int) -> "_Lane":
        """The same in so many rows, of which it needs no fewer."""
        return (
            self
            if rows == len(self.rows)
            else _Lane(self.row, self.units, in_rows(self.units, rows))
        )


def sheet_of(timeline: Timeline, tracks: Sequence[Sequence[Track]] = DEFAULT_TRACKS) -> Sheet:
    """The sheet of a course; with the default tracks also its lanes."""
    days = days_of(timeline)
    whole = tracks is DEFAULT_TRACKS
    drawn = [each for each in tracks if has_values(timeline, each)]
    shares = [TWO if len(each) > 1 else 1.0 for each in drawn]
    lanes = _lanes(timeline, days, room=HIGHEST - AXIS - LEAST * sum(shares), whole=whole)
    names, items, y = _laid(lanes)
    rules = [Rule("floor", 0.0, y - BETWEEN / 2, DAYS, y - BETWEEN / 2)] if lanes else []
    top = lanes[0].height + 1
    share = min(MOST, (HIGHEST - AXIS - y) / max(1.0, sum(shares))) if whole else ALONE
    panels: list[Panel] = []
    for each, wide in zip(drawn, shares, strict=True):
        height = share * wide
        panels.append(panel(timeline, days, each, top=y, height=height))
        y += height
    rules += [rule for made in panels for rule in made.rules]
    items += [item for made in panels for item in made.items]
    texts, gaps = _axis(timeline, days, y)
    texts += [text for made in panels for text in made.texts]
    items += gaps
    labels = [*texts, *(item.label for item in items if item.label is not None)]
    across = [*_areas(timeline, days, top, y), *_visits(timeline, days, top, y, labels, items)]
    return Sheet(
        height=y + AXIS,
        names=(*names, *(name for made in panels for name in made.names), _day_name(timeline, y)),
        rules=(*across, *rules),
        traces=tuple(trace for made in panels for trace in made.traces),
        texts=tuple(texts),
        items=tuple(sorted(items, key=lambda item: (item.x, item.y))),
    )


def _lanes(timeline: Timeline, days: Days, *, room: float, whole: bool) -> list[_Lane]:
    """The lanes in as many rows as they need, fewer where that is more than there is room for."""
    laid = [_Lane("head", units := head(timeline, days), in_rows(units))]
    if whole:
        laid += [_Lane(row, units := of(timeline, days), in_rows(units)) for row, of in LANES]
    laid = [lane for lane in laid if lane.rows or lane.row == "head"]
    rows = [len(lane.rows) for lane in laid]
    while sum(lane.of(n) + BETWEEN for lane, n in zip(laid, rows, strict=True)) > room:
        highest = max(reversed(range(len(rows))), key=rows.__getitem__)
        if rows[highest] < 2:
            break
        rows[highest] -= 1
    return [lane.within(n) for lane, n in zip(laid, rows, strict=True)]


def _laid(lanes: Sequence[_Lane]) -> tuple[list[Label], list[Item], float]:
    """Names and items of the lanes at their heights, and where they end."""
    names: list[Label] = []
    items: list[Item] = []
    y = 0.0
    for lane in lanes:
        high = HEAD_ROW if lane.row == "head" else ROW
        if lane.row != "head":
            names.append(Label(_(ROWS[lane.row]), 0.0, y + high / 2 + BASELINE, look="name"))
        for place, row in enumerate(lane.rows):
            middle = y + high * (place + 0.5)
            items += [item for unit in row for item in unit.at(middle)]
        y += lane.height + BETWEEN
    return names, items, y


def _day_name(timeline: Timeline, y: float) -> Label:
    name = _("Day") if timeline.from_infusion else _("From first visit")
    return Label(name, 0.0, y + 14, look="unit")


def _areas(timeline: Timeline, days: Days, top: float, bottom: float) -> Iterator[Rule]:
    """Days on another scale, days left out, and windows of visits that are not recorded."""
    if days.first > days.days[0]:
        yield Rule("earlier", 0.0, top, days(days.first), bottom)
    for expected in timeline.expected:
        yield Rule("window", days(expected.opens), top, days(expected.closes), bottom)
    for gap in days.gaps:
        middle = (days(gap.start) + days(gap.end)) / 2
        yield Rule("left-out", middle - GAP, top, middle + GAP, bottom)


def _visits(
    timeline: Timeline,
    days: Days,
    top: float,
    bottom: float,
    labels: Sequence[Label],
    items: Sequence[Item],
) -> Iterator[Rule]:
    """The day of each visit from under the names to the axis, left out where a label stands."""
    boxes = [[label.box(stretch) for stretch in STRETCHES] for label in labels]
    tiles = [item for item in items if item.shape == "tile"]
    boxes += [[box for s in STRETCHES for box in tile.boxes(s)] for tile in tiles]
    reaches = [(*_reach(on), on[0].y0, on[0].y1) for on in boxes]
    infused = {v.day for v in timeline.visits if v.milestone is Milestone.INFUSION}
    for day in {visit.day for visit in timeline.visits}:
        x = days(day)
        over = sorted((y0, y1) for left, right, y0, y1 in reaches if left < x < right)
        at = top
        for start, end in [*over, (bottom, bottom)]:
            if start > at:
                yield Rule("infusion" if day in infused else "visit", x, at, x, start)
            at = max(at, end)


def _reach(boxes: Sequence[Box]) -> tuple[float, float]:
    """Between which two lines a label comes to lie on others, on a page of any width."""
    wide = list(zip(boxes, STRETCHES, strict=True))
    return min((b.x0 - 1) / s for b, s in wide), max((b.x1 + 1) / s for b, s in wide)


def _axis(timeline: Timeline, days: Days, y: float) -> tuple[list[Label], list[Item]]:
    """Days below everything, their dates at the same places, and what is left out."""
    gaps: list[Item] = []
    for gap in days.gaps:
        x = (days(gap.start) + days(gap.end)) / 2
        label = Label(gap_short(gap.left_out), x, y + 14, 0.0, "middle", "gap")
        words = (gap_words(gap.left_out, gap.start, gap.end),)
        gaps.append(
            Item(shape="gap", row="days", day=gap.start, x=x, y=y, words=words, label=label)
        )
    taken = [item.label.box() for item in gaps if item.label is not None]
    texts = [
        Label(signed(day), days(day), y + 14, 0.0, "middle", "day")
        for day in _apart(days, DAY_TICKS, taken, signed)
    ]
    texts += [
        Label(day_date(timeline.origin, day), days(day), y + 14, 0.0, "middle", "date")
        for day in _apart(days, DATE_TICKS, taken, lambda day: day_date(timeline.origin, day))
    ]
    return texts, gaps


def _apart(
    days: Days, apart: float, taken: Sequence[Box], text_of: Callable[[int], str]
) -> list[int]:
    """Days that can be labelled without covering what stands there, day 0 first of all."""
    boxes, found = list(taken), []
    for day in sorted({*days.ticks(apart), 0}, key=lambda day: (day != 0, day)):
        half = width_of(text_of(day)) / 2
        box = Box(days(day) - half, 0.0, days(day) + half, inf)
        within = days.days[0] <= day <= days.days[-1] and box.x0 >= 0 and box.x1 <= DAYS
        if within and not any(box.wider(BEFORE).touches(other) for other in boxes):
            boxes.append(box)
            found.append(day)
    return found
