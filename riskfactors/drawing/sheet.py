"""Lays a timeline on a sheet: every bar, dot, label and line with its place and its words."""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Final, Literal

from riskfactors.domain.timeline import (
    CutOff,
    Happening,
    Lane,
    Marker,
    Point,
    Span,
    Timeline,
    Track,
)
from riskfactors.domain.timepoints import Milestone
from riskfactors.drawing.parts import WIDTH, Gutter, Item, Rule, Shape, Sheet, Text
from riskfactors.drawing.scales import LEFT, RIGHT, Axis, Days, axis_of, days_of
from riskfactors.words import milestone_name
from riskfactors.words.course import (
    LANES,
    MARKERS,
    TRACKS,
    happening_short,
    happening_words,
    marker_short,
    marker_words,
    number_drawn,
    point_words,
    signed,
    timing_words,
    treatment_short,
    treatment_words,
)
from riskfactors.words.facts import amount, day_words
from riskfactors.words.translating import gettext as _

ROW: Final = 22.0
HEAD_ROW: Final = 17.0
PANEL: Final = 74.0
BETWEEN: Final = 30.0
ABOVE_TRACKS: Final = 22.0
"""Room for the number of a value at the top of the first panel."""

CHARACTER: Final = 7.1
"""The width of a character, a little more than most take."""
LONGEST_LABEL: Final = 46
CUT_OFF: Final = 34.0
"""How far a cut-off is drawn to either side of its visit."""

DEFAULT_TRACKS: Final = (Track.LDH, Track.CRP, Track.MTV, Track.SUVMAX)
MARKER_ROWS: Final = ("response", "deauville", "ctdna")


