"""Adapts allauth to a site where administrators make the accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up, and failed sign-ins are counted by user name alone."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("User name or password is not right."),
        # The longer of the two limits of failed sign-ins in the settings.
        "too_many_login_attempts": _(
            "Too many attempts have gone wrong. Wait 5 minutes before you try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # The original adds the Host header, whose port the client chooses: a new port, a new count.
        return str(credentials.get("username", "")).lower()


@login_not_required
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Signs out by the button; whoever follows or types the address is led to the first page."""
    return logout(request) if request.method == "POST" else redirect("home")
