"""How complete the cases of a centre are recorded."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from patients.completeness.page import completeness_page
from patients.frame.policy import of_centre, user_of
from patients.models import Centre, ListKind
from patients.permissions import Right
from patients.records.looks import note_list


@require_safe
@of_centre(Right.RECORD)
def completeness(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Cases by milestones, for whoever can record what is missing."""
    user = user_of(request)
    page = completeness_page(centre, user, request.GET.dict(), today=timezone.localdate())
    note_list(centre, ListKind.COMPLETENESS, page.cases, by=user)
    return render(request, "patients/completeness/completeness.html", {"page": page})
