"""The studies of one fact side by side: every estimate of the factors that rest on it.

Estimates share an axis only where they are ratios of one measure for one outcome, in the same part
of the course, that compare the same with the same. Nothing is pooled.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.beside.citations import Citation, Link, citations_of
from riskfactors.beside.facts import SharedFact, fact_name, facts
from riskfactors.beside.figures import Result, result_of
from riskfactors.domain.evidence import PER_COMPARISON
from riskfactors.domain.vocabulary import Setting
from riskfactors.library.forests import ForestTable, forests
from riskfactors.library.whose import Published, Whose, finding, whose
from riskfactors.words.comparisons import outcome_title
from riskfactors.words.library import OUTCOME_FAMILIES, outcomes_in

OUTCOMES: Final = tuple(o for family in OUTCOME_FAMILIES.values() for o in family)


class ToldLine(Struct, frozen=True):
    """A result that has no place on an axis of ratios."""

    whose: Whose
    result: Result


class Endpoint(Struct, frozen=True):
    """What was published of a fact for one outcome."""

    dom_id: str
    title: str
    forests: tuple[ForestTable, ...]
    told: tuple[ToldLine, ...]


class FactPage(Struct, frozen=True, kw_only=True):
    """Every estimate of a fact."""

    name: str
    findings: tuple[Link, ...]
    endpoints: tuple[Endpoint, ...]
    citations: tuple[Citation, ...]


class FactRow(Struct, frozen=True):
    """A fact in the list of facts."""

    link: Link
    findings: tuple[str, ...]
    outcomes: str
    references: str


def fact_page(key: str) -> FactPage | None:
    """The page of the fact with this key, in the active language."""
    return _pages(get_language()).get(key)


def facts_page() -> tuple[FactRow, ...]:
    """Every fact by its name, in the active language."""
    return _rows(get_language())


@cache
def _pages(_language: str) -> dict[str, FactPage]:
    return {fact.key: _page(fact) for fact in facts()}


@cache
def _rows(_language: str) -> tuple[FactRow, ...]:
    rows = [
        FactRow(
            Link(fact_name(fact), reverse("riskfactors:fact", args=[fact.key])),
            tuple(_(factor.name) for factor in fact.factors),
            ", ".join(dict.fromkeys(outcome_title(o) for o in _outcomes(fact))),
            ", ".join(str(n) for n in sorted({n for f in fact.factors for n in f.references})),
        )
        for fact in facts()
    ]
    return tuple(sorted(rows, key=lambda row: row.link.text.casefold()))


def _outcomes(fact: SharedFact) -> Iterator[str]:
    return (line.outcome for factor in fact.factors for line in factor.evidence)


def _page(fact: SharedFact) -> FactPage:
    found: dict[tuple[bool, str], list[Published]] = {}
    for factor in fact.factors:
        for estimate in factor.evidence:
            after_relapse = factor.setting is Setting.POST_RELAPSE
            found.setdefault((after_relapse, estimate.outcome), []).append(
                Published(factor, estimate)
            )
    endpoints = sorted(found, key=lambda at: (at[0], _place(at[1])))
    citations = {c.number: c for factor in fact.factors for c in citations_of(factor)}
    return FactPage(
        name=fact_name(fact),
        findings=tuple(map(finding, fact.factors)),
        endpoints=tuple(
            _endpoint(f"endpoint-{number}", at, found[at]) for number, at in enumerate(endpoints, 1)
        ),
        citations=tuple(citations[number] for number in sorted(citations)),
    )


def _place(outcome: str) -> int:
    """Survival first, as the library offers outcomes; what it does not know comes last."""
    first = outcomes_in(outcome)[0]
    return OUTCOMES.index(first) if first in OUTCOMES else len(OUTCOMES)


def _endpoint(dom_id: str, at: tuple[bool, str], published: Iterable[Published]) -> Endpoint:
    after_relapse, outcome = at
    title = outcome_title(outcome)
    published = tuple(published)
    ratios = [one for one in published if one.estimate.measure in PER_COMPARISON]
    others = [one for one in published if one.estimate.measure not in PER_COMPARISON]
    return Endpoint(
        dom_id,
        _("%s after a relapse or progression") % title if after_relapse else title,
        forests(dom_id, ratios),
        tuple(ToldLine(whose(*one), result_of(one.estimate)) for one in others),
    )
