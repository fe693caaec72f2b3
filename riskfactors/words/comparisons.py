"""Words of comparisons: who is compared with whom, and what either side of 1 means."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from django.utils.translation import gettext_noop

from riskfactors.domain.evidence import Estimate, Factor
from riskfactors.domain.vocabulary import Kind, Measure
from riskfactors.words.names import outcome_name
from riskfactors.words.translating import gettext as _

UNIT_NOT_PRINTED: Final = "unit not printed"
"""What the catalogue says of a per-unit estimate whose unit is unknown."""

EVENTS: Final = {
    "PFS": gettext_noop("progression or death"),
    "OS": gettext_noop("death"),
    "relapse": gettext_noop("relapse"),
    "early relapse": gettext_noop("early relapse"),
    "death": gettext_noop("death"),
}
"""The event that a hazard ratio of an outcome counts."""

ODDS: Final = {
    "ORR": (gettext_noop("fewer responses"), gettext_noop("more responses")),
    "CR": (gettext_noop("fewer complete responses"), gettext_noop("more complete responses")),
    "efficacy": (
        gettext_noop("lower odds of an outcome that is not named in the review"),
        gettext_noop("higher odds of an outcome that is not named in the review"),
    ),
}
"""What an odds ratio below 1 and above 1 means, where it counts reaching the outcome."""

SHORT_OUTCOMES: Final = frozenset({"PFS", "OS", "ORR", "CR", "DoR"})
"""Outcomes that stand as their abbreviation where space is scarce."""


class Sides(NamedTuple):
    """What lies on the two sides of 1: in short, and in full with whom it concerns."""

    lower: str
    higher: str
    lower_in_full: str
    higher_in_full: str


def outcome_title(outcome: str) -> str:
    """A published outcome, spelt out, as it begins a line."""
    name = outcome_name(outcome)
    return name[:1].upper() + name[1:]


def short_outcome(outcome: str) -> str:
    """A published outcome as it labels a line of a figure."""
    return outcome if outcome in SHORT_OUTCOMES else outcome_title(outcome)


def contrasted(contrast: str) -> tuple[str, str]:
    """Both sides of "a vs b"."""
    first, second = contrast.split(" vs ")
    return first, second


def comparison_name(factor: Factor, estimate: Estimate) -> str:
    """Who was compared with whom, as a title."""
    if estimate.contrast:
        return _("%(first)s compared with %(second)s") % dict(
            zip(("first", "second"), contrasted(estimate.contrast), strict=True)
        )
    if estimate.per == UNIT_NOT_PRINTED:
        return _("per unit, unit not printed")
    if estimate.per:
        return _("per %s") % _(estimate.per)
    if factor.kind is Kind.GRADED:
        return _("compared groups not given in the review")
    return _("patients with and without “%s”") % _(factor.name)


def sides(factor: Factor, estimate: Estimate) -> Sides:
    """What a ratio below and above 1 means. Raises KeyError for an outcome without words."""
    if estimate.measure is Measure.HAZARD_RATIO:
        lower, higher = _("fewer events"), _("more events")
    else:
        words = [_(text) for text in ODDS[estimate.outcome]]
        if estimate.of_not_reaching:
            words.reverse()
        lower, higher = words
    whom = _whom(factor, estimate)
    return Sides(lower, higher, f"{lower} {whom}", f"{higher} {whom}")


def events(estimates: Iterable[Estimate]) -> str:
    """What hazard ratios count as an event, outcome by outcome; empty for other measures."""
    counted = {
        estimate.outcome: _(EVENTS[estimate.outcome])
        for estimate in estimates
        if estimate.measure is Measure.HAZARD_RATIO
    }
    if not counted:
        return ""
    listed = "; ".join(
        f"{short_outcome(outcome)}, {event}" if outcome in SHORT_OUTCOMES else event
        for outcome, event in counted.items()
    )
    return _("Events counted: %s.") % listed


def _whom(factor: Factor, estimate: Estimate) -> str:
    name = _(factor.name)
    if estimate.contrast:
        first, second = contrasted(estimate.contrast)
        return _("with %(first)s than with %(second)s") % {"first": first, "second": second}
    if estimate.per == UNIT_NOT_PRINTED:
        return _("the higher the value (per unit, unit not printed)")
    if estimate.per:
        return _("the higher the value (per %s)") % _(estimate.per)
    if factor.kind is Kind.GRADED:
        return _("with “%s” (the groups compared are not given in the review)") % name
    return _("with “%s” than without") % name


def rule_met_by(rule: str) -> str:
    """Who was compared with whom, by the rule that one of both meets."""
    return _("%s, compared with the others") % rule


def cut_off_name(*, above: bool) -> str:
    """Who was compared with whom where the lines of a table have cut-offs of their own."""
    return rule_met_by(
        _("above the cut-off of each line") if above else _("below the cut-off of each line")
    )


def sides_of_rule(factor: Factor, estimate: Estimate) -> Sides:
    """The sides of 1 where the lines of a table name what they compare."""
    own = sides(factor, estimate)
    return own._replace(
        lower_in_full=_("%s in those who meet it than in the others") % own.lower,
        higher_in_full=_("%s in those who meet it than in the others") % own.higher,
    )


def what_odds_mean(factor: Factor, estimate: Estimate) -> str:
    """How to read an odds ratio; empty for other measures."""
    if estimate.measure is not Measure.ODDS_RATIO:
        return ""
    higher = sides(factor, estimate).higher
    if estimate.of_not_reaching:
        return _("Read so, an odds ratio above 1 means %s.") % higher
    return _("An odds ratio above 1 means %s.") % higher
