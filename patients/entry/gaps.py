"""One reason why several variables have no value: of a group of a form, or of the whole form."""

from collections.abc import Sequence
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.entry.fields import absent_reasons
from riskfactors.domain.variables import Variable

GAP: Final = "gap"
"""The field that says why all that is left empty has no value; gap-GROUP says it of a group."""


def may_be_a_gap(variable: Variable) -> bool:
    """What one reason can be given for with others: not what research alone measures, and nothing
    that a treatment or an event says."""
    return variable.availability == "routine" and not (variable.event or variable.treatment)


def gaps_of(variables: Sequence[Variable]) -> list[str]:
    """The fields that say why there is no value, of the whole form and of each group."""
    groups = dict.fromkeys(v.group for v in variables if may_be_a_gap(v))
    return [GAP, *map(gap_of, groups)]


def gap_of(group: str) -> str:
    """The field that says why there is no value of what is left empty in a group."""
    return f"{GAP}-{group.replace(' ', '-')}"


def gap_field() -> forms.ChoiceField:
    """One reason for all that is left empty."""
    reasons = [("", ""), *absent_reasons()]
    return forms.ChoiceField(label=_("All that is left empty"), required=False, choices=reasons)
