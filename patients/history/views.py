"""The history of a case: who recorded, looked and exported, and when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from patients.frame.heading import heading_of
from patients.frame.policy import of_case
from patients.history.page import history as history_of
from patients.history.page import read_cursor
from patients.permissions import OpenedCase


@require_safe
@of_case()
def history(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """One page of the history, the newest first."""
    page = history_of(opened.case, read_cursor(request.GET.get("after", "")))
    heading = heading_of(opened, "history")
    return render(request, "patients/history/history.html", {"heading": heading, "page": page})
