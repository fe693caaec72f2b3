"""Adapts allauth to a site where administrators make the accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up, and failed sign-ins are counted by user name alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # The original adds the Host header, whose port the client chooses: a new port, a new count.
        return str(credentials.get("username", "")).lower()
