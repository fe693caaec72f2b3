"""Words published estimates: numbers as printed, and the sentence that says whose they are."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from riskfactors.domain.evidence import Estimate, Factor, Group, Later
from riskfactors.domain.variables import Interval
from riskfactors.domain.vocabulary import Kind, Measure
from riskfactors.words.comparisons import (
    UNIT_NOT_PRINTED,
    contrasted,
)
from riskfactors.words.names import outcome_name, unbroken
from riskfactors.words.translating import gettext as _

SUPERSCRIPT: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: Decimal) -> str:
    """The digits as printed."""
    return f"{value:f}"


def interval(value: Interval | None) -> str:
    """Both ends as printed."""
    return _("interval not given") if value is None else "–".join(value.ends)


def estimate_with_interval(value: Decimal | None, limits: Interval | None) -> str:
    """1.7 (1.1–2.7)."""
    return "" if value is None else f"{number(value)} ({interval(limits)})"


def p_value(p: str | None) -> str:
    """The p as printed; powers of ten as powers."""
    if p is None:
        return _("not given")
    sign, digits = ("< ", p[1:]) if p.startswith("<") else ("", p)
    mantissa, power, exponent = digits.partition("e")
    return f"{sign}{mantissa} × 10{exponent.translate(SUPERSCRIPT)}" if power else sign + digits


def printed(text: str) -> str:
    """A text of the catalogue, with its comparisons as they are typeset."""
    return _(text).replace(">=", "≥").replace("<=", "≤")


def sentence(factor: Factor, estimate: Estimate, cohort: str) -> str:
    """An estimate in words: other patients' results, never this one's."""
    words = {"cohort": cohort, "p": with_sign(estimate.p)}
    match estimate.measure:
        case Measure.STATEMENT:
            return (
                _(
                    "Reported for %(cohort)s in words, without a number: other patients' results, "
                    "not a forecast."
                )
                % words
            )
        case Measure.P_ONLY:
            return (
                _(
                    "Reported for %(cohort)s with p %(p)s and no other number: other patients' "
                    "results, not a forecast."
                )
                % words
            )
        case _:
            words["result"] = _result(factor, estimate)
            return _("In %(cohort)s, %(result)s: other patients' results, not a forecast.") % words


def later_sentence(later: Later, reference: str) -> str:
    """What was read outside the review in words: whose result, and where it was read."""
    return _(
        "In %(reference)s (%(cohort)s), %(fact)s: other patients' results, not a forecast. Read in "
        "%(read_in)s."
    ) % {
        "reference": reference,
        "cohort": _(later.cohort),
        "fact": _(later.fact),
        "read_in": _(later.read_in),
    }


def _result(factor: Factor, estimate: Estimate) -> str:
    match estimate.measure:
        case Measure.HAZARD_RATIO | Measure.ODDS_RATIO:
            return _comparison(factor, estimate)
        case Measure.RATIO:
            return _(
                "the ratio between groups for %(outcome)s – %(contrast)s – was %(number)s (of "
                "means or of medians: not given)"
            ) % {
                "number": _numbers(estimate),
                "outcome": outcome_name(estimate.outcome),
                "contrast": _(estimate.contrast or ""),
            }
        case Measure.MEDIAN_MONTHS:
            return _("median %(outcome)s was %(groups)s") % _in_groups(estimate)
        case Measure.RATE:
            return _("%(outcome)s %(time)s was %(groups)s") % _in_groups(estimate)
        case Measure.COUNT:
            return _("%(outcome)s %(time)s was seen in %(groups)s") % _in_groups(estimate)
        case Measure.P_ONLY | Measure.STATEMENT:
            raise ValueError(f"{estimate.measure}: it has no number to word")


def _in_groups(estimate: Estimate) -> dict[str, str]:
    return {
        "outcome": outcome_name(estimate.outcome),
        "time": time_words(estimate),
        "groups": joined(
            _("%(value)s in “%(group)s”")
            % {"value": unbroken(group_value(estimate, group)), "group": printed(group.name)}
            for group in estimate.groups
        ),
    }


def _comparison(factor: Factor, estimate: Estimate) -> str:
    words = {
        "name": _(factor.name),
        "number": f"{estimate.measure} {_numbers(estimate)}",
        "outcome": outcome_name(estimate.outcome),
    }
    if estimate.of_not_reaching:
        words["outcome"] = _("%s (read as the odds of not reaching it)") % words["outcome"]
    if estimate.contrast:
        first, second = contrasted(estimate.contrast)
        words |= {"first": first, "second": second}
        return (
            _(
                "those with %(first)s had %(number)s for %(outcome)s compared with those with "
                "%(second)s"
            )
            % words
        )
    if estimate.per == UNIT_NOT_PRINTED:
        return _("for %(outcome)s, %(number)s per unit of “%(name)s” (unit not printed)") % words
    if estimate.per:
        words["per"] = _(estimate.per)
        return _("for %(outcome)s, %(number)s per %(per)s") % words
    if factor.kind is Kind.GRADED:
        return (
            _(
                "“%(name)s” had %(number)s for %(outcome)s, and which groups were compared is not "
                "given there"
            )
            % words
        )
    return (
        _("those with “%(name)s” had %(number)s for %(outcome)s compared with those without")
        % words
    )


def _numbers(estimate: Estimate) -> str:
    as_printed = unbroken(estimate_with_interval(estimate.estimate, estimate.interval))
    if estimate.reading is None:
        return as_printed
    return _("%(printed)s as printed there, %(read)s as we read it,") % {
        "printed": as_printed,
        "read": unbroken(estimate_with_interval(*estimate.as_read)),
    }


def with_sign(p: str | None) -> str:
    """= 0.010, < 0.001."""
    words = p_value(p)
    return words if p is None or words.startswith("<") else f"= {words}"


def time_words(estimate: Estimate) -> str:
    """At which time, or that the review does not say."""
    return _("at %s") % _(estimate.at) if estimate.at else _("(time not given)")


def group_value(estimate: Estimate, group: Group) -> str:
    """A group's result with its unit, and its interval where printed."""
    if group.value is None:
        return printed(group.printed or "")
    value = number(group.value)
    match estimate.measure:
        case Measure.RATE:
            value = f"{value}%"
        case Measure.MEDIAN_MONTHS:
            value = _("%s months") % value
        case _:
            pass
    if group.low is None or group.high is None:
        return value
    return f"{value} ({number(group.low)}–{number(group.high)})"


def joined(words: Iterable[str]) -> str:
    """a, b and c."""
    *others, last = words
    if not others:
        return last
    return _("%(others)s and %(last)s") % {"others": ", ".join(others), "last": last}