class _Drawing:
    """A sheet being filled from top to bottom."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.days: Days = days_of(timeline)
        self.y = 0.0
        self.head = 0.0
        self.gutters: list[Gutter] = []
        self.rules: list[Rule] = []
        self.texts: list[Text] = []
        self.lines: list[tuple[tuple[float, float], ...]] = []
        self.items: list[Item] = []

    def sheet(self) -> Sheet:
        """What was filled."""
        return Sheet(
            self.y,
            tuple(self.gutters),
            tuple(self.rules),
            tuple(self.texts),
            tuple(self.lines),
            tuple(self.items),
        )


def sheet_of(timeline: Timeline, tracks: Sequence[Track] = DEFAULT_TRACKS) -> Sheet:
    """The sheet of a course; with the default tracks also its lanes and markers."""
    drawing = _Drawing(timeline)
    _visits(drawing)
    if tracks is DEFAULT_TRACKS:
        for lane in Lane:
            _lane(drawing, lane)
        for variable in MARKER_ROWS:
            _markers(drawing, variable)
    drawing.y += ABOVE_TRACKS
    for track in tracks:
        _track(drawing, track)
    _axis_of_days(drawing)
    return drawing.sheet()


def _stacked(places: Iterable[tuple[float, float]]) -> Iterator[int]:
    """The row of each label, so that none covers another; given by their ends, from the left."""
    ends: list[float] = []
    for start, end in places:
        row = next((r for r, taken in enumerate(ends) if taken <= start), len(ends))
        ends[row : row + 1] = [end + 6]
        yield row


def _visits(drawing: _Drawing) -> None:
    """The names of visits above their places; those that are due above their windows."""
    names: list[tuple[float, float, str]] = []
    for visit in drawing.timeline.visits:
        if visit.milestone is not Milestone.INTERIM:
            names.append((drawing.days(visit.day),) * 2 + (milestone_name(visit.milestone),))
    for expected in drawing.timeline.expected:
        x0, x1 = drawing.days(expected.opens), drawing.days(expected.closes)
        name = f"{milestone_name(expected.milestone)}: {timing_words(expected.timing)}"
        names.append(((x0 + x1) / 2, x0, name))
    names.sort()
    widths = [len(text) * CHARACTER / 2 for _x, _x0, text in names]
    middles = [
        min(max(x, LEFT - 60 + w), WIDTH - w) for (x, _x0, _t), w in zip(names, widths, strict=True)
    ]
    rows = list(_stacked((m - w, m + w) for m, w in zip(middles, widths, strict=True)))
    for (_x, _x0, text), middle, row in zip(names, middles, rows, strict=True):
        drawing.texts.append(Text("visit", text, middle, HEAD_ROW * (row + 0.8), "middle"))
    drawing.head = HEAD_ROW * (max(rows, default=0) + 1)
    drawing.y = drawing.head + 6


def _lane(drawing: _Drawing, lane: Lane) -> None:
    bars = [_bar(drawing, span) for span in drawing.timeline.spans if span.lane is lane]
    happened = [_happened(drawing, h) for h in drawing.timeline.happenings if h.lane is lane]
    laid = sorted([*bars, *happened], key=itemgetter(0))
    if not laid:
        return
    ends = [max(x1, x0 + 14) + len(text) * CHARACTER + 8 for x0, x1, text, *_rest in laid]
    # A label that would leave the sheet stands before its mark.
    starts = [
        x0 - len(item[2]) * CHARACTER - 14 if end > WIDTH else x0
        for (x0, *_rest), end, item in zip(laid, ends, laid, strict=True)
    ]
    rows = list(_stacked(zip(starts, ends, strict=True)))
    drawing.gutters.append(Gutter(_(LANES[lane]), drawing.y + ROW * 0.68))
    for (x0, x1, text, words, kind), row, end in zip(laid, rows, ends, strict=True):
        y = drawing.y + ROW * (row + 0.5)
        shape: Shape = "mark" if kind == "event" else "bar"
        drawing.items.append(Item(shape, x0, y, text, words, x1, kind, end <= WIDTH))
    drawing.y += ROW * (max(rows) + 1) + 2
    drawing.rules.append(Rule("floor", LEFT, drawing.y, RIGHT, drawing.y))


def _bar(drawing: _Drawing, span: Span) -> tuple[float, float, str, str, str]:
    x0 = drawing.days(span.start)
    x1 = max(x0 + 5, drawing.days(span.start if span.end is None else span.end))
    before = span.start < drawing.days.days[0]
    text = treatment_short(span.treatment, LONGEST_LABEL)
    if before:
        text = f"← {text}, {day_words(span.treatment.start)}"
    return x0, x1, text, treatment_words(span.treatment), span.lane


def _happened(drawing: _Drawing, happening: Happening) -> tuple[float, float, str, str, str]:
    """An event as a mark, or as a bar where its last day is known."""
    x, text = drawing.days(happening.day), happening_short(happening)
    words = happening_words(happening)
    if happening.end is None:
        return x, x, text, words, "event"
    return x, max(x + 5, drawing.days(happening.end)), text, words, happening.lane


def _markers(drawing: _Drawing, variable: str) -> None:
    # Two visits of one day that say the same are one mark.
    alike = {
        (m.day, marker_short(m)): m for m in drawing.timeline.markers if m.variable == variable
    }
    found = sorted(alike.values(), key=lambda m: m.day)
    if not found:
        return
    texts = [marker_short(m) for m in found]
    places = [drawing.days(m.day) for m in found]
    spans = [(x, x + len(t) * CHARACTER + 14) for x, t in zip(places, texts, strict=True)]
    rows = list(_stacked(spans))
    drawing.gutters.append(Gutter(_(MARKERS[variable]), drawing.y + ROW * 0.68))
    for marker, x, text, row, (_x, end) in zip(found, places, texts, rows, spans, strict=True):
        y = drawing.y + ROW * (row + 0.5)
        drawing.items.append(_marked(marker, x, y, text, fits=end <= WIDTH))
    drawing.y += ROW * (max(rows) + 1) + 2
    drawing.rules.append(Rule("floor", LEFT, drawing.y, RIGHT, drawing.y))


def _marked(marker: Marker, x: float, y: float, text: str, *, fits: bool) -> Item:
    return Item("label", x, y, text, marker_words(marker), x, marker.variable, fits)


def _track(drawing: _Drawing, track: Track) -> None:
    points = drawing.timeline.tracks[track]
    values = [p.value for p in points if p.value is not None]
    if not values:
        return
    top = drawing.y
    bottom = top + PANEL
    cut_offs = [c for c in drawing.timeline.cut_offs if c.track is track]
    axis = axis_of(track, [*values, *(c.number for c in cut_offs)], top=top, bottom=bottom)
    title, unit = TRACKS[track]
    drawing.gutters.append(Gutter(_(title), top + PANEL * 0.42))
    drawing.gutters.append(Gutter(_(unit), top + PANEL * 0.42 + 16, strong=False))
    for tick in axis.ticks:
        y = axis(tick)
        drawing.rules.append(Rule("grid", LEFT, y, RIGHT, y))
        drawing.texts.append(Text("tick", f"{tick:f}", LEFT - 8, y + 4, "end"))
    for place, cut_off in enumerate(cut_offs):
        _cut_off(drawing, drawing.days(cut_off.day), axis(cut_off.number), place, cut_off)
    drawing.lines += _unbroken(points, drawing.days, axis)
    drawing.items += _dots(track, points, drawing.days, axis)
    drawing.y = bottom + BETWEEN


def _cut_off(drawing: _Drawing, x: float, y: float, place: int, cut_off: CutOff) -> None:
    """A dashed line at its visit alone, with its number where there is room, further out each."""
    out = CUT_OFF + 4 + place * 40
    before = x - CUT_OFF - 3 * 40 > LEFT
    at, near = (x - out, x - CUT_OFF) if before else (x + out, x + CUT_OFF)
    drawing.rules.append(Rule("cut-off", x - CUT_OFF, y, x + CUT_OFF, y))
    if place:
        drawing.rules.append(Rule("leader", at, y, near, y))
    anchor: Literal["start", "end"] = "end" if before else "start"
    drawing.texts.append(Text("cut-off", amount(cut_off.number), at, y + 4, anchor))


def _unbroken(
    points: Iterable[Point], days: Days, axis: Axis
) -> Iterator[tuple[tuple[float, float], ...]]:
    """The lines between values that follow each other without a missing one."""
    line: list[tuple[float, float]] = []
    for point in points:
        if point.value is not None:
            line.append((days(point.day), axis(point.value)))
        else:
            yield tuple(line)
            line = []
    yield tuple(line)


def _dots(track: Track, points: Iterable[Point], days: Days, axis: Axis) -> Iterator[Item]:
    """The values, each with its number where there is room."""
    taken = {True: -WIDTH, False: -WIDTH}
    drawn: set[tuple[float, float]] = set()
    for point in points:
        if point.value is None:
            continue
        x, y = days(point.day), axis(point.value)
        if (x, y) in drawn:
            continue
        drawn.add((x, y))
        text = number_drawn(point) + ("†" if point.confounders else "")
        half = len(text) * CHARACTER / 2
        above = next((side for side in (True, False) if taken[side] < x - half), None)
        if above is None:
            text, above = "", True
        else:
            taken[above] = x + half + 4
        shape: Shape = "open" if point.confounders else "value"
        yield Item(shape, x, y, text, point_words(track, point), x, track, above)


def _axis_of_days(drawing: _Drawing) -> None:
    """Visits and windows from under their names across everything, and the days below."""
    top, bottom = drawing.head, drawing.y - BETWEEN + 16
    for visit in drawing.timeline.visits:
        x = drawing.days(visit.day)
        kind: Literal["visit", "infusion"] = (
            "infusion" if visit.milestone is Milestone.INFUSION else "visit"
        )
        drawing.rules.append(Rule(kind, x, top, x, bottom))
    for expected in drawing.timeline.expected:
        x0, x1 = drawing.days(expected.opens), drawing.days(expected.closes)
        drawing.rules.append(Rule("window", x0, top, x1, bottom))
    drawing.gutters.append(Gutter(_("Day"), bottom + 16, strong=False))
    for day in drawing.days.ticks:
        drawing.texts.append(Text("day", signed(day), drawing.days(day), bottom + 16, "middle"))
    drawing.y = bottom + 24
