"""The meetings of a centre: the list, one of them, what the centre asks of each kind."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from patients.board import meetings
from patients.board.board_page import board_page
from patients.board.invitation import invitation_of
from patients.board.meeting_forms import ACTS, PlanForm
from patients.board.meeting_page import meeting_page
from patients.board.settings_forms import SettingForm
from patients.frame.faults import faults_in, faults_of
from patients.frame.policy import of_centre, of_everybody, user_of
from patients.models import Centre, Meeting, MeetingKind
from patients.permissions import Right, centres_of

METHODS = ["GET", "HEAD", "POST"]
REFUSALS: Final[Mapping[type[Exception], str]] = {
    meetings.Closed: gettext_noop(
        "The meeting was closed or cancelled in the meantime: it stays as it is."
    ),
    meetings.Listed: gettext_noop(
        "This case is on the agenda already: change its question there. What you typed is kept."
    ),
    meetings.Decided: gettext_noop("Something was said of this case already: it stays."),
    meetings.Begun: gettext_noop(
        "Somebody was there, or something was written of a case: the meeting is not cancelled."
    ),
    meetings.NotYet: gettext_noop(
        "Its day is still to come: change the day, or cancel the meeting."
    ),
}
"""What is said where an act is refused."""


@require_safe
@of_everybody
def boards(request: HttpRequest) -> HttpResponse:
    """Leads to the board of the first centre where this person may see."""
    centre = centres_of(user_of(request), Right.SEE).order_by("name").first()
    return redirect("patients:board", centre.code) if centre else redirect("patients:worklist")


@require_safe
@of_centre(Right.SEE)
def board(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The meetings of a centre."""
    return _board(request, centre, PlanForm(initial={"held_on": timezone.localdate()}))


@require_http_methods(["POST"])
@of_centre(Right.PREPARE)
def plan(request: HttpRequest, centre: Centre) -> HttpResponse:
    """A new meeting."""
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _board(request, centre, form)
    made = meetings.plan(centre, by=user_of(request), **form.cleaned_data)
    return redirect("patients:meeting", centre.code, made.number)


@require_safe
@of_centre(Right.SEE)
def meeting(request: HttpRequest, centre: Centre, meeting: int) -> HttpResponse:
    """One meeting with its agenda."""
    return _meeting(request, meeting_of(centre, meeting), {})


@require_http_methods(["POST"])
@of_centre(Right.PREPARE)
def act(request: HttpRequest, centre: Centre, meeting: int, act: str) -> HttpResponse:
    """Something done to a meeting; what was not taken is shown again with the reason."""
    if act not in ACTS:
        raise Http404
    found = meeting_of(centre, meeting)
    form = ACTS[act](request.POST, meeting=found)
    if form.is_valid():
        try:
            form.do(user_of(request))
        except tuple(REFUSALS) as refused:
            form.add_error(None, _(REFUSALS[type(refused)]))
        else:
            page = resolve_url("patients:meeting", centre.code, found.number)
            return redirect(f"{page}#{form.goes_on_at}" if form.goes_on_at else page)
    return _meeting(request, meeting_of(centre, meeting), {act: form})


@require_safe
@of_centre(Right.SEE)
def invitation(request: HttpRequest, centre: Centre, meeting: int) -> HttpResponse:
    """The meeting for a calendar, without a word about patients."""
    found = meeting_of(centre, meeting)
    headers = {"Content-Disposition": f'attachment; filename="meeting-{found.number}.ics"'}
    made = invitation_of(found, at=timezone.now())
    return HttpResponse(made, content_type="text/calendar", headers=headers)


@require_http_methods(METHODS)
@of_centre(Right.PREPARE)
def board_settings(request: HttpRequest, centre: Centre) -> HttpResponse:
    """What the centre asks of each kind of meeting from now on."""
    typed = request.POST if request.method == "POST" else None
    forms = {
        kind: SettingForm(typed, setting=meetings.setting_of(centre, kind), prefix=kind)
        for kind in MeetingKind
    }
    valid = [form.is_valid() for form in forms.values()]
    if all(valid):
        for form in forms.values():
            form.save()
        messages.success(request, _("Recorded."))
        return redirect("patients:board", centre.code)
    faults = next(filter(None, map(faults_of, forms.values())), None)
    values = {"centre": centre, "forms": tuple(forms.items()), "faults": faults}
    status = 422 if faults else 200
    return render(request, "patients/board/settings.html", values, status=status)


def meeting_of(centre: Centre, number: int) -> Meeting:
    """A meeting of a centre by its number there. Raises Http404."""
    return get_object_or_404(
        Meeting.objects.select_related("centre", "closed_by", "cancelled_by"),
        centre=centre,
        number=number,
    )


def number_in(text: str) -> int:
    """A number that was sent; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _board(request: HttpRequest, centre: Centre, form: PlanForm) -> HttpResponse:
    page = board_page(centre, user_of(request), form, today=timezone.localdate())
    values = {"page": page, "faults": faults_of(form)}
    return render(request, "patients/board/board.html", values, status=422 if form.errors else 200)


def _meeting(request: HttpRequest, meeting: Meeting, refused: dict[str, Any]) -> HttpResponse:
    page = meeting_page(meeting, user_of(request), refused, today=timezone.localdate())
    faults = next((faults_of(form) for form in refused.values()), None) or faults_in(())
    values = {"page": page, "faults": faults}
    status = 422 if refused else 200
    return render(request, "patients/board/meeting.html", values, status=status)
