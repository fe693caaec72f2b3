"""Treatments, events and the dates of visits: recorded, corrected once seen what changes."""

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from patients.entry.asking import Subject
from patients.entry.conflict_views import conflicts_shown
from patients.entry.drafting import draft_of, drafting, left_in, revised_since
from patients.entry.statement_forms import EventForm, StatementForm, TreatmentForm, VisitDateForm
from patients.entry.statement_page import confirm_page, fields_said, statement_page
from patients.frame.policy import of_case, user_of
from patients.frame.saving import saved
from patients.models import (
    Assessment,
    AssessmentDate,
    Draft,
    Event,
    EventRevision,
    Revision,
    Slot,
    Treatment,
    TreatmentRevision,
)
from patients.permissions import OpenedCase, Right
from patients.records.drafts import ended_by_saving
from patients.records.outlook import outlook
from patients.records.preview import effect_of
from patients.records.saving import record
from patients.records.slots import known_of
from patients.records.snapshots import number_of
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Role
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, role_name
from riskfactors.words.facts import day_words

Row = TypeVar("Row", bound=Revision)

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@of_case(Right.RECORD)
def new_treatment(request: HttpRequest, opened: OpenedCase, purpose: str) -> HttpResponse:
    """A treatment that is not recorded yet."""
    given = Role.of(purpose)
    if given is None:
        raise Http404
    bound = _bound(opened, given)
    draft = draft_of(request, opened, request.path)
    form = TreatmentForm(
        _posted(request), address=request.path, role=given, bound=bound, drafted=left_in(draft)
    )
    row = TreatmentRevision(treatment=Treatment(case=opened.case))
    return _statement(request, opened, form, row, role_name(given), draft=draft)


@require_http_methods(METHODS)
@of_case(Right.SEE, post=Right.RECORD)
@conflicts_shown
def treatment(request: HttpRequest, opened: OpenedCase, number: int) -> HttpResponse:
    """A recorded treatment: its history and its correction."""
    owner, current = _current(TreatmentRevision, "treatment", opened, number)
    role = Role(_last(current, "role"))
    draft = draft_of(request, opened, request.path)
    form = TreatmentForm(
        _posted(request),
        address=request.path,
        role=role,
        bound=_bound(opened, role),
        seen=current[-1].revision,
        initial=fields_said(current[-1]),
        drafted=left_in(draft),
    )
    row = TreatmentRevision(treatment=owner)
    return _statement(request, opened, form, row, role_name(role), current, draft=draft)


@require_http_methods(METHODS)
@of_case(Right.RECORD)
def new_event(request: HttpRequest, opened: OpenedCase, kind: str) -> HttpResponse:
    """An event that is not recorded yet."""
    if kind not in catalogue().dictionary.events:
        raise Http404
    draft = draft_of(request, opened, request.path)
    form = EventForm(_posted(request), address=request.path, kind=kind, drafted=left_in(draft))
    row = EventRevision(event=Event(case=opened.case))
    return _statement(request, opened, form, row, _event_name(kind), draft=draft)


@require_http_methods(METHODS)
@of_case(Right.SEE, post=Right.RECORD)
@conflicts_shown
def event(request: HttpRequest, opened: OpenedCase, number: int) -> HttpResponse:
    """A recorded event: its history and its correction."""
    owner, current = _current(EventRevision, "event", opened, number)
    kind = _last(current, "kind")
    draft = draft_of(request, opened, request.path)
    form = EventForm(
        _posted(request),
        address=request.path,
        kind=kind,
        seen=current[-1].revision,
        initial=fields_said(current[-1]),
        drafted=left_in(draft),
    )
    row = EventRevision(event=owner)
    return _statement(request, opened, form, row, _event_name(kind), current, draft=draft)


