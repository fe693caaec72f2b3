"""The worklist."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from patients.views.policy import of_everybody


@require_safe
@of_everybody
def worklist(request: HttpRequest) -> HttpResponse:
    """The cases of one centre."""
    return render(request, "patients/worklist.html")
