"""The figures of a factor on the row of a finding: one line for each study."""

from collections.abc import Iterable
from functools import cache
from typing import Final

from django.utils.translation import get_language
from msgspec import Struct

from riskfactors.beside.citations import Citation, cited, patients_words, reference_numbered
from riskfactors.domain.evidence import IN_GROUPS, PER_COMPARISON, Estimate, Factor, Group
from riskfactors.published import catalogue
from riskfactors.words.estimates import joined
from riskfactors.words.figures import brief_words, group_words, p_words, result_words
from riskfactors.words.library import product_name
from riskfactors.words.translating import gettext as _

FOREMOST: Final = ("PFS", "OS")
"""Whose figures stand first where one outcome stands for several."""


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


class Brief(Struct, frozen=True, kw_only=True):
    """The figures of one study on one line: of groups those of one outcome. `numbers` name the
    references; what is in doubt, and every other outcome, stands one step away. `numeric` where it
    is more than words."""

    words: str
    numeric: bool
    groups: tuple[GroupResult, ...]
    cohort: str
    numbers: str
    doubtful: bool

    @property
    def has_own(self) -> bool:
        """Whether one of its groups is the patient's."""
        return any(group.own for group in self.groups)


def briefly(key: str, own: str | None) -> tuple[Brief, ...]:
    """The published figures of a factor, a line each study; words only where none has a figure."""
    return _briefly(key, own, get_language())


@cache
def _briefly(key: str, own: str | None, _language: str) -> tuple[Brief, ...]:
    factor = catalogue().by_key[key]
    by_study = estimates_by_study(factor)
    with_figures = {
        numbers: found
        for numbers, estimates in by_study.items()
        if (found := [e for e in estimates if e.measure in (*PER_COMPARISON, *IN_GROUPS)])
    }
    return tuple(
        _brief(factor, numbers, _leading(estimates), own, numeric=bool(with_figures))
        for numbers, estimates in (with_figures or by_study).items()
    )


def _leading(estimates: list[Estimate]) -> tuple[Estimate, ...]:
    """The ratios of a comparison, or one outcome of groups or of a value: survival first."""
    ratios = tuple(e for e in estimates if e.measure in PER_COMPARISON and not e.per)
    if ratios:
        return ratios
    foremost = (e for outcome in FOREMOST for e in estimates if e.outcome == outcome)
    return (next(foremost, estimates[0]),)


def _brief(
    factor: Factor,
    numbers: tuple[int, ...],
    estimates: tuple[Estimate, ...],
    own: str | None,
    *,
    numeric: bool,
) -> Brief:
    cited_here = tuple(map(cited, numbers))
    grouped = next((e for e in estimates if e.groups), None)
    groups = grouped.groups if grouped else ()
    return Brief(
        words=brief_words(estimates),
        numeric=numeric,
        groups=tuple(
            GroupResult(group_words(grouped, group), _is_own(group, own))
            for group in groups
            if grouped
        ),
        cohort=_brief_cohort(factor, numbers),
        numbers=f"[{','.join(map(str, numbers))}]",
        doubtful=any(e.doubt for e in estimates) or any(c.discrepancies for c in cited_here),
    )


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
    products, patients = _whose(factor, numbers)
    named = joined(products) if products else _("product not given")
    return f"{named}, {patients_words(patients)}" if patients else named


def _brief_cohort(factor: Factor, numbers: Iterable[int]) -> str:
    """The same in a row: what the review does not give is left out."""
    products, patients = _whose(factor, numbers)
    named = "/".join(products)
    return ", ".join(filter(None, (named, f"n={patients}" if patients else "")))


def _whose(factor: Factor, numbers: Iterable[int]) -> tuple[tuple[str, ...], int | None]:
    """The products of the cohorts, and how many patients."""
    references = [reference_numbered(number) for number in numbers]
    products = dict.fromkeys(product for r in references for product in r.products)
    patients = factor.cohort or (references[0].patients if len(references) == 1 else None)
    return tuple(map(product_name, products)), patients
