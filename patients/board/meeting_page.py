"""What the page of a meeting shows: its agenda, what rules bring, and who is there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from patients.board.agenda import Proposal, Proposals, proposals
from patients.board.meeting_forms import AddForm, ChangeForm, InviteForm
from patients.board.meetings import begun, setting_of
from patients.board.rules import BY_CODE
from patients.board.staff import staff_of
from patients.course.missing import each_once
from patients.frame.decisions import option_words
from patients.models import (
    AgendaItem,
    Discipline,
    Gate,
    ItemMark,
    Mark,
    Meeting,
    Observation,
    Participant,
    RecommendationRevision,
    Stage,
    User,
)
from patients.permissions import Right, rights_at_centres
from riskfactors.words.facts import day_words


class ItemLine(Struct, frozen=True, kw_only=True):
    """A case on the agenda. `missing` is what the minimum data set lacks; `state` is what was said
    of it or recommended; `settled` where there is nothing left to discuss."""

    pk: int
    case_id: str
    comes: str
    gate: str
    question: str
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    mark: str
    note: str
    state: str
    settled: bool
    case_url: str
    recommend_url: str
    paper_url: str


class ProposalLine(Struct, frozen=True, kw_only=True):
    """A case that rules bring and that is not on the agenda."""

    public_id: str
    case_id: str
    gate: str
    question: str
    reasons: tuple[str, ...]


class MeetingPage(Struct, frozen=True, kw_only=True):
    """One meeting."""

    meeting: Meeting
    title: str
    when: str
    over: str
    items: tuple[ItemLine, ...]
    lasts: str
    proposals: tuple[ProposalLine, ...]
    more_proposed: bool
    participants: tuple[tuple[Participant, str], ...]
    quorum: str
    ticked: frozenset[int]
    staff: tuple[str, ...]
    gates: Sequence[tuple[str, Any]]
    forms: Mapping[str, Any]
    may_prepare: bool
    may_close: bool
    may_cancel: bool
    comes_again: str
    may_print: bool


def meeting_page(
    meeting: Meeting, user: User, refused: Mapping[str, Any], *, today: date
) -> MeetingPage:
    """One meeting; `refused` are forms that were sent and not taken, by their act."""
    rights = rights_at_centres(user)[meeting.centre]
    may_prepare = Right.PREPARE in rights and meeting.open
    items = list(meeting.items.select_related("case").order_by("position", "pk"))
    participants = tuple(meeting.participants.order_by("name"))
    found = proposals(meeting, today=today) if may_prepare else Proposals((), more=False)
    lines = tuple(item_lines(meeting, items))
    left = sum(not line.settled for line in lines)
    return MeetingPage(
        meeting=meeting,
        title=str(meeting.get_kind_display()),
        when=when_words(meeting),
        over=_over(meeting),
        items=lines,
        lasts=_lasts(meeting, len(lines), left),
        proposals=tuple(map(_proposal, found.shown)),
        more_proposed=found.more,
        participants=tuple(attendance(participants)),
        quorum=quorum_words(meeting, participants),
        ticked=_ticked(refused, participants),
        staff=tuple(staff_of(meeting.centre)) if may_prepare else (),
        gates=Gate.choices,
        forms={**_forms(meeting), **refused},
        may_prepare=may_prepare,
        may_close=may_prepare and meeting.held_on <= today,
        may_cancel=may_prepare and not begun(meeting),
        comes_again=_comes_again(left),
        may_print=Right.PRINT in rights,
    )


def _ticked(refused: Mapping[str, Any], participants: Sequence[Participant]) -> frozenset[int]:
    """Who is there, as recorded, or as ticked in a form that was not taken."""
    sent = refused.get("invite") or refused.get("uninvite") or refused.get("attend")
    if sent is not None and "present" in sent.cleaned_data:
        return frozenset(person.pk for person in sent.cleaned_data["present"])
    return frozenset(person.pk for person in participants if person.present)


def when_words(meeting: Meeting) -> str:
    """The day, the hour and the place."""
    hour = f"{meeting.starts_at:%H:%M}" if meeting.starts_at else ""
    return ", ".join(filter(None, (day_words(meeting.held_on), hour, meeting.place)))


def attendance(participants: Sequence[Participant]) -> Iterator[tuple[Participant, str]]:
    """Each with whether they were there; asked, where nobody is recorded as there."""
    recorded = any(person.present for person in participants)
    for person in participants:
        absent = _("not there") if recorded else _("asked")
        yield person, _("present") if person.present else absent


def quorum_words(meeting: Meeting, participants: Iterable[Participant]) -> str:
    """Whether the quorum of the centre is met, in words, once somebody is recorded as there:
    nothing depends on it."""
    people = list(participants)
    here = [person for person in people if person.present]
    if not here:
        asked = ngettext("%d asked", "%d asked", len(people)) % len(people)
        words = _("%(asked)s, nobody is recorded as there; quorum: %(quorum)s.")
        return words % {"asked": asked, "quorum": meeting.quorum}
    absent = set(meeting.disciplines.split()) - {person.discipline for person in here}
    said = ngettext("%d present", "%d present", len(here)) % len(here)
    if len(here) >= meeting.quorum and not absent:
        return _("%(present)s; the quorum of %(quorum)s is met.") % {
            "present": said,
            "quorum": meeting.quorum,
        }
    names = ", ".join(str(Discipline(code).label) for code in sorted(absent))
    lacking = _(" Not there: %s.") % names if names else ""
    words = _("%(present)s; the quorum of %(quorum)s is not met.%(lacking)s")
    return words % {"present": said, "quorum": meeting.quorum, "lacking": lacking}


def item_lines(meeting: Meeting, items: Sequence[AgendaItem]) -> Iterator[ItemLine]:
    """The agenda, in as many queries however long it is."""
    marks = {m.item_id: m for m in ItemMark.objects.filter(item__in=items).order_by("revision")}
    rows = RecommendationRevision.objects.filter(recommendation__item__in=items)
    said = {
        r.recommendation.item_id: r
        for r in rows.select_related("recommendation").order_by("revision")
    }
    lacking = _lacking(meeting, items)
    minutes = 0
    for item in items:
        mark, row = marks.get(item.pk), said.get(item.pk)
        kind = Mark(mark.mark) if mark else Mark.DISCUSS
        settled = kind is Mark.NO_ACTION or (row is not None and row.stage != Stage.DRAFT)
        yield ItemLine(
            pk=item.pk,
            case_id=item.case.case_id,
            comes="" if kind is Mark.NO_ACTION else _comes(meeting, minutes),
            gate=str(item.get_gate_display()),
            question=item.question,
            reasons=tuple(
                _(BY_CODE[code].reason) for code in item.rules.split() if code in BY_CODE
            ),
            missing=tuple(each_once(lacking[item.case_id]).values()),
            mark=kind,
            note=mark.note if mark else "",
            state=_state(kind, mark, row),
            settled=settled,
            case_url=reverse("patients:case", args=[item.case.public_id]),
            recommend_url=reverse("patients:recommend", args=[item.case.public_id, meeting.number]),
            paper_url=reverse("patients:paper_of_case", args=[item.case.public_id, meeting.number]),
        )
        minutes += 0 if kind is Mark.NO_ACTION else meeting.minutes


def _state(kind: Mark, mark: ItemMark | None, row: RecommendationRevision | None) -> str:
    if row is not None:
        return f"{row.get_stage_display()}: {option_words(row)}"
    if kind is Mark.ALL_THE_SAME and mark is not None:
        return _("To be discussed although data are missing: %s") % mark.note
    return str(kind.label) if kind is not Mark.DISCUSS else ""


def _comes(meeting: Meeting, minutes: int) -> str:
    """When an item comes up, where the hour of the meeting is known."""
    if meeting.starts_at is None:
        return _("after %s min") % minutes if minutes else _("first")
    begins = datetime.combine(meeting.held_on, meeting.starts_at)
    return f"{begins + timedelta(minutes=minutes):%H:%M}"


def _lasts(meeting: Meeting, cases: int, left: int) -> str:
    """How long it takes; of a meeting that is over, how many cases were on its agenda."""
    if not meeting.open:
        return ngettext("%s case on the agenda", "%s cases on the agenda", cases) % cases
    if cases and not left:
        return _("Nothing is left to discuss")
    words = ngettext(
        "%(cases)s case to discuss, %(minutes)s minutes",
        "%(cases)s cases to discuss, %(minutes)s minutes",
        left,
    )
    return words % {"cases": left, "minutes": left * meeting.minutes}


def _comes_again(left: int) -> str:
    """What closing means for the cases that were not settled."""
    words = ngettext(
        "%s case is neither signed for nor marked “no action”: it is proposed again.",
        "%s cases are neither signed for nor marked “no action”: they are proposed again.",
        left,
    )
    return words % left if left else ""


def _lacking(meeting: Meeting, items: Sequence[AgendaItem]) -> Mapping[int, list[str]]:
    """By case: what of the minimum data set of this kind of meeting has no value anywhere."""
    wanted = setting_of(meeting.centre, meeting.kind).minimum.split()
    told: dict[int, set[str]] = {item.case_id: set() for item in items}
    rows = (
        Observation.objects.filter(assessment__case__in=list(told), variable__in=wanted)
        .order_by("revision")
        .values_list("assessment_id", "variable", "assessment__case_id", "value")
    )
    for (_visit, variable), (case, value) in {row[:2]: row[2:] for row in rows}.items():
        if value:
            told[case].add(variable)
    return {case: [name for name in wanted if name not in known] for case, known in told.items()}


def _proposal(proposal: Proposal) -> ProposalLine:
    return ProposalLine(
        public_id=str(proposal.case.public_id),
        case_id=proposal.case.case_id,
        gate=str(proposal.gate.label),
        question=proposal.question,
        reasons=tuple(_(each.reason) for each in proposal.reasons),
    )


def _over(meeting: Meeting) -> str:
    """Who closed or cancelled it, and when."""
    if meeting.cancelled_at is not None and meeting.cancelled_by is not None:
        words = _("Cancelled by %(person)s, %(moment)s: its cases are free for other meetings.")
        return _by_whom(words, meeting.cancelled_by, meeting.cancelled_at)
    if meeting.closed_at is not None and meeting.closed_by is not None:
        words = _("Closed by %(person)s, %(moment)s: agenda and participants stay as they are.")
        return _by_whom(words, meeting.closed_by, meeting.closed_at)
    return ""


def _by_whom(words: str, person: User, moment: datetime) -> str:
    name = person.get_full_name() or person.username
    return words % {"person": name, "moment": date_format(localtime(moment), "j M Y, H:i")}


def _forms(meeting: Meeting) -> dict[str, Any]:
    names = ("held_on", "starts_at", "place", "minutes", "quorum")
    now = {name: getattr(meeting, name) for name in names}
    return {
        "change": ChangeForm(None, meeting=meeting, initial=now, prefix=None),
        "add": AddForm(None, meeting=meeting),
        "invite": InviteForm(None, meeting=meeting),
    }
