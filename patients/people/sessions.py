"""Ends the sessions of somebody whose account has changed: the rows go, so that none comes back."""

from typing import Any

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from patients.models import User


def end_sessions(user: User, *, but: str | None = None) -> None:
    """Every session of this person, but for the one of this key; half a sign-in too, whose second
    factor is still to come.

    A session does not tell whose it is until it is read: all that are open are, some thousands at
    most, since none outlives a working day.
    """
    open_now = Session.objects.filter(expire_date__gt=timezone.now()).exclude(pk=but)
    theirs = [session.pk for session in open_now if _is_of(user, session.get_decoded())]
    Session.objects.filter(pk__in=theirs).delete()


def _is_of(user: User, session: dict[str, Any]) -> bool:
    half = session.get(LOGIN_SESSION_KEY) or {}
    whole = session.get(SESSION_KEY) == str(user.pk)
    return whole or half.get("user_pk") == user_pk_to_url_str(user)
