"""Error pages for requests that may have no session and no user."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from cartapp.context import standing


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: refused before the request reached a view."""
    return HttpResponse(render_to_string("400.html", standing(request)), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without session or database, which may be what failed."""
    return HttpResponse(render_to_string("500.html", standing(request)), status=500)
