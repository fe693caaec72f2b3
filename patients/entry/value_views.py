"""One recorded value: its history and its correction, or one that the visit did not ask for."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from patients.entry.conflict_views import conflict_of
from patients.entry.recording import record_visit
from patients.entry.value_page import value_page
from patients.entry.visit_forms import THEIRS, ValueForm
from patients.entry.visit_page import Place, desk_of
from patients.frame.policy import of_case, user_of
from patients.models import Assessment
from patients.permissions import OpenedCase, Right
from patients.records.saving import Conflict, Refused, TokenReused
from patients.records.slots import known_of
from riskfactors.published import catalogue


@require_http_methods(["GET", "HEAD", "POST"])
@of_case(Right.SEE, post=Right.RECORD)
def value(request: HttpRequest, opened: OpenedCase, number: int, variable: str) -> HttpResponse:
    """What was recorded of one variable at one visit, when, by whom and why."""
    known = known_of(opened.case, opened.head)
    asked = catalogue().dictionary.variables.get(variable)
    if number not in known.visits or asked is None:
        raise Http404
    if request.POST.get(f"clash-{variable}") == THEIRS:
        return redirect("patients:visit", opened.case.public_id, number)
    place = Place(known.visits[number][0].milestone, number, [asked], "value")
    form = ValueForm(
        request.POST if request.method == "POST" else None, desk=desk_of(opened, known, place)
    )
    if form.is_bound and form.is_valid():
        try:
            _record(request, opened, form, number)
        except Conflict as conflict:
            return conflict_of(request, opened, conflict, request.path)
        except Refused as refused:
            form.refuse(refused.problems)
        except TokenReused:
            form.renew_token()
        else:
            messages.success(request, _("Recorded."))
            return redirect("patients:visit", opened.case.public_id, number)
    page = value_page(opened, known, form, place)
    status = 422 if form.errors else 200
    return render(request, "patients/entry/value.html", {"page": page}, status=status)


def _record(request: HttpRequest, opened: OpenedCase, form: ValueForm, number: int) -> None:
    record_visit(
        case=opened.case,
        by=user_of(request),
        token=form.cleaned_data["token"],
        visit=Assessment.objects.get(case=opened.case, number=number),
        statements=[(statement, form.seen(statement)) for statement in form.statements],
        reason=form.cleaned_data["reason"],
    )
