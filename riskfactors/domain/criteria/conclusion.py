"""What a rule concludes, and how conclusions combine in three-valued logic."""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import TypeAlias

from msgspec import Struct

from riskfactors.domain.snapshot import Fact, View
from riskfactors.domain.vocabulary import Phrase, Verdict


class Conclusion(Struct, frozen=True, gc=False):
    """A verdict with its grounds, and for an undecided one what is missing.

    `reason` is given where the rule itself does not explain the verdict.
    """

    verdict: Verdict
    basis: tuple[Fact, ...] = ()
    missing: tuple[str, ...] = ()
    stratum: str | None = None
    reason: Phrase | None = None


MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
"""Bound once: looking a member up on its class takes as long as deciding a rule."""

Ask: TypeAlias = Callable[[View], Conclusion]
"""A rule made ready: decides from what counts at the view's milestone."""


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="shape"):
    """A shape of rule, declared in the catalogue by its `shape` and its fields.

    Every one has `ready(source) -> Ask`, the rule as a function made once, with values taken from
    `source`, and `sentence`, the rule in words.
    """


def decided(holds: bool, basis: tuple[Fact, ...]) -> Conclusion:
    """Met or not met, on these grounds."""
    return Conclusion(MET if holds else NOT_MET, basis)


@cache
def not_recorded(name: str) -> Conclusion:
    """Unknown, because one input is not recorded: the same conclusion every time."""
    return undecided((name,))


def undecided(
    missing: tuple[str, ...], basis: tuple[Fact, ...] = (), reason: Phrase | None = None
) -> Conclusion:
    """Unknown, naming each missing input once; without a reason of its own because of them."""
    names = missing if len(missing) < 2 else tuple(sorted(set(missing)))
    return Conclusion(UNKNOWN, basis, names, None, reason or because_of(names))


@lru_cache(maxsize=4096)
def because_of(missing: tuple[str, ...]) -> Phrase:
    """That these inputs are not recorded."""
    return Phrase("not_recorded", *missing)


def in_stratum(stratum: str, basis: tuple[Fact, ...]) -> Conclusion:
    """One of the groups that were compared."""
    return Conclusion(Verdict.STRATUM, basis, stratum=stratum)


def not_applicable(reason: Phrase, basis: tuple[Fact, ...]) -> Conclusion:
    """Not studied in patients like this one."""
    return Conclusion(Verdict.NOT_APPLICABLE, basis, reason=reason)


def conjunction(parts: Iterable[Ask]) -> Ask:
    """Kleene's and: the first part not met decides; what no longer matters is not missing."""
    return _combined(tuple(parts), decisive=NOT_MET, otherwise=MET)


def disjunction(parts: Iterable[Ask]) -> Ask:
    """Kleene's or: the first part met decides; what no longer matters is not missing."""
    return _combined(tuple(parts), decisive=MET, otherwise=NOT_MET)


def negation(part: Ask) -> Ask:
    """Kleene's not: unknown stays unknown."""

    def ask(view: View) -> Conclusion:
        conclusion = part(view)
        if conclusion.verdict is UNKNOWN:
            return conclusion
        return decided(conclusion.verdict is NOT_MET, conclusion.basis)

    return ask


def _combined(parts: tuple[Ask, ...], *, decisive: Verdict, otherwise: Verdict) -> Ask:
    def ask(view: View) -> Conclusion:
        basis: tuple[Fact, ...] = ()
        missing: tuple[str, ...] = ()
        for part in parts:
            conclusion = part(view)
            verdict = conclusion.verdict
            if verdict is decisive:
                return conclusion
            basis += conclusion.basis
            if verdict is UNKNOWN:
                missing += conclusion.missing
        return undecided(missing, basis) if missing else Conclusion(otherwise, basis)

    return ask
