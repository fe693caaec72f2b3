"""A finding on a card: what is told of it, and the values that it rests on."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from patients.course.card import LIMIT, Card, Item, awaited
from patients.course.facts import OF_FACTOR, fact_url
from patients.course.places import side_of
from patients.course.told import Told, told
from riskfactors.beside.caveats import fitting
from riskfactors.domain.agenda import Finding
from riskfactors.domain.criteria.graded import GradedScore
from riskfactors.domain.findings import MilestoneFindings
from riskfactors.domain.snapshot import Fact, View
from riskfactors.domain.vocabulary import Verdict
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, name_of
from riskfactors.words.course import listed
from riskfactors.words.facts import day_words, value_words
from riskfactors.words.translating import gettext as _


class Ground(Struct, frozen=True):
    """A recorded value; `about` is its upper limit, `when` its day and visit."""

    name: str
    value: str
    about: str
    when: str


class Row(Struct, frozen=True):
    """One finding: what is told of it, this patient's values or what is missing, and where its fact
    stands in full."""

    factor: str
    name: str
    verdict: Verdict
    told: Told
    recorded: tuple[Ground, ...]
    missing: tuple[Item, ...]
    caveats: tuple[str, ...]
    fact: str


def row(card: Card, finding: Finding) -> Row:
    """One finding: its name, verdict and values; its figures stand in the matrix."""
    key = finding.factor
    bare = replace(finding, basis=(), missing=(), direction=side_of(card.view, finding))
    return Row(
        key,
        _(catalogue().by_key[key].name),
        finding.verdict,
        told(bare, score_of(card.found, key), card.language),
        _recorded(card, finding.basis),
        awaited(card, finding),
        caveats(card.view, finding),
        fact_url(card.course.public_id, OF_FACTOR[key].key, card.course.query),
    )


def score_of(found: MilestoneFindings, key: str) -> str:
    """The value of the score that a factor is, where it is one."""
    criterion = catalogue().by_key[key].criterion
    if not isinstance(criterion, GradedScore):
        return ""
    values = (s.low for s in found.scores if s.score == criterion.score and s.low == s.high)
    return str(next(values, ""))


def _recorded(card: Card, basis: Iterable[Fact]) -> tuple[Ground, ...]:
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
def _one_recorded(fact: Fact, limit: Fact | None, elsewhere: bool, _language: str) -> Ground:
    when = "" if fact.variable.endswith("_date") else day_words(fact.observed_on)
    visit = milestone_name(fact.milestone) if fact.milestone and elsewhere else ""
    about = _(" (upper limit %s)") % value_words(limit) if limit else ""
    return Ground(name_of(fact.variable), value_words(fact), about, listed((when, visit)))


def caveats(
    view: View, finding: Finding, choose: Callable[..., tuple[str, ...]] = fitting
) -> tuple[str, ...]:
    """What is to be remembered of a group stands beside it, never folded, if it fits."""
    if finding.stratum is None:
        return ()
    factor = catalogue().by_key[finding.factor]
    response = view.own.get("response")
    fit = choose(factor, finding.stratum, None if response is None else str(response.value))
    return tuple(map(_, fit))
