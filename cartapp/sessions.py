"""How long somebody stays signed in: half an hour without a request, a working day at most.

Django renews a session's end each time it is saved, so its beginning is kept in the session.
"""

import time
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.base import UpdateError
from django.dispatch import receiver
from django.http import HttpRequest

IDLE_SECONDS: Final = 30 * 60
SECONDS_ON_SCREEN: Final = IDLE_SECONDS + 1
"""How long a page stays after a request: by then the session is over (static/idle.js)."""
OVER: Final = "cartapp.session_over"
"""Stands in the META of a request that ended a session."""
SECONDS_BETWEEN_WRITES: Final = 60
"""A session is written at most this often, so that looking at pages writes almost nothing."""


@receiver(user_logged_in, dispatch_uid="session begins")
def begin(request: HttpRequest, **_signal: Any) -> None:
    """Somebody has signed in."""
    request.session["begun"] = request.session["seen"] = int(time.time())


def seconds_of_the_day(request: HttpRequest) -> int:
    """How long a page may stay at most of somebody who has signed in: by then the day is over."""
    begun = int(request.session.get("begun", 0))
    return begun + settings.SESSION_COOKIE_AGE + 1 - int(time.time())


@receiver(user_logged_out, dispatch_uid="session over")
def over(request: HttpRequest, **_signal: Any) -> None:
    """Somebody has signed out, or was signed out for being idle."""
    request.META[OVER] = True


def end_if_over(request: HttpRequest) -> None:
    """Signs out whoever was idle or signed in too long; keeps note of who was not."""
    session = request.session
    if SESSION_KEY not in session:
        return
    now = int(time.time())
    idle = now - session.get("seen", 0)
    if idle > IDLE_SECONDS or now - session.get("begun", 0) > settings.SESSION_COOKIE_AGE:
        logout(request)
    elif idle >= SECONDS_BETWEEN_WRITES:
        session["seen"] = now
        _write(request)


def _write(request: HttpRequest) -> None:
    """Writes the session before the request does anything: what fails then, fails alone.

    Where nothing can be written, one can read on until the session is over.
    """
    session = request.session
    try:
        session.save()
    except UpdateError:
        if not session.exists(str(session.session_key)):  # else it is the database that failed
            logout(request)
            return
    session.modified = False
