"""A case as it stands on the screen of a meeting: one screen, and nothing that tells who it is."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.board.agenda import since
from patients.board.difference import Overtaken, in_words, overtaken
from patients.board.frozen import frozen, seen_in
from patients.board.nameless import dateless, decade, nameless_course, on_a_projector
from patients.board.recommending import seen_up_to
from patients.course.cells import Cell
from patients.course.chart import timeline_part
from patients.course.facts import SECTIONS, Section
from patients.course.known import Course, Moment, known_now
from patients.course.matrix import MatrixRow, matrix
from patients.course.missing import MissingItem
from patients.course.state import Tile
from patients.course.summary import bar, summary
from patients.models import (
    AgendaItem,
    Meeting,
    OutcomeRevision,
    RecommendationRevision,
    Stage,
    User,
)
from patients.permissions import OpenedCase, Right
from riskfactors.beside.figures import Brief
from riskfactors.domain.vocabulary import Verdict
from riskfactors.words.translating import one_language

REMEMBERED: Final = 64
DRAWN_DATE: Final = re.compile(r'<text class="[^"]*tl-date[^"]*".*?</text>', re.DOTALL)
"""The dates that a drawing holds for whoever asks for them."""


class SlideRow(Struct, frozen=True, kw_only=True):
    """A fact that is met, a group or a value: at each milestone what it is, and one figure."""

    name: str
    cells: tuple[tuple[str, str, str], ...]
    """The look, the milestone, what is said of it."""
    figure: str


class Slide(Struct, frozen=True, kw_only=True):
    """What follows from a case, for the screen."""

    state: tuple[Tile, ...]
    patient: tuple[Tile, ...]
    banners: tuple[str, ...]
    drawing: SafeString
    lead: tuple[tuple[str, tuple[SlideRow, ...]], ...]
    """The response after the infusion, which leads; then the parts of the matrix."""
    parts: tuple[tuple[str, tuple[SlideRow, ...]], ...]
    undecided: tuple[str, ...]
    missing: tuple[MissingItem, ...]


class LastSaid(Struct, frozen=True, kw_only=True):
    """The last signed recommendation, by its codes alone, and what came of it."""

    what: str
    outcome: str


class PresentedPage(Struct, frozen=True, kw_only=True):
    """One item of an agenda on screen, and where one goes from here."""

    item: AgendaItem
    question: str
    meeting: str
    place: str
    slide: SafeString
    head: int
    """The sequence of the last entry that the slide shows, with the catalogue of `digest`."""
    digest: str
    changed: Overtaken | None
    last: LastSaid | None
    identity: tuple[tuple[str, str], ...]
    before_url: str
    next_url: str
    url: str
    agenda_url: str
    recommend_url: str
    shown_url: str
    presenter: str
    """Who else presents; then this person looks for themselves."""
    on_screen: bool
    """Whether this person presents, and a second screen shows it already."""
    follows: bool
    """Whether this is the second screen, from which nothing is done."""
    may_prepare: bool


def presented_page(
    opened: OpenedCase, item: AgendaItem, *, by: User, revealed: bool, follows: bool
) -> PresentedPage:
    """The page of one case; who the patient is only where that was asked for."""
    meeting, case = item.meeting, opened.case
    items = list(meeting.items.order_by("position", "pk").values_list("pk", "case__public_id"))
    at = [pk for pk, _case in items].index(item.pk)
    known = known_now(opened)
    course, words, _hidden = on_a_projector(known)
    code, number = meeting.centre.code, meeting.number
    return PresentedPage(
        item=item,
        question=words(item.question),
        meeting=str(meeting.get_kind_display()),
        place=_("Case %(at)s of %(of)s") % {"at": at + 1, "of": len(items)},
        slide=remembered_slide(known, get_language()),
        head=seen_up_to(opened),
        digest=known.digest,
        changed=_changed(opened, item, course, words),
        last=_last_said(item),
        identity=_identity(opened) if revealed else (),
        before_url=_url(items[at - 1][1], number) if at else "",
        next_url=_url(items[at + 1][1], number) if at + 1 < len(items) else "",
        url=_url(case.public_id, number),
        agenda_url=reverse("patients:meeting", args=[code, number]),
        recommend_url=reverse("patients:recommend", args=[case.public_id, number]),
        shown_url=reverse("patients:shown", args=[code, number]),
        presenter="" if meeting.presenter == by else presenter_of(meeting),
        on_screen=meeting.shown_id == item.pk and meeting.presenter == by,
        follows=follows,
        may_prepare=Right.PREPARE in opened.rights,
    )


@lru_cache(maxsize=REMEMBERED)
def remembered_slide(known: Moment, _language: str) -> SafeString:
    """The part of the page that depends on the case alone: without names and dates."""
    with one_language():
        course = nameless_course(known)
        page = render_to_string("patients/board/_slide.html", {"slide": slide_of(course)})
        return mark_safe(dateless(page, course.timeline.origin))  # noqa: S308 - of our template


def slide_of(course: Course) -> Slide:
    """The values of a slide."""
    seen = summary(course, may_record=False)
    findings = matrix(course)
    names = [column.name for column in findings.columns]
    made = [
        (part.title, [(each.name, _row(each, names)) for each in part.rows])
        for part in findings.sections
    ]
    told = [
        (title, tuple(row for _, row in rows if row))
        for title, rows in made
        if any(row for _, row in rows)
    ]
    first = _(SECTIONS[Section.RESPONSE])
    return Slide(
        state=(*list(bar(course))[:-1], *seen.state),
        patient=(decade(course), *seen.patient[1:]),
        banners=seen.banners,
        drawing=mark_safe(DRAWN_DATE.sub("", timeline_part(course).chart.drawing)),  # noqa: S308 - ours
        lead=tuple(part for part in told if part[0] == first),
        parts=tuple(part for part in told if part[0] != first),
        undecided=tuple(name for _, rows in made for name, row in rows if row is None),
        missing=seen.missing,
    )


def _row(row: MatrixRow, names: list[str]) -> SlideRow | None:
    """A row of what is told; None where nothing of it is decided."""
    told = [
        (cell.look, name.replace("\N{SOFT HYPHEN}", ""), _said(cell))
        for name, cell in zip(names, row.cells, strict=True)
        if cell is not None and cell.verdict in (Verdict.MET, Verdict.STRATUM, Verdict.GRADED)
    ]
    if not told:
        return None
    studies = [study for figures in row.figures[:1] for study in figures.studies[:1]]
    return SlideRow(name=row.name, cells=tuple(told), figure=" ".join(map(_figure, studies)))


def _said(cell: Cell) -> str:
    """The verdict or group with its value and change; where it says the same as before, that."""
    said = " ".join(filter(None, (cell.said, cell.value, cell.change)))
    return said or cell.full


def _figure(study: Brief) -> str:
    """The published figure with its groups and its reference."""
    groups = ", ".join(group.words for group in study.groups)
    return " ".join(filter(None, (study.words, groups, study.numbers)))


def _changed(
    opened: OpenedCase, item: AgendaItem, now: Course, words: Callable[[str], str]
) -> Overtaken | None:
    """Which verdicts are others than at the last meeting of this kind; None where there was none
    or nothing was known of the case."""
    last = since(item.meeting)
    if last.moment is None:
        return None
    entries = opened.case.entries.filter(recorded_at__lte=last.moment)
    head = entries.order_by("-sequence").values_list("pk", flat=True).first()
    if head is None:
        return None
    then = Moment(
        public_id=now.public_id,
        head=head,
        digest=now.digest,
        as_of=last.day or now.as_of,
        case=opened.case,
    )
    seen = seen_in(frozen(nameless_course(then), item.meeting))
    return in_words(overtaken(seen, now, ()), words)


def _last_said(item: AgendaItem) -> LastSaid | None:
    rows = RecommendationRevision.objects.filter(recommendation__case=item.case_id)
    signed = rows.exclude(stage=Stage.DRAFT).exclude(recommendation__item=item)
    row = signed.order_by("-pk").first()
    if row is None:
        return None
    said = OutcomeRevision.objects.filter(recommendation=row.recommendation_id)
    outcome = said.order_by("-revision").first()
    came = _("nothing said yet")
    if outcome is not None and not outcome.withdrawn:
        came = _("done") if outcome.done else str(outcome.get_not_done_display())
    return LastSaid(what=str(row.get_option_display()), outcome=came)


def presenter_of(meeting: Meeting) -> str:
    """Who moves the second screen; "" before anybody does."""
    who = meeting.presenter
    return who.get_full_name() or who.username if who else ""


def _identity(opened: OpenedCase) -> tuple[tuple[str, str], ...]:
    patient = opened.case.patient
    known = ((_("Name"), patient.name), (_("Hospital number"), patient.hospital_number))
    return tuple((label, text) for label, text in known if text)


def _url(public_id: object, meeting: int) -> str:
    return reverse("patients:presented", args=[public_id, meeting])
