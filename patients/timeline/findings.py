"""A finding on a card: the values, the verdict, and how the one follows from the other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from msgspec import Struct
from msgspec.structs import replace

from patients.timeline.course import Course
from patients.timeline.places import is_routine
from riskfactors.beside.citations import Link
from riskfactors.beside.evidence import evidence_of, outcomes_of, rule_of
from riskfactors.domain.agenda import Finding
from riskfactors.domain.criteria.graded import GradedScore
from riskfactors.domain.evidence import Factor
from riskfactors.domain.findings import MilestoneFindings
from riskfactors.domain.snapshot import Fact, View
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Direction, Phrase, Role, Verdict
from riskfactors.markup import rendered
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, name_of, say, verdict_name
from riskfactors.words.course import listed
from riskfactors.words.facts import day_words, value_words
from riskfactors.words.library import VERDICT_MEANINGS, side_name, side_of
from riskfactors.words.translating import gettext as _

LIMIT: Final = ".upper_limit"


class Item(Struct, frozen=True):
    """Something that is not recorded, and where it is recorded, if this person may."""

    name: str
    url: str = ""


class Recorded(Struct, frozen=True):
    """A recorded value; `about` is its upper limit, `when` its day and visit."""

    name: str
    value: str
    about: str
    when: str


class Said(Struct, frozen=True):
    """A verdict in the words that are never replaced by others, with the published association.

    `side` is set where the verdict lies on one; `kind` is said of it where it lies on none.
    """

    verdict: str
    side: Direction | None = None
    association: str = ""
    kind: str = ""


class Grounds(Struct, frozen=True, kw_only=True):
    """The rule, how the verdict follows, and what was published: here, or on another card."""

    factor: str
    title: str
    outcomes: str
    rule_title: str
    rule: SafeString
    how_title: str
    how: str
    evidence: SafeString | None
    elsewhere: Link | None


class Told(Struct, frozen=True, kw_only=True):
    """What is told of every patient in whom a factor stands like this, its grounds as markup."""

    name: str
    said: Said
    reason: str
    caveats: tuple[str, ...]
    grounds: SafeString


class Row(Struct, frozen=True):
    """One finding: what is told of it, and this patient's values or what is missing."""

    factor: str
    verdict: Verdict
    told: Told
    recorded: tuple[Recorded, ...]
    missing: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the rows of one card share.

    `homes` is the card on which the published results of each factor stand: its latest. `items`
    keeps what is not recorded by its name: many findings of a card wait for the same.
    """

    course: Course
    found: MilestoneFindings
    view: View
    homes: Mapping[str, Milestone]
    may_record: bool
    language: str
    items: dict[str, Item] = field(default_factory=dict)

    @property
    def milestone(self) -> Milestone:
        """Whose card it is."""
        return self.found.milestone


def field_url(course: Course, number: int, name: str) -> str:
    """Where a missing item is recorded: the form of its visit, at its field."""
    variable = name.removesuffix(LIMIT)
    declared = catalogue().dictionary.variables[variable]
    address = "patients:standing" if declared.standing else "patients:visit"
    return f"{_address(address, course.public_id, number)}#id_{variable}"


def treatment_url(course: Course, name: str) -> str:
    """Where a missing treatment is recorded, or the response to one that is."""
    purpose = name.removeprefix("treatments.")
    if Role.of(purpose) is None:
        return _address("patients:records", course.public_id)
    return _address("patients:new_treatment", course.public_id, purpose)


@lru_cache(maxsize=1024)
def _address(name: str, *of: object) -> str:
    return reverse(name, args=of)


def row(card: Card, finding: Finding) -> Row:
    """One finding: its name, verdict and values, with its grounds one click away."""
    key, home = finding.factor, card.homes[finding.factor]
    elsewhere = None if home is card.milestone else home
    bare = replace(finding, basis=(), missing=())
    return Row(
        key,
        finding.verdict,
        _told(bare, _score_of(card, key), elsewhere, card.language),
        _recorded(card, finding.basis),
        items(card, finding.missing),
    )


@lru_cache(maxsize=4096)
def _told(finding: Finding, score: str, elsewhere: Milestone | None, _language: str) -> Told:
    """The words of a finding, whatever its values are, and wherever its results stand."""
    factor = catalogue().by_key[finding.factor]
    grouped = finding.verdict is Verdict.STRATUM
    return Told(
        name=_(factor.name),
        said=_said(factor, finding, score),
        reason=_own_reason(finding),
        caveats=tuple(_(caveat) for caveat in factor.caveats) if grouped else (),
        grounds=rendered("patients/timeline/grounds.jinja", of=_grounds(finding, elsewhere)),
    )


def _grounds(finding: Finding, elsewhere: Milestone | None) -> Grounds:
    key, own, evidence, link = finding.factor, finding.stratum or finding.verdict.value, None, None
    if elsewhere is None:
        evidence = evidence_of(key, own)
    else:
        there = _("Published results: on the card of %s") % milestone_name(elsewhere)
        link = Link(there, f"#evidence-{key}")
    return Grounds(
        factor=key,
        title=_("Rule and published results:"),
        outcomes=outcomes_of(key),
        rule_title=_("Rule."),
        rule=rule_of(key),
        how_title=_("How this follows."),
        how=" ".join(_how(finding)),
        evidence=evidence,
        elsewhere=link,
    )


def _said(factor: Factor, finding: Finding, score: str) -> Said:
    """Only what is met, or a group, has the look of its side: a criterion that is not met and a
    value without a cut-off lie on none."""
    said, side = verdict_name(finding.verdict), side_of(factor)
    match finding.verdict:
        case Verdict.STRATUM:
            group = factor.strata[str(finding.stratum)]
            said = _("%(verdict)s: %(name)s") % {"verdict": said, "name": _(group.name)}
            return Said(said, group.direction, side_name(group.direction, of_group=True))
        case Verdict.MET:
            return Said(said, finding.direction, side)
        case Verdict.NOT_MET:
            return Said(said, kind=_("Published association where it is met: %s") % side.lower())
        case Verdict.GRADED:
            of_value = _("Published association of the value: %s") % side.lower()
            return Said(f"{said} {score}".rstrip(), kind=of_value)
        case _:
            return Said(said)


def _score_of(card: Card, key: str) -> str:
    """The value of the score that a factor is, where it is one."""
    criterion = catalogue().by_key[key].criterion
    if not isinstance(criterion, GradedScore):
        return ""
    found = (s.low for s in card.found.scores if s.score == criterion.score and s.low == s.high)
    return str(next(found, ""))


def _recorded(card: Card, basis: Iterable[Fact]) -> tuple[Recorded, ...]:
    """What the verdict rests on, each with unit, day and visit."""
    facts = dict.fromkeys(basis)
    limits = {(f.variable, f.milestone): f for f in facts if f.variable.endswith(LIMIT)}
    return tuple(
        [
            _one_recorded(
                fact,
                limits.get((f"{fact.variable}{LIMIT}", fact.milestone)),
                fact.milestone is not card.milestone,
                card.language,
            )
            for fact in facts
            if not fact.variable.endswith(LIMIT)
        ]
    )


@lru_cache(maxsize=8192)
def _one_recorded(fact: Fact, limit: Fact | None, elsewhere: bool, _language: str) -> Recorded:
    when = "" if fact.variable.endswith("_date") else day_words(fact.observed_on)
    visit = milestone_name(fact.milestone) if fact.milestone and elsewhere else ""
    about = _(" (upper limit %s)") % value_words(limit) if limit else ""
    return Recorded(name_of(fact.variable), value_words(fact), about, listed((when, visit)))


def items(card: Card, names: Iterable[str]) -> tuple[Item, ...]:
    """What is not recorded, each item of routine with the place where it is recorded."""
    return tuple([item(card, name) for name in names])


def item(card: Card, name: str) -> Item:
    """One missing item."""
    known = card.items.get(name)
    if known is None:
        url = _url_for(card, name) if card.may_record and is_routine(name) else None
        known = card.items[name] = Item(name_of(name), url or "")
    return known


def _url_for(card: Card, name: str) -> str | None:
    if name.startswith("treatments."):
        return treatment_url(card.course, name)
    number = _visit_for(card, name)
    return None if number is None else field_url(card.course, number, name)


def _visit_for(card: Card, name: str) -> int | None:
    """The number of the visit where an item is asked for: this one, else the latest before it."""
    variable = catalogue().dictionary.variables.get(name.removesuffix(LIMIT))
    if variable is None:
        return None
    before = [found.milestone for found in card.course.findings if found.date <= card.found.date]
    asked = [milestone for milestone in before if milestone in variable.asked_at]
    if not asked:
        return None
    at = card.milestone if card.milestone in asked else asked[-1]
    return card.course.numbers[at]


def _own_reason(finding: Finding) -> str:
    """Why nothing is decided, or was studied, unless the names of what is missing say it."""
    if finding.verdict not in (Verdict.UNKNOWN, Verdict.NOT_APPLICABLE) or finding.reason is None:
        return ""
    return "" if finding.reason.key == "not_recorded" else reason(finding.reason)


def _how(finding: Finding) -> Iterator[str]:
    """Why the verdict is what it is."""
    yield _(VERDICT_MEANINGS[finding.verdict])
    if finding.reason is not None and finding.verdict is Verdict.NOT_MET:
        yield reason(finding.reason)


@lru_cache(maxsize=4096)
def _reason(phrase: Phrase, _language: str) -> str:
    return say(phrase)


def reason(phrase: Phrase) -> str:
    """A reason in words, remembered."""
    return _reason(phrase, get_language())
