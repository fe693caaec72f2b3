"""Middleware of our own: the demonstration stays on this machine, and no browser keeps a page."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.defaults import permission_denied

GetResponse = Callable[[HttpRequest], HttpResponse]

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
