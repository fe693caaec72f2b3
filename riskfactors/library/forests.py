"""Forest plots of one fact: ratios of several studies on one axis, where they compare the same."""

from collections.abc import Collection, Hashable, Iterable, Iterator

from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.domain.evidence import Estimate, Factor
from riskfactors.domain.variables import Interval
from riskfactors.domain.vocabulary import Kind, Phrase
from riskfactors.drawing.strips import RatioAxis, Strip, Tick, axis_for
from riskfactors.library.whose import Published, Whose, cut_off_side, whose
from riskfactors.words import measure_name, say
from riskfactors.words.comparisons import (
    UNIT_NOT_PRINTED,
    Sides,
    comparison_name,
    cut_off_name,
    events,
    rule_met_by,
    sides,
    sides_of_rule,
    what_odds_mean,
)
from riskfactors.words.estimates import estimate_with_interval, p_value


class Drawn(Struct, frozen=True):
    """An estimate on the axis, as printed or as we read it."""

    strip: Strip
    words: str
    remark: str
    doubtful: bool


class ForestLine(Struct, frozen=True):
    """A published ratio: one that we read otherwise than printed is drawn twice."""

    whose: Whose
    drawn: tuple[Drawn, ...]
    p: str


class ForestTable(Struct, frozen=True, kw_only=True):
    """Ratios on one axis, with what either side of 1 means."""

    dom_id: str
    title: str
    heading: str
    sides: Sides
    ticks: tuple[Tick, ...]
    explanation: str
    lines: tuple[ForestLine, ...]


def forests(dom_id: str, ratios: Iterable[Published]) -> tuple[ForestTable, ...]:
    """The ratios of one outcome, those on one axis that compare the same."""
    axes: dict[Hashable, list[Published]] = {}
    for ratio in ratios:
        axes.setdefault(comparing(*ratio), []).append(ratio)
    return tuple(_forest(f"{dom_id}-{n}", together) for n, together in enumerate(axes.values(), 1))


def comparing(factor: Factor, estimate: Estimate) -> Hashable:
    """What a ratio compares. Only those that compare the same share an axis.

    A step whose unit is not printed, and groups that are not given, may differ between factors.
    """
    measured = (estimate.measure, estimate.of_not_reaching)
    if estimate.contrast:
        return (*measured, "contrast", estimate.contrast)
    if estimate.per:
        where = factor.key if estimate.per == UNIT_NOT_PRINTED else ""
        return (*measured, "per", estimate.per, where)
    if factor.kind is Kind.GRADED:
        return (*measured, "groups not given", factor.key)
    return (*measured, "with", cut_off_side(factor) or factor.criterion.sentence)


def _forest(dom_id: str, together: list[Published]) -> ForestTable:
    first = together[0]
    factors = {factor.key for factor, _estimate in together}
    rules = {factor.criterion.sentence for factor, _estimate in together}
    apart = len(factors) > 1
    axis = axis_for(interval for _f, estimate in together for interval in _intervals(estimate))
    measure = first.estimate.measure
    compared = _compared(first, rules) if apart else comparison_name(*first)
    return ForestTable(
        dom_id=dom_id,
        title=f"{measure_name(measure)} – {compared}",
        heading=_("%s (95%% interval)") % measure,
        sides=sides_of_rule(*first) if apart else sides(*first),
        ticks=axis.ticks,
        explanation=" ".join(
            filter(None, (events(e for _f, e in together), what_odds_mean(*first)))
        ),
        lines=tuple(_line(one, axis, ruled=len(rules) > 1) for one in together),
    )


def _compared(first: Published, rules: Collection[Phrase]) -> str:
    """Several findings on one axis compare by one rule, or on one side of their cut-offs."""
    if len(rules) == 1:
        return rule_met_by(say(first.factor.criterion.sentence))
    return cut_off_name(above=cut_off_side(first.factor) == "above")


def _intervals(estimate: Estimate) -> Iterator[Interval]:
    for limits in (estimate.interval, estimate.as_read[1]):
        if limits is not None:
            yield limits


def _line(one: Published, axis: RatioAxis, *, ruled: bool) -> ForestLine:
    return ForestLine(
        whose(*one, ruled=ruled), tuple(_drawn(one.estimate, axis)), p_value(one.estimate.p)
    )


def _drawn(estimate: Estimate, axis: RatioAxis) -> Iterator[Drawn]:
    ways = [((estimate.estimate, estimate.interval), "", False)]
    if estimate.reading is not None:
        ways[0] = (ways[0][0], _("as printed, doubtful"), True)
        ways.append((estimate.as_read, _("as we read it"), False))
    for (value, limits), remark, doubtful in ways:
        if value is None or limits is None:
            raise ValueError(f"{estimate.outcome}: a ratio is drawn with its interval")
        words = estimate_with_interval(value, limits)
        yield Drawn(axis.strip(value, limits), words, remark, doubtful)
