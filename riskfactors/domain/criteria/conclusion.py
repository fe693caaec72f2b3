"""What a rule concludes, and how conclusions combine in three-valued logic."""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any, Final, TypeAlias

from msgspec import Struct

from riskfactors.domain.snapshot import Fact, Observation, View
from riskfactors.domain.variables import Number
from riskfactors.domain.vocabulary import Phrase, Verdict


class Conclusion(Struct, frozen=True, gc=False, cache_hash=True):
    """A verdict, and for an undecided one what is missing: the same for many patients.

    `reason` is given where the rule itself does not explain the verdict.
    """

    verdict: Verdict
    missing: tuple[str, ...] = ()
    stratum: str | None = None
    reason: Phrase | None = None


MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
"""Bound once: looking a member up on its class takes as long as deciding a rule."""

HOLDS: Final = Conclusion(MET)
FAILS: Final = Conclusion(NOT_MET)

Basis: TypeAlias = tuple[Fact, ...]
"""The facts of this patient that a conclusion rests on."""

Concluded: TypeAlias = tuple[Conclusion, Basis]

Ask: TypeAlias = Callable[[View], Concluded]
"""A rule made ready: decides from what counts at the view's milestone."""

Side: TypeAlias = Callable[[Any, Any], bool]
"""Whether a cut-off lies so to a number, or `(cut_off, 0)` to an end of what a value may be."""


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="shape"):
    """A shape of rule, declared in the catalogue by its `shape` and its fields.

    Every one has `ready(source) -> Ask`, the rule as a function made once, with values taken from
    `source`, and `sentence`, the rule in words.
    """


def decided(holds: bool, basis: Basis) -> Concluded:
    """Met or not met, on these grounds."""
    return (HOLDS if holds else FAILS), basis


@lru_cache(maxsize=4096)
def unknown(*missing: str, reason: Phrase | None = None) -> Conclusion:
    """Unknown, naming each missing input once; without a reason of its own because of them."""
    names = tuple(sorted(set(missing)))
    return Conclusion(UNKNOWN, names, None, reason or Phrase("not_recorded", *names))


def of_number(observation: Observation, side: Side, cut_off: Number) -> Concluded:
    """Met or not met where all that the observation may be lies on one side, else unknown."""
    grounds = observation.grounds
    if grounds[0].comparator is None:
        return (HOLDS if side(cut_off, observation.value) else FAILS), grounds
    low, high = [side((cut_off, 0), end) for end in observation.ends]
    if low is not high:
        return unknown(grounds[0].variable), grounds
    return (HOLDS if low else FAILS), grounds


def not_recorded(name: str) -> Concluded:
    """Unknown, because one input is not recorded."""
    return unknown(name), ()


@cache
def in_stratum(stratum: str) -> Conclusion:
    """One of the groups that were compared."""
    return Conclusion(Verdict.STRATUM, stratum=stratum)


@cache
def not_applicable(reason: Phrase) -> Conclusion:
    """Not studied in patients like this one."""
    return Conclusion(Verdict.NOT_APPLICABLE, reason=reason)


def conjunction(parts: Iterable[Ask]) -> Ask:
    """Kleene's and: the first part not met decides; what no longer matters is not missing."""
    return _combined(tuple(parts), decisive=NOT_MET, otherwise=HOLDS)


def disjunction(parts: Iterable[Ask]) -> Ask:
    """Kleene's or: the first part met decides; what no longer matters is not missing."""
    return _combined(tuple(parts), decisive=MET, otherwise=FAILS)


def negation(part: Ask) -> Ask:
    """Kleene's not: unknown stays unknown."""

    def ask(view: View) -> Concluded:
        conclusion, basis = part(view)
        if conclusion.verdict is UNKNOWN:
            return conclusion, basis
        return decided(conclusion.verdict is NOT_MET, basis)

    return ask


def _combined(parts: tuple[Ask, ...], *, decisive: Verdict, otherwise: Conclusion) -> Ask:
    if len(parts) == 1:
        return parts[0]

    def ask(view: View) -> Concluded:
        basis: Basis = ()
        missing: tuple[str, ...] = ()
        for part in parts:
            conclusion, grounds = part(view)
            verdict = conclusion.verdict
            if verdict is decisive:
                return conclusion, grounds
            basis += grounds
            if verdict is UNKNOWN:
                missing += conclusion.missing
        return (unknown(*missing) if missing else otherwise), basis

    return ask
