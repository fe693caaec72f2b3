"""The form fields of one variable of the data dictionary, and of days."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from riskfactors.domain.variables import Variable, VariableType
from riskfactors.published import catalogue
from riskfactors.words import code_name, name_of, unit_name

LONGEST_CHOICE: Final = 6
"""A count of so few values is chosen, not typed."""


class Answers(forms.Field):
    """The answers that were given to questions, any number of texts."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        return [str(each) for each in value or () if "\0" not in str(each)]


class Note(forms.CharField):
    """Words of several lines; a browser ends them with a carriage return, a record does not."""

    widget = forms.Textarea({"rows": 2})

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """A day until today, written as the calendar of the browser writes it: YYYY-MM-DD."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("A day of the calendar is expected: YYYY-MM-DD.")},
        validators=[_has_come],
    )


def _has_come(day: date) -> None:
    """What has not happened yet is not recorded: nobody would see it before its day."""
    if day > timezone.localdate():
        raise forms.ValidationError(_("This day has not come yet."))


def value_field(variable: Variable) -> forms.Field:
    """What the value of a variable is typed or chosen in; the unit stands in the label."""
    unit = "" if len(variable.accepts) > 1 else unit_name(variable.unit)
    label = name_of(variable.name) + (f" ({unit})" if unit else "")
    note = "" if shared_note(variable) else gettext(variable.note or "")
    choices = choices_of(variable)
    if choices:
        return forms.ChoiceField(
            label=label,
            required=False,
            choices=[("", ""), *choices],
            help_text=note,
            error_messages={"invalid_choice": _("Choose one of the list.")},
        )
    return forms.CharField(
        label=label,
        required=False,
        max_length=40,
        help_text=note,
        widget=forms.TextInput(attrs={"inputmode": "text" if variable.accepts else "numeric"}),
    )


def shared_note(variable: Variable) -> str:
    """A remark that other variables of the group have too: it is made once for all of them."""
    sharing = [v for v in catalogue().dictionary.variable if v.note == variable.note]
    return variable.note or "" if len(sharing) > 1 else ""


def choices_of(variable: Variable) -> list[tuple[str, str]]:
    """The values to choose from, where they are few."""
    if variable.type is VariableType.CODE:
        return [(code, code_name(variable.name, code)) for code in variable.codes]
    if variable.type is VariableType.COUNT:
        low, high = int(variable.range.low), int(variable.range.high)
        if high - low < LONGEST_CHOICE:
            return [(str(number), str(number)) for number in range(low, high + 1)]
    return []


def fields_of(variable: Variable) -> dict[str, forms.Field]:
    """Every field of one statement, by its name in the form."""
    name = variable.name
    fields: dict[str, forms.Field] = {
        name: value_field(variable),
        f"{name}-on": day_field(_("Sample or examination date")),
        f"{name}-absent": forms.ChoiceField(
            label=_("No value because"), required=False, choices=[("", ""), *absent_reasons()]
        ),
        f"{name}-note": forms.CharField(label=_("Note"), required=False, max_length=2000),
        f"{name}-seen": forms.IntegerField(
            required=False, min_value=0, max_value=10_000, widget=forms.HiddenInput
        ),
        f"{name}-sure": Answers(required=False),
    }
    if len(variable.accepts) > 1:
        fields[f"{name}-unit"] = forms.ChoiceField(
            label=_("Unit"),
            required=False,
            choices=[(unit, unit_name(unit)) for unit in variable.accepts],
            initial=variable.unit,
            error_messages={"invalid_choice": _("Choose one of the list.")},
        )
    if variable.event is not None:
        fields[f"{name}-when"] = day_field(_("Since"))
        fields[f"{name}-until"] = day_field(_("Until, where it lasted"))
    if variable.needs is not None:
        fields[f"{name}-limit"] = forms.CharField(
            label=_("Upper limit of normal"),
            required=False,
            max_length=40,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )
        fields[f"{name}-centre"] = forms.BooleanField(required=False)
    return fields


def absent_reasons() -> Sequence[tuple[str, str]]:
    """Why a variable may have no value."""
    return list(catalogue().dictionary.absent_reasons.items())
