"""A finding on a card: the values, the verdict, and how the one follows from the other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patients.timeline.course import Course
from patients.timeline.places import is_routine
from riskfactors.beside.evidence import EMPTY, evidence_of, outcomes_of, rule_of
from riskfactors.domain.agenda import Finding
from riskfactors.domain.criteria.graded import GradedScore
from riskfactors.domain.evidence import Factor
from riskfactors.domain.findings import MilestoneFindings
from riskfactors.domain.snapshot import Fact, View
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Direction, Phrase, Role, Verdict
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, name_of, say, verdict_name
from riskfactors.words.course import listed
from riskfactors.words.facts import day_words, value_words
from riskfactors.words.library import VERDICT_MEANINGS, side_name, side_of

LIMIT: Final = ".upper_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the rows of one card share.

    `homes` is the card on which the published results of each factor stand: its latest.
    """

    course: Course
    found: MilestoneFindings
    view: View
    homes: Mapping[str, Milestone]
    may_record: bool

    @property
    def milestone(self) -> Milestone:
        """Whose card it is."""
        return self.found.milestone


def field_url(course: Course, number: int, name: str) -> str:
    """Where a missing item is recorded: the form of its visit, at its field."""
    variable = name.removesuffix(LIMIT)
    declared = catalogue().dictionary.variables[variable]
    address = "patients:standing" if declared.standing else "patients:visit"
    return f"{reverse(address, args=[course.public_id, number])}#id_{variable}"


