"""One recorded value: its history and its correction, or one that the visit did not ask for."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from patients.entry.conflict_views import conflicts_shown
from patients.entry.drafting import draft_of, drafting, left_in, revised_since
from patients.entry.places import Place
from patients.entry.recording import record_visit
from patients.entry.value_page import revisions_of, value_page
from patients.entry.visit_forms import THEIRS, ValueForm
from patients.entry.visit_page import desk_of
from patients.frame.policy import of_case, user_of
from patients.frame.saving import saved
from patients.models import Assessment, Entry
from patients.permissions import OpenedCase, Right
from patients.records.drafts import ended_by_saving
from patients.records.slots import known_of
from riskfactors.published import catalogue


@require_http_methods(["GET", "HEAD", "POST"])
@of_case(Right.SEE, post=Right.RECORD)
@conflicts_shown
def value(request: HttpRequest, opened: OpenedCase, number: int, variable: str) -> HttpResponse:
    """What was recorded of one variable at one visit, when, by whom and why."""
    known = known_of(opened.case, opened.head)
    asked = catalogue().dictionary.variables.get(variable)
    if number not in known.visits or asked is None:
        raise Http404
    if request.POST.get(f"clash-{variable}") == THEIRS:
        return redirect("patients:visit", opened.case.public_id, number)
    place = Place(known.visits[number][0].milestone, number, [asked], "value")
    draft = draft_of(request, opened, request.path)
    typed = request.POST if request.method == "POST" else None
    form = ValueForm(typed, desk=desk_of(opened, known, place), drafted=left_in(draft))
    if form.is_bound and form.is_valid():
        entry = saved(form, partial(_record, request, opened, form, number))
        if entry is not None:
            messages.success(request, _("Recorded."))
            return redirect("patients:visit", opened.case.public_id, number)
    rows = revisions_of(known.visits[number][0].assessment_id, variable)
    since = revised_since(draft, f"{variable}-seen", rows)
    values = {
        "page": value_page(opened, known, form, place, rows),
        "drafting": drafting(request, opened, request.path, draft, since),
    }
    status = 422 if form.errors else 200
    return render(request, "patients/entry/value.html", values, status=status)


def _record(request: HttpRequest, opened: OpenedCase, form: ValueForm, number: int) -> Entry:
    by = user_of(request)
    with ended_by_saving(request.path, of=by):
        return record_visit(
            case=opened.case,
            by=by,
            token=form.cleaned_data["token"],
            visit=Assessment.objects.get(case=opened.case, number=number),
            statements=[(statement, form.seen(statement)) for statement in form.statements],
            reason=form.cleaned_data["reason"],
        )
