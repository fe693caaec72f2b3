"""What the list of a centre's meetings shows."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.board.meeting_forms import PlanForm
from patients.models import AgendaItem, Centre, Meeting, User
from patients.permissions import Right, rights_at_centres
from riskfactors.words.facts import day_words

LISTED = 50


class MeetingLine(Struct, frozen=True, kw_only=True):
    """A meeting in the list of a centre."""

    day: str
    kind: str
    place: str
    cases: int
    state: str
    url: str


class BoardPage(Struct, frozen=True, kw_only=True):
    """The meetings of a centre, those to come first, and the form for another."""

    centre: Centre
    tabs: tuple[tuple[str, str, bool], ...]
    coming: tuple[MeetingLine, ...]
    past: tuple[MeetingLine, ...]
    form: PlanForm
    may_prepare: bool


def board_page(centre: Centre, user: User, form: PlanForm, *, today: date) -> BoardPage:
    """The meetings of a centre where this person may see."""
    rights = rights_at_centres(user)
    seen = [each for each, may in rights.items() if Right.SEE in may]
    meetings = list(centre.meetings.order_by("-held_on", "-number")[:LISTED])
    counted = _counted(meetings)
    lines = [(m.open and m.held_on >= today, _line(m, counted, today)) for m in meetings]
    return BoardPage(
        centre=centre,
        tabs=tuple((c.name, reverse("patients:board", args=[c.code]), c == centre) for c in seen)
        if len(seen) > 1
        else (),
        coming=tuple(line for to_come, line in reversed(lines) if to_come),
        past=tuple(line for to_come, line in lines if not to_come),
        form=form,
        may_prepare=Right.PREPARE in rights[centre],
    )


def _line(meeting: Meeting, counted: Mapping[int, int], today: date) -> MeetingLine:
    return MeetingLine(
        day=day_words(meeting.held_on),
        kind=str(meeting.get_kind_display()),
        place=", ".join(
            filter(None, (f"{meeting.starts_at:%H:%M}" if meeting.starts_at else "", meeting.place))
        ),
        cases=counted.get(meeting.pk, 0),
        state=_state(meeting, today),
        url=reverse("patients:meeting", args=[meeting.centre.code, meeting.number]),
    )


def _state(meeting: Meeting, today: date) -> str:
    if meeting.cancelled_at is not None:
        return _("cancelled")
    if meeting.closed_at is not None:
        return _("closed")
    return _("not closed yet") if meeting.held_on < today else ""


def _counted(meetings: Sequence[Meeting]) -> Mapping[int, int]:
    counted: dict[int, int] = {}
    for key in AgendaItem.objects.filter(meeting__in=meetings).values_list("meeting", flat=True):
        counted[key] = counted.get(key, 0) + 1
    return counted
