"""The arithmetic of the named indices, as the rules themselves state it."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.domain.scores import GROUPS, MOST_POINTS, SCORES_AT, Score, ScoreName, scores_at
from riskfactors.domain.snapshot import Assessment, Snapshot, views
from riskfactors.domain.vocabulary import Sex
from riskfactors.words import milestone_name, name_of, say
from riskfactors.words.estimates import joined

SOME_DAY: Final = date(2020, 1, 1)
NOTHING_RECORDED: Final = Snapshot(
    case_id="nothing recorded",
    birth_date=date(1960, 1, 1),
    sex=Sex.UNKNOWN,
    assessments=tuple(
        Assessment(milestone=milestone, date=SOME_DAY + timedelta(days))
        for days, milestone in enumerate(SCORES_AT)
    ),
)
"""A case at every milestone that has indices: of each, every input stands there with its rule."""


class InputRule(Struct, frozen=True):
    """What some inputs of an index give."""

    inputs: str
    rule: str


class Arithmetic(Struct, frozen=True):
    """An index: where it is worked out, what each input gives, its range and its groups."""

    name: str
    milestones: str
    rules: tuple[InputRule, ...]
    span: str
    groups: str


def arithmetic() -> tuple[Arithmetic, ...]:
    """Every index in the active language."""
    return _arithmetic(get_language())


@cache
def _arithmetic(_language: str) -> tuple[Arithmetic, ...]:
    found = {score.score: score for view in views(NOTHING_RECORDED) for score in scores_at(view)}
    return tuple(_of(found[name]) for name in ScoreName)


def _of(score: Score) -> Arithmetic:
    name = score.score
    return Arithmetic(
        name_of(name),
        ", ".join(milestone_name(m) for m, names in SCORES_AT.items() if name in names),
        tuple(_rules(score)),
        _("0 to %d") % MOST_POINTS[name] if name in MOST_POINTS else "",
        "; ".join(_groups(name)),
    )


def _rules(score: Score) -> Iterator[InputRule]:
    """Each input with its rule. Inputs of one rule that is that of the whole stand together."""
    rules = {component.rule for component in score.components}
    if len(rules) == 1:
        yield InputRule(joined(name_of(c.name) for c in score.components), say(rules.pop()))
        return
    for component in score.components:
        yield InputRule(name_of(component.name), say(component.rule))


def _groups(name: ScoreName) -> Iterator[str]:
    lowest = 0
    for highest, group in GROUPS.get(name, ()):
        points = str(lowest) if lowest == highest else f"{lowest}–{highest}"
        yield f"{_(group)} {points}"
        lowest = highest + 1
