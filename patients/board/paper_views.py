"""The board on paper: who may print does, and that is logged of every case on it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from patients.board.meeting_views import meeting_of
from patients.board.paper import pdf_of
from patients.board.paper_page import case_paper, meeting_paper
from patients.frame.files import saved_as
from patients.frame.policy import of_case, of_centre, user_of
from patients.models import AccessKind, AgendaItem, Centre
from patients.permissions import OpenedCase, Right
from patients.records.opening import note_access


@require_safe
@of_case(Right.PRINT, prints=True)
def paper_of_case(request: HttpRequest, opened: OpenedCase, meeting: int) -> HttpResponse:
    """One case at a meeting, with who it is."""
    item = get_object_or_404(
        AgendaItem.objects.select_related("meeting__centre"),
        case=opened.case,
        meeting__centre=opened.case.centre,
        meeting__number=meeting,
    )
    made = pdf_of("patients/board/paper_case.html", case_paper(opened, item), sheets=1)
    return _file(made, f"{opened.case.case_id}-board")


@require_safe
@of_centre(Right.PRINT)
def paper_of_meeting(request: HttpRequest, centre: Centre, meeting: int) -> HttpResponse:
    """A meeting, with its cases by their pseudonyms."""
    found = meeting_of(centre, meeting)
    for item in found.items.select_related("case"):
        note_access(item.case, AccessKind.PRINTED, by=user_of(request))
    made = pdf_of("patients/board/paper_meeting.html", meeting_paper(found), sheets=1)
    return _file(made, f"{centre.code}-meeting-{found.number}")


def _file(made: bytes, name: str) -> HttpResponse:
    return HttpResponse(made, content_type="application/pdf", headers=saved_as(name, ".pdf"))
