"""The figures of a factor on the row of a finding: one line for each study."""

from collections.abc import Iterable
from functools import cache

from django.utils.translation import get_language
from msgspec import Struct

from riskfactors.beside.citations import Citation, cited, patients_words, reference_numbered
from riskfactors.domain.evidence import Estimate, Factor, Group
from riskfactors.published import catalogue
from riskfactors.words.estimates import joined
from riskfactors.words.figures import group_words, p_words, result_words
from riskfactors.words.library import product_name
from riskfactors.words.translating import gettext as _


class GroupResult(Struct, frozen=True):
    """The result of one group, which may be that of the patient."""

    words: str
    own: bool


class Result(Struct, frozen=True):
    """One estimate in words; of groups the result of each, and then the p."""

    words: str
    groups: tuple[GroupResult, ...] = ()
    after: str = ""


class Study(Struct, frozen=True):
    """The results of one study with its cohort and references, and whether there is a doubt, which
    stands in full one step away."""

    results: tuple[Result, ...]
    cohort: str
    citations: tuple[Citation, ...]
    doubtful: bool


def studies(key: str, own: str | None = None) -> tuple[Study, ...]:
    """What was published about a factor. `own` is the patient's stratum or verdict."""
    return _studies(key, own, get_language())


def estimates_by_study(factor: Factor) -> dict[tuple[int, ...], list[Estimate]]:
    """The estimates of a factor by the references they are from."""
    found: dict[tuple[int, ...], list[Estimate]] = {}
    for estimate in factor.evidence:
        found.setdefault(estimate.reference, []).append(estimate)
    return found


@cache
def _studies(key: str, own: str | None, _language: str) -> tuple[Study, ...]:
    factor = catalogue().by_key[key]
    return tuple(
        _study(factor, numbers, estimates, own)
        for numbers, estimates in estimates_by_study(factor).items()
    )


def _study(
    factor: Factor, numbers: tuple[int, ...], estimates: Iterable[Estimate], own: str | None
) -> Study:
    estimates = tuple(estimates)
    return Study(
        results=tuple(result_of(estimate, own) for estimate in estimates),
        cohort=_cohort(factor, numbers),
        citations=tuple(map(cited, numbers)),
        doubtful=any(estimate.doubt for estimate in estimates),
    )


def result_of(estimate: Estimate, own: str | None = None) -> Result:
    """One estimate in words. `own` is the patient's stratum or verdict."""
    if not estimate.groups:
        return Result(result_words(estimate))
    groups = tuple(
        GroupResult(group_words(estimate, group), _is_own(group, own)) for group in estimate.groups
    )
    return Result(result_words(estimate), groups, p_words(estimate))


def _is_own(group: Group, own: str | None) -> bool:
    return own is not None and own in (group.stratum, group.verdict)


def _cohort(factor: Factor, numbers: Iterable[int]) -> str:
    """Products and number of patients, as far as they are known."""
    references = [reference_numbered(number) for number in numbers]
    products = dict.fromkeys(product for r in references for product in r.products)
    named = joined(map(product_name, products)) if products else _("product not given")
    patients = factor.cohort or (references[0].patients if len(references) == 1 else None)
    return f"{named}, {patients_words(patients)}" if patients else named
