"""Eligibility, approval and what came of a recommendation: recorded, corrected, withdrawn."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from msgspec.structs import replace

from patients.board import recommending
from patients.board.settled_forms import ApprovalForm, EligibilityForm, OutcomeForm, SettledForm
from patients.board.settled_page import clearances_page
from patients.entry.conflict_views import conflicts_shown
from patients.entry.drafting import draft_of, drafting, left_in, revised_since
from patients.entry.statement_page import fields_said, statement_page
from patients.frame.policy import of_case, user_of
from patients.frame.saving import saved
from patients.models import (
    ClearanceKind,
    ClearanceRevision,
    Draft,
    Entry,
    OutcomeRevision,
    RecommendationRevision,
    Revision,
    Stage,
)
from patients.permissions import OpenedCase, Right
from patients.records.drafts import ended_by_saving
from patients.records.saving import record

FORMS: Final = {
    ClearanceKind.ELIGIBILITY: EligibilityForm,
    ClearanceKind.APPROVAL: ApprovalForm,
}


class _Around(NamedTuple):
    """What stands round a form: its title, what was said before, where a save leads to, and what
    was left in it."""

    title: str
    history: Sequence[Revision]
    done: str
    draft: Draft | None


@require_safe
@of_case()
def clearances(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """What was settled before cells were collected."""
    page = clearances_page(opened)
    return render(request, "patients/board/clearances.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@of_case(Right.SEE, post=Right.RECORD)
@conflicts_shown
def clearance(request: HttpRequest, opened: OpenedCase, clearance: str) -> HttpResponse:
    """Eligibility or an approval: its history, and the form."""
    if clearance not in ClearanceKind.values:
        raise Http404
    kind = ClearanceKind(clearance)
    rows = ClearanceRevision.objects.filter(case=opened.case, kind=kind)
    history = list(rows.select_related("case", "entry__recorded_by").order_by("revision"))
    draft = draft_of(request, opened, request.path)
    form = _form(FORMS[kind], request, history, draft)
    row = ClearanceRevision(case=opened.case, kind=kind)
    save = partial(_recorded, opened, user_of(request), form, row)
    done = reverse("patients:clearances", args=[opened.case.public_id])
    around = _Around(str(kind.label), history, done, draft)
    return _settled(request, opened, form, row, save, around)


@require_http_methods(["GET", "HEAD", "POST"])
@of_case(Right.SEE, post=Right.RECORD)
@conflicts_shown
def outcome(request: HttpRequest, opened: OpenedCase, recommendation: int) -> HttpResponse:
    """What came of a signed recommendation: its history, and the form."""
    final = RecommendationRevision.objects.filter(
        recommendation__case=opened.case, recommendation__number=recommendation, stage=Stage.FINAL
    )
    about = final.select_related("entry", "recommendation__item__meeting").first()
    if about is None:
        raise Http404
    signed = about.recommendation
    made = min(signed.item.meeting.held_on, localdate(about.entry.recorded_at))
    rows = OutcomeRevision.objects.filter(recommendation=signed)
    history = list(rows.select_related("recommendation", "entry__recorded_by").order_by("revision"))
    draft = draft_of(request, opened, request.path)
    form = _form(partial(OutcomeForm, since=made), request, history, draft)
    row = OutcomeRevision(recommendation=signed)
    save = partial(_followed_up, user_of(request), form, row)
    title = _("What came of recommendation %s") % signed.number
    done = reverse("patients:actions", args=[opened.case.centre.code])
    around = _Around(title, history, done, draft)
    return _settled(request, opened, form, row, save, around)


def _form(
    form: Callable[..., SettledForm],
    request: HttpRequest,
    history: Sequence[Revision],
    draft: Draft | None,
) -> SettledForm:
    """The form of the next revision. What was opened before anything was recorded says so: it
    meets what somebody else has recorded since."""
    typed = request.POST if request.method == "POST" else None
    last = history[-1] if history else None
    seen = 0 if last is None or (typed is not None and not typed.get("seen")) else last.revision
    shown = _answers(last) if last else None
    return form(typed, address=request.path, seen=seen, initial=shown, drafted=left_in(draft))


def _answers(row: Revision) -> dict[str, Any]:
    """What a revision says, by the fields of its form."""
    said = fields_said(row)
    if isinstance(row, OutcomeRevision):
        said["answer"] = "done" if row.done else row.not_done
    return said


def _settled(
    request: HttpRequest,
    opened: OpenedCase,
    form: SettledForm,
    row: Revision,
    save: Callable[[], Entry],
    around: _Around,
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        row.revision = form.revision
        for field, value in form.said().items():
            setattr(row, field, value)
        if saved(form, save) is not None:
            messages.success(request, _("Recorded."))
            return redirect(around.done)
    page = statement_page(opened, form, around.title, around.history)
    since = revised_since(around.draft, "seen", around.history)
    values = {
        "page": replace(page, records_url=around.done),
        "drafting": drafting(request, opened, form.address, around.draft, since),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "patients/entry/statement.html", values, status=status)


def _recorded(opened: OpenedCase, by: Any, form: SettledForm, row: Revision) -> Entry:
    token = form.cleaned_data["token"]
    with ended_by_saving(form.address, of=by):
        return record(case=opened.case, by=by, token=token, revisions=[row], reason=form.reason)


def _followed_up(by: Any, form: SettledForm, row: OutcomeRevision) -> Entry:
    token = form.cleaned_data["token"]
    of = row.recommendation
    with ended_by_saving(form.address, of=by):
        return recommending.follow_up(of=of, by=by, token=token, row=row, reason=form.reason)
