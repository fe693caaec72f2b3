"""What is asked at each milestone, and what the answers say: the published factors, made ready."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct

from riskfactors.domain.criteria import (
    HOLDS,
    NOT_MET,
    All,
    Ask,
    Basis,
    Concluded,
    Conclusion,
    Condition,
    conjunction,
)
from riskfactors.domain.evidence import Factor
from riskfactors.domain.remembered import Remembered
from riskfactors.domain.snapshot import View
from riskfactors.domain.timepoints import MILESTONES, Milestone
from riskfactors.domain.vocabulary import Direction, Phrase, Verdict


class Finding(Struct, frozen=True, gc=False, cache_hash=True):
    """How one factor stands at one milestone. Every one carries its grounds or what is missing."""

    factor: str
    verdict: Verdict
    stratum: str | None
    direction: Direction
    basis: Basis
    missing: tuple[str, ...]
    reason: Phrase | None


class Question(NamedTuple):
    """One factor, made ready to be asked of a view; what each conclusion says of it."""

    factor: str
    ask: Ask
    answers: Mapping[Conclusion, Finding]


class Panel(NamedTuple):
    """Questions of one milestone that apply to the same patients.

    Where they do not apply, the reason is given with the conclusion.
    """

    applies: Ask
    questions: tuple[Question, ...]


Agenda: TypeAlias = Mapping[Milestone, tuple[Panel, ...]]
"""What is asked at each milestone."""

EVERYBODY: Final = HOLDS, ()


def agenda(factors: Iterable[Factor]) -> Agenda:
    """The factors by milestone and by whom they apply to, so that this is decided once for all."""
    groups: dict[Milestone, dict[Condition | None, list[Question]]] = {m: {} for m in MILESTONES}
    for factor in factors:
        condition = None if factor.applies_if == "always" else factor.applies_if
        question = _question(factor)
        for milestone in factor.evaluated_at:
            groups[milestone].setdefault(condition, []).append(question)
    return {
        milestone: tuple(
            Panel(_applicability(condition), tuple(questions))
            for condition, questions in group.items()
        )
        for milestone, group in groups.items()
    }


def _question(factor: Factor) -> Question:
    not_met = Phrase("not_met", factor.criterion.sentence)

    def answer(conclusion: Conclusion) -> Finding:
        verdict, stratum = conclusion.verdict, conclusion.stratum
        return Finding(
            factor.key,
            verdict,
            stratum,
            factor.direction if stratum is None else factor.strata[stratum].direction,
            (),
            conclusion.missing,
            conclusion.reason or (not_met if verdict is NOT_MET else None),
        )

    ask = factor.criterion.ready(factor.values_from)
    return Question(factor.key, ask, Remembered(answer))


def _applicability(condition: Condition | None) -> Ask:
    """Whether factors apply; where they do not, the part of the condition that says so."""
    if condition is None:
        return lambda view: EVERYBODY
    parts = condition.of if isinstance(condition, All) else (condition,)
    return conjunction(map(_explained, parts))


def _explained(part: Condition) -> Ask:
    ask = part.ready("latest")
    not_studied = Conclusion(NOT_MET, reason=Phrase("not_studied", part.sentence))

    def explained(view: View) -> Concluded:
        conclusion, basis = ask(view)
        return (not_studied if conclusion.verdict is NOT_MET else conclusion), basis

    return explained
