"""The records of a case: what there is, and the way to add to it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from patients.entry.list_page import records_page
from patients.frame.policy import of_case
from patients.permissions import OpenedCase
from patients.records.slots import known_of


@require_safe
@of_case()
def records(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """Visits, treatments and events."""
    page = records_page(opened, known_of(opened.case, opened.head))
    return render(request, "patients/entry/records.html", {"page": page})