def treatment_url(course: Course, name: str) -> str:
    """Where a missing treatment is recorded, or the response to one that is."""
    purpose = name.removeprefix("treatments.")
    if Role.of(purpose) is None:
        return reverse("patients:records", args=[course.public_id])
    return reverse("patients:new_treatment", args=[course.public_id, purpose])


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Parts of a page, one after the other."""
    return SafeString("".join(parts))


def row(card: Card, finding: Finding) -> SafeString:
    """One finding: its name, verdict and values, with its grounds one click away."""
    factor = catalogue().by_key[finding.factor]
    return format_html(
        '<li class="finding" data-factor="{}" data-verdict="{}"><h4>{}</h4>{}{}{}{}{}</li>',
        finding.factor,
        finding.verdict,
        _(factor.name),
        verdict(card, finding),
        values(card, finding),
        missing(card, finding),
        _caveats(finding),
        _grounds(card, finding),
    )


def verdict(card: Card, finding: Finding) -> SafeString:
    """The verdict in the words that are never replaced by others, with the published side.

    Only what is met, or a group, has the look of its side: a criterion that is not met and a
    value without a cut-off lie on none.
    """
    factor = catalogue().by_key[finding.factor]
    said = verdict_name(finding.verdict)
    match finding.verdict:
        case Verdict.STRATUM:
            stratum = factor.strata[str(finding.stratum)]
            said = _("%(verdict)s: %(name)s") % {"verdict": said, "name": _(stratum.name)}
            return _sided(said, stratum.direction, side_name(stratum.direction, of_group=True))
        case Verdict.MET:
            return _sided(said, finding.direction, side_of(factor))
        case Verdict.NOT_MET:
            about = _("Published association where it is met: %s") % side_of(factor).lower()
        case Verdict.GRADED:
            said = f"{said} {score_of(card, factor)}".rstrip()
            about = _("Published association of the value: %s") % side_of(factor).lower()
        case _:
            about = ""
    kind = format_html('<span class="kind">{}</span>', about) if about else EMPTY
    return format_html('<p class="verdict">{}{}</p>', said, kind)


def _sided(said: str, direction: Direction, side: str) -> SafeString:
    return format_html(
        '<p class="verdict">{} <span class="side side-{}"><span class="tag-label">{}</span> {}'
        "</span></p>",
        said,
        direction,
        _("Published association:"),
        side,
    )


def score_of(card: Card, factor: Factor) -> str:
    """The value of the score that a factor is, where it is one."""
    named = factor.criterion.score if isinstance(factor.criterion, GradedScore) else None
    found = (s.low for s in card.found.scores if s.score == named and s.low == s.high)
    return str(next(found, ""))


def values(card: Card, finding: Finding) -> SafeString:
    """What the verdict rests on, each with unit, day and visit."""
    facts = list(dict.fromkeys(finding.basis))
    limits = {(f.variable, f.milestone): f for f in facts if f.variable.endswith(LIMIT)}
    shown = [
        _recorded(
            fact,
            limits.get((f"{fact.variable}{LIMIT}", fact.milestone)),
            fact.milestone is not card.milestone,
            get_language(),
        )
        for fact in facts
        if not fact.variable.endswith(LIMIT)
    ]
    return format_html('<ul class="values">{}</ul>', joined(shown)) if shown else EMPTY


@lru_cache(maxsize=8192)
def _recorded(fact: Fact, limit: Fact | None, elsewhere: bool, _language: str) -> SafeString:
    when = "" if fact.variable.endswith("_date") else day_words(fact.observed_on)
    visit = milestone_name(fact.milestone) if fact.milestone and elsewhere else ""
    return format_html(
        '<li>{}: <strong>{}</strong>{} <span class="when">{}</span></li>',
        name_of(fact.variable),
        value_words(fact),
        _(" (upper limit %s)") % value_words(limit) if limit else "",
        listed((when, visit)),
    )


def missing(card: Card, finding: Finding) -> SafeString:
    """What is not recorded, each item of routine with a link to where it is recorded."""
    if not finding.missing:
        return EMPTY
    return format_html(
        '<p class="missing">{} {}</p>',
        _("Not recorded:"),
        format_html_join(", ", "{}", ((item(card, name),) for name in finding.missing)),
    )


def item(card: Card, name: str) -> SafeString:
    """One missing item."""
    url = _url_for(card, name) if card.may_record and is_routine(name) else None
    if url is None:
        return format_html("{}", name_of(name))
    return format_html('<a href="{}">{}</a>', url, name_of(name))


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


def _caveats(finding: Finding) -> SafeString:
    """What is to be remembered of a group stands beside it, never folded; so does a reason."""
    if finding.verdict in (Verdict.UNKNOWN, Verdict.NOT_APPLICABLE):
        own_reason = finding.reason is not None and finding.reason.key != "not_recorded"
        said = reason(finding.reason) if finding.reason and own_reason else ""
        return format_html('<p class="reason">{}</p>', said) if said else EMPTY
    if finding.verdict is not Verdict.STRATUM:
        return EMPTY
    factor = catalogue().by_key[finding.factor]
    return format_html_join("", '<p class="caveat">{}</p>', ((_(c),) for c in factor.caveats))


def _grounds(card: Card, finding: Finding) -> SafeString:
    """The rule, how the verdict follows, and every published estimate."""
    key = finding.factor
    if card.homes.get(key) is card.milestone:
        published = format_html(
            '<div class="evidence" id="evidence-{}">{}</div>', key, evidence_of(key, own(finding))
        )
    else:
        published = format_html(
            '<p><a href="#evidence-{}">{}</a></p>',
            key,
            _("Published results: on the card of %s") % milestone_name(card.homes[key]),
        )
    return format_html(
        '<details class="grounds"><summary>{} <span class="outcomes">{}</span></summary>'
        '<div class="rule"><strong>{}</strong> {}</div><p><strong>{}</strong> {}</p>{}</details>',
        _("Rule and published results:"),
        outcomes_of(key),
        _("Rule."),
        rule_of(key),
        _("How this follows."),
        " ".join(how(finding)),
        published,
    )


def own(finding: Finding) -> str:
    """The patient's group among those of a published comparison."""
    return finding.stratum or finding.verdict.value


def how(finding: Finding) -> Iterator[str]:
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
