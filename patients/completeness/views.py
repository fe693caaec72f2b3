"""How complete the cases of a centre are recorded."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from patients.completeness.page import completeness_page
from patients.frame.policy import of_centre, user_of
from patients.models import Centre
from patients.permissions import Right


@require_safe
@of_centre(Right.RECORD)
def completeness(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Cases by milestones, for whoever can record what is missing."""
    page = completeness_page(
        centre, user_of(request), request.GET.dict(), today=timezone.localdate()
    )
    return render(request, "patients/completeness/completeness.html", {"page": page})
