"""Middleware of our own: who may go on, and what every answer says to browsers."""

from collections.abc import Callable
from ipaddress import ip_address
from itertools import chain
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.defaults import permission_denied

from cartapp.second_factor import INDEX as SECOND_FACTOR
from cartapp.sessions import OVER, end_if_over
from patients.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]

OWN_PASSWORD: Final = "patients:password"  # noqa: S105 - the name of an address
ALWAYS_OPEN: Final = {"account_login", "account_logout", "look"}
OPEN_BEFORE: Final = {
    OWN_PASSWORD: ALWAYS_OPEN | {OWN_PASSWORD},
    SECOND_FACTOR: ALWAYS_OPEN
    | {SECOND_FACTOR, "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"},
}
"""What somebody may open whom something keeps from all else, by where they are led."""

NOTHING_LEFT: Final = '"cache", "storage"'
"""What browsers forget of the site when a session ends. Cookies are not named: those of all sites
of the domain would go, and the session's own is gone."""

SIGNS_OF_A_PROXY = ("Forwarded", "X-Real-Ip", "Via")


def demonstration_stays_here(get_response: GetResponse) -> GetResponse:
    """Refuses, in demonstration mode, anyone not on this machine, however it is bound."""

    refused = nothing_is_kept(lambda request: permission_denied(request, PermissionDenied()))

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.DEMONSTRATION and not _asked_from_here(request):
            return refused(request)
        return get_response(request)

    return middleware


def _asked_from_here(request: HttpRequest) -> bool:
    if any(name in SIGNS_OF_A_PROXY or name.startswith("X-Forwarded-") for name in request.headers):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def nothing_is_kept(get_response: GetResponse) -> GetResponse:
    """Tells browsers and proxies to keep no page, and denies every page the machine's sensors."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response

    return middleware


def no_nul_comes_in(get_response: GetResponse) -> GetResponse:
    """Refuses a NUL in an address, its query or a cookie: no page of ours makes one, and what
    PostgreSQL would say of it is no answer. Forms refuse it by themselves."""

    def middleware(request: HttpRequest) -> HttpResponse:
        values = chain.from_iterable(values for _name, values in request.GET.lists())
        came_in = (request.path, *request.GET, *values, *request.COOKIES.values())
        if any("\0" in text for text in came_in):
            raise BadRequest
        return get_response(request)

    return middleware


class SignedIn(LoginRequiredMiddleware):
    """Lets those by who have signed in, not long ago, with a password of their own choice and a
    second factor where their centre asks for one."""

    def process_request(self, request: HttpRequest) -> None:
        end_if_over(request)

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        first = _led_first(request)
        if first and (match is None or match.view_name not in OPEN_BEFORE[first]):
            return redirect(first)
        refused: HttpResponseBase | None = super().process_view(
            request, view_func, view_args, view_kwargs
        )
        if refused is not None and request.method == "POST" and not _asked_by_a_script(request):
            messages.warning(request, _("You had been signed out. What you sent is not recorded."))
        return refused

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """A script is told 401: it would take the page of the sign-in for its answer. What ends a
        session leaves nothing of it in the browser."""
        led_to = urlsplit(response.headers.get("Location", "")).path
        closed = {resolve_url(page) for page in (settings.LOGIN_URL, *OPEN_BEFORE)}
        if led_to in closed and _asked_by_a_script(request):
            response = HttpResponse(status=401, headers={"WWW-Authenticate": "Session"})
        if OVER in request.META:
            response.headers["Clear-Site-Data"] = NOTHING_LEFT
        return response


def _led_first(request: HttpRequest) -> str | None:
    """The page that somebody must go through before any other."""
    user = request.user
    if isinstance(user, User) and user.must_choose_password:
        return OWN_PASSWORD
    return SECOND_FACTOR if isinstance(user, User) and user.owes_second_factor else None


def _asked_by_a_script(request: HttpRequest) -> bool:
    headers = request.headers
    by_name = headers.get("X-Requested-With") == "XMLHttpRequest" or "HX-Request" in headers
    return by_name or "application/json" in headers.get("Accept", "")
