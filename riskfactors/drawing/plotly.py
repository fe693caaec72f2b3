"""The course for Plotly: every track and event on one scale of days, to be zoomed into."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape
from math import log10
from typing import Final

from msgspec import Struct

from riskfactors.domain.timeline import (
    MARKED,
    Happening,
    Lane,
    Marker,
    Point,
    Span,
    Timeline,
    Track,
)
from riskfactors.drawing.look import CONFIG, FONT, GRID, INK, INK_SOFT, MARK, Figure
from riskfactors.drawing.scales import LOGARITHMIC, days_of
from riskfactors.words.course import (
    LANES,
    MARKERS,
    TRACKS,
    happening_words,
    marker_short,
    marker_words,
    number_drawn,
    point_words,
    treatment_short,
    treatment_words,
)
from riskfactors.words.drawn import CTDNA, cut_off_words, event_kind, event_short
from riskfactors.words.translating import gettext as _

ROW: Final = 26
TRACK: Final = 110
BETWEEN: Final = 26
TOP: Final = 30
BOTTOM: Final = 46
"""Heights on the screen."""

LONGEST_LABEL: Final = 60
HEADROOM: Final = 1.3
BUTTONS: Final = ["zoomIn2d", "zoomOut2d", "resetScale2d"]
"""All that the bar offers: nothing that sends or saves."""


class _Row(Struct, frozen=True):
    """A row of the course: its name and what Plotly draws in it."""

    name: str
    trace: Figure


def course_figure(timeline: Timeline) -> Figure:
    """A figure whose days, nothing left out, are zoomed for all rows and tracks at once."""
    rows = list(_rows(timeline))
    tracks = [t for t in Track if any(p.value is not None for p in timeline.tracks[t])]
    height = TOP + ROW * len(rows) + (TRACK + BETWEEN) * len(tracks) + BOTTOM
    data: list[Figure] = [
        {**row.trace, "y": [place] * len(row.trace["x"])} for place, row in enumerate(rows)
    ]
    for number, track in enumerate(tracks, start=2):
        data += _values(timeline, track, f"y{number}")
    return {
        "data": data,
        "layout": _layout(timeline, rows, tracks, height),
        "config": {**CONFIG, "displayModeBar": True, "modeBarButtons": [BUTTONS]},
        "height": height,
    }


def _rows(timeline: Timeline) -> Iterator[_Row]:
    """Visits, treatments by kind, events by their name, and what was told at visits."""
    for lane in Lane:
        spans = [span for span in timeline.spans if span.lane is lane]
        if spans:
            yield _Row(_(LANES[lane]), _bars(spans))
    named: dict[str, list[Happening]] = {}
    for happening in timeline.happenings:
        named.setdefault(event_kind(happening), []).append(happening)
    for name, found in named.items():
        yield _Row(name, _events(found))
    for variable in MARKED:
        markers = [m for m in timeline.markers if m.variable == variable]
        if markers:
            yield _Row(_(MARKERS[variable]), _told(markers))


def _bars(spans: Sequence[Span]) -> Figure:
    """Treatments from their first to their last day, each with its name over it."""
    texts = [treatment_short(span.treatment, LONGEST_LABEL) for span in spans]
    words = [treatment_words(span.treatment) for span in spans]
    return {
        **_marks([d for s in spans for d in (s.start, s.start if s.end is None else s.end, None)]),
        "mode": "lines+markers+text",
        "text": [part for text in texts for part in (f" {_plain(text)}", "", "")],
        "hovertext": [_plain(said) for said in words for _ in range(3)],
        "connectgaps": False,
        "line": {"color": GRID, "width": 16},
        "marker": {"symbol": "line-ns", "size": 16, "line": {"color": INK_SOFT, "width": 2}},
    }


def _events(happenings: Sequence[Happening]) -> Figure:
    """Events on their days, a line to the last day of those that last."""
    lasting = [(h.day, h.day if h.end is None else h.end, None) for h in happenings]
    return {
        **_marks([day for days in lasting for day in days]),
        "mode": "lines+markers+text",
        "text": [part for h in happenings for part in (f" {_plain(event_short(h))}", "", "")],
        "hovertext": [_plain(happening_words(h)) for h in happenings for _ in range(3)],
        "connectgaps": False,
        "line": {"color": INK_SOFT, "width": 4},
        "marker": {"symbol": "diamond", "size": 10, "color": INK},
    }


def _told(markers: Sequence[Marker]) -> Figure:
    """What was told at visits: responses, scores, grades."""
    return {
        **_marks([marker.day for marker in markers]),
        "mode": "markers+text",
        "text": [f" {_plain(_short(marker))}" for marker in markers],
        "hovertext": [_plain(marker_words(marker)) for marker in markers],
        "marker": {"symbol": "circle", "size": 8, "color": INK_SOFT},
    }


def _short(marker: Marker) -> str:
    text = marker_short(marker)
    return CTDNA.get(text, text)


def _marks(days: Sequence[int | None]) -> Figure:
    """What all marks of a row share; each says on hover all that is said of it."""
    return {
        "type": "scatter",
        "x": days,
        "textposition": "middle right",
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": True,
    }


def _values(timeline: Timeline, track: Track, axis: str) -> Iterator[Figure]:
    """A line that breaks where a value is missing, and cut-offs at the day they were studied."""
    points = timeline.tracks[track]
    moved = [bool(point.confounders) for point in points]
    yield {
        **_marks([point.day for point in points]),
        "mode": "lines+markers+text",
        "yaxis": axis,
        "y": [_number(track, point) for point in points],
        "text": [_numbered(point) for point in points],
        "textposition": "top center",
        "hovertext": [
            "" if point.observation is None else _plain(point_words(track, point))
            for point in points
        ],
        "connectgaps": False,
        "line": {"color": MARK, "width": 2},
        "marker": {
            "size": 8,
            "color": MARK,
            "symbol": ["circle-open" if open_ else "circle" for open_ in moved],
        },
    }
    for cut_off in timeline.cut_offs:
        if cut_off.track is track:
            number = float(cut_off.number)
            yield {
                **_marks([cut_off.day - 3, cut_off.day + 3]),
                "mode": "lines",
                "yaxis": axis,
                "y": [number, number],
                "hovertext": [_plain(cut_off_words(cut_off))] * 2,
                "line": {"color": INK, "width": 2, "dash": "dash"},
            }


def _number(track: Track, point: Point) -> float | None:
    """What is drawn; 0 has no place on a logarithmic axis."""
    if point.value is None or (track in LOGARITHMIC and point.value <= 0):
        return None
    return float(point.value)


def _numbered(point: Point) -> str:
    return (
        "" if point.value is None else _plain(number_drawn(point) + "†" * bool(point.confounders))
    )


def _plain(text: str) -> str:
    """A text in which Plotly finds no markup of its own."""
    return escape(text, quote=False)


def _layout(
    timeline: Timeline, rows: Sequence[_Row], tracks: Sequence[Track], height: int
) -> Figure:
    """Rows above, a panel for each track below, all on the same days."""
    layout: Figure = {
        "template": "none",
        "height": height,
        "margin": {"l": 150, "r": 24, "t": TOP, "b": BOTTOM, "pad": 0},
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hovermode": "closest",
        "hoverdistance": 24,
        "dragmode": "zoom",
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": INK_SOFT, "activecolor": INK},
        "xaxis": {
            "title": {"text": _day_title(timeline)},
            "range": _days(timeline),
            "anchor": f"y{len(tracks) + 1}" if tracks else "y",
            "gridcolor": GRID,
            "zerolinecolor": INK,
            "zerolinewidth": 2,
        },
        "shapes": [_limit(f"y{tracks.index(Track.LDH) + 2}")] if Track.LDH in tracks else [],
    }
    inner = height - TOP - BOTTOM or 1  # before its first day nothing of a case is drawn
    layout["yaxis"] = {
        "domain": [1 - ROW * len(rows) / inner, 1],
        "range": [len(rows) - 0.5, -0.5],
        "tickmode": "array",
        "tickvals": list(range(len(rows))),
        "ticktext": [_plain(row.name) for row in rows],
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
    }
    for place, track in enumerate(tracks):
        top = inner - ROW * len(rows) - BETWEEN - place * (TRACK + BETWEEN)
        values = [p.value for p in timeline.tracks[track] if p.value is not None]
        layout[f"yaxis{place + 2}"] = _axis(track, values, (top - TRACK) / inner, top / inner)
    return layout


def _axis(track: Track, values: Sequence[Decimal], bottom: float, top: float) -> Figure:
    name, unit = TRACKS[track]
    return {
        "domain": [max(0.0, bottom), top],
        "title": {"text": f"{_plain(_(name))}<br>{_plain(_(unit))}", "standoff": 8},
        "type": "log" if track in LOGARITHMIC else "linear",
        "range": _range(track, values),
        "tickmode": "auto",
        "nticks": 5,
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
    }


def _range(track: Track, values: Sequence[Decimal]) -> list[float]:
    """From 0 to over the highest value with its number; on a logarithmic axis there is no 0."""
    highest = max(float(value) for value in values) or 1.0
    if track not in LOGARITHMIC:
        return [0.0, highest * HEADROOM]
    lowest = min((float(value) for value in values if value > 0), default=1.0)
    return [log10(lowest) - 0.2, log10(max(highest, lowest)) + 0.4]


def _limit(axis: str) -> Figure:
    """The upper limit of normal, of which LDH is a multiple."""
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": axis,
        "y0": 1,
        "y1": 1,
        "line": {"color": INK_SOFT, "width": 1, "dash": "dash"},
        "label": {"text": _("upper limit 1.0"), "textposition": "end", "font": {"size": 12}},
    }


def _days(timeline: Timeline) -> list[float]:
    """All days, with room for the words of the last."""
    first, last = days_of(timeline).days[0], days_of(timeline).days[-1]
    return [first - 0.02 * (last - first), last + 0.14 * (last - first)]


def _day_title(timeline: Timeline) -> str:
    return (
        _("Day after infusion") if timeline.from_infusion else _("Day after the first assessment")
    )
