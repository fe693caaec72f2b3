"""A finding in a cell of the matrix: its shape, its word, the patient's value, and what changed."""

from datetime import date
from typing import Final

from msgspec import Struct

from patients.course.columns import unbroken_milestone
from patients.course.findings import score_of
from patients.course.known import Course
from patients.course.places import (
    CLUSTERS,
    Cluster,
    Place,
    follows_a_relapse,
    place_of,
    side_of,
)
from riskfactors.beside.related import SAME, looked_at
from riskfactors.domain.agenda import Finding
from riskfactors.domain.criteria.conditions import AboveUpperLimit
from riskfactors.domain.findings import MilestoneFindings
from riskfactors.domain.snapshot import Fact, View
from riskfactors.domain.timeline import confounders, multiple_of_limit
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Direction, Response, Role, Verdict
from riskfactors.published import catalogue
from riskfactors.words import unbroken, verdict_name
from riskfactors.words.facts import short, sign, value_words
from riskfactors.words.translating import gettext as _

LOOKS: Final = {
    Place.ADVERSE: "adverse",
    Place.FAVOURABLE: "favourable",
    Place.UNCERTAIN: "uncertain",
    Place.SALVAGE: "treatment",
    Place.NOT_MET: "unmet",
    Place.NEUTRAL: "neutral",
    Place.UNDECIDED: "open",
    Place.NOT_STUDIED: "unstudied",
    Place.RESEARCH: "open",
}


RESPONSES: Final = frozenset(Response)
"""Told by their codes, as in the drawing."""


class Cell(Struct, frozen=True, kw_only=True):
    """A finding in few words: `look` is its shape, `said` its verdict or group, `full` that verdict
    where the shape alone is seen: nothing is decided, or the same on the same grounds as before."""

    factor: str
    milestone: Milestone
    verdict: Verdict
    look: str
    said: str
    full: str
    value: str
    change: str


class At(Struct, frozen=True):
    """A finding with its milestone and what counted then."""

    found: MilestoneFindings
    view: View
    finding: Finding


def place_in_row(finding: Finding) -> Place:
    """The place of a finding; age that meets a criterion is always uncertain."""
    of_age = CLUSTERS.get(finding.factor) is Cluster.AGE
    return Place.UNCERTAIN if of_age and is_told(finding) else place_of(finding)


def is_told(finding: Finding) -> bool:
    """Whether figures stand beside it: what is met, a group, or a value."""
    if finding.verdict is Verdict.MET:
        return finding.direction is not Direction.NEUTRAL
    return finding.verdict in (Verdict.STRATUM, Verdict.GRADED)


def is_same(before: At, after: At) -> bool:
    """Whether a finding says what it said before, on the same grounds."""
    return before.finding == after.finding and bool(after.finding.basis)


def cell_of(at: At, change: str, *, again: bool) -> Cell:
    """A finding as the matrix shows it; `again` where it says the same as before."""
    finding = at.finding
    look, said, full = _said(at.view, finding)
    value = _value(at)
    if follows_a_relapse(at.view, finding):
        change = _("after relapse")
    return Cell(
        factor=finding.factor,
        milestone=at.found.milestone,
        verdict=finding.verdict,
        look=look,
        said="" if again else said,
        full=_("%s, as before") % (said or full) if again else full,
        value="" if again or said.endswith(f" {value}") else value,
        change=change,
    )


def _said(view: View, finding: Finding) -> tuple[str, str, str]:
    """The look, the word that is seen, and the word for whom a shape says nothing."""
    match finding.verdict:
        case Verdict.MET:
            return LOOKS[place_in_row(finding)], _("met"), ""
        case Verdict.NOT_MET:
            return "unmet", _("not met"), ""
        case Verdict.STRATUM:
            group = catalogue().by_key[finding.factor].strata[str(finding.stratum)]
            return f"group-{side_of(view, finding)}", _(group.name), ""
        case Verdict.GRADED:
            return "value", "", verdict_name(finding.verdict)
        case _:
            return LOOKS[place_of(finding)], "", verdict_name(finding.verdict)


def _value(at: At) -> str:
    """The value that a verdict rests on, where it is one, and when it was so if that is before; a
    group is named by its code already."""
    if at.finding.verdict in (Verdict.UNKNOWN, Verdict.NOT_APPLICABLE):
        return ""
    return " ".join(filter(None, (_recorded(at), _earlier(at))))


def _recorded(at: At) -> str:
    finding = at.finding
    if score := score_of(at.found, finding.factor):
        return score
    named = looked_at(catalogue().by_key[finding.factor].criterion.sentence)
    facts = [f for f in finding.basis if SAME.get(f.variable, f.variable) in named]
    if len({fact.variable for fact in facts}) != 1:
        return ""
    fact = facts[-1]
    if isinstance(fact.value, str) and (finding.verdict is Verdict.STRATUM or fact.value == "yes"):
        return ""  # the group, or the verdict, says it already
    return _worded(at.view, fact, finding) + _moved(at.view, fact)


def _earlier(at: At) -> str:
    """The milestone of a value that the factor asks for and that is not the one of the column: in
    the column of a relapse the LDH of the infusion stands, and another was measured since."""
    sources = catalogue().by_key[at.finding.factor].values_from
    if isinstance(sources, str) or at.found.milestone in sources:
        return ""
    of = [
        fact.milestone for fact in at.finding.basis if fact.milestone and fact.milestone in sources
    ]
    return _("at %s") % unbroken(unbroken_milestone(of[-1])) if of else ""


def _worded(view: View, fact: Fact, finding: Finding) -> str:
    """As recorded; of a value with an upper limit the multiple that the verdict rests on."""
    if not isinstance(fact.value, str) and fact.milestone is not None:
        observation = view.at.get(fact.milestone, {}).get(fact.variable)
        multiple = multiple_of_limit(observation) if observation else None
        if multiple is not None and _is_above_limit(finding):
            return f"{sign(fact.comparator)}{short(multiple)}×"
    return str(fact.value) if fact.value in RESPONSES else value_words(fact)


def _moved(view: View, fact: Fact) -> str:
    """The mark of a value with which something was recorded that can move it by itself."""
    for visit in view.visits:
        observation = visit.observations.get(fact.variable)
        if observation is not None and observation.fact == fact:
            events, dictionary = view.snapshot.events, catalogue().dictionary
            return "†" if confounders(fact.variable, visit, events, dictionary) else ""
    return ""


def _is_above_limit(finding: Finding) -> bool:
    return isinstance(catalogue().by_key[finding.factor].criterion, AboveUpperLimit)


def change_of(course: Course, before: At, after: At) -> str:
    """What changed in a criterion from one milestone to the next at which it was decided."""
    verdicts = before.finding.verdict, after.finding.verdict
    if verdicts not in ((Verdict.MET, Verdict.NOT_MET), (Verdict.NOT_MET, Verdict.MET)):
        return ""
    words = _turned(after.finding, met=verdicts[1] is Verdict.MET)
    if _bridged_between(course, before.found.date, after.found.date):
        return _("%s after bridging") % words
    return words


def _turned(finding: Finding, *, met: bool) -> str:
    """In words that hold when the limit has changed, or the value lies on it."""
    if _is_above_limit(finding):
        return _("now above its limit") if met else _("no longer above its limit")
    return _("newly met") if met else _("no longer met")


def _bridged_between(course: Course, before: date, after: date) -> bool:
    return any(
        treatment.role is Role.BRIDGING and before <= treatment.start <= after
        for treatment in course.snapshot.treatments
    )
