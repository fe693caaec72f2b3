"""Treatments, events and the dates of visits: recorded, corrected once seen what changes."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from patients.entry.conflict_views import conflicts_shown
from patients.entry.statement_forms import EventForm, StatementForm, TreatmentForm, VisitDateForm
from patients.entry.statement_page import confirm_page, fields_said, statement_page
from patients.frame.policy import of_case, user_of
from patients.frame.problems import died_before
from patients.frame.saving import saved
from patients.models import (
    Assessment,
    AssessmentDate,
    Entry,
    Event,
    EventRevision,
    Revision,
    Treatment,
    TreatmentRevision,
)
from patients.permissions import OpenedCase, Right
from patients.records.preview import effect_of
from patients.records.saving import record
from patients.records.slots import known_of
from riskfactors.domain.progress import ENDS
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
    form = TreatmentForm(_posted(request), address=request.path, role=given)
    new = Treatment(case=opened.case)
    return _statement(request, opened, form, TreatmentRevision(treatment=new), role_name(given))


@require_http_methods(METHODS)
@of_case(Right.SEE, post=Right.RECORD)
@conflicts_shown
def treatment(request: HttpRequest, opened: OpenedCase, number: int) -> HttpResponse:
    """A recorded treatment: its history and its correction."""
    owner, current = _current(TreatmentRevision, "treatment", opened, number)
    role = Role(_last(current, "role"))
    form = TreatmentForm(
        _posted(request),
        address=request.path,
        role=role,
        seen=current[-1].revision,
        initial=fields_said(current[-1]),
    )
    row = TreatmentRevision(treatment=owner)
    return _statement(request, opened, form, row, role_name(role), current)


@require_http_methods(METHODS)
@of_case(Right.RECORD)
def new_event(request: HttpRequest, opened: OpenedCase, kind: str) -> HttpResponse:
    """An event that is not recorded yet."""
    if kind not in catalogue().dictionary.events:
        raise Http404
    form = EventForm(_posted(request), address=request.path, kind=kind)
    if form.is_bound and form.is_valid() and (day := _already(opened, form)):
        told = _("It is recorded already, on %s. Correct what is recorded instead.")
        form.add_error("date", told % day_words(day))
    _check_death(opened, form)
    new = Event(case=opened.case)
    return _statement(request, opened, form, EventRevision(event=new), _event_name(kind))


@require_http_methods(METHODS)
@of_case(Right.SEE, post=Right.RECORD)
@conflicts_shown
def event(request: HttpRequest, opened: OpenedCase, number: int) -> HttpResponse:
    """A recorded event: its history and its correction."""
    owner, current = _current(EventRevision, "event", opened, number)
    kind = _last(current, "kind")
    form = EventForm(
        _posted(request),
        address=request.path,
        kind=kind,
        seen=current[-1].revision,
        initial=fields_said(current[-1]),
    )
    _check_death(opened, form)
    return _statement(request, opened, form, EventRevision(event=owner), _event_name(kind), current)


@require_http_methods(METHODS)
@of_case(Right.SEE, post=Right.RECORD)
@conflicts_shown
def visit_date(request: HttpRequest, opened: OpenedCase, number: int) -> HttpResponse:
    """The date of a visit: its history and its correction."""
    owner, current = _current(AssessmentDate, "assessment", opened, number)
    form = VisitDateForm(_posted(request), address=request.path, seen=current[-1].revision)
    _check_visit(opened, form)
    assert isinstance(owner, Assessment)  # noqa: S101 - what the model's slot is
    title = _("Date of the visit: %s") % milestone_name(owner.milestone)
    return _statement(request, opened, form, AssessmentDate(assessment=owner), title, current)


def _already(opened: OpenedCase, form: EventForm) -> date | None:
    """The day of an event that happens once and was recorded before, by another form."""
    if form.kind not in ENDS or Entry.objects.filter(token=form.cleaned_data["token"]).exists():
        return None
    events = known_of(opened.case, opened.head).snapshot.events
    return next((event.date for event in events if event.kind == form.kind), None)


def _check_death(opened: OpenedCase, form: EventForm) -> None:
    """Nobody is seen after a death: one of the two days is wrong."""
    if form.kind != "death" or form.withdraws or not form.is_valid():
        return
    visits = known_of(opened.case, opened.head).visits.values()
    last = max((visit.date for visit, _assessment in visits), default=None)
    if last is not None and form.cleaned_data["date"] < last:
        form.add_error("date", _("A visit is recorded after it, on %s.") % day_words(last))


def _check_visit(opened: OpenedCase, form: VisitDateForm) -> None:
    """As `_check_death`, from the visit."""
    if not form.is_valid():
        return
    died = known_of(opened.case, opened.head).snapshot.died_on
    if died is not None and form.cleaned_data["date"] > died:
        form.add_error("date", died_before(died))


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
) -> HttpResponse:
    """Shows the form, or what a correction would change, or records the statement."""
    if form.is_bound and form.is_valid() and "back" not in request.POST:
        row.revision = form.revision
        for field, value in form.said().items():
            setattr(row, field, value)
        answer = saved(form, partial(_recorded, request, opened, form, row, title, history))
        if answer is not None:
            return answer
    page = statement_page(opened, form, title, history)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "patients/entry/statement.html", {"page": page}, status=status)


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
    record(case=opened.case, by=by, token=token, revisions=[row], reason=reason)
    messages.success(request, _("Recorded."))
    return redirect("patients:records", opened.case.public_id)


def _event_name(kind: str) -> str:
    return _(catalogue().dictionary.events[kind].label)
