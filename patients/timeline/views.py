"""The page of a case: its summary, its timeline, and a card for each milestone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from patients.frame.heading import heading_of
from patients.frame.policy import of_case
from patients.permissions import OpenedCase
from patients.timeline.page import case_page


@require_safe
@of_case()
def case(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """What is known of one case, and what was published about findings like these."""
    page = case_page(opened)
    heading = heading_of(opened, "case")
    return render(request, "patients/timeline/case.html", {"heading": heading, "page": page})
