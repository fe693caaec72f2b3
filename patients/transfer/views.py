"""The pages where a data manager takes a case out as a document, and brings one in."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from patients.frame.faults import faults_in, faults_of
from patients.frame.files import saved_as
from patients.frame.heading import heading_of
from patients.frame.policy import of_case, of_everybody, user_of
from patients.models import Centre, Entry, User
from patients.permissions import OpenedCase, Right, centres_of
from patients.records.opening import CaseExists
from patients.records.rows import UnreadableRecord
from patients.records.saving import Refused
from patients.transfer.documents import export_case, import_case, said_of
from patients.transfer.forms import ImportForm
from riskfactors.domain.documents import InvalidDocument
from riskfactors.words import say_problem

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@of_case(Right.TRANSFER)
def export(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """What an export is; by the button, the case document, which leaves an access record."""
    case = opened.case
    about: dict[str, Any] = {"case": case, "heading": heading_of(opened, "export")}
    if request.method != "POST":
        return render(request, "patients/transfer/export.html", about)
    try:
        document = export_case(case, by=user_of(request))
    except UnreadableRecord as unreadable:
        about["faults"] = faults_in([say_problem(unreadable.problem)])
        return render(request, "patients/transfer/export.html", about, status=422)
    headers = saved_as(case.case_id, ".json")
    return HttpResponse(document, content_type="application/json", headers=headers)


@form_page
@of_everybody
def import_(request: HttpRequest) -> HttpResponse:
    """A case document becomes a case of one of the centres whose data the person manages."""
    user = user_of(request)
    centres = centres_of(user, Right.TRANSFER).order_by("name")
    if not centres:
        raise PermissionDenied
    posted = request.method == "POST"
    form = ImportForm(*(request.POST, request.FILES) if posted else ()).offer(centres)
    faults = faults_of(form)
    if form.is_valid():
        made = _imported(form.cleaned_data["file"], form.cleaned_data["centre"], user)
        if isinstance(made, Entry):
            return redirect("patients:case", made.case.public_id)
        faults = faults_in(made)
    about = {"form": form, "faults": faults}
    status = 422 if faults else 200
    return render(request, "patients/transfer/import.html", about, status=status)


def _imported(document: bytes, centre: Centre, by: User) -> Entry | list[str]:
    """The first entry of the new case, or all that is wrong with the document."""
    try:
        return import_case(document, centre=centre, by=by)
    except (InvalidDocument, Refused) as refused:
        return [say_problem(problem) for problem in refused.problems]
    except CaseExists:
        return [_("The centre has a case with this case_id already.")]
    except ValidationError as invalid:
        return said_of(invalid)
