"""What has become of the findings that a board saw, in words."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from patients.board.frozen import Difference, Seen, differences, findings_in
from patients.course.known import Course
from riskfactors.domain.vocabulary import Comparator, Verdict
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, name_of, verdict_name
from riskfactors.words.facts import amount_words


class DifferenceLine(Struct, frozen=True, kw_only=True):
    """A finding that is not what was seen; `rests` where the recommendation rests on it."""

    name: str
    before: str
    now: str
    rests: bool


class Overtaken(Struct, frozen=True, kw_only=True):
    """What has changed since: findings it rests on first, other verdicts, and how many findings
    have other grounds for the same verdict."""

    lines: tuple[DifferenceLine, ...]
    same_verdict: int
    rests: bool
    """Whether a finding it rests on is among them."""


def overtaken(seen: Seen, course: Course, rests_on: Iterable[str]) -> Overtaken:
    """What differs between what was seen and a course."""
    named = set(rests_on)
    found = list(differences(seen, course))
    lines = [_line(each, each.name in named) for each in found if _matters(each, named)]
    lines.sort(key=lambda line: not line.rests)
    return Overtaken(
        lines=tuple(lines),
        same_verdict=len(found) - len(lines),
        rests=any(line.rests for line in lines),
    )


def in_words(found: Overtaken, words: Callable[[str], str]) -> Overtaken:
    """The same, as it is said where it is shown."""
    lines = tuple(
        replace(line, before=words(line.before), now=words(line.now)) for line in found.lines
    )
    return replace(found, lines=lines)


def _matters(each: Difference, named: set[str]) -> bool:
    """A verdict that is another, or other grounds of a finding that it rests on. What could not be
    decided and still cannot be, and milestones that came later, are no change of what was seen."""
    if each.name in named:
        return True
    return each.before is not None and each.verdict_changed


def _line(each: Difference, rests: bool) -> DifferenceLine:
    return DifferenceLine(
        name=_("%(factor)s, %(milestone)s")
        % {"factor": factor_name(each.factor), "milestone": milestone_name(each.milestone)},
        before=_said(each.factor, each.before),
        now=_said(each.factor, each.now),
        rests=rests,
    )


def factor_name(key: str) -> str:
    """A factor that may be published no more, by its name or else its key."""
    factor = catalogue().by_key.get(key)
    return _(factor.name) if factor else key


def ground_names(rests_on: str) -> Iterator[str]:
    """The findings that a recommendation rests on, in words."""
    for name in rests_on.split():
        milestone, _colon, factor = name.partition(":")
        yield f"{factor_name(factor)}, {milestone_name(milestone)}"


def grounds_as_seen(rests_on: str, seen: Seen) -> Iterator[str]:
    """The findings that a recommendation rests on, each with what was found then."""
    found = findings_in(seen)
    for name, said in zip(rests_on.split(), ground_names(rests_on), strict=True):
        milestone, _colon, factor = name.partition(":")
        yield f"{said}: {_said(factor, found.get((milestone, factor)))}"


def findings_seen(seen: Seen) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """What was found at each milestone, as it was seen: a factor and what was said of it, and in
    one line what could not be decided; without what did not apply."""
    for at in reversed(seen.milestones):
        by: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for finding in at["findings"]:
            by[finding["verdict"]].append(finding)
        undecided = [factor_name(f["factor"]) for f in by.pop(Verdict.UNKNOWN, ())]
        by.pop(Verdict.NOT_APPLICABLE, None)
        lines = [
            (factor_name(f["factor"]), _said(f["factor"], f)) for some in by.values() for f in some
        ]
        if undecided:
            lines.append((verdict_name(Verdict.UNKNOWN), "; ".join(undecided)))
        yield milestone_name(at["milestone"]), tuple(lines)


def _said(key: str, finding: Mapping[str, Any] | None) -> str:
    """A verdict or group, with the values it rests on."""
    if finding is None:
        return _("none")
    factor = catalogue().by_key.get(key)
    words = verdict_name(Verdict(finding["verdict"]))
    if finding["stratum"] and factor and finding["stratum"] in factor.strata:
        words = _(factor.strata[finding["stratum"]].name)
    values = ", ".join(_value(fact) for fact in finding["basis"])
    return f"{words} ({values})" if values else words


def _value(fact: Mapping[str, Any]) -> str:
    """A kept fact: its variable, unless a verdict says which, and its value."""
    name, unit = fact["variable"], fact.get("unit")
    comparator = Comparator(fact["comparator"]) if fact.get("comparator") else None
    value = str(fact["value"])
    if name in catalogue().dictionary.variables:
        return f"{name_of(name)} {amount_words(name, value, unit, comparator)}"
    return f"{name_of(name)} {value}"
