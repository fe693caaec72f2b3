"""Forest plots of published ratios, as plain dictionaries for Plotly.

One plot holds estimates of one measure that compare the same with the same: hazard ratios and
odds ratios, per-unit and with-or-without estimates, and different contrasts never share an axis.
"""

from collections.abc import Iterable
from decimal import Decimal
from math import log10
from typing import Final

from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.domain.evidence import PER_COMPARISON, Estimate, Factor, Reading
from riskfactors.domain.variables import Interval
from riskfactors.domain.vocabulary import Measure
from riskfactors.drawing.look import CONFIG, DOUBTFUL, FONT, GRID, INK, INK_SOFT, MARK, Figure
from riskfactors.words import measure_name
from riskfactors.words.comparisons import Sides, short_outcome, sides
from riskfactors.words.estimates import estimate_with_interval, with_sign

ROW_HEIGHT: Final = 34
HEIGHT_WITHOUT_ROWS: Final = 108
MOST_TICKS: Final = 7
MOST_TICKS_NARROW: Final = 4
NARROW_SIZE: Final = 12
FRACTIONS: Final = (20, 10, 5)
DIGITS: Final = (("1", "1.5", "2", "3", "5", "7"), ("1", "2", "5"), ("1", "3"), ("1",))
TICK_STEPS: Final = (
    *(tuple(Decimal(step) / part for step in range(1, 3 * part)) for part in FRACTIONS),
    *(tuple(Decimal(f"{d}e{power}") for power in range(-4, 5) for d in some) for some in DIGITS),
)
"""Ticks from fine to coarse: every 0.05, 0.1, 0.2, then ever fewer digits of each power of ten."""


class Comparison(Struct, frozen=True):
    """Estimates of one measure that compare the same with the same."""

    measure: Measure
    sides: Sides
    estimates: tuple[Estimate, ...]


class Row(Struct, frozen=True):
    """One line of a forest plot."""

    label: str
    remark: str
    words: str
    estimate: Decimal
    interval: Interval
    doubtful: bool = False


def comparisons(factor: Factor) -> tuple[Comparison, ...]:
    """The factor's hazard and odds ratios, those on one axis together."""
    grouped: dict[tuple[object, ...], list[Estimate]] = {}
    for estimate in factor.evidence:
        if estimate.measure in PER_COMPARISON:
            meaning = sides(factor, estimate)
            key = (estimate.measure, estimate.per, estimate.contrast, meaning.lower)
            grouped.setdefault(key, []).append(estimate)
    return tuple(
        Comparison(estimates[0].measure, sides(factor, estimates[0]), tuple(estimates))
        for estimates in grouped.values()
    )


def rows_of(comparison: Comparison) -> tuple[Row, ...]:
    """The lines of the plot: an estimate that we read otherwise than printed has two."""
    return tuple(row for estimate in comparison.estimates for row in _rows(estimate))


def _rows(estimate: Estimate) -> Iterable[Row]:
    references = ", ".join(map(str, estimate.reference))
    label = _("%(outcome)s · ref. %(references)s") % {
        "outcome": short_outcome(estimate.outcome),
        "references": references,
    }
    if estimate.reading is None:
        yield _row(label, estimate, estimate)
        return
    yield _row(label, estimate, estimate, remark=_("as printed, doubtful"), doubtful=True)
    yield _row(label, estimate, estimate.reading, remark=_("as we read it"))


def _row(
    label: str,
    estimate: Estimate,
    numbers: Estimate | Reading,
    *,
    remark: str = "",
    doubtful: bool = False,
) -> Row:
    """A row with the numbers as printed, or as read where the reading has its own."""
    value = numbers.estimate or estimate.estimate
    limits = numbers.interval or estimate.interval
    if value is None or limits is None:
        raise ValueError(f"{label}: a forest plot needs an estimate and an interval")
    words = f"{estimate.measure} {estimate_with_interval(value, limits)}"
    if estimate.p is not None:
        words = f"{words}, p {with_sign(estimate.p)}"
    return Row(label, remark, words, value, limits, doubtful)


def forest(comparison: Comparison) -> Figure:
    """The forest plot of a comparison: log axis, line at 1, both sides in words."""
    rows = rows_of(comparison)
    return {
        "data": [
            *([_intervals(rows, doubtful=True)] if any(row.doubtful for row in rows) else []),
            _intervals(rows, doubtful=False),
            _estimates(rows),
        ],
        "layout": _layout(rows, comparison),
        "config": dict(CONFIG),
        "narrow": _narrow(rows, comparison.measure),
    }


