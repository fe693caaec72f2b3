"""Published estimates as tables, each line with its sentence, doubt and reference, and figures."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.beside.citations import Citation, cited, cohort_words
from riskfactors.domain.evidence import IN_GROUPS, Estimate, Factor, Later
from riskfactors.domain.vocabulary import Measure
from riskfactors.drawing.forest import Comparison, comparisons, forest, rows_of
from riskfactors.drawing.look import Figure
from riskfactors.words import measure_name
from riskfactors.words.comparisons import comparison_name, events, outcome_title, what_odds_mean
from riskfactors.words.estimates import (
    estimate_with_interval,
    group_value,
    later_sentence,
    p_value,
    printed,
    sentence,
    time_words,
)


class Cell(Struct, frozen=True):
    """A number under its heading, which narrow screens repeat beside it."""

    heading: str
    text: str


class Beside(Struct, frozen=True):
    """A result outside the review, as a sentence with its source."""

    sentence: str
    citation: Citation


class EstimateLine(Struct, frozen=True, kw_only=True):
    """One estimate, with what was read outside the review beside it."""

    outcome: str
    cells: tuple[Cell, ...]
    sentence: str
    statement: str
    doubt: str
    note: str
    citations: tuple[Citation, ...]
    later: tuple[Beside, ...]


class Plot(Struct, frozen=True, kw_only=True):
    """A forest plot with what stands around it."""

    dom_id: str
    data_id: str
    spec: Figure
    size: str
    label: str
    lower: str
    higher: str
    events: str


class Section(Struct, frozen=True, kw_only=True):
    """Estimates that stand in one table."""

    dom_id: str
    template: str
    title: str
    headings: tuple[str, ...]
    lines: tuple[EstimateLine, ...]
    width: int
    explanation: str = ""
    figure: Plot | None = None


def sections(factor: Factor, *, drawn: bool = True) -> tuple[Section, ...]:
    """Every estimate of a factor, by what may stand together, with or without forest plots."""
    return (
        *(
            _compared(factor, c, number, drawn=drawn)
            for number, c in enumerate(comparisons(factor), 1)
        ),
        *_ratios(factor),
        *_in_groups(factor),
        *_in_words(factor),
    )


def _compared(factor: Factor, comparison: Comparison, number: int, *, drawn: bool) -> Section:
    measure = measure_name(comparison.measure)
    first = comparison.estimates[0]
    title = f"{measure}: {comparison_name(factor, first)}"
    figure = _plot(comparison, title, number) if drawn else None
    return _table(
        factor,
        f"compared-{number}",
        title,
        comparison.estimates,
        symbol=comparison.measure,
        figure=figure,
    )


def _plot(comparison: Comparison, title: str, number: int) -> Plot:
    return Plot(
        dom_id=f"forest-{number}",
        data_id=f"forest-{number}-data",
        spec=forest(comparison),
        size=f"forest-{len(rows_of(comparison))}",
        label=_("Forest plot. %s") % title,
        lower=comparison.sides.lower_in_full,
        higher=comparison.sides.higher_in_full,
        events=events(comparison.estimates),
    )


def _ratios(factor: Factor) -> Iterator[Section]:
    ratios = [e for e in factor.evidence if e.measure is Measure.RATIO]
    if ratios:
        yield _table(factor, "ratios", measure_name(Measure.RATIO), ratios)


def _table(
    factor: Factor,
    dom_id: str,
    title: str,
    estimates: Iterable[Estimate],
    *,
    symbol: str = "",
    figure: Plot | None = None,
) -> Section:
    estimates = tuple(estimates)
    reads = any(estimate.reading for estimate in estimates)
    headings = [
        _("%s in the review (95%% interval)") % symbol if symbol else _("In the review"),
        *([_("Our reading")] if reads else []),
        "p",
    ]
    lines = tuple(
        _line(factor, estimate, headings, _numbers(estimate, reads=reads)) for estimate in estimates
    )
    return Section(
        dom_id=dom_id,
        template="riskfactors/_estimates.html",
        title=title,
        headings=tuple(headings),
        lines=lines,
        width=len(headings) + 2,
        explanation=_explanation(factor, estimates),
        figure=figure,
    )


def _explanation(factor: Factor, estimates: tuple[Estimate, ...]) -> str:
    """How to read the table, unless a note says the same already."""
    explanation = what_odds_mean(factor, estimates[0])
    return "" if any(explanation in (e.note or "") for e in estimates) else explanation


def _numbers(estimate: Estimate, *, reads: bool) -> Iterator[str]:
    yield estimate_with_interval(estimate.estimate, estimate.interval)
    if reads:
        yield (
            estimate_with_interval(*estimate.as_read) if estimate.reading else _("as in the review")
        )
    yield p_value(estimate.p)


def _in_groups(factor: Factor) -> Iterator[Section]:
    tables: dict[tuple[object, ...], list[Estimate]] = {}
    for estimate in factor.evidence:
        if estimate.measure in IN_GROUPS:
            names = tuple(group.name for group in estimate.groups)
            tables.setdefault((estimate.measure, names), []).append(estimate)
    for number, estimates in enumerate(tables.values(), 1):
        first = estimates[0]
        headings = [*(printed(group.name) for group in first.groups), "p"]
        yield Section(
            dom_id=f"groups-{number}",
            template="riskfactors/_estimates.html",
            title=measure_name(first.measure),
            headings=tuple(headings),
            lines=tuple(
                _line(
                    factor,
                    estimate,
                    headings,
                    [
                        *(group_value(estimate, group) for group in estimate.groups),
                        p_value(estimate.p),
                    ],
                )
                for estimate in estimates
            ),
            width=len(headings) + 2,
        )


def _in_words(factor: Factor) -> Iterator[Section]:
    estimates = [e for e in factor.evidence if e.measure in (Measure.STATEMENT, Measure.P_ONLY)]
    if estimates:
        yield Section(
            dom_id="in-words",
            template="riskfactors/_estimates.html",
            title=_("Reported in words"),
            headings=("p",),
            lines=tuple(_line(factor, e, ["p"], [p_value(e.p)]) for e in estimates),
            width=3,
        )


def _line(
    factor: Factor, estimate: Estimate, headings: Iterable[str], texts: Iterable[str]
) -> EstimateLine:
    title = outcome_title(estimate.outcome)
    if estimate.measure in (Measure.RATE, Measure.COUNT):
        title = f"{title} {time_words(estimate)}"
    elif estimate.measure is Measure.RATIO and estimate.contrast:
        title = f"{title}: {_(estimate.contrast)}"
    in_groups = estimate.measure in IN_GROUPS
    cohort = cohort_words(
        factor, estimate.reference, described_as=estimate.contrast if in_groups else None
    )
    return EstimateLine(
        outcome=title,
        cells=tuple(Cell(h, t) for h, t in zip(headings, texts, strict=True)),
        sentence=sentence(factor, estimate, cohort),
        statement=_(estimate.statement) if estimate.statement else "",
        doubt=_(estimate.doubt) if estimate.doubt else "",
        note=_(estimate.note) if estimate.note else "",
        citations=tuple(cited(number) for number in estimate.reference),
        later=tuple(map(_beside, estimate.later)),
    )


def _beside(later: Later) -> Beside:
    citation = cited(later.reference)
    return Beside(later_sentence(later, citation.short), citation)
