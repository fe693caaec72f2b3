"""The answer to a save that met what somebody else had written first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from patients.entry.conflict_page import conflict_page
from patients.permissions import OpenedCase
from patients.records.saving import Conflict


def conflict_of(
    request: HttpRequest,
    opened: OpenedCase,
    conflict: Conflict,
    action: str,
    *,
    single: bool = False,
) -> HttpResponse:
    """Nothing is recorded: both versions side by side, with everything that was typed."""
    page = conflict_page(opened, conflict.clashes, request.POST, action=action, single=single)
    return render(request, "patients/entry/conflict.html", {"page": page}, status=409)
