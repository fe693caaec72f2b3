"""The page for when the database is away: what was typed stays, and can be sent again."""

from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import render_to_string

from cartapp.context import standing
from riskfactors.published import catalogue
from riskfactors.words import name_of, unit_name

SECONDS_TO_WAIT: Final = 20
UNSEEN: Final = ("seen", "sure")
"""Parts of a field that the form carries without showing them."""


class Typed(NamedTuple):
    """A field as it was posted."""

    name: str
    value: str


def database_away(request: HttpRequest) -> HttpResponse:
    """503: rendered without session, user or database."""
    offered, files = _posted(request)
    about: dict[str, Any] = {
        "address": request.get_full_path(),
        "offered": offered,
        "typed": list(_in_words(offered)),
        "files": files,
        "csrf_token": get_token(request),
        **standing(request),
    }
    page = render_to_string("503.html", about)
    return HttpResponse(page, status=503, headers={"Retry-After": str(SECONDS_TO_WAIT)})


def _posted(request: HttpRequest) -> tuple[list[Typed], bool]:
    """What was posted by a page of ours, and whether there were files, which are not kept."""
    if request.method != "POST" or _forged(request):
        return [], False
    try:
        return list(_kept(request)), bool(request.FILES)
    except (SuspiciousOperation, UnreadablePostError):  # too much, or cut off
        return [], False


def _kept(request: HttpRequest) -> Iterator[Typed]:
    """Everything but passwords and the token, in its order."""
    for name, values in request.POST.lists():
        if name != "csrfmiddlewaretoken" and "password" not in name.lower():
            yield from (Typed(name, str(value)) for value in values)


def _in_words(offered: Collection[Typed]) -> Iterator[Typed]:
    """What a person typed or chose, by the names that the form showed."""
    filled = {field.name for field in offered if field.value}
    for name, value in offered:
        about, _, part = name.partition("-")
        left_as_it_was = part == "unit" and about not in filled
        if name not in filled or name == "token" or part in UNSEEN or left_as_it_was:
            continue
        known = about in catalogue().dictionary.variables
        label = name_of(about) + (f" ({part})" if part else "") if known else name
        yield Typed(label, unit_name(value) if part == "unit" else value)


class _Check(CsrfViewMiddleware):
    """Says why a request is refused, without a page that would ask the database who it is."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason)


def _forged(request: HttpRequest) -> bool:
    """Whether another site sent it: a page of ours must not offer that to be sent again."""
    check = _Check(lambda _request: HttpResponse())
    return check.process_view(request, database_away, (), {}) is not None
