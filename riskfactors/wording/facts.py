"""Words recorded things: an amount with its unit, a code by its name, a day."""

from datetime import date
from functools import lru_cache
from typing import Final

from django.utils import formats
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from riskfactors.domain.snapshot import Fact
from riskfactors.domain.variables import Amount, VariableType
from riskfactors.domain.vocabulary import Role
from riskfactors.published import catalogue
from riskfactors.wording.names import OTHER_CODES, unit_name

MOST_DIGITS: Final = 20
SALVAGE: Final = {
    "other": gettext_noop("another salvage treatment"),
    "none_supportive": gettext_noop("none, supportive care"),
}
"""Classes of salvage that no rule speaks of."""


def day_words(day: date) -> str:
    """A day as it is written here: 12 Aug 2019."""
    return _day(day, get_language())


@lru_cache(maxsize=4096)
def _day(day: date, _language: str) -> str:
    return formats.date_format(day, "j M Y")


def amount(number: Amount) -> str:
    """The digits as recorded, unless they are more than anybody reads."""
    if isinstance(number, int | str) or abs(number.adjusted()) >= MOST_DIGITS:
        return str(number)
    return f"{number:f}"


def value_words(fact: Fact) -> str:
    """What was recorded, with its unit."""
    variable = catalogue().dictionary.variables.get(fact.variable)
    if variable is not None and variable.type is VariableType.CODE:
        return _(variable.codes[str(fact.value)])
    if fact.variable in ("infusion_date", "relapse_date"):
        return day_words(fact.observed_on)
    if fact.variable == "treatments.line":
        return str(fact.value) if fact.value != Role.LINE else _("regimen not recorded")
    if variable is None and isinstance(fact.value, str):
        known = OTHER_CODES.get(fact.value) or SALVAGE.get(fact.value)
        return _(known) if known else fact.value
    return f"{amount(fact.value)} {unit_name(fact.unit)}".rstrip()
