"""The clock: nothing is recorded while it stands behind what has been recorded.

Pages and exports go by the last entry of a case, never by the time; but an entry says when it was
made, and a day that is too early hides what is due.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patients.models import Entry

TOLERATED: Final = timedelta(minutes=5)
"""So far may the clocks of two servers be apart."""


class ClockBehind(ValidationError):
    """The clock cannot be right; nothing is recorded, and a form that says so keeps its text."""

    def __init__(self, latest: Entry) -> None:
        words = _(
            "Nothing can be recorded: the clock of the site says %(now)s, but its last entry was"
            " made on %(latest)s. Whoever runs the site has to set the clock right."
        )
        said = {"now": _moment(timezone.now()), "latest": _moment(latest.recorded_at)}
        super().__init__({NON_FIELD_ERRORS: [words % said]})


def time_of_next(last: datetime | None) -> datetime:
    """When an entry is made: never before another, nor before `last`, that of its own case.

    Raises ClockBehind.
    """
    latest = newest()
    if latest is not None and is_behind(latest):
        raise ClockBehind(latest)
    before = [last, latest.recorded_at if latest else None]
    return max([timezone.now(), *filter(None, before)])


def newest(using: str = DEFAULT_DB_ALIAS) -> Entry | None:
    """The newest entry of the whole database: one step on the index of the keys.

    Those up to CLOCK_WAS_AHEAD_UNTIL are known to bear times that have not come.
    """
    entries = Entry.objects.using(using).filter(pk__gt=settings.CLOCK_WAS_AHEAD_UNTIL)
    return entries.order_by("-pk").only("recorded_at").first()


def is_behind(latest: Entry) -> bool:
    """Whether the clock stands so far behind an entry that it cannot be right."""
    return timezone.now() < latest.recorded_at - TOLERATED


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j M Y, H:i:s")
