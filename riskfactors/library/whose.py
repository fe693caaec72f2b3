"""Whose result a line is, where the studies of several factors stand side by side."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.beside.citations import (
    Citation,
    Link,
    cited,
    patients_words,
    products_of,
    reference_numbered,
    third_line_only,
)
from riskfactors.beside.evidence import Remark, remarks_of
from riskfactors.domain.evidence import Estimate, Factor
from riskfactors.words import begun, milestone_name, say
from riskfactors.words.estimates import joined

ABOVE: Final = frozenset({"above", "at_least", "above_upper_limit"})
BELOW: Final = frozenset({"below", "at_most"})
"""Rules with one cut-off, by the side of it that meets them."""


class Published(NamedTuple):
    """An estimate and the factor that rests on it."""

    factor: Factor
    estimate: Estimate


class Whose(Struct, frozen=True):
    """Whose result a line is: finding, time point, rule, cohort, analysis, source, and doubts."""

    finding: Link
    about: tuple[str, ...]
    cohort: tuple[str, ...]
    analysis: str
    citations: tuple[Citation, ...]
    remarks: tuple[Remark, ...]


def whose(factor: Factor, estimate: Estimate, *, ruled: bool = False) -> Whose:
    """The finding, cohort, source and doubts of an estimate, with the rule where it is `ruled`."""
    return Whose(
        finding(factor),
        tuple(_about(factor, ruled=ruled)),
        tuple(_cohort(factor, estimate)),
        _(factor.analysis) if factor.analysis else "",
        tuple(map(cited, estimate.reference)),
        tuple(remarks_of(estimate, alone=True)),
    )


def _about(factor: Factor, *, ruled: bool) -> Iterator[str]:
    """When the value is from, and the rule where it is asked for."""
    from_ = factor.values_from
    milestones = factor.evaluated_at if isinstance(from_, str) else from_
    yield ", ".join(map(milestone_name, milestones))
    if ruled:
        yield begun(say(factor.criterion.sentence))


def _cohort(factor: Factor, estimate: Estimate) -> Iterator[str]:
    """Product, patients and line, as far as they are given, and the population."""
    references = [reference_numbered(number) for number in estimate.reference]
    products = joined(dict.fromkeys(filter(None, map(products_of, references))) or ("",))
    alone = references[0].patients if len(references) == 1 else None
    facts_known = {
        _("product"): products,
        _("number of patients"): patients_words(factor.cohort or alone),
        _("line"): _("third line or later") if third_line_only(factor) else "",
    }
    known = [words for words in facts_known.values() if words]
    if known:
        yield ", ".join(known)
    missing = [name for name, words in facts_known.items() if not words]
    if missing:
        yield begun(_("%s not given") % joined(missing))
    yield from (_(r.population) for r in references if r.population)


def finding(factor: Factor) -> Link:
    """The page of a factor."""
    return Link(_(factor.name), reverse("riskfactors:factor", args=[factor.key]))


def cut_off_side(factor: Factor) -> str:
    """The side of its one cut-off that meets a rule; empty where it has no such cut-off."""
    rule = factor.criterion.sentence.key
    return "above" if rule in ABOVE else "below" if rule in BELOW else ""
