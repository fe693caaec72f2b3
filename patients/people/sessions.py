"""Ends the sessions of somebody whose account has changed: the rows go, so that none comes back."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from patients.models import User


def end_sessions(user: User, *, but: str | None = None) -> None:
    """Every session of this person, but for the one of this key.

    A session does not tell whose it is until it is read: all that are open are, some thousands at
    most, since none outlives a working day.
    """
    open_now = Session.objects.filter(expire_date__gt=timezone.now()).exclude(pk=but)
    theirs = [
        session.pk for session in open_now if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(pk__in=theirs).delete()
