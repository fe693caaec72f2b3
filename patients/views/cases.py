"""The page of a case."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from patients.permissions import OpenedCase
from patients.views.policy import of_case


@require_safe
@of_case()
def case(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """What is known of one case."""
    return render(request, "patients/case.html", {"case": opened.case})
