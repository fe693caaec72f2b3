"""Adapts allauth to a site where administrators make the accounts."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cartapp.limits import counted, know_browser


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up, and nobody locks another out by failing to sign in (cartapp.limits)."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("User name or password is not right."),
        # The longer of the two limits of failed sign-ins in the settings.
        "too_many_login_attempts": _(
            "Too many attempts have gone wrong. Wait 5 minutes before you try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Before a second factor is changed the password is asked for again."""
        about = {"id": "reauthenticate", "description": _("Password")}
        return [about | {"url": reverse("account_reauthenticate")}]

    def is_reauthentication_required(self, **about: Any) -> bool:
        """Not of somebody who has just signed in."""
        begun = int(self.request.session.get("begun", 0))
        return bool(time.time() - begun > app_settings.REAUTHENTICATION_TIMEOUT)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Instead of the original, which counts by user name alone: anybody could use it up."""
        self._login_failed_rl_usage = counted(request, str(credentials.get("username", "")))
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def post_login(self, request: HttpRequest, user: Any, **about: Any) -> HttpResponse:
        response = super().post_login(request, user, **about)
        know_browser(request, response, user.get_username())
        return response


@login_not_required
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Signs out by the button; whoever follows or types the address is led to the first page."""
    return logout(request) if request.method == "POST" else redirect("home")
