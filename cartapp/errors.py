"""Error pages for requests that may have no session and no user."""

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from cartapp.context import standing
from cartapp.outage import database_away
from patients.records.away import is_away


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: refused before the request reached a view."""
    return HttpResponse(render_to_string("400.html", standing(request)), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without session or database; 503 if it is the database that failed.

    Django asks for this page while it handles the exception, whichever middleware met it.
    """
    if is_away(sys.exc_info()[1]):
        return database_away(request)
    return HttpResponse(render_to_string("500.html", standing(request)), status=500)
