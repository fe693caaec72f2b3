"""The page of one factor: its rule, its population, its doubts, and every published estimate."""

from collections.abc import Iterator
from functools import cache

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.beside.citations import Citation, Link, citations_of, third_line_only
from riskfactors.beside.estimates import Section, sections
from riskfactors.beside.facts import facts_of, link_to
from riskfactors.beside.related import related
from riskfactors.beside.rules import RulePart, rule_part
from riskfactors.domain.evidence import Factor
from riskfactors.domain.vocabulary import Kind, Phrase
from riskfactors.library.glossary import terms_of
from riskfactors.published import catalogue
from riskfactors.words import (
    kind_name,
    milestone_name,
    setting_name,
)
from riskfactors.words.estimates import joined
from riskfactors.words.library import (
    TABLES,
    capitalised,
    exceptions_to_source,
    is_unclassified_treatment,
    side_name,
    side_of,
    source_name,
)


class Term(Struct, frozen=True):
    """A term and what is to be said of it, in one sentence or several."""

    name: str
    texts: tuple[str, ...]
    rule: RulePart | None = None


class StratumRow(Struct, frozen=True):
    """A group that was compared."""

    name: str
    direction: str
    direction_code: str


class FactorPage(Struct, frozen=True, kw_only=True):
    """All that the page of a factor shows."""

    key: str
    name: str
    setting: str
    setting_code: str
    kind: str
    direction: str
    direction_code: str
    unclassified_treatment: bool
    terms: tuple[Term, ...]
    caveats: tuple[str, ...]
    banners: tuple[str, ...]
    strata: tuple[StratumRow, ...]
    sections: tuple[Section, ...]
    citations: tuple[Citation, ...]
    related: tuple[Link, ...]
    facts: tuple[Link, ...]
    glossary: tuple[Link, ...]
    draws: bool


def factor_page(key: str) -> FactorPage | None:
    """The page of the factor with this key, in the active language."""
    return _page(key, get_language()) if key in catalogue().by_key else None


@cache
def _page(key: str, _language: str) -> FactorPage:
    factor = catalogue().by_key[key]
    published = sections(factor)
    return FactorPage(
        key=factor.key,
        name=_(factor.name),
        setting=setting_name(factor.setting),
        setting_code=factor.setting,
        kind=kind_name(factor.kind),
        direction=side_of(factor),
        direction_code=factor.direction,
        unclassified_treatment=is_unclassified_treatment(factor),
        terms=tuple(_terms(factor)),
        caveats=tuple(_(caveat) for caveat in factor.caveats),
        banners=tuple(banners(factor)),
        strata=tuple(
            StratumRow(_(s.name), side_name(s.direction, of_group=True), s.direction)
            for s in factor.strata.values()
        ),
        sections=published,
        citations=citations_of(factor),
        related=tuple(
            Link(_(other.name), reverse("riskfactors:factor", args=[other.key]))
            for other in related(factor)
        ),
        facts=tuple(map(link_to, facts_of(factor))),
        glossary=terms_of(factor),
        draws=any(section.figure is not None for section in published),
    )


def banners(factor: Factor) -> Iterator[str]:
    """What is to be remembered where a patient is not like these cohorts."""
    if not third_line_only(factor):
        yield _("Second line: these cohorts are mostly third line or later.")
    products = {p for number in factor.references for p in _reference_products(number)}
    if "liso_cel" not in products:
        yield _("Liso-cel: few of these cohorts include it.")


def _reference_products(number: int) -> tuple[str, ...]:
    return next(r.products for r in catalogue().references if r.number == number)


def _terms(factor: Factor) -> Iterator[Term]:
    yield _rule_term(_("Rule"), factor.criterion.sentence)
    yield Term(_("Evaluated at"), (", ".join(milestone_name(m) for m in factor.evaluated_at),))
    yield Term(
        _("Values come from"),
        (f"{source_name(factor.values_from)}.", *exceptions_to_source(factor)),
    )
    if factor.applies_if != "always":
        yield _rule_term(_("Applies only where"), factor.applies_if.sentence)
    yield Term(_("Studied in"), (_(factor.studied_in),))
    if factor.cutoff_source:
        yield Term(_("Source of the cut-off"), (_(factor.cutoff_source),))
    elif factor.kind is Kind.GRADED:
        yield Term(_("Source of the cut-off"), (_("No cut-off: the value itself is shown."),))
    if factor.analysis:
        yield Term(_("Analysis"), (_(factor.analysis),))
    yield Term(
        _("In the review"),
        (f"{capitalised(joined(_(TABLES[table]) for table in factor.tables))}.",),
    )


def _rule_term(name: str, rule: Phrase) -> Term:
    part = rule_part(rule)
    return Term(name, (), part) if part.parts else Term(name, (f"{part.text}.",))
