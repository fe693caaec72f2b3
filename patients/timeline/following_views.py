"""What would follow from what is typed in the form of a visit: a part of its page, asked for by
sending the form as it stands. Nothing is written but the look."""

from collections.abc import Callable
from typing import TypeAlias

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from patients.entry.places import Place, standing_at, visit_at
from patients.frame.policy import of_case
from patients.permissions import OpenedCase, Right
from patients.timeline.following import case_now, following
from patients.timeline.following_page import following_page, labels
from riskfactors.domain.timepoints import Milestone
from riskfactors.markup import rendered
from riskfactors.words.translating import one_language

FormAt: TypeAlias = Callable[[Milestone, int | None], Place]


@require_POST
@of_case(Right.RECORD)
def of_visit(request: HttpRequest, opened: OpenedCase, number: int) -> HttpResponse:
    """Of the form of a recorded visit."""
    return _follows(request, opened, _recorded(opened, number, visit_at))


@require_POST
@of_case(Right.RECORD)
def of_standing(request: HttpRequest, opened: OpenedCase, number: int) -> HttpResponse:
    """Of the form of standing facts, as known at a recorded visit."""
    return _follows(request, opened, _recorded(opened, number, standing_at))


@require_POST
@of_case(Right.RECORD)
def of_new_visit(request: HttpRequest, opened: OpenedCase, milestone: str) -> HttpResponse:
    """Of the form of a visit that is not recorded yet."""
    return _follows(request, opened, _new(milestone, visit_at))


@require_POST
@of_case(Right.RECORD)
def of_new_standing(request: HttpRequest, opened: OpenedCase, milestone: str) -> HttpResponse:
    """Of the form of standing facts, as known at a visit that is not recorded yet."""
    return _follows(request, opened, _new(milestone, standing_at))


def _recorded(opened: OpenedCase, number: int, form_at: FormAt) -> Place:
    visits = case_now(opened).visits
    if number not in visits:
        raise Http404
    return form_at(visits[number][0].milestone, number)


def _new(milestone: str, form_at: FormAt) -> Place:
    at = Milestone.of(milestone)
    if at is None:
        raise Http404
    return form_at(at, None)


def _follows(request: HttpRequest, opened: OpenedCase, place: Place) -> HttpResponse:
    with one_language():
        page = following_page(following(opened, place, request.POST))
        part = rendered("patients/timeline/following.jinja", page=page, labels=labels())
    return HttpResponse(part)
