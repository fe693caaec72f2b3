"""A visit is recorded: the form of a milestone or an interim visit, and of standing facts."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from patients.entry.conflict_views import conflicts_shown
from patients.entry.course import onward_url
from patients.entry.drafting import draft_of, drafting, left_in, recorded_since
from patients.entry.places import Place, standing_at, visit_at
from patients.entry.recording import new_visit as unrecorded
from patients.entry.recording import record_visit
from patients.entry.visit_forms import VisitForm
from patients.entry.visit_page import desk_of, visit_page
from patients.frame.policy import of_case, user_of
from patients.frame.saving import saved
from patients.models import Assessment, AssessmentDate, Draft
from patients.permissions import OpenedCase, Right
from patients.records.drafts import ended_by_saving
from patients.records.slots import Known, known_of
from riskfactors.domain.timepoints import Milestone

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@of_case(Right.SEE, post=Right.RECORD)
@conflicts_shown
def visit(request: HttpRequest, opened: OpenedCase, number: int) -> HttpResponse:
    """A recorded visit: its values, and inputs for what is not recorded yet."""
    known = _known(opened, number)
    return _form(request, opened, known, visit_at(known.visits[number][0].milestone, number))


@require_http_methods(METHODS)
@of_case(Right.SEE, post=Right.RECORD)
@conflicts_shown
def standing(request: HttpRequest, opened: OpenedCase, number: int) -> HttpResponse:
    """Facts that stand for the whole course, recorded as known at one visit."""
    known = _known(opened, number)
    return _form(request, opened, known, standing_at(known.visits[number][0].milestone, number))


@require_http_methods(METHODS)
@of_case(Right.RECORD)
@conflicts_shown
def new_visit(request: HttpRequest, opened: OpenedCase, milestone: str) -> HttpResponse:
    """A visit that is not recorded yet; a milestone that is recorded has its own page."""
    return _new(request, opened, milestone, visit_at)


@require_http_methods(METHODS)
@of_case(Right.RECORD)
@conflicts_shown
def new_standing(request: HttpRequest, opened: OpenedCase, milestone: str) -> HttpResponse:
    """Standing facts, recorded as known at a visit that is not recorded yet."""
    return _new(request, opened, milestone, standing_at)


def _new(
    request: HttpRequest,
    opened: OpenedCase,
    milestone: str,
    form_at: Callable[[Milestone, int | None], Place],
) -> HttpResponse:
    at = Milestone.of(milestone)
    if at is None:
        raise Http404
    known = known_of(opened.case, opened.head)
    recorded = None if at is Milestone.INTERIM else known.at(at)
    if recorded is not None and request.method != "POST":
        return redirect(form_at(at, recorded.number).url(opened.case))
    return _form(request, opened, known, form_at(at, None))


def _known(opened: OpenedCase, number: int) -> Known:
    known = known_of(opened.case, opened.head)
    if number not in known.visits:
        raise Http404
    return known


def _form(request: HttpRequest, opened: OpenedCase, known: Known, place: Place) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    draft = draft_of(request, opened, place.kept_at(opened.case))
    form = VisitForm(posted, desk=desk_of(opened, known, place), drafted=left_in(draft))
    if posted is not None:
        partly = form.can_record_rest and ("rest" in posted or form.only_asks)
        if form.is_valid() or partly:
            return _save(request, opened, known, form, place)
    return _show(request, opened, known, form, place, draft=draft)


def _show(
    request: HttpRequest,
    opened: OpenedCase,
    known: Known,
    form: VisitForm,
    place: Place,
    *,
    partly: bool = False,
    draft: Draft | None = None,
) -> HttpResponse:
    since = recorded_since(draft, opened, known, place)
    values = {
        "page": visit_page(opened, known, form, place, partly=partly),
        "drafting": drafting(request, opened, place.kept_at(opened.case), draft, since),
    }
    status = 422 if form.errors else 200
    return render(request, "patients/entry/visit.html", values, status=status)


def _save(
    request: HttpRequest, opened: OpenedCase, known: Known, form: VisitForm, place: Place
) -> HttpResponse:
    """Record what could be read; what could not comes back in a form of its own."""
    onward = Milestone.of(form.data.get("next", ""))
    if place.number is not None and not form.says_anything:
        messages.info(request, _("Nothing was typed: nothing new is recorded."))
        url = place.url(opened.case) if onward is None else onward_url(opened.case, known, onward)
        return redirect(url)
    assessment = saved(form, partial(_recorded, request, opened, form, place))
    if assessment is None:
        return _show(request, opened, known, form, place)
    messages.success(request, _told(len(form.statements) + len(form.happened)))
    place = place.at(assessment.number)
    if form.is_valid() and onward is None:
        return redirect(place.url(opened.case))
    opened = opened.again()
    known = known_of(opened.case, opened.head)
    if form.is_valid() and onward is not None:
        return redirect(onward_url(opened.case, known, onward))
    rest = VisitForm(
        form.without_recorded(place.url(opened.case)), desk=desk_of(opened, known, place)
    )
    rest.full_clean()
    return _show(request, opened, known, rest, place, partly=True)


def _recorded(
    request: HttpRequest, opened: OpenedCase, form: VisitForm, place: Place
) -> Assessment:
    visit: Assessment | AssessmentDate
    if place.number is None:
        visit = unrecorded(place.milestone, form.cleaned_data["date"])
        assessment = visit.assessment
    else:
        visit = assessment = Assessment.objects.get(case=opened.case, number=place.number)
    by = user_of(request)
    with ended_by_saving(place.kept_at(opened.case), of=by):
        entry = record_visit(
            case=opened.case,
            by=by,
            token=form.cleaned_data["token"],
            visit=visit,
            statements=[(statement, form.seen(statement)) for statement in form.statements],
            also=[happening.revision for happening in form.happened],
            reason=form.cleaned_data["reason"],
        )
    if assessment._state.adding:  # the form was sent twice, and the visit is that of the first time
        assessment = Assessment.objects.get(entry=entry)
    return assessment


def _told(number: int) -> str:
    if number == 0:
        return _("Recorded.")
    return ngettext("%s item is recorded.", "%s items are recorded.", number) % number
