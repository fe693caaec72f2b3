"""What was published about one factor, as it stands beside a patient's finding: made once."""

from collections.abc import Iterator
from functools import cache

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.beside.citations import Link, cited
from riskfactors.beside.estimates import Section, sections
from riskfactors.beside.rules import rule_part
from riskfactors.domain.evidence import Factor
from riskfactors.markup import rendered
from riskfactors.published import catalogue
from riskfactors.words.estimates import printed
from riskfactors.words.library import capitalised, exceptions_to_source, source_name


class Term(Struct, frozen=True):
    """Something about a factor: what, and what it is."""

    name: str
    text: str


class Labels(Struct, frozen=True, kw_only=True):
    """The words that are the same beside every factor."""

    outcome: str
    own_group: str
    note: str
    doubt: str
    products: str
    patients: str


def evidence_of(key: str, own: str | None = None) -> SafeString:
    """Every estimate of a factor with its sentence, doubts, cohorts and references.

    `own` is the patient's stratum or verdict: the column of that group says so.
    """
    return _evidence(key, own, get_language())


def rule_of(key: str) -> SafeString:
    """The rule of a factor in words."""
    return _rule(key, get_language())


def outcomes_of(key: str) -> str:
    """The outcomes that its estimates are about, as they are titled."""
    return _outcomes(key, get_language())


@cache
def _evidence(key: str, own: str | None, language: str) -> SafeString:
    factor = catalogue().by_key[key]
    return rendered(
        "riskfactors/beside/evidence.jinja",
        sections=_sections(key, language),
        marked=_groups_of(factor, own),
        about=tuple(_about(factor)),
        citations=tuple(map(cited, factor.references)),
        more=Link(
            _("“%s” in the evidence library") % _(factor.name),
            reverse("riskfactors:factor", args=[key]),
        ),
        labels=_labels(language),
    )


@cache
def _rule(key: str, _language: str) -> SafeString:
    rule = rule_part(catalogue().by_key[key].criterion.sentence)
    return rendered("riskfactors/beside/rule.jinja", rule=rule)


@cache
def _outcomes(key: str, language: str) -> str:
    lines = (line for section in _sections(key, language) for line in section.lines)
    return "; ".join(dict.fromkeys(capitalised(line.outcome) for line in lines))


@cache
def _sections(key: str, _language: str) -> tuple[Section, ...]:
    return sections(catalogue().by_key[key], drawn=False)


@cache
def _labels(_language: str) -> Labels:
    return Labels(
        outcome=_("Outcome"),
        own_group=_("group of this case"),
        note=_("Note."),
        doubt=_("Doubt."),
        products=_("Products"),
        patients=_("Patients"),
    )


def _groups_of(factor: Factor, own: str | None) -> set[str]:
    """The headings under which the patient's own group stands."""
    return {
        printed(group.name)
        for line in factor.evidence
        for group in line.groups
        if own is not None and own in (group.stratum, group.verdict)
    }


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
