"""What follows from what is typed, as it stands beside the form: response, scores, findings."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from patients.course.card import Card
from patients.course.cells import Cell, is_told, place_in_row
from patients.course.known import Course
from patients.course.matrix import MatrixRow, matrix, matrix_labels
from patients.course.places import Place
from patients.timeline.following import Doubted, Following
from patients.timeline.lead import Fact, lead
from patients.timeline.scores import Index, Indices, scores
from riskfactors.domain.agenda import Finding
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Verdict
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, verdict_name
from riskfactors.words.translating import gettext as _
from riskfactors.words.translating import language


class Said(Struct, frozen=True):
    """Something, and whether what is typed changes it."""

    of: Fact
    changes: bool


class Counted(Struct, frozen=True):
    """An index, and whether what is typed changes its value or bounds: then it stands open."""

    of: Index
    changes: bool


class Together(Struct, frozen=True):
    """Indices under one title."""

    title: str
    about: str
    indices: tuple[Counted, ...]


class Found(Struct, frozen=True):
    """A finding as its row of the matrix has it, its verdict in words alone."""

    row: MatrixRow
    cell: Cell
    said: str
    changes: bool


class FollowingPage(Struct, frozen=True, kw_only=True):
    """What stands beside the form; `told` is heard: what changes, a line each."""

    unread: tuple[str, ...]
    asked: tuple[Doubted, ...]
    stopped: str
    state: tuple[str, ...] = ()
    response: tuple[Said, ...] = ()
    scores: tuple[Together, ...] = ()
    findings: tuple[Found, ...] = ()
    elsewhere: tuple[str, ...] = ()
    nothing: bool = False
    told: str = ""


class Labels(Struct, frozen=True, kw_only=True):
    """The words round it."""

    unread: str
    asked: str
    unclear: str
    response: str
    findings: str
    elsewhere: str
    nothing: str
    changes: str
    missing: str
    published: str
    doubt: str


class _Part(NamedTuple):
    """What a course says at one milestone."""

    state: tuple[str, ...]
    response: tuple[Fact, ...]
    indices: tuple[Indices, ...]
    rows: Mapping[str, tuple[MatrixRow, Cell]]
    findings: Mapping[str, Finding]


NOTHING: Final = _Part((), (), (), {}, {})
PARTS_REMEMBERED: Final = 64


def labels() -> Labels:
    """The labels in the active language."""
    return Labels(
        unread=_("Cannot be read yet:"),
        asked=_("Asked before it is recorded:"),
        unclear=_("Left out until it is answered:"),
        response=_("Response"),
        findings=_("Findings"),
        elsewhere=_("Changes at other visits"),
        nothing=_("Nothing was published that rests on what this visit records."),
        changes=_("changes"),
        missing=_("Not recorded:"),
        published=_("Published figures are those of other patients, not a forecast."),
        doubt=_("doubt"),
    )


def following_page(following: Following) -> FollowingPage:
    """The values of the page."""
    page = FollowingPage(unread=following.unread, asked=following.asked, stopped=following.stopped)
    if following.before is None or following.after is None:
        return page
    before = _remembered(following.before, following.milestone, language())
    after = _part(following.after, following.milestone)
    counted = tuple(_counted(before, after))
    found = tuple(_found(before, after))
    elsewhere = tuple(_elsewhere(following.before, following.after, following.milestone))
    return replace(
        page,
        state=after.state,
        response=tuple(Said(fact, fact not in before.response) for fact in after.response),
        scores=counted,
        findings=found,
        elsewhere=elsewhere,
        nothing=not (after.response or counted or found or elsewhere),
        told="\n".join([*_told(counted, found), *elsewhere]),
    )


def _part(course: Course, milestone: Milestone) -> _Part:
    at = next((n for n, f in enumerate(course.findings) if f.milestone is milestone), None)
    if at is None:
        return NOTHING
    found, view = course.findings[at], course.views[at]
    card = Card(
        course=course,
        found=found,
        view=view,
        visit=course.visits[milestone],
        before={},
        may_record=False,
        language=language(),
    )
    leading = lead(card)
    alone = matrix(course.at(milestone))
    return _Part(
        state=tuple(filter(None, (leading.relapsed, leading.since))),
        response=leading.facts,
        indices=scores(card),
        rows={
            cell.factor: (row, cell)
            for part in (*alone.sections, *alone.folded)
            for row in part.rows
            for cell in row.cells
            if cell is not None
        },
        findings={finding.factor: finding for finding in found.findings},
    )


@lru_cache(maxsize=PARTS_REMEMBERED)
def _remembered(course: Course, milestone: Milestone, _language: str) -> _Part:
    """Of the course without what is typed, which is the same at each pause."""
    return _part(course, milestone)


def _counted(before: _Part, after: _Part) -> Iterator[Together]:
    """The indices with what gives their points."""
    earlier = {index.key: index for part in before.indices for index in part.indices}
    for part in after.indices:
        indices = [
            Counted(index, _worth(earlier.get(index.key)) != _worth(index))
            for index in part.indices
        ]
        yield Together(part.title, part.about, tuple(indices))


def _worth(index: Index | None) -> tuple[str, str] | None:
    return None if index is None else (index.value, index.group)


def _found(before: _Part, after: _Part) -> list[Found]:
    """What is met, groups and values; of what is not met that alone which is so newly."""
    looks, order = dict(matrix_labels().shapes), list(Place)
    found = []
    for key, (row, cell) in after.rows.items():
        was = before.rows.get(key)
        changes = was is None or _said(was[1]) != _said(cell)
        finding = after.findings[key]
        if is_told(finding) or (changes and _is_turned(finding, before.findings.get(key))):
            group = cell.verdict is Verdict.STRATUM
            said = cell.said if group else looks.get(cell.look, cell.said or cell.full)
            found.append((order.index(place_in_row(finding)), Found(row, cell, said, changes)))
    return [each for _place, each in sorted(found, key=lambda placed: placed[0])]


def _said(cell: Cell) -> tuple[Verdict, str, str]:
    return cell.verdict, cell.said, cell.value


def _is_turned(finding: Finding, was: Finding | None) -> bool:
    """Whether a criterion is decided, or something that was told is so no longer."""
    return finding.verdict is Verdict.NOT_MET or (was is not None and is_told(was))


def _elsewhere(before: Course, after: Course, milestone: Milestone) -> Iterator[str]:
    """What is told at other milestones and would be another."""
    earlier = {(at.milestone, f.factor): f for at in before.findings for f in at.findings}
    for at in after.findings:
        for finding in at.findings:
            was = earlier.get((at.milestone, finding.factor))
            if at.milestone is milestone or was is None or _verdict(was) == _verdict(finding):
                continue
            if is_told(was) or is_told(finding):
                name = _(catalogue().by_key[finding.factor].name)
                yield f"{milestone_name(at.milestone)}: {name}: {_worded(finding)}"


def _verdict(finding: Finding) -> tuple[Verdict, str | None]:
    return finding.verdict, finding.stratum


def _worded(finding: Finding) -> str:
    if finding.stratum is None:
        return verdict_name(finding.verdict)
    return _(catalogue().by_key[finding.factor].strata[finding.stratum].name)


def _told(counted: tuple[Together, ...], found: tuple[Found, ...]) -> Iterator[str]:
    """What changes, in few words."""
    for part in counted:
        for each in part.indices:
            if each.changes:
                yield " ".join(filter(None, (each.of.name, each.of.value, each.of.group)))
    for finding in found:
        if finding.changes:
            said = " ".join(filter(None, (finding.cell.value, finding.said)))
            yield f"{finding.row.name}: {said}"
