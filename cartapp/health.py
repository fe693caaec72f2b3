"""Tells whoever watches the site that it answers, and that it can record; nothing else of it."""

import logging
from collections.abc import Iterator
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cartapp.checks import clock_warnings

logger: Final = logging.getLogger(__name__)

PLAIN: Final = "text/plain; charset=utf-8"


@require_safe
@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """The process answers: it asks no database."""
    return HttpResponse("well\n", content_type=PLAIN)


@require_safe
@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """503 while nothing can be read or recorded; why, the log says."""
    reasons = list(unreadiness())
    for reason in reasons:
        logger.warning("Not ready: %s", reason)
    if reasons:
        return HttpResponse("not ready\n", status=503, content_type=PLAIN)
    return HttpResponse("ready\n", content_type=PLAIN)


def unreadiness() -> Iterator[str]:
    """Why the site cannot do its work at the moment."""
    try:
        yield from clock_warnings(DEFAULT_DB_ALIAS)
    except (DatabaseError, InterfaceError) as away:
        yield f"The database cannot be used: {type(away).__name__}."
