"""Dates and days of a course as they are read: 12 Aug 2019, Day +28."""

from datetime import date

from django.utils.translation import gettext as _

from riskfactors.wording.facts import day_words


def written(day: date) -> str:
    """A date in words, so that no reader takes the day for the month; it is not broken."""
    return day_words(day).replace(" ", "\N{NO-BREAK SPACE}")


def day_after(infusion: date, day: date) -> str:
    """The day of the course, counted from the infusion."""
    return (_("Day %+d") % (day - infusion).days).replace(" ", "\N{NO-BREAK SPACE}")
