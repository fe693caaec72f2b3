"""Which routine items are not recorded, ranked by what they would decide."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Final

from django.utils.translation import ngettext
from msgspec import Struct

from patients.course.card import LIMIT, field_url, lacking_at, named_at, treatment_url
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

GENES: Final = {"myc_rearranged": "MYC", "bcl2_rearranged": "BCL2", "bcl6_rearranged": "BCL6"}
ONE_TEST: Final = {**ONE_INDEX, **dict.fromkeys(GENES, "rearrangements")}
"""What is missing of an index, or of one in situ hybridisation, is missed together."""


class MissingItem(Struct, frozen=True):
    """A routine item that the latest milestone asks for, or its findings."""

    name: str
    url: str
    about: str


def missing(course: Course, *, may_record: bool) -> Iterator[MissingItem]:
    """Routine items that the latest milestone asks for, and what its findings wait for besides:
    first what most of them wait for, then what moves the scores farthest."""
    latest = course.latest
    if latest is None:
        return
    visit, awaited, moved = course.visits[latest.milestone], _awaited(course), _moved(latest.scores)
    now = {name: number for (name, at), number in awaited.items() if at is None}
    asked = dict.fromkeys((*_unanswered(course, visit), *_besides(course, visit, now)))
    earlier = [item for item in awaited if _is_open_earlier(course, *item)]
    ranked = sorted(
        (*((name, None) for name in asked), *earlier),
        key=lambda item: (-awaited[item], -sum(_widths(moved, *item).values())),
    )
    once = each_once(name for name, at in ranked if at is None)
    shown = (item for item in ranked if item[1] is not None or item[0] in once)
    for name, at in islice(shown, MOST_MISSING):
        url = _url(course, at or visit.milestone, name) if may_record else ""
        absences = visit.absences if at is None else course.visits[at].absences
        pending = _("pending") if name in absences else ""
        scores = ", ".join(map(name_of, _widths(moved, name, at)))
        about = listed((_decides(awaited[name, at]), scores, pending))
        yield MissingItem(once[name] if at is None else named_at(name, at), url, about)


def _awaited(course: Course) -> Counter[tuple[str, Milestone | None]]:
    """How many findings of the latest milestone wait for what is missing: now, or at the earlier
    milestone whose value alone would do."""
    view, latest = course.views[-1], course.findings[-1]
    waiting = (
        (name, lacking_at(view, finding, name))
        for finding in latest.findings
        if finding.verdict is Verdict.UNKNOWN and all(map(is_routine, finding.missing))
        for name in finding.missing
    )
    return Counter((name, None if at is latest.milestone else at) for name, at in waiting)


def _is_open_earlier(course: Course, name: str, at: Milestone | None) -> bool:
    """Whether it is that of an earlier visit, which does not say why it has none."""
    visit = None if at is None else course.visits.get(at)
    return visit is not None and name not in _answered(visit)


def _widths(
    moved: Mapping[str, Mapping[ScoreName, Decimal]], name: str, at: Milestone | None
) -> Mapping[ScoreName, Decimal]:
    """The scores that an item moves, which are those of the latest visit."""
    return moved.get(name, {}) if at is None else {}


def _unanswered(course: Course, visit: Assessment) -> tuple[str, ...]:
    """What the visit asks for and neither it nor what happened answers."""
    snapshot, dictionary = course.snapshot, catalogue().dictionary
    infusion = snapshot.date_of(Milestone.INFUSION)
    happened = Happenings(snapshot.events, snapshot.treatments)
    return missing_items(
        visit.milestone,
        dictionary,
        here=_answered(visit) | happened.answers(visit.date, dictionary, infusion=infusion),
        anywhere=_anywhere(course),
    )


def _besides(course: Course, visit: Assessment, awaited: Collection[str]) -> Iterator[str]:
    """Upper limits, standing facts, treatments, and what only an earlier visit asks for. Of a
    bridging of which it is not known whether it was given, no response is missed."""
    variables, answered = catalogue().dictionary.variables, _anywhere(course)
    unknown = "treatments.bridging." if "bridging" in awaited else None
    for name in awaited:
        variable = variables.get(name)
        if variable is None:
            limits = name.endswith(LIMIT) and name.removesuffix(LIMIT) in visit.observations
            treated = name.startswith("treatments.") and not (unknown and name.startswith(unknown))
            if limits or treated:
                yield name
        elif name not in answered and (
            variable.standing
            or (visit.milestone not in variable.asked_at and _asked_before(course, name))
        ):
            yield name


def _asked_before(course: Course, name: str) -> list[Milestone]:
    """The milestones reached that ask for a variable, in the order of time."""
    asked_at = catalogue().dictionary.variables[name].asked_at
    return [found.milestone for found in course.findings if found.milestone in asked_at]


def _url(course: Course, milestone: Milestone, name: str) -> str:
    """Where an item is recorded: at the latest visit, or the latest that asks for it."""
    if name.startswith("treatments."):
        return treatment_url(course, name)
    variable = catalogue().dictionary.variables[name.removesuffix(LIMIT)]
    if not variable.standing and milestone not in variable.asked_at:
        milestone = _asked_before(course, variable.name)[-1]
    return field_url(course, course.numbers[milestone], name)


def each_once(names: Iterable[str]) -> Mapping[str, str]:
    """By the first item of each test what is missing of it in words: the organ systems of CIRS are
    graded together, and rearrangements looked for together."""
    tests: dict[str, list[str]] = {}
    for name in names:
        tests.setdefault(ONE_TEST.get(name, name), []).append(name)
    return {items[0]: _of_one_test(items) for items in tests.values()}


def _of_one_test(items: list[str]) -> str:
    if len(items) == 1:
        return name_of(items[0])
    if items[0] in GENES:
        return _("Rearrangements (FISH): %s") % ", ".join(GENES[name] for name in items)
    return _("CIRS, grades of %d organ systems") % len(items)


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


def _anywhere(course: Course) -> set[str]:
    return {name for visit in course.snapshot.assessments for name in _answered(visit)}


def _answered(visit: Assessment) -> set[str]:
    """What has a value, or a reason for having none that expects none."""
    reasons = {name for name, a in visit.absences.items() if a.reason != PENDING}
    return reasons | set(visit.observations)
