"""Facts that published factors rest on: what their rules look at, and who looks at the same."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from django.urls import reverse
from msgspec import Struct

from riskfactors.beside.citations import Link
from riskfactors.beside.related import looked_at
from riskfactors.domain.evidence import Factor
from riskfactors.domain.points import CIRS_SYSTEMS
from riskfactors.published import catalogue
from riskfactors.words import name_of
from riskfactors.words.estimates import joined

ONE_INDEX: Final = dict.fromkeys(CIRS_SYSTEMS, "cirs_total")
"""The systems of an index are not facts of their own: their grades are read together."""


class SharedFact(Struct, frozen=True):
    """What rules look at by these names, and the factors that rest on it, in their order."""

    key: str
    names: tuple[str, ...]
    factors: tuple[Factor, ...]


@cache
def facts() -> tuple[SharedFact, ...]:
    """Every fact of the catalogue. Names that the same rules look at are one fact."""
    resting: dict[str, list[Factor]] = {}
    for factor in catalogue().factors:
        for name in sorted(_names(factor)):
            resting.setdefault(name, []).append(factor)
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, factors in resting.items():
        alike.setdefault(tuple(factor.key for factor in factors), []).append(name)
    return tuple(
        SharedFact(names[0].replace(".", "-"), tuple(names), tuple(resting[names[0]]))
        for names in alike.values()
    )


def facts_of(factor: Factor) -> Iterator[SharedFact]:
    """The facts that a factor rests on."""
    return (fact for fact in facts() if factor in fact.factors)


def fact_name(fact: SharedFact) -> str:
    """What a fact is called."""
    return joined(map(name_of, fact.names))


def link_to(fact: SharedFact) -> Link:
    """The page that sets the studies of a fact side by side."""
    return Link(fact_name(fact), reverse("riskfactors:fact", args=[fact.key]))


def _names(factor: Factor) -> set[str]:
    return {ONE_INDEX.get(name, name) for name in looked_at(factor.criterion.sentence)}
