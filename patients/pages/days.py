"""Dates and days of a course as they are read: 12 Aug 2019, Day +28."""

from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def written(day: date) -> str:
    """A date in words, so that no reader takes the day for the month; it is not broken."""
    return _written(day, get_language())


@lru_cache(maxsize=8192)
def _written(day: date, _language: str) -> str:
    return date_format(day, "j\N{NO-BREAK SPACE}M\N{NO-BREAK SPACE}Y")


def day_after(infusion: date, day: date) -> str:
    """The day of the course, counted from the infusion."""
    return (_("Day %+d") % (day - infusion).days).replace(" ", "\N{NO-BREAK SPACE}")