def _narrow(rows: tuple[Row, ...], measure: Measure) -> Figure:
    """What differs where there is little room: the caption says both sides, labels have lines."""
    return {
        "annotations": [],
        "xaxis": _ticks(rows, MOST_TICKS_NARROW)
        | {
            "tickangle": 0,
            "tickfont": {"size": NARROW_SIZE},
            "title": {
                "text": _("%s, log axis") % measure_name(measure),
                "font": {"size": NARROW_SIZE, "color": INK_SOFT},
            },
        },
        "yaxis": {
            "ticktext": [
                f"{row.label}<br>{row.remark}" if row.remark else row.label.replace(" · ", "<br>")
                for row in rows
            ],
            "tickfont": {"size": NARROW_SIZE},
        },
    }


def _intervals(rows: tuple[Row, ...], *, doubtful: bool) -> Figure:
    """One line for each interval, broken between them."""
    x: list[float | None] = []
    y: list[int | None] = []
    for place, row in enumerate(rows):
        if row.doubtful is not doubtful:
            continue
        x += [float(row.interval.low), float(row.interval.high), None]
        y += [place, place, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "connectgaps": False,
        "hoverinfo": "skip",
        "line": {"color": DOUBTFUL if doubtful else MARK, "width": 2.5},
    }


def _estimates(rows: tuple[Row, ...]) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(row.estimate) for row in rows],
        "y": list(range(len(rows))),
        "text": [row.words for row in rows],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "color": [DOUBTFUL if row.doubtful else MARK for row in rows],
            "size": 11,
            "symbol": ["square-open" if row.doubtful else "square" for row in rows],
            "line": {
                "color": [DOUBTFUL if row.doubtful else MARK for row in rows],
                "width": 2,
            },
        },
    }


def _layout(rows: tuple[Row, ...], comparison: Comparison) -> Figure:
    return {
        "template": "none",
        "height": HEIGHT_WITHOUT_ROWS + ROW_HEIGHT * len(rows),
        "margin": {"l": 8, "r": 16, "t": 40, "b": 56},
        "font": {"family": FONT, "size": 14, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "xaxis": _ratio_axis(rows, comparison.measure),
        "yaxis": _row_axis(rows),
        "shapes": [_line_at_1()],
        "annotations": [
            _side(f"← {comparison.sides.lower}", anchor="right", shift=-8),
            _side(f"{comparison.sides.higher} →", anchor="left", shift=8),
        ],
    }


def _ratio_axis(rows: tuple[Row, ...], measure: Measure) -> Figure:
    low, high = _span(rows)
    return _ticks(rows, MOST_TICKS) | {
        "type": "log",
        "range": [log10(low), log10(high)],
        "tickmode": "array",
        "title": {
            "text": _("%s, logarithmic axis") % measure_name(measure),
            "font": {"size": 13, "color": INK_SOFT},
        },
        "gridcolor": GRID,
        "zeroline": False,
        "showline": True,
        "linecolor": INK_SOFT,
        "fixedrange": True,
    }


def _ticks(rows: tuple[Row, ...], most: int) -> Figure:
    ticks = ticks_between(*_span(rows), most)
    return {
        "tickvals": [float(tick) for tick in ticks],
        "ticktext": [f"{tick.normalize():f}" for tick in ticks],
    }


def _row_axis(rows: tuple[Row, ...]) -> Figure:
    """One row below the other, with its label."""
    return {
        "range": [len(rows) - 0.4, -0.6],
        "tickmode": "array",
        "tickvals": list(range(len(rows))),
        "ticktext": [", ".join(filter(None, (row.label, row.remark))) for row in rows],
        "ticklen": 8,
        "tickcolor": "rgba(0,0,0,0)",
        "ticks": "outside",
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
        "fixedrange": True,
    }


def _line_at_1() -> Figure:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": 1,
        "x1": 1,
        "y0": 0,
        "y1": 1.08,
        "line": {"color": INK_SOFT, "width": 1.75},
        "layer": "between",
    }


def _side(text: str, *, anchor: str, shift: int) -> Figure:
    """Words beside the line at 1, whose place on a log axis is 0."""
    return {
        "text": text,
        "xref": "x",
        "yref": "paper",
        "x": 0,
        "y": 1,
        "xanchor": anchor,
        "yanchor": "bottom",
        "xshift": shift,
        "yshift": 8,
        "showarrow": False,
        "font": {"size": 13, "color": INK_SOFT},
    }


def _span(rows: tuple[Row, ...]) -> tuple[float, float]:
    """Both ends of the axis: every interval and 1, with room on either side of 1."""
    low = min(float(row.interval.low) for row in rows)
    high = max(float(row.interval.high) for row in rows)
    widest = max(abs(log10(low)), abs(log10(high)))
    room = 10 ** (widest * 0.4)
    return min(low / 1.12, 1 / room), max(high * 1.12, room)


def ticks_between(low: float, high: float, most: int = MOST_TICKS) -> tuple[Decimal, ...]:
    """The finest ticks that stay readable, 1 among them."""
    every = (tuple(step for step in steps if low <= step <= high) for steps in TICK_STEPS)
    return next(ticks for ticks in every if len(ticks) <= most and Decimal(1) in ticks)
