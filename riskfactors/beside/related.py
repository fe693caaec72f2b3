"""Findings that belong together, because their rules look at one of the same things."""

from functools import cache
from typing import Final

from riskfactors.domain.criteria.strata import StrataByUptakeChange
from riskfactors.domain.evidence import Factor
from riskfactors.domain.timepoints import AFTER_INFUSION, SCHEDULED, Milestone
from riskfactors.domain.vocabulary import Phrase
from riskfactors.published import catalogue
from riskfactors.words.names import OTHER_NAMES

LOOKED_AT: Final = {
    "bridging_given": {"bridging"},
    "groups_by_bridging": {"bridging"},
    "groups_by_line": {"prior_lines"},
    "groups_by_uptake_change": {"deauville", "suvmax"},
    "any_response": {"response"},
    "latest_response": {"response"},
    "relapse_within": {"relapse_date"},
    "salvage_class": {"treatments.salvage"},
}
"""What a rule looks at without naming it."""

SAME: Final = {
    "treatments.bridging": "bridging",
    "treatments.bridging.best_response": "bridging",
    "ferritin_peak": "ferritin",
    "car_t_peak": "car_t_level",
    "car_t_peak_copies": "car_t_level",
    "car_t_auc_28": "car_t_level",
    "car_t_persistence": "car_t_level",
    "events.crs": "crs_grade_max",
}
"""Names of one thing."""


def related(factor: Factor) -> tuple[Factor, ...]:
    """The other factors whose rule looks at one of the same things, in their order."""
    own = looked_at(factor.criterion.sentence)
    return tuple(
        other
        for other in catalogue().factors
        if other.key != factor.key and own & looked_at(other.criterion.sentence)
    )


@cache
def looked_at(rule: Phrase) -> frozenset[str]:
    """Variables, scores and parts of the course that a rule looks at."""
    found = set(LOOKED_AT.get(rule.key, ()))
    for about in rule.about:
        if isinstance(about, Phrase):
            found |= looked_at(about)
        elif about in catalogue().dictionary.variables or about in OTHER_NAMES:
            found.add(SAME.get(about, about))
    return frozenset(found)


@cache
def taken_from(key: str, name: str) -> tuple[Milestone, ...]:
    """The milestones from which a factor takes a value, in their order, as far as they ask for it;
    none where it takes the latest. Of a relapse no response is its own: they are those before it.
    """
    factor = catalogue().by_key[key]
    criterion, source = factor.criterion, factor.values_from
    variable = catalogue().dictionary.variables.get(name)
    if source == "responses" and Milestone.RELAPSE in factor.evaluated_at:
        source = tuple(m for m in SCHEDULED if m in AFTER_INFUSION)
    if isinstance(source, str) or variable is None or name not in looked_at(criterion.sentence):
        return ()
    if isinstance(criterion, StrataByUptakeChange) and name == "suvmax":
        source = (*source, criterion.compares_with)
    return tuple(milestone for milestone in source if milestone in variable.asked_at)
