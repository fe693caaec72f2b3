"""What the review says about the field as a whole, with its references."""

from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.beside.citations import Citation, cited
from riskfactors.published import catalogue


class Quotation(Struct, frozen=True):
    """A claim of the review, with its references and what is wrong with them."""

    fact: str
    citations: tuple[Citation, ...]


def quoted(about: str) -> Quotation:
    """A claim by what it is about, in the active language. Raises KeyError where there is none."""
    return _quoted(about, get_language())


def quotations() -> tuple[Quotation, ...]:
    """Every claim, in the order of the catalogue."""
    return tuple(quoted(claim.about) for claim in catalogue().claims)


@cache
def _quoted(about: str, _language: str) -> Quotation:
    claim = catalogue().claims_by_name[about]
    return Quotation(_(claim.fact), tuple(map(cited, claim.reference)))
