"""Recorded values and days as people read them."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from riskfactors.domain.snapshot import Observation
from riskfactors.wording.names import code_name, unit_name


def amount(number: object, unit: str | None) -> str:
    """A number with its unit, every digit as it was recorded."""
    return f"{number} {unit_name(unit)}".rstrip()


def day_in_words(day: date) -> str:
    """A day that nobody can misread: 3 May 2024."""
    return date_format(day, "j M Y")


def value_in_words(observation: Observation) -> str:
    """A recorded value, with its unit and its upper limit where it has them."""
    fact, limit = observation.fact, observation.limit
    if isinstance(fact.value, str):
        return code_name(fact.variable, fact.value)
    if limit is None:
        return amount(fact.value, fact.unit)
    return _("%(value)s (upper limit %(limit)s)") % {
        "value": amount(fact.value, fact.unit),
        "limit": amount(limit.value, limit.unit),
    }
