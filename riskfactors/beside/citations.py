"""References: how they are cited, whose results they hold, and what rests on them."""

from collections.abc import Iterable
from functools import cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.domain.criteria.course import PriorLines
from riskfactors.domain.evidence import Factor, Reference
from riskfactors.published import catalogue
from riskfactors.words.estimates import joined
from riskfactors.words.library import product_name


class Link(Struct, frozen=True):
    """A text that leads somewhere."""

    text: str
    url: str


class Citation(Struct, frozen=True, kw_only=True):
    """A reference as a page shows it."""

    anchor: str
    number: int
    short: str
    authors: str
    title: str
    source: str
    doi: str
    doi_url: str
    place: str
    products: str
    patients: str
    population: str
    discrepancies: tuple[str, ...]
    factors: tuple[Link, ...]
    claims: tuple[str, ...]


class ReferencesPage(Struct, frozen=True):
    """Every reference, rendered."""

    entries: tuple[SafeString, ...]


@cache
def reference_numbered(number: int) -> Reference:
    """The reference with a number."""
    return next(r for r in catalogue().references if r.number == number)


def cited(number: int) -> Citation:
    """A reference, ready to be shown in the active language."""
    return _citation(number, get_language())


def references_page() -> ReferencesPage:
    """The page of all references."""
    return _references(get_language())


@cache
def _references(_language: str) -> ReferencesPage:
    return ReferencesPage(
        tuple(
            render_to_string("riskfactors/_reference.html", {"citation": cited(reference.number)})
            for reference in catalogue().references
        )
    )


@cache
def _citation(number: int, _language: str) -> Citation:
    reference = reference_numbered(number)
    anchor = f"ref-{number}"
    issue = f"({reference.issue})" if reference.issue else ""
    return Citation(
        anchor=anchor,
        number=number,
        short=short_name(reference),
        authors=reference.authors,
        title=reference.title,
        source=f"{reference.journal} {reference.year};{reference.volume}{issue}:{reference.pages}",
        doi=reference.doi,
        doi_url=f"https://doi.org/{reference.doi}",
        place=f"{reverse('riskfactors:references')}#{anchor}",
        products=products_of(reference) or _("not given in the review"),
        patients=str(reference.patients or _("not given in the review")),
        population=_(reference.population) if reference.population else "",
        discrepancies=tuple(_(text) for text in reference.discrepancies),
        factors=tuple(
            Link(
                _(factor.name),
                reverse("riskfactors:factor", args=[factor.key]),
            )
            for factor in catalogue().factors
            if number in factor.references
        ),
        claims=tuple(_(claim.fact) for claim in catalogue().claims if number in claim.reference),
    )


def short_name(reference: Reference) -> str:
    """First author and year."""
    first, *others = reference.authors.split(", ")
    surname = first.rpartition(" ")[0]
    name = _("%s et al.") % surname if others else surname
    return f"{name} {reference.year}"


def products_of(reference: Reference) -> str:
    """The products of its cohort; empty where the review does not name them."""
    return joined(map(product_name, reference.products)) if reference.products else ""


def patients_words(patients: int | None) -> str:
    """How many patients; empty where the review does not say."""
    if patients is None:
        return ""
    return ngettext("%d patient", "%d patients", patients) % patients


def cohort_words(factor: Factor, numbers: Iterable[int], *, described_as: str | None = None) -> str:
    """The cohorts behind an estimate: product, patients, line, period, and what is left out.

    `described_as` is how the estimate itself names its cohort.
    """
    return joined(_cohort(factor, reference_numbered(number), described_as) for number in numbers)


def _cohort(factor: Factor, reference: Reference, described_as: str | None) -> str:
    facts = {
        _("product"): _(described_as) if described_as else products_of(reference),
        _("number of patients"): patients_words(factor.cohort or reference.patients),
        _("line"): _("CAR T-cells in third line or later") if third_line_only(factor) else "",
        _("period"): "",
    }
    known = [words for words in facts.values() if words]
    if reference.population:
        known.append(_(reference.population))
    unknown = _("%s not given there") % joined(name for name, words in facts.items() if not words)
    return _("%(reference)s, as quoted in the review (%(facts)s)") % {
        "reference": short_name(reference),
        "facts": "; ".join([*known, unknown]),
    }


def third_line_only(factor: Factor) -> bool:
    """Whether a factor was studied only where CAR T-cells came in third line or later."""
    conditions = getattr(factor.applies_if, "of", (factor.applies_if,))
    return any(isinstance(rule, PriorLines) and rule.at_least >= 2 for rule in conditions)