@require_http_methods(METHODS)
@of_case(Right.SEE, post=Right.RECORD)
@conflicts_shown
def visit_date(request: HttpRequest, opened: OpenedCase, number: int) -> HttpResponse:
    """The date of a visit: its history and its correction."""
    owner, current = _current(AssessmentDate, "assessment", opened, number)
    draft = draft_of(request, opened, request.path)
    form = VisitDateForm(
        _posted(request),
        address=request.path,
        seen=current[-1].revision,
        drafted=left_in(draft),
    )
    assert isinstance(owner, Assessment)  # noqa: S101 - what the model's slot is
    title = _("Date of the visit: %s") % milestone_name(owner.milestone)
    row = AssessmentDate(assessment=owner)
    return _statement(request, opened, form, row, title, current, draft=draft)


def _bound(opened: OpenedCase, role: Role) -> str:
    """Until when the response to bridging is assessed: the visit after it."""
    known = known_of(opened.case, opened.head) if role is Role.BRIDGING else None
    for milestone in (Milestone.LYMPHODEPLETION, Milestone.INFUSION):
        if known is not None and (visit := known.at(milestone)):
            return _("Bridging is assessed by %(visit)s, %(day)s, at the latest.") % {
                "visit": milestone_name(milestone),
                "day": day_words(visit.date),
            }
    return ""


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _current(model: type[Row], slot: str, opened: OpenedCase, number: int) -> tuple[Any, list[Row]]:
    """What the statement is about, and all its revisions."""
    about = {f"{slot}__case": opened.case, f"{slot}__number": number}
    revisions = list(
        model._default_manager.filter(**about)
        .select_related(slot, "entry__recorded_by")
        .order_by("revision")
    )
    if not revisions:
        raise Http404
    return revisions[-1].owner, revisions


def _last(revisions: Sequence[Revision], field: str) -> str:
    """A field as it was before any withdrawal."""
    return str(next(text for row in reversed(revisions) if (text := getattr(row, field))))


def _statement(
    request: HttpRequest,
    opened: OpenedCase,
    form: StatementForm,
    row: Revision,
    title: str,
    history: Sequence[Revision] = (),
    *,
    draft: Draft | None,
) -> HttpResponse:
    """Shows the form, or what a correction would change, or records the statement."""
    if form.is_bound and form.is_valid() and "back" not in request.POST:
        row.revision = form.revision
        for field, value in form.said().items():
            setattr(row, field, value)
        _look_ahead(opened, form, row)
        if form.is_valid():
            answer = saved(form, partial(_recorded, request, opened, form, row, title, history))
            if answer is not None:
                return answer
    since = revised_since(draft, "seen", history)
    values = {
        "page": statement_page(opened, form, title, history),
        "drafting": drafting(request, opened, request.path, draft, since),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "patients/entry/statement.html", values, status=status)


def _look_ahead(opened: OpenedCase, form: StatementForm, row: Revision) -> None:
    """Hold the case with this statement against the domain; what a correction would bring is
    asked about where all that it changes is shown."""
    of, field = {
        "assessment": ("assessments", "date"),
        "treatment": ("treatments", "start"),
        "event": ("events", "date"),
    }[row.SLOT[0]]
    known, token = known_of(opened.case, opened.head), form.cleaned_data["token"]
    foreseen = outlook(known, [row], token=token)
    assert isinstance(row.owner, Slot)  # noqa: S101 - what the slots of these forms are
    subject = Subject(of, number_of(row.owner), field)
    form.weigh(foreseen, subject, asks=not form.corrects)


def _recorded(
    request: HttpRequest,
    opened: OpenedCase,
    form: StatementForm,
    row: Revision,
    title: str,
    history: Sequence[Revision],
) -> HttpResponse:
    """A first statement is recorded; a correction once what it changes has been seen."""
    by, reason = user_of(request), form.reason
    if form.corrects and "confirmed" not in request.POST:
        today = timezone.localdate()
        effect = effect_of(case=opened.case, by=by, revisions=[row], reason=reason, as_of=today)
        page = confirm_page(opened, title, history[-1], row, effect, request.POST)
        return render(request, "patients/entry/confirm.html", {"page": page})
    token = form.cleaned_data["token"]
    with ended_by_saving(request.path, of=by):
        record(case=opened.case, by=by, token=token, revisions=[row], reason=reason)
    messages.success(request, _("Recorded."))
    return redirect("patients:records", opened.case.public_id)


def _event_name(kind: str) -> str:
    return _(catalogue().dictionary.events[kind].label)
