"""Which routine items are not recorded, ranked by what they would decide."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from django.utils.translation import ngettext
from msgspec import Struct

from patients.course.card import LIMIT, field_url, lacking_at
from patients.course.known import Course
from patients.course.places import is_routine
from riskfactors.beside.facts import ONE_INDEX
from riskfactors.domain.progress import PENDING, Happenings, missing_items
from riskfactors.domain.scores import MOST_POINTS, Score, ScoreName
from riskfactors.domain.snapshot import Assessment
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Verdict
from riskfactors.published import catalogue
from riskfactors.words import name_of
from riskfactors.words.course import listed
from riskfactors.words.translating import gettext as _

MOST_MISSING: Final = 3


class MissingItem(Struct, frozen=True):
    """A routine item that the latest milestone asks for."""

    name: str
    url: str
    about: str


def missing(course: Course, *, may_record: bool) -> Iterator[MissingItem]:
    """Routine items that the latest milestone asks for, and standing facts that its findings wait
    for: first what most of them wait for, then what moves the scores farthest."""
    latest = course.latest
    if latest is None:
        return
    visit, dictionary = course.visits[latest.milestone], catalogue().dictionary
    awaited = Counter(
        name
        for finding in latest.findings
        if finding.verdict is Verdict.UNKNOWN and all(map(is_routine, finding.missing))
        for name in finding.missing
        if lacking_at(course.views[-1], finding, name) in (None, latest.milestone)
    )
    snapshot, infusion = course.snapshot, course.snapshot.date_of(Milestone.INFUSION)
    happened = Happenings(snapshot.events, snapshot.treatments)
    unanswered = missing_items(
        latest.milestone,
        dictionary,
        here=_answered(visit) | happened.answers(visit.date, dictionary, infusion=infusion),
        anywhere={name for a in course.snapshot.assessments for name in _answered(a)},
    )
    limits = [f"{name}{LIMIT}" for name in visit.observations if f"{name}{LIMIT}" in awaited]
    standing = [
        n for n in awaited if n in dictionary.variables and dictionary.variables[n].standing
    ]
    moved = _moved(latest.scores)
    names = sorted(
        dict.fromkeys((*unanswered, *limits, *standing)),
        key=lambda name: (-awaited[name], -sum(moved.get(name, {}).values())),
    )
    for name, words in list(each_once(names).items())[:MOST_MISSING]:
        url = field_url(course, course.numbers[latest.milestone], name) if may_record else ""
        pending = _("pending") if name in visit.absences else ""
        scores = ", ".join(map(name_of, moved.get(name, ())))
        about = listed((_decides(awaited[name]), scores, pending))
        yield MissingItem(words, url, about)


def each_once(names: Iterable[str]) -> Mapping[str, str]:
    """By the first item of each test what is missing of it in words: the organ systems of CIRS are
    graded together."""
    tests: dict[str, list[str]] = {}
    for name in names:
        tests.setdefault(ONE_INDEX.get(name, name), []).append(name)
    return {
        items[0]: name_of(items[0])
        if len(items) == 1
        else _("CIRS, grades of %d organ systems") % len(items)
        for items in tests.values()
    }


def _moved(scores: Iterable[Score]) -> Mapping[str, Mapping[ScoreName, Decimal]]:
    """By what is missing: the scores that wait for it, and how far apart their bounds lie. One
    that cannot be computed without it lies as far apart as it has points."""
    moved: dict[str, dict[ScoreName, Decimal]] = {}
    for score in scores:
        if score.low is None or score.high is None:
            width = Decimal(MOST_POINTS.get(score.score, 1))
        else:
            width = Decimal(score.high) - Decimal(score.low)
        for name in filter(is_routine, score.missing):
            moved.setdefault(name, {})[score.score] = width
    return moved


def _decides(number: int) -> str:
    """How many findings wait for an item."""
    return ngettext("%d finding", "%d findings", number) % number if number else ""


def _answered(visit: Assessment) -> set[str]:
    """What has a value, or a reason for having none that expects none."""
    reasons = {name for name, a in visit.absences.items() if a.reason != PENDING}
    return reasons | set(visit.observations)
