"""Light, dark, or as the system: in a cookie, for it belongs to a screen and not to a person.

The page says it in an attribute of its root, so that it is right before anything is drawn.
"""

from typing import Final

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

COOKIE: Final = "look"
YEAR: Final = 365 * 24 * 60 * 60


class Look(TextChoices):
    """What the pages look like."""

    SYSTEM = "system", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class LookForm(forms.Form):
    """The look that was chosen."""

    look = forms.ChoiceField(choices=Look.choices)


def look_of(request: HttpRequest) -> Look:
    """What was chosen on this machine."""
    kept = request.COOKIES.get(COOKIE)
    return Look(kept) if kept in Look.values else Look.SYSTEM


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keeps what was chosen, and leads back."""
    form = LookForm(request.POST)
    back = HttpResponseRedirect(_page_left(request))
    if form.is_valid():
        back.set_cookie(
            COOKIE,
            form.cleaned_data["look"],
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return back


def _page_left(request: HttpRequest) -> str:
    """Where the choice was made, as the browser says: never a page of another site."""
    address = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if own else resolve_url("home")
