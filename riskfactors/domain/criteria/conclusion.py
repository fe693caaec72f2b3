"""What a rule concludes, and how conclusions combine in three-valued logic."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

from riskfactors.domain.snapshot import Fact, View
from riskfactors.domain.vocabulary import Phrase, Verdict


class Outcome(Struct, frozen=True, cache_hash=True):
    """A verdict, and for an undecided one what is missing: the same for many patients.

    `reason` is given where the rule itself or what is missing does not explain the verdict.
    """

    verdict: Verdict
    missing: tuple[str, ...] = ()
    stratum: str | None = None
    reason: Phrase | None = None


MET, NOT_MET, UNKNOWN = Outcome(Verdict.MET), Outcome(Verdict.NOT_MET), Verdict.UNKNOWN

Grounds: TypeAlias = tuple[Fact, ...]

Conclusion: TypeAlias = tuple[Outcome, Grounds]
"""What a rule concludes for one patient, and the recorded things that it rests on."""

Ask: TypeAlias = Callable[[View], Conclusion]
"""A rule made ready: decides from what counts at the view's milestone."""


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="shape"):
    """A shape of rule, declared in the catalogue by its `shape` and its fields.

    Every one has `ready(source) -> Ask`, the rule as a function made once, with values taken from
    `source`, and `sentence`, the rule in words.
    """


@lru_cache(maxsize=4096)
def undecided(missing: tuple[str, ...], reason: Phrase | None = None) -> Outcome:
    """Unknown, naming each missing input once."""
    names = missing if len(missing) < 2 else tuple(sorted(set(missing)))
    return Outcome(UNKNOWN, names, None, reason)


def not_recorded(name: str) -> Conclusion:
    """Unknown, because one input is not recorded: the same conclusion every time."""
    return undecided((name,)), ()


@lru_cache(maxsize=4096)
def graded(missing: tuple[str, ...] = ()) -> Outcome:
    """The value itself, without these parts of it."""
    return Outcome(Verdict.GRADED, tuple(sorted(missing)))


def in_stratum(stratum: str) -> Outcome:
    """One of the groups that were compared."""
    return Outcome(Verdict.STRATUM, stratum=stratum)


def not_applicable(reason: Phrase) -> Outcome:
    """Not studied in patients like this one."""
    return Outcome(Verdict.NOT_APPLICABLE, reason=reason)


def conjunction(parts: Iterable[Ask], refusals: Iterable[Outcome] = ()) -> Ask:
    """Kleene's and: the first part not met decides; what no longer matters is not missing.

    `refusals` say in other words, for each part, that it is not met.
    """
    asks = tuple(parts)
    return _combined(asks, NOT_MET, tuple(refusals) or (NOT_MET,) * len(asks), otherwise=MET)


def disjunction(parts: Iterable[Ask]) -> Ask:
    """Kleene's or: the first part met decides; what no longer matters is not missing."""
    asks = tuple(parts)
    return _combined(asks, MET, (MET,) * len(asks), otherwise=NOT_MET)


def negation(part: Ask) -> Ask:
    """Kleene's not: unknown stays unknown."""

    def ask(view: View) -> Conclusion:
        outcome, grounds = part(view)
        if outcome.verdict is UNKNOWN:
            return outcome, grounds
        return (MET if outcome is NOT_MET else NOT_MET), grounds

    return ask


def _combined(
    asks: tuple[Ask, ...], decisive: Outcome, answers: tuple[Outcome, ...], *, otherwise: Outcome
) -> Ask:
    parts = tuple(zip(asks, answers, strict=True))

    def ask(view: View) -> Conclusion:
        basis: Grounds = ()
        missing: tuple[str, ...] = ()
        for part, answer in parts:
            outcome, grounds = part(view)
            if outcome is decisive:
                return answer, grounds
            basis += grounds
            missing += outcome.missing
        return (undecided(missing) if missing else otherwise), basis

    return ask
