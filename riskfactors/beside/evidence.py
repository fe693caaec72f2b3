"""What was published about one factor, as it stands beside a patient's finding: made once."""

from collections.abc import Iterator
from functools import cache

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from msgspec import Struct

from riskfactors.beside.citations import Citation, Link, citations_of, cited, cohort_words
from riskfactors.beside.figures import estimates_by_study
from riskfactors.beside.rules import rule_part
from riskfactors.domain.evidence import Estimate, Factor
from riskfactors.markup import rendered
from riskfactors.published import catalogue
from riskfactors.words.comparisons import short_outcome
from riskfactors.words.estimates import later_sentence
from riskfactors.words.figures import whose_words
from riskfactors.words.library import exceptions_to_source, source_name
from riskfactors.words.translating import gettext as _


class Term(Struct, frozen=True):
    """Something about a factor: what, and what it is."""

    name: str
    text: str


class Remark(Struct, frozen=True):
    """A note, a doubt, or a result outside the review; `kind` names its look, `title` says what it
    is, and of which outcome."""

    kind: str
    title: str
    text: str


class Source(Struct, frozen=True):
    """Whose results those of some outcomes are, with what is to be said of them."""

    outcomes: str
    sentence: str
    citations: tuple[Citation, ...]
    remarks: tuple[Remark, ...]


class Labels(Struct, frozen=True, kw_only=True):
    """The words that are the same beside every factor."""

    products: str
    patients: str
    discrepancy: str
    doubt: str
    original: str


def evidence_of(key: str) -> SafeString:
    """Whose results the figures of a factor are: cohorts, doubts, population and references."""
    return _evidence(key, get_language())


def rule_of(key: str) -> SafeString:
    """The rule of a factor in words."""
    return _rule(key, get_language())


@cache
def _evidence(key: str, _language: str) -> SafeString:
    factor = catalogue().by_key[key]
    return rendered(
        "riskfactors/beside/evidence.jinja",
        sources=tuple(_sources(factor)),
        about=tuple(_about(factor)),
        citations=citations_of(factor),
        more=Link(
            _("“%s” in the evidence library") % _(factor.name),
            reverse("riskfactors:factor", args=[key]),
        ),
        labels=Labels(
            products=_("Products"),
            patients=_("Patients"),
            discrepancy=_("Discrepancy of this reference."),
            doubt=_("Doubt."),
            original=_("The paper meant:"),
        ),
    )


@cache
def _rule(key: str, _language: str) -> SafeString:
    rule = rule_part(catalogue().by_key[key].criterion.sentence)
    return rendered("riskfactors/beside/rule.jinja", rule=rule)


def _sources(factor: Factor) -> Iterator[Source]:
    """One for each cohort and comparison, in the order of the studies."""
    for numbers, estimates in estimates_by_study(factor).items():
        alike: dict[str, list[Estimate]] = {}
        for estimate in estimates:
            described_as = estimate.contrast if estimate.groups else None
            cohort = cohort_words(factor, numbers, described_as=described_as)
            alike.setdefault(whose_words(factor, estimate, cohort), []).append(estimate)
        for sentence, found in alike.items():
            outcomes = dict.fromkeys(short_outcome(estimate.outcome) for estimate in found)
            remarks = [remark for e in found for remark in remarks_of(e, alone=len(found) == 1)]
            yield Source(", ".join(outcomes), sentence, tuple(map(cited, numbers)), tuple(remarks))


def remarks_of(estimate: Estimate, *, alone: bool) -> Iterator[Remark]:
    """Note, doubt and results outside the review; each names its outcome unless it is alone."""
    outcome = "" if alone else f" ({short_outcome(estimate.outcome)})"
    for kind, title, text in (
        ("remark", _("Note%s."), estimate.note),
        ("doubt", _("Doubt%s."), estimate.doubt),
    ):
        if text:
            yield Remark(kind, title % outcome, _(text))
    for later in estimate.later:
        said = later_sentence(later, cited(later.reference).named)
        yield Remark("later", _("Outside the review%s.") % outcome, said)


def _about(factor: Factor) -> Iterator[Term]:
    """The population, where values come from, the cut-off, and what is to be remembered."""
    yield Term(_("Studied in"), _(factor.studied_in))
    yield Term(
        _("Values come from"),
        " ".join([f"{source_name(factor.values_from)}.", *exceptions_to_source(factor)]),
    )
    if factor.cutoff_source:
        yield Term(_("Source of the cut-off"), _(factor.cutoff_source))
    if factor.analysis:
        yield Term(_("Analysis"), _(factor.analysis))
    for caveat in factor.caveats:
        yield Term(_("Caveat"), _(caveat))
