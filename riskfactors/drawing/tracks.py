"""Draws measured values: points, their numbers where nothing is in the way, limits, cut-offs."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from riskfactors.domain.timeline import CutOff, Point, Timeline, Track
from riskfactors.drawing.parts import (
    CUT_OFF,
    DAYS,
    GUTTER,
    Anchor,
    Item,
    Label,
    Rule,
    Trace,
)
from riskfactors.drawing.room import OF_A_VALUE, Room, Side
from riskfactors.drawing.rows import BASELINE
from riskfactors.drawing.scales import Axis, Days, axis_of
from riskfactors.words.course import TRACKS, number_drawn, point_words
from riskfactors.words.drawn import UNITS, cut_off_words, cut_offs_short
from riskfactors.words.translating import gettext as _

ABOVE: Final = 17.0
BELOW: Final = 7.0
"""Room for a number over the highest value of a panel, and under the lowest."""

LIMIT: Final = Decimal(1)
NAME_LINE: Final = 13.0
BESIDE_AXIS: Final = 8.0
LEAST_APART: Final = 11.0


class Panel(Struct):
    """One or two tracks that share a panel, being drawn."""

    top: float
    bottom: float
    names: list[Label]
    rules: list[Rule]
    traces: list[Trace]
    texts: list[Label]
    items: list[Item]


class _Values(Struct, frozen=True):
    """The values of a track with their places."""

    track: Track
    look: str
    axis: Axis
    dots: tuple[tuple[Point, Item], ...]


def panel(
    timeline: Timeline, days: Days, tracks: Sequence[Track], *, top: float, height: float
) -> Panel:
    """The panel of one track, or of two of which the second has its axis at the right."""
    made = Panel(top, top + height, [], [], [], [], [])
    cut_offs = [c for c in timeline.cut_offs if c.track in tracks]
    series = [
        _values(timeline, days, track, made, look)
        for track, look in zip(tracks, ("first", "second"), strict=False)
        if _numbers(timeline, track)
    ]
    _names(made, series, both=len(tracks) > 1)
    for each in series:
        _axis_of(made, each, second=each.look == "second")
        made.traces += _traces(timeline.tracks[each.track], days, each)
    dashes = list(_cut_offs(cut_offs, days, {each.track: each.axis for each in series}))
    dots = sorted(
        (dot for each in series for dot in each.dots), key=lambda dot: (dot[1].x, dot[1].y)
    )
    made.items = _labelled(made, dots, dashes, values_first=True)
    if any(item.label is None for item in made.items):
        otherwise = _labelled(made, dots, dashes, values_first=False)
        made.items = max(made.items, otherwise, key=_labels)
    return made


def _labels(items: Sequence[Item]) -> int:
    return sum(item.label is not None for item in items)


def _labelled(
    made: Panel,
    dots: Sequence[tuple[Point, Item]],
    dashes: Sequence[tuple[Item, str]],
    *,
    values_first: bool,
) -> list[Item]:
    """All marks with their numbers, those of values or those of cut-offs placed first."""
    limits = [rule.y0 for rule in made.rules if rule.kind == "limit"]
    room = Room(made.top, made.bottom, made.traces, limits)
    for text in made.texts:
        room.take(text)
    for mark in (*(dot for _point, dot in dots), *(dash for dash, _text in dashes)):
        room.take(mark)
    if values_first:
        return [*_numbered(room, dots), *_beside(room, dashes)]
    return [*_beside(room, dashes), *_numbered(room, dots)]


def _numbers(timeline: Timeline, track: Track) -> list[Decimal]:
    """The values of a track; LDH without a limit has none, and is said all the same."""
    found = [p for p in timeline.tracks[track] if p.observation is not None]
    return [LIMIT if p.value is None else p.value for p in found]


def has_values(timeline: Timeline, tracks: Iterable[Track]) -> bool:
    """Whether there is anything to draw."""
    return any(_numbers(timeline, track) for track in tracks)


def _values(timeline: Timeline, days: Days, track: Track, made: Panel, look: str) -> _Values:
    values = _numbers(timeline, track)
    values += [c.number for c in timeline.cut_offs if c.track is track]
    if track is Track.LDH:
        values.append(LIMIT)
    axis = axis_of(track, values, top=made.top + ABOVE, bottom=made.bottom - BELOW)
    drawn: dict[tuple[int, Decimal | None], tuple[Point, Item]] = {}
    for point in timeline.tracks[track]:
        if point.observation is None:
            continue
        item = _dot(track, point, days, axis, look)
        known = drawn.get((point.day, point.value))
        if known is not None:  # the same value of one day is one dot
            item = replace(item, words=known[1].words + item.words)
        drawn[point.day, point.value] = (point, item)
    return _Values(track, look, axis, tuple(drawn.values()))


def _dot(track: Track, point: Point, days: Days, axis: Axis, look: str) -> Item:
    kind = "unknown" if point.value is None else "moved" if point.confounders else "plain"
    return Item(
        shape="dot",
        row=tracks_row(track),
        day=point.day,
        x=days(point.day),
        y=axis.bottom if point.value is None else axis(point.value),
        words=(point_words(track, point),),
        look=f"{look} {kind}",
    )


def tracks_row(track: Track) -> str:
    """The row of a track: volume and uptake are one."""
    return "pet" if track in (Track.MTV, Track.SUVMAX) else track


def _names(made: Panel, series: Sequence[_Values], *, both: bool) -> None:
    y = made.top + NAME_LINE
    title = _("PET") if both else _(TRACKS[series[0].track][0])
    made.names.append(Label(title, 0.0, y, look="name"))
    for line, each in enumerate(series):
        unit = _(UNITS.get(each.track, TRACKS[each.track][1]))
        key = {"first": "■ ", "second": "○ "}[each.look] if both else ""
        made.names.append(
            Label(f"{key}{unit}", 0.0, y + NAME_LINE * (line + 1), look=f"unit {each.look}")
        )
    made.rules.append(Rule("floor", 0.0, made.bottom, DAYS, made.bottom))


def _axis_of(made: Panel, each: _Values, *, second: bool) -> None:
    """Its ticks, and for LDH the line of its limit with its name."""
    limited = each.track is Track.LDH
    limit = each.axis(LIMIT)
    if limited:
        made.rules.append(Rule("limit", 0.0, limit, DAYS, limit))
        made.names.append(
            Label(_("limit 1.0"), GUTTER - BESIDE_AXIS, limit + 4, 0.0, "end", "limit")
        )
    for tick in each.axis.ticks():
        y = each.axis(tick)
        if limited and abs(y - limit) < LEAST_APART:
            continue
        if second:
            made.texts.append(Label(f"{tick:f}", DAYS, y + 4, 0.0, "end", "tick"))
        else:
            made.names.append(Label(f"{tick:f}", GUTTER - BESIDE_AXIS, y + 4, 0.0, "end", "tick"))


def _traces(points: Iterable[Point], days: Days, each: _Values) -> Iterator[Trace]:
    """Lines between values that follow each other without a missing one."""
    for one, next_ in pairwise(points):
        if one.value is None or next_.value is None or one.day == next_.day:
            continue
        places = days(one.day), each.axis(one.value), days(next_.day), each.axis(next_.value)
        yield Trace(each.look, *places, broken=days.leaves_out(one.day, next_.day))


def _cut_offs(
    cut_offs: Sequence[CutOff], days: Days, axes: dict[Track, Axis]
) -> Iterator[tuple[Item, str]]:
    """Dashes at the visit where each was studied and nowhere else, and their numbers."""
    for track, axis in axes.items():
        own = sorted((c for c in cut_offs if c.track is track), key=lambda c: -c.number)
        if own:
            item = Item(
                shape="cut-off",
                row=tracks_row(track),
                day=own[0].day,
                x=days(own[0].day),
                y=axis(own[0].number),
                words=tuple(dict.fromkeys(map(cut_off_words, own))),
                heights=tuple(dict.fromkeys(axis(c.number) for c in own)),
            )
            yield item, cut_offs_short(own)


def _numbered(room: Room, dots: Sequence[tuple[Point, Item]]) -> list[Item]:
    """The dots with their numbers, from the left."""
    return [
        replace(item, label=room.label(item, _number(point), OF_A_VALUE, "value"))
        for point, item in dots
    ]


def _number(point: Point) -> str:
    if point.value is None:
        return _("?")
    return number_drawn(point) + "†" * bool(point.confounders)


def _beside(room: Room, dashes: Sequence[tuple[Item, str]]) -> list[Item]:
    """Cut-offs with their numbers left or right of them."""
    return [
        replace(dash, label=room.label(dash, text, _sides(dash), "cut-off"))
        for dash, text in dashes
    ]


def _sides(dash: Item) -> tuple[Side, ...]:
    middle = sum(dash.heights) / len(dash.heights) - dash.y + BASELINE
    lowest = dash.heights[-1] - dash.y
    out = CUT_OFF + BASELINE
    beside: tuple[tuple[float, Anchor], ...] = ((-out, "end"), (out, "start"))
    return (
        *((dx, middle + dy, anchor) for dy in (0, -9, 9, -18, 18) for dx, anchor in beside),
        (0.0, -6.0, "middle"),
        (0.0, lowest + 13, "middle"),
        (-4.0, lowest + 13, "end"),
        (4.0, lowest + 13, "start"),
    )
