"""The answer to a save that met what somebody else had written first."""

from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from patients.entry.conflict_page import conflict_page
from patients.frame.policy import CaseView
from patients.permissions import OpenedCase
from patients.records.saving import Conflict


def conflicts_shown(view: CaseView) -> CaseView:
    """Of a conflict nothing is recorded: both versions, side by side with all that was typed."""

    @wraps(view)
    def answered(request: HttpRequest, opened: OpenedCase, **rest: Any) -> HttpResponseBase:
        try:
            return view(request, opened, **rest)
        except Conflict as conflict:
            page = conflict_page(opened, conflict.clashes, request.POST, address=request.path)
            return render(request, "patients/entry/conflict.html", {"page": page}, status=409)

    return answered
