"""How often a password may be tried, so that guessing is slow and nobody locks another out.

Tries are counted by user name and address together, and by address. A browser in which the person
has signed in before has a count of its own: whatever others try, anywhere, does not reach it.
"""

import uuid
from typing import Final, NamedTuple

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE: Final = "known"
HALF_A_YEAR: Final = 182 * 24 * 60 * 60
MOST_NAMES: Final = 50
"""Of people who sign in at one browser: whoever did so last is remembered longest."""


class Browser(NamedTuple):
    """A browser, by a random key, and the digests of the user names that signed in there."""

    key: str
    names: tuple[str, ...]


def counted(request: HttpRequest, username: str) -> RateLimitUsage | None:
    """One more try, to be taken back if it succeeds; None where there were too many.

    Raises OperationalError where it cannot be counted.
    """
    browser, name = _browser(request), username.lower()
    if _digest(name) in browser.names:
        usage = _one_more(request, "login_failed", f"{browser.key} {name}")
    else:
        usage = _one_more_of_a_stranger(request, name)
    if usage is None and not cache.add(f"cartapp:probe:{uuid.uuid4()}", 1, 1):
        raise OperationalError("Tries to sign in cannot be counted.")
    return usage


def know_browser(request: HttpRequest, response: HttpResponseBase, username: str) -> None:
    """Somebody has signed in there."""
    browser, name = _browser(request), _digest(username.lower())
    names = (name, *(other for other in browser.names if other != name))[:MOST_NAMES]
    response.set_cookie(
        COOKIE,
        signing.dumps(browser._replace(names=names), salt=COOKIE, compress=True),
        max_age=HALF_A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _one_more_of_a_stranger(request: HttpRequest, name: str) -> RateLimitUsage | None:
    at_address = _one_more(request, "login_failed_at_address")
    if at_address is None:
        return None
    with_name = _one_more(request, "login_failed", f"{ratelimit.get_ip(request)} {name}")
    return with_name and RateLimitUsage([*at_address.usage, *with_name.usage])


def _one_more(request: HttpRequest, action: str, key: str | None = None) -> RateLimitUsage | None:
    return ratelimit.consume(request, app="allauth.account", action=action, key=key)


def _browser(request: HttpRequest) -> Browser:
    """As its cookie says; a new one where there is none that this site has signed."""
    try:
        key, names = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=HALF_A_YEAR
        )
    except signing.BadSignature:
        return Browser(str(uuid.uuid4()), ())
    return Browser(key, tuple(names))


def _digest(name: str) -> str:
    """Which names signed in at a browser is not for everybody there to read."""
    return salted_hmac("known browser", name, algorithm="sha256").hexdigest()[:32]
