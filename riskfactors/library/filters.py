"""Reads the filters of the evidence library from the address."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import Struct

from riskfactors.domain.evidence import Factor
from riskfactors.domain.timepoints import MILESTONES
from riskfactors.domain.vocabulary import Direction, Kind, Setting
from riskfactors.published import catalogue
from riskfactors.words import kind_name, milestone_name, setting_name
from riskfactors.words.comparisons import outcome_title
from riskfactors.words.library import OUTCOME_FAMILIES, outcomes_in, side_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise  # only there for the type checker

LONGEST_SEARCH = 200

Choices = list[tuple[str, Any]]


class Wanted(Struct, frozen=True, kw_only=True):
    """What the reader asks for; empty where anything will do."""

    words: str = ""
    setting: str = ""
    milestone: str = ""
    outcome: str = ""
    direction: str = ""
    kind: str = ""


def _choice(label: "StrOrPromise", choices: Callable[[], Choices]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "“%(value)s” is not among the choices, so this filter is not applied."
            )
        },
    )


def _settings() -> Choices:
    return [("", _("Any")), *((str(s), setting_name(s)) for s in Setting)]


def _milestones() -> Choices:
    return [("", _("Any")), *((str(m), milestone_name(m)) for m in MILESTONES)]


def _outcomes() -> Choices:
    """Published outcomes by family; a new one that belongs to none stands in the last."""
    published = {
        outcome
        for factor in catalogue().factors
        for line in factor.evidence
        for outcome in outcomes_in(line.outcome)
    }
    choices: Choices = [("", _("Any"))]
    for family, outcomes in OUTCOME_FAMILIES.items():
        choices.append((_(family), [(o, outcome_title(o)) for o in outcomes if o in published]))
    return choices


def _directions() -> Choices:
    return [("", _("Any")), *((str(d), side_name(d)) for d in Direction)]


def _kinds() -> Choices:
    return [("", _("Any")), *((str(k), kind_name(k)) for k in Kind)]


class Filters(forms.Form):
    """The form of the library. What is not valid is named and left out; the rest is applied."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=LONGEST_SEARCH,
        error_messages={
            "max_length": gettext_lazy(
                "The search is longer than %(limit_value)d characters, so it is not applied."
            )
        },
    )
    setting = _choice(gettext_lazy("Part of the course"), _settings)
    milestone = _choice(gettext_lazy("Evaluated at"), _milestones)
    outcome = _choice(gettext_lazy("Outcome"), _outcomes)
    direction = _choice(gettext_lazy("Published association"), _directions)
    kind = _choice(gettext_lazy("Type of result"), _kinds)

    def wanted(self) -> Wanted:
        """What is asked for, as far as it is valid."""
        self.full_clean()
        valid = self.cleaned_data
        return Wanted(
            words=valid.get("q", ""),
            setting=valid.get("setting", ""),
            milestone=valid.get("milestone", ""),
            outcome=valid.get("outcome", ""),
            direction=valid.get("direction", ""),
            kind=valid.get("kind", ""),
        )


def meets(factor: Factor, wanted: Wanted) -> bool:
    """Whether a factor is what the filters, other than the search, ask for."""
    outcomes = {o for line in factor.evidence for o in outcomes_in(line.outcome)}
    return (
        wanted.setting in ("", factor.setting)
        and (not wanted.milestone or wanted.milestone in factor.evaluated_at)
        and (not wanted.outcome or wanted.outcome in outcomes)
        and wanted.direction in ("", factor.direction)
        and wanted.kind in ("", factor.kind)
    )
