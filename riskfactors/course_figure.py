"""The timeline for Plotly: the same sheet as the SVG, with every word on hover."""

from collections.abc import Iterable
from html import escape
from typing import Any, Final

from riskfactors.drawing.scales import LEFT
from riskfactors.drawing.sheet import WIDTH, Item, Rule, Sheet
from riskfactors.figures import CONFIG, FONT, GRID, INK, INK_SOFT, MARK, Figure

ADVERSE_INK: Final = "#8a3b12"
WINDOW: Final = "#fff3cd"
BAR_COLOURS: Final = {
    "line": "#6b7a85",
    "bridging": "#4c4a86",
    "lymphodepletion": "#1d5b50",
    "salvage": ADVERSE_INK,
}
BUTTONS: Final = ["zoomIn2d", "zoomOut2d", "resetScale2d"]
"""All that the bar offers: nothing that sends or saves."""


def course_figure(sheet: Sheet) -> Figure:
    """A figure in the units of the sheet, whose days can be zoomed."""
    import plotly.graph_objects as go  # noqa: PLC0415 - commands must not pay for its import

    spec = {"data": list(_traces(sheet)), "layout": _layout(sheet)}
    config = {**CONFIG, "displayModeBar": True, "modeBarButtons": [BUTTONS], "scrollZoom": False}
    return {**go.Figure(spec).to_plotly_json(), "config": config, "width": WIDTH}


def _traces(sheet: Sheet) -> Iterable[Figure]:
    lines = [line for line in sheet.lines if len(line) > 1]
    yield {
        "type": "scatter",
        "mode": "lines",
        "x": [x for line in lines for x in (*(x for x, _y in line), None)],
        "y": [y for line in lines for y in (*(y for _x, y in line), None)],
        "connectgaps": False,
        "hoverinfo": "skip",
        "line": {"color": MARK, "width": 2},
    }
    for kind in dict.fromkeys(i.kind for i in sheet.items if i.shape == "bar"):
        yield from _bars([i for i in sheet.items if i.shape == "bar" and i.kind == kind])
    yield _marks(sheet, ("mark",), symbol="diamond", size=12, color=INK)
    yield _marks(sheet, ("label",), symbol="circle", size=9, color=INK_SOFT)
    yield _marks(sheet, ("value",), symbol="circle", size=9, color=MARK)
    yield _marks(sheet, ("open",), symbol="circle-open", size=10, color=ADVERSE_INK)


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
            "domain": [LEFT / WIDTH - 0.01, 1],
            "range": [LEFT - 0.01 * WIDTH, WIDTH],
            "visible": False,
            "fixedrange": False,
        },
        "yaxis": {"range": [sheet.height, 0], "visible": False, "fixedrange": True},
        "shapes": [_shape(rule) for rule in sheet.rules],
        "annotations": [*_names(sheet), *_texts(sheet)],
    }


def _shape(rule: Rule) -> Figure:
    across = rule.kind in ("grid", "floor")
    shape: dict[str, Any] = {
        "type": "rect" if rule.kind == "window" else "line",
        "xref": "paper" if across else "x",
        "x0": rule.x0 / WIDTH if across else rule.x0,
        "x1": rule.x1 / WIDTH if across else rule.x1,
        "y0": rule.y0,
        "y1": rule.y1,
        "layer": "below",
        "line": {"color": GRID, "width": 1},
    }
    match rule.kind:
        case "window":
            shape |= {"fillcolor": WINDOW, "line": {"width": 0}}
        case "cut-off":
            shape["line"] = {"color": ADVERSE_INK, "width": 2.5, "dash": "dash"}
        case "leader":
            shape["line"] = {"color": ADVERSE_INK, "width": 1, "dash": "dot"}
        case "infusion":
            shape["line"] = {"color": INK, "width": 1.5}
        case "visit":
            shape["line"] = {"color": "#b9c4cc", "width": 1, "dash": "dot"}
        case _:
            pass
    return shape


def _names(sheet: Sheet) -> Iterable[Figure]:
    """The names of rows, which stay where they are."""
    for gutter in sheet.gutters:
        yield _note(gutter.text, 0, gutter.y - 4, "left", strong=gutter.strong, fixed=True)


def _texts(sheet: Sheet) -> Iterable[Figure]:
    anchors = {"start": "left", "middle": "center", "end": "right"}
    for text in sheet.texts:
        fixed = text.kind == "tick"
        x = text.x / WIDTH if fixed else text.x
        yield _note(text.text, x, text.y - 4, anchors[text.anchor], strong=False, fixed=fixed)


def _note(text: str, x: float, y: float, anchor: str, *, strong: bool, fixed: bool) -> Figure:
    return {
        "text": _plain(text),
        "x": x,
        "y": y,
        "xref": "paper" if fixed else "x",
        "yref": "y",
        "xanchor": anchor,
        "yanchor": "middle",
        "showarrow": False,
        "borderpad": 0,
        "font": {
            "size": 13 if strong else 12,
            "color": INK if strong else INK_SOFT,
            "weight": 600 if strong else 400,
        },
    }
