"""The outstanding actions of a centre, and its indicators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from patients.board.actions_page import actions_page
from patients.board.indicators_page import indicators_page
from patients.frame.policy import of_centre
from patients.models import Centre
from patients.permissions import Right


@require_safe
@of_centre(Right.SEE)
def actions(request: HttpRequest, centre: Centre) -> HttpResponse:
    """What the board recommended and nobody has reported, and what was reported."""
    page = actions_page(centre, today=timezone.localdate())
    return render(request, "patients/board/actions.html", {"page": page})


@require_safe
@of_centre(Right.SEE)
def indicators(request: HttpRequest, centre: Centre) -> HttpResponse:
    """How many of those referred got how far, of all years or of one."""
    year = request.GET.get("year", "")
    page = indicators_page(centre, int(year) if year.isdecimal() and len(year) == 4 else None)
    return render(request, "patients/board/indicators.html", {"page": page})
