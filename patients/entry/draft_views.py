"""A form is kept as it is typed: asked for by scripts, a second behind whoever types."""

import uuid
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods

from patients.entry.drafting import place_in
from patients.frame.policy import of_case, user_of
from patients.permissions import OpenedCase, Right
from patients.records.drafts import SavedMeanwhile, TooLong, discard, keep

NOT_TYPED: Final = {"csrfmiddlewaretoken", "token", "draft-of"}


@require_http_methods(["GET", "POST"])
@of_case(Right.RECORD, shows=False)
def drafts(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """Of the forms that record."""
    return answer(request, opened, Right.RECORD)


def answer(request: HttpRequest, opened: OpenedCase, right: Right) -> HttpResponse:
    """Keep a form (204, with the time), or take away what was kept of it. 422 says that somebody
    else opened the form.

    A GET gives the token against forgery, which is another once somebody has signed in again:
    to whoever opened the form, and nobody else.
    """
    by = user_of(request)
    sent = request.POST if request.method == "POST" else request.GET
    place = place_in(sent.get("draft-of", ""), opened, by)
    if place is None:
        return HttpResponse(status=422)
    if request.method != "POST":
        return HttpResponse(get_token(request), content_type="text/plain")
    if "discard" in sent:
        discard(place, of=by)
        back = sent["discard"] == "back"
        return HttpResponseRedirect(place) if back else HttpResponse(status=204)
    return _keep(request, opened, right, place)


def _keep(request: HttpRequest, opened: OpenedCase, right: Right, place: str) -> HttpResponse:
    typed = {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}
    token = _token_in(request.POST.get("token", ""))
    if token is None or any("\0" in text for name in typed for text in (name, *typed[name])):
        return HttpResponse(status=400)
    about: dict[str, Any] = {"case": opened.case, "by": user_of(request), "right": right}
    try:
        at = keep(**about, place=place, token=token, typed=typed)
    except SavedMeanwhile:
        return HttpResponse(status=409)
    except TooLong:
        return HttpResponse(status=413)
    return HttpResponse(status=204, headers={"Kept-At": date_format(localtime(at), "H:i")})


def _token_in(text: str) -> uuid.UUID | None:
    """The name of the next save of a form, which its field holds before a signature."""
    try:
        return uuid.UUID(text.partition(":")[0])
    except ValueError:
        return None
