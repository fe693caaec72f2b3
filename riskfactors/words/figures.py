"""Words published results on one short line; whose they are is a sentence of its own."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext_noop

from riskfactors.domain.evidence import Estimate, Factor, Group
from riskfactors.domain.vocabulary import Kind, Measure
from riskfactors.words.comparisons import UNIT_NOT_PRINTED, contrasted, short_outcome
from riskfactors.words.estimates import (
    estimate_with_interval,
    group_value,
    number,
    p_value,
    printed,
    time_words,
)
from riskfactors.words.names import UNSPECIFIED, unbroken
from riskfactors.words.translating import gettext as _

PER_UNIT: Final = {
    "PFS": (
        gettext_noop("better progression-free survival"),
        gettext_noop("worse progression-free survival"),
    ),
    "OS": (gettext_noop("better overall survival"), gettext_noop("worse overall survival")),
    "relapse": (gettext_noop("fewer relapses"), gettext_noop("more relapses")),
    "early relapse": (gettext_noop("fewer early relapses"), gettext_noop("more early relapses")),
    "death": (gettext_noop("fewer deaths"), gettext_noop("more deaths")),
    "ORR": (gettext_noop("fewer responses"), gettext_noop("more responses")),
}
"""What goes with a higher value where a ratio per unit is below 1, and above it."""


def result_words(estimate: Estimate) -> str:
    """OS HR 5.39 (2.48–11.7), p 2.2 × 10⁻⁵. Of groups only what is compared in them: each has its
    own result, and the p stands after them."""
    outcome = short_outcome(estimate.outcome)
    match estimate.measure:
        case Measure.MEDIAN_MONTHS:
            return _("median %s:") % outcome
        case Measure.RATE | Measure.COUNT:
            cohort = f" ({_(estimate.contrast)})" if estimate.contrast else ""
            return f"{outcome} {time_words(estimate)}{cohort}:"
        case Measure.STATEMENT | Measure.P_ONLY:
            statement = _(estimate.statement or "").removesuffix(".")
            return f"{outcome}: {_listed(p_words(estimate), statement)}"
        case Measure.RATIO:
            ratio = _("ratio %s") % number(estimate.estimate) if estimate.estimate else ""
            contrast = _(estimate.contrast or "")
            return f"{outcome}: {_listed(ratio, contrast, p_words(estimate))}"
        case Measure.HAZARD_RATIO | Measure.ODDS_RATIO:
            return _listed(_ratio(outcome, estimate), p_words(estimate))


def brief_words(estimates: Iterable[Estimate]) -> str:
    """PFS HR 1.9 (1.3–2.9), OS 3.0 (1.7–5.4): the figures of a study alone, on one line with
    others. A measure is named where it is another than before."""
    estimates = tuple(estimates)
    before = (None, *(estimate.measure for estimate in estimates))
    return ", ".join(
        _brief(estimate, measured=estimate.measure is not measure)
        for estimate, measure in zip(estimates, before, strict=False)
    )


def _brief(estimate: Estimate, *, measured: bool) -> str:
    outcome = short_outcome(estimate.outcome)
    match estimate.measure:
        case Measure.HAZARD_RATIO | Measure.ODDS_RATIO:
            return _ratio(outcome, estimate, measured=measured)
        case Measure.STATEMENT:
            return _("in words") if estimate.outcome == UNSPECIFIED else _("%s: in words") % outcome
        case _:
            return result_words(estimate)


def group_words(estimate: Estimate, group: Group) -> str:
    """A group with its result."""
    return f"{printed(group.name)} {unbroken(group_value(estimate, group))}"


def p_words(estimate: Estimate) -> str:
    """Its p, where one is printed."""
    return unbroken(f"p {p_value(estimate.p)}") if estimate.p else ""


def whose_words(factor: Factor, estimate: Estimate, cohort: str) -> str:
    """Whose result it is and who is compared, without its number, which stands once."""
    whom = _whom(factor, estimate)
    if not whom:
        return _("In %s: other patients' results, not a forecast.") % cohort
    return _("In %(cohort)s, %(whom)s: other patients' results, not a forecast.") % {
        "cohort": cohort,
        "whom": whom,
    }


def _listed(*words: str) -> str:
    return ", ".join(filter(None, words))


def _ratio(outcome: str, estimate: Estimate, *, measured: bool = True) -> str:
    """A hazard or odds ratio with what it compares, unless that is with and without the factor."""
    ratio = unbroken(estimate_with_interval(estimate.estimate, estimate.interval))
    if measured:
        ratio = f"{estimate.measure}\N{NO-BREAK SPACE}{ratio}"
    if estimate.reading:
        ratio = _("%(printed)s as printed, %(read)s as we read it") % {
            "printed": ratio,
            "read": unbroken(estimate_with_interval(*estimate.as_read)),
        }
    if estimate.per == UNIT_NOT_PRINTED:
        higher = PER_UNIT[estimate.outcome][_above_1(estimate)]
        return _("higher values: %(higher)s, %(ratio)s per unit, unit not printed") % {
            "higher": _(higher),
            "ratio": ratio,
        }
    if estimate.of_not_reaching:
        return _("%(outcome)s not reached: %(ratio)s") % {"outcome": outcome, "ratio": ratio}
    if estimate.per:
        ratio = _("%(ratio)s per %(unit)s") % {"ratio": ratio, "unit": _(estimate.per)}
    if estimate.contrast:
        first, second = contrasted(_(estimate.contrast))
        ratio = _("%(ratio)s, %(first)s against %(second)s") % {
            "ratio": ratio,
            "first": first,
            "second": second,
        }
    return f"{outcome}\N{NO-BREAK SPACE}{ratio}"


def _above_1(estimate: Estimate) -> bool:
    value, _interval = estimate.as_read
    return value is not None and value > 1


def _whom(factor: Factor, estimate: Estimate) -> str:
    name = _(factor.name)
    if estimate.measure not in (Measure.HAZARD_RATIO, Measure.ODDS_RATIO):
        return ""
    if estimate.contrast:
        first, second = contrasted(_(estimate.contrast))
        return _("those with %(first)s compared with those with %(second)s") % {
            "first": first,
            "second": second,
        }
    if estimate.per:
        return _("by the value itself")
    if factor.kind is Kind.GRADED:
        return _("“%s”, and which groups were compared is not given there") % name
    return _("those with “%s” compared with those without") % name
