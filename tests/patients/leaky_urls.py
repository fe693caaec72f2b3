"""Addresses that leak, each in its own way: the matrix must find every one."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from patients.frame.policy import Policy, of_case, of_everybody, user_of
from patients.models import AccessKind, Case
from patients.permissions import OpenedCase, Right, open_case_of
from patients.records.opening import note_access


@of_everybody
def in_the_body(request: HttpRequest) -> HttpResponse:
    return HttpResponse(" ".join(case.patient.name for case in Case.objects.all()))


@of_everybody
def in_a_header(request: HttpRequest) -> HttpResponse:
    return HttpResponse(headers={"X-Cases": " ".join(str(case) for case in Case.objects.all())})


@of_everybody
def in_a_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse()
    response.set_cookie("last", Case.objects.latest("pk").case_id)
    return response


@of_everybody
def to_an_odd_method(request: HttpRequest) -> HttpResponse:
    patched = request.method == "PATCH"
    return HttpResponse(Case.objects.latest("pk").case_id if patched else "")


@of_everybody
def in_an_unknown_file(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"", content_type="application/zip")


@of_everybody
def as_an_object(request: HttpRequest) -> HttpResponse:
    return HttpResponse(repr(request.session.save))


@require_safe
def without_policy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = Case.objects.filter(public_id=public_id).exists()
    return HttpResponse("closed" if found else "none", status=403 if found else 404)


@login_not_required
@of_everybody
def to_strangers(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@csrf_exempt
@of_everybody
def to_forgers(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@of_case(Right.SEE)
def with_another_right(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    note_access(opened.case, AccessKind.LOOKED, by=user_of(request))
    return HttpResponse(status=403)


def unlogged(request: HttpRequest, public_id: UUID) -> HttpResponse:
    open_case_of(user_of(request), public_id, Right.SEE)
    return HttpResponse()


@of_case()
def logged_twice(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    note_access(opened.case, AccessKind.LOOKED, by=user_of(request))
    return HttpResponse()


@of_case(shows=False)
def said_to_show_nothing(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    return HttpResponse("something")


unlogged.policy = Policy("case", Right.SEE)  # type: ignore[attr-defined]  # without its decorator

urlpatterns = [
    path("", include("cartapp.urls")),
    path("leaks/body/", in_the_body, name="body"),
    path("leaks/header/", in_a_header, name="header"),
    path("leaks/cookie/", in_a_cookie, name="cookie"),
    path("leaks/method/", to_an_odd_method, name="method"),
    path("leaks/file/", in_an_unknown_file, name="file"),
    path("leaks/object/", as_an_object, name="object"),
    path("leaks/<uuid:public_id>/", without_policy, name="existence"),
    path("leaks/strangers/", to_strangers, name="strangers"),
    path("leaks/forgers/", to_forgers, name="forgers"),
    path("leaks/<uuid:public_id>/right/", with_another_right, name="right"),
    path("leaks/<uuid:public_id>/unlogged/", unlogged, name="unlogged"),
    path("leaks/<uuid:public_id>/twice/", logged_twice, name="twice"),
    path("leaks/<uuid:public_id>/nothing/", said_to_show_nothing, name="nothing"),
]

FAULTS = {
    "body": "shows zqnameomega",
    "header": "shows zqcase-omega",
    "cookie": "shows zqcase-omega",
    "method": "shows zqcase-omega",
    "file": "the matrix cannot read application/zip",
    "object": "shows an object of the program",
    "existence": "differs from what does not exist",
    "strangers": "answers 200",
    "forgers": "is accepted without a token against forgery",
    "right": "is refused but logged as a look",
    "unlogged": "is not logged as a look",
    "twice": "is logged as several looks",
    "nothing": "is no look, and shows something",
}
"""By the name of the address, what the matrix must say of it."""
