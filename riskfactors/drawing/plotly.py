"""The timeline for Plotly: the same sheet as the SVG, with every word on hover."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from riskfactors.drawing.look import CONFIG, FONT, GRID, INK, INK_SOFT, MARK, Figure
from riskfactors.drawing.parts import WIDTH, Item, Rule, Sheet
from riskfactors.drawing.scales import EDGE

ADVERSE_INK: Final = "--adverse"
WINDOW: Final = "--caution"
BAR_COLOURS: Final = {
    "line": "--bar",
    "bridging": "--mixed",
    "lymphodepletion": "--favourable",
    "salvage": ADVERSE_INK,
    "toxicity": ADVERSE_INK,
    "other": "--bar",
}
RULES: Final[dict[str, Figure]] = {
    "grid": {"color": GRID, "width": 1},
    "floor": {"color": GRID, "width": 1},
    "visit": {"color": "--rule", "width": 1, "dash": "dot"},
    "infusion": {"color": INK, "width": 1.5},
    "leader": {"color": ADVERSE_INK, "width": 1, "dash": "dot"},
    "cut-off": {"color": ADVERSE_INK, "width": 2.5, "dash": "dash"},
}
BASELINE: Final = 4
BUTTONS: Final = ["zoomIn2d", "zoomOut2d", "resetScale2d"]
"""All that the bar offers: nothing that sends or saves."""


def course_figure(sheet: Sheet) -> Figure:
    """A figure in the units of the sheet, whose days can be zoomed."""
    config = {**CONFIG, "displayModeBar": True, "modeBarButtons": [BUTTONS], "scrollZoom": False}
    return {
        "data": list(_traces(sheet)),
        "layout": _layout(sheet),
        "config": config,
        "width": WIDTH,
    }


def _traces(sheet: Sheet) -> Iterable[Figure]:
    """Everything as traces: their days can be zoomed."""
    for kind, look in RULES.items():
        yield from _lines([r for r in sheet.rules if r.kind == kind], look)
    yield {
        **_unmarked([line for line in sheet.lines if len(line) > 1]),
        "line": {"color": MARK, "width": 2},
    }
    for kind in dict.fromkeys(i.kind for i in sheet.items if i.shape == "bar"):
        yield from _bars([i for i in sheet.items if i.shape == "bar" and i.kind == kind])
    yield _marks(sheet, ("mark",), symbol="diamond", size=12, color=INK)
    yield _marks(sheet, ("label",), symbol="circle", size=9, color=INK_SOFT)
    yield _marks(sheet, ("value",), symbol="circle", size=9, color=MARK)
    yield _marks(sheet, ("open",), symbol="circle-open", size=10, color=ADVERSE_INK)
    yield from _texts(sheet)


def _unmarked(lines: Iterable[Sequence[tuple[float, float]]]) -> Figure:
    """Lines that say nothing by themselves, with a break after each."""
    points = [point for line in lines for point in (*line, (None, None))]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for x, _y in points],
        "y": [y for _x, y in points],
        "connectgaps": False,
        "hoverinfo": "skip",
    }


def _lines(rules: list[Rule], look: Figure) -> Iterable[Figure]:
    if rules:
        yield {**_unmarked([((r.x0, r.y0), (r.x1, r.y1)) for r in rules]), "line": dict(look)}


def _bars(bars: list[Item]) -> Iterable[Figure]:
    """Treatments as thick lines, their names where they begin."""
    color = BAR_COLOURS[bars[0].kind]
    yield {
        "type": "scatter",
        "mode": "lines",
        "x": [x for b in bars for x in (b.x, b.end, None)],
        "y": [y for b in bars for y in (b.y, b.y, None)],
        "text": [t for b in bars for t in (_plain(b.words),) * 3],
        "hovertemplate": "%{text}<extra></extra>",
        "connectgaps": False,
        "line": {"color": color, "width": 11},
    }
    yield {
        "type": "scatter",
        "mode": "text",
        "x": [b.end if b.above else b.x for b in bars],
        "y": [b.y for b in bars],
        "text": [f" {_plain(b.text)} " for b in bars],
        "textposition": ["middle right" if b.above else "middle left" for b in bars],
        "hovertext": [_plain(b.words) for b in bars],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": True,
    }


def _marks(sheet: Sheet, shapes: tuple[str, ...], *, symbol: str, size: int, color: str) -> Figure:
    items = [i for i in sheet.items if i.shape in shapes]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [i.x for i in items],
        "y": [i.y for i in items],
        "text": [f" {_plain(i.text)} " for i in items],
        "textposition": [_position(i) for i in items],
        "hovertext": [_plain(i.words) for i in items],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": True,
        "marker": {"symbol": symbol, "size": size, "color": color, "line": {"width": 2}},
    }


def _position(item: Item) -> str:
    if item.shape in ("value", "open"):
        return "top center" if item.above else "bottom center"
    return "middle right" if item.above else "middle left"


def _plain(text: str) -> str:
    """A text in which Plotly finds no markup of its own."""
    return escape(text, quote=False)


def _texts(sheet: Sheet) -> Iterable[Figure]:
    """Names of rows and their ticks, which stay when days are zoomed; then all that moves."""
    names = [(g.text, 0.0, g.y, "start") for g in sheet.gutters if g.strong]
    units = [(g.text, 0.0, g.y, "start") for g in sheet.gutters if not g.strong]
    ticks = [(t.text, t.x, t.y, t.anchor) for t in sheet.texts if t.kind == "tick"]
    others = [(t.text, t.x, t.y, t.anchor) for t in sheet.texts if t.kind != "tick"]
    yield _text(names, axis="x2", font={"size": 13, "color": INK, "weight": 600})
    yield _text([*units, *ticks], axis="x2", font={"size": 12, "color": INK_SOFT})
    yield _text(others, axis="x", font={"size": 12, "color": INK_SOFT})


def _text(texts: Sequence[tuple[str, float, float, str]], *, axis: str, font: Figure) -> Figure:
    sides = {"start": "middle right", "middle": "middle center", "end": "middle left"}
    return {
        "type": "scatter",
        "mode": "text",
        "xaxis": axis,
        "x": [x for _text, x, _y, _anchor in texts],
        "y": [y - BASELINE for _text, _x, y, _anchor in texts],
        "text": [_plain(text) for text, *_place in texts],
        "textposition": [sides[anchor] for *_place, anchor in texts],
        "textfont": font,
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _layout(sheet: Sheet) -> Figure:
    return {
        "template": "none",
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0, "autoexpand": False},
        "font": {"family": FONT, "size": 12, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hovermode": "closest",
        "hoverdistance": 12,
        "dragmode": "zoom",
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": INK_SOFT, "activecolor": INK},
        "xaxis": {
            "domain": [EDGE / WIDTH, 1],
            "range": [EDGE, WIDTH],
            "visible": False,
            "fixedrange": False,
        },
        "xaxis2": {
            "domain": [0, EDGE / WIDTH],
            "range": [0, EDGE],
            "visible": False,
            "fixedrange": True,
        },
        "yaxis": {"range": [sheet.height, 0], "visible": False, "fixedrange": True},
        "shapes": [_window(rule) for rule in sheet.rules if rule.kind == "window"],
    }


def _window(rule: Rule) -> Figure:
    return {
        "type": "rect",
        "x0": rule.x0,
        "x1": rule.x1,
        "y0": rule.y0,
        "y1": rule.y1,
        "layer": "below",
        "fillcolor": WINDOW,
        "line": {"width": 0},
    }
