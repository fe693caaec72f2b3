"""A case as it stands on the screen of a meeting: one screen, and nothing that tells who it is."""

from functools import lru_cache
from typing import Final

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.board.agenda import Since, since
from patients.board.difference import Overtaken, in_words, overtaken
from patients.board.frozen import Seen, frozen, seen_in
from patients.board.meanwhile import recorded_after
from patients.board.nameless import (
    Shown,
    by_tens_in,
    dateless,
    nameless_course,
    on_a_projector,
)
from patients.board.recommending import seen_up_to
from patients.board.slide import slide_of
from patients.course.known import Course, Moment, known_now
from patients.frame.decisions import option_code
from patients.frame.written import Change
from patients.models import (
    AgendaItem,
    Case,
    ClearanceKind,
    ClearanceRevision,
    Entry,
    Meeting,
    OutcomeRevision,
    RecommendationRevision,
    Stage,
    User,
)
from patients.permissions import OpenedCase, Right
from riskfactors.words.translating import one_language

REMEMBERED: Final = 64


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
    arrived: tuple[Change, ...]
    """What was recorded since the last board, with what may tell who it is named only."""
    last: LastSaid | None
    signed: tuple[str, str] | None
    """When something was signed for this meeting, and what, by its codes alone."""
    not_eligible: str
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
    shown, last = on_a_projector(known), _last_signed(item)
    changed, arrived = _since(item, last, shown)
    code, number = meeting.centre.code, meeting.number
    return PresentedPage(
        item=item,
        question=shown.words(item.question),
        meeting=str(meeting.get_kind_display()),
        place=_("Case %(at)s of %(of)s") % {"at": at + 1, "of": len(items)},
        slide=remembered_slide(known, get_language()),
        head=seen_up_to(opened),
        digest=known.digest,
        changed=changed,
        arrived=arrived,
        last=_last_said(last) if last else None,
        signed=_signed(item),
        not_eligible=_not_eligible(case),
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
        return mark_safe(dateless(page, course.timeline))  # noqa: S308 - of our template


def _last_signed(item: AgendaItem) -> RecommendationRevision | None:
    """What a chair signed last of a case, at another meeting."""
    rows = RecommendationRevision.objects.filter(recommendation__case=item.case_id)
    signed = rows.exclude(stage=Stage.DRAFT).exclude(recommendation__item=item)
    return signed.order_by("-pk").first()


def _since(
    item: AgendaItem, last: RecommendationRevision | None, now: Shown
) -> tuple[Overtaken | None, tuple[Change, ...]]:
    """Which verdicts are others, and what was recorded, since the last signature saw the case;
    where nobody signed anything, since a board of this kind had it on its agenda."""
    if last is not None:
        seen, head, rests_on = by_tens_in(seen_in(last.seen)), last.head or 0, last.rests_on.split()
    else:
        board = since(item)
        before = _entry_then(item.case, board)
        if before is None:
            return None, ()
        seen, head, rests_on = _seen_then(item, before, board, now.course), before.sequence, []
    changed = in_words(overtaken(seen, now.course, rests_on), now.words)
    return changed, recorded_after(item.case, head, now)


def _entry_then(case: Case, board: Since) -> Entry | None:
    """The last entry of a case at a board; None where there was none, or nothing was known of the
    case."""
    if board.moment is None:
        return None
    return case.entries.filter(recorded_at__lte=board.moment).order_by("-sequence").first()


def _seen_then(item: AgendaItem, before: Entry, board: Since, course: Course) -> Seen:
    """What a board could see of a case."""
    then = Moment(
        public_id=course.public_id,
        head=before.pk,
        digest=course.digest,
        as_of=board.day or course.as_of,
        case=item.case,
    )
    return seen_in(frozen(nameless_course(then), item.meeting))


def _last_said(row: RecommendationRevision) -> LastSaid:
    said = OutcomeRevision.objects.filter(recommendation=row.recommendation_id)
    outcome = said.order_by("-revision").first()
    came = _("nothing said yet")
    if outcome is not None and not outcome.withdrawn:
        came = _("done") if outcome.done else str(outcome.get_not_done_display())
    return LastSaid(what=option_code(row), outcome=came)


def _signed(item: AgendaItem) -> tuple[str, str] | None:
    """What a chair signed, and whether that was before the day of the meeting."""
    rows = RecommendationRevision.objects.filter(recommendation__item=item)
    signed = rows.exclude(stage=Stage.DRAFT).select_related("entry").order_by("-revision")
    row = signed.first()
    if row is None:
        return None
    early = localdate(row.entry.recorded_at) < item.meeting.held_on
    when = _("Signed before this meeting:") if early else _("Signed at this meeting:")
    return when, option_code(row)


def _not_eligible(case: Case) -> str:
    """Why a patient was not found eligible, where that stands."""
    rows = ClearanceRevision.objects.filter(case=case, kind=ClearanceKind.ELIGIBILITY)
    row = rows.order_by("-revision").first()
    settled = row is not None and row.not_eligible and not row.withdrawn
    return str(row.get_not_eligible_display()) if row and settled else ""


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
