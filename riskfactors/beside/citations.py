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
from riskfactors.domain.evidence import Factor, Publication, Reference
from riskfactors.published import catalogue
from riskfactors.words.estimates import joined
from riskfactors.words.library import product_name


class Link(Struct, frozen=True):
    """A text that leads somewhere."""

    text: str
    url: str


class Citation(Struct, frozen=True, kw_only=True):
    """A reference of the review, or a publication outside it, as a page shows it.

    Wherever it is cited, its `discrepancies` are shown, or a mark that leads to them. `original`
    is the paper that an entry means and does not name, `meant_by` such entries of a paper.
    `factors` rest on it; `beside` have a result of it beside them. What was not read is empty.
    """

    anchor: str
    number: int
    short: str
    authors: str
    title: str
    source: str
    doi: str
    doi_url: str
    place: str
    products: str = ""
    patients: str = ""
    population: str = ""
    discrepancies: tuple[str, ...] = ()
    original: Link | None = None
    meant_by: tuple[Link, ...] = ()
    factors: tuple[Link, ...] = ()
    beside: tuple[Link, ...] = ()
    claims: tuple[str, ...] = ()
    doubt: str = ""

    @property
    def named(self) -> str:
        """With its number, so that it is found in the list."""
        return f"{self.short} [{self.number}]"


class ReferencesPage(Struct, frozen=True):
    """Every reference, and every publication outside the review, rendered."""

    entries: tuple[SafeString, ...]
    outside: tuple[SafeString, ...]


@cache
def reference_numbered(number: int) -> Reference:
    """The reference with a number."""
    return next(r for r in catalogue().references if r.number == number)


def cited(number: int) -> Citation:
    """A reference or publication, ready to be shown in the active language."""
    return _citation(number, get_language())


def citations_of(factor: Factor) -> tuple[Citation, ...]:
    """What the page of a factor cites: its references, then what lies outside the review."""
    references = [reference_numbered(number) for number in factor.references]
    originals = {r.original for r in references if r.original is not None}
    outside = sorted((originals | set(factor.beside)) - set(factor.references))
    return tuple(cited(number) for number in (*factor.references, *outside))


def references_page() -> ReferencesPage:
    """The page of all references."""
    return _references(get_language())


@cache
def _references(_language: str) -> ReferencesPage:
    return ReferencesPage(
        entries=tuple(_entry(reference.number) for reference in catalogue().references),
        outside=tuple(_entry(publication.number) for publication in catalogue().publications),
    )


def _entry(number: int) -> SafeString:
    return render_to_string("riskfactors/_reference.html", {"citation": cited(number)})


@cache
def _citation(number: int, _language: str) -> Citation:
    for publication in catalogue().publications:
        if publication.number == number:
            return _outside(publication)
    return _listed(reference_numbered(number))


def _listed(reference: Reference) -> Citation:
    number = reference.number
    issue = f"({reference.issue})" if reference.issue else ""
    return Citation(
        anchor=_anchor(number),
        place=_place(number),
        number=number,
        short=short_name(reference),
        authors=reference.authors,
        title=reference.title,
        source=f"{reference.journal} {reference.year};{reference.volume}{issue}:{reference.pages}",
        doi=reference.doi,
        doi_url=_doi_url(reference.doi),
        products=products_of(reference) or _("not given in the review"),
        patients=str(reference.patients or _("not given in the review")),
        population=_(reference.population) if reference.population else "",
        discrepancies=tuple(_(text) for text in reference.discrepancies),
        original=_original(reference.original),
        factors=_links(f for f in catalogue().factors if number in f.references),
        beside=_beside(number),
        claims=tuple(_(claim.fact) for claim in catalogue().claims if number in claim.reference),
    )


def _outside(publication: Publication) -> Citation:
    return Citation(
        anchor=_anchor(publication.number),
        place=_place(publication.number),
        number=publication.number,
        short=_short_name_outside(publication),
        authors=publication.authors or "",
        title=publication.title or "",
        source=_source(publication),
        doi=publication.doi or "",
        doi_url=_doi_url(publication.doi) if publication.doi else "",
        meant_by=tuple(
            Link(_("reference %d") % reference.number, f"#{_anchor(reference.number)}")
            for reference in catalogue().references
            if reference.original == publication.number
        ),
        beside=_beside(publication.number),
        doubt=_(publication.doubt) if publication.doubt else "",
    )


def _beside(number: int) -> tuple[Link, ...]:
    return _links(f for f in catalogue().factors if number in f.beside)


def _links(factors: Iterable[Factor]) -> tuple[Link, ...]:
    return tuple(
        Link(_(factor.name), reverse("riskfactors:factor", args=[factor.key])) for factor in factors
    )


def _anchor(number: int) -> str:
    """Where it stands on any page that lists it."""
    return f"ref-{number}"


def _place(number: int) -> str:
    """Where it stands among all references."""
    return f"{reverse('riskfactors:references')}#{_anchor(number)}"


def _doi_url(doi: str) -> str:
    return f"https://doi.org/{doi}"


def _original(number: int | None) -> Link | None:
    if number is None:
        return None
    return Link(cited(number).named, f"#{_anchor(number)}")


def _short_name_outside(publication: Publication) -> str:
    """First author, and year where it was read; without authors, where it was published."""
    if publication.authors is None:
        return _source(publication)
    author = _first_author(publication.authors)
    return f"{author} {publication.year}" if publication.year else author


def _source(publication: Publication) -> str:
    """Journal, year and place, as far as they were read."""
    if publication.journal is None:
        return _("journal and year not read")
    known = (str(publication.year or _("year not read")), publication.place)
    return f"{publication.journal} {';'.join(filter(None, known))}"


def short_name(reference: Reference) -> str:
    """First author and year."""
    return f"{_first_author(reference.authors)} {reference.year}"


def _first_author(authors: str) -> str:
    first, *others = authors.split(", ")
    surname = first.rpartition(" ")[0]
    return _("%s et al.") % surname if others else surname


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
