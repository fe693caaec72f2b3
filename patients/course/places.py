"""Where each finding of a milestone stands on its card: the order of wording.md, and no other."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

from riskfactors.beside.related import looked_at
from riskfactors.domain.agenda import Finding
from riskfactors.domain.evidence import Factor
from riskfactors.domain.snapshot import View
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Direction, Response, Verdict
from riskfactors.published import catalogue
from riskfactors.words.library import is_unclassified_treatment


class Place(StrEnum):
    """The parts of a card, in their order."""

    RESPONSE = "response"
    ADVERSE = "adverse"
    GROUPS = "groups"
    FAVOURABLE = "favourable"
    UNCERTAIN = "uncertain"
    UNDECIDED = "undecided"
    SALVAGE = "salvage"
    NOT_MET = "not_met"
    NEUTRAL = "neutral"
    NOT_STUDIED = "not_studied"
    RESEARCH = "research"


FOLDED: Final = (Place.NOT_MET, Place.NEUTRAL, Place.NOT_STUDIED, Place.RESEARCH)


class Cluster(StrEnum):
    """Findings that stand together as one card."""

    VOLUME = "volume"
    BRIDGING = "bridging"
    AGE = "age"
    EARLY = "early"


CLUSTERS: Final[Mapping[str, Cluster]] = {
    **dict.fromkeys(
        ("mtv_high_baseline", "mtv_high_lymphodepletion", "mtv_low_baseline"), Cluster.VOLUME
    ),
    **dict.fromkeys(
        ("bridging_given", "bridging_refractory", "bridging_effective", "relapse_bridging"),
        Cluster.BRIDGING,
    ),
    **dict.fromkeys(("age_ge_65", "age_gt_60", "relapse_older_age"), Cluster.AGE),
    **dict.fromkeys(
        ("relapse_within_30_days", "relapse_sd_pd_day_30", "relapse_refractory"), Cluster.EARLY
    ),
}

BRIDGING_RESPONSE: Final = "treatments.bridging.best_response"
RESPONSES: Final = frozenset({"response", "deauville"})
"""A factor whose rule looks at one of these says something of the response itself."""
FAVOURABLE_RESPONSES: Final = RESPONSES | {"ctdna"}
"""What may be favourable after a relapse because of the treatment of the relapse."""


class Topic(NamedTuple):
    """One finding, or several that are one card."""

    cluster: Cluster | None
    findings: tuple[Finding, ...]


def sorted_findings(findings: Iterable[Finding]) -> dict[Place, list[Topic]]:
    """The findings of a milestone by their place on its card, none left out, in their order."""
    findings = tuple(findings)
    shared = {**CLUSTERS, **_of_bridging(findings)}
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(shared.get(finding.factor, finding.factor), []).append(finding)
    places: dict[Place, list[Topic]] = {place: [] for place in Place}
    for members in groups.values():
        cluster = shared.get(members[0].factor)
        places[_foremost(cluster, members)].append(Topic(cluster, tuple(members)))
    return places


def _of_bridging(findings: Iterable[Finding]) -> dict[str, Cluster]:
    """What is one fact with the response to bridging: resistance that rests on it, and progression
    before lymphodepletion where that response was progression."""
    by_factor = {finding.factor: finding for finding in findings}
    responses = {
        key: fact.value
        for key, finding in by_factor.items()
        for fact in finding.basis
        if fact.variable == BRIDGING_RESPONSE
    }
    progressed = by_factor.get("progressive_disease")
    one_fact = [key for key in ("chemo_resistant",) if key in responses]
    if progressed and progressed.verdict is Verdict.MET and Response.PD in responses.values():
        one_fact.append(progressed.factor)
    return dict.fromkeys(one_fact, Cluster.BRIDGING)


def _foremost(cluster: Cluster | None, members: Iterable[Finding]) -> Place:
    """A card of several stands where the first of them would.

    Age that is decided is always uncertain; what is met on both sides stands on neither.
    """
    places = {place_of(finding) for finding in members}
    if cluster is Cluster.AGE and not places <= {Place.UNDECIDED, Place.NOT_STUDIED}:
        return Place.UNCERTAIN
    if {Place.ADVERSE, Place.FAVOURABLE} <= places:
        return Place.GROUPS
    return next(place for place in Place if place in places)


def place_of(finding: Finding) -> Place:
    """The place of a finding that stands alone."""
    factor = catalogue().by_key[finding.factor]
    if is_unclassified_treatment(factor) and finding.verdict is not Verdict.NOT_APPLICABLE:
        return Place.SALVAGE
    match finding.verdict:
        case Verdict.NOT_APPLICABLE:
            return Place.NOT_STUDIED
        case Verdict.UNKNOWN:
            routine = all(is_routine(name) for name in finding.missing)
            return Place.UNDECIDED if routine else Place.RESEARCH
        case Verdict.STRATUM | Verdict.GRADED:
            return Place.RESPONSE if _of_response(factor) else Place.GROUPS
        case _ if finding.direction is Direction.NEUTRAL:
            return Place.NEUTRAL
        case Verdict.NOT_MET:
            return Place.NOT_MET
        case Verdict.MET:
            return _met(finding.direction)


def _met(direction: Direction) -> Place:
    match direction:
        case Direction.ADVERSE:
            return Place.ADVERSE
        case Direction.FAVOURABLE:
            return Place.FAVOURABLE
        case _:
            return Place.UNCERTAIN


def _of_response(factor: Factor) -> bool:
    return bool(looked_at(factor.criterion.sentence) & RESPONSES)


def follows_a_relapse(view: View, finding: Finding) -> bool:
    """Whether a finding would be favourable by a response that follows a relapse."""
    factor = catalogue().by_key[finding.factor]
    return (
        finding.direction is Direction.FAVOURABLE
        and finding.verdict is Verdict.STRATUM
        and Milestone.RELAPSE in view.dates
        and view.milestone is not Milestone.RELAPSE
        and not FAVOURABLE_RESPONSES.isdisjoint(looked_at(factor.criterion.sentence))
    )


def side_of(view: View, finding: Finding) -> Direction:
    """The side on which a finding is shown: a response after a relapse lies on none."""
    return Direction.MIXED if follows_a_relapse(view, finding) else finding.direction


def is_routine(name: str) -> bool:
    """Whether something missing is recorded in routine: research items are never missed."""
    variable = catalogue().dictionary.variables.get(name.removesuffix(".upper_limit"))
    return variable is None or variable.availability == "routine"


@cache
def stands(key: str) -> bool:
    """Whether a factor speaks of a standing fact: it stays on every later card."""
    variables = catalogue().dictionary.variables
    named = [
        variables[name]
        for name in looked_at(catalogue().by_key[key].criterion.sentence)
        if name in variables and name != "prior_lines"
    ]
    return bool(named) and all(v.standing and v.availability == "routine" for v in named)
