"""What is typed about a patient: to register one with a case, and to correct who it is."""

import re
import uuid
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.db.models import CharField
from django.utils.translation import gettext_lazy as _

from patients.frame.identifiers import IdentifierField
from patients.frame.saving import SavedForm
from patients.models import Case, Patient, Person
from riskfactors.domain.consistency import EARLIEST_BIRTH
from riskfactors.domain.vocabulary import Problem, Sex

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|")
ANOTHER = "another"
SEXES = {
    Sex.FEMALE: _("Female"),
    Sex.MALE: _("Male"),
    Sex.OTHER: _("Other"),
    Sex.UNKNOWN: _("Not known"),
}


def longest(model: type[Patient] | type[Case], field: str) -> int:
    """As many characters as the database takes."""
    column = model._meta.get_field(field)
    assert isinstance(column, CharField)  # noqa: S101 - tells mypy what get_field cannot
    return column.max_length or 0


class PersonForm(SavedForm):
    """Two identifiers, the birth date and the sex."""

    name = IdentifierField(
        label=_("Name"),
        help_text=_("Family names, given names."),
        max_length=longest(Patient, "name"),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    hospital_number = IdentifierField(
        label=_("Hospital number"), max_length=longest(Patient, "hospital_number")
    )
    birth_date = forms.DateField(
        label=_("Birth date"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the date as day/month/year: 31/12/1960.")},
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=[("", _("Choose")), *((str(sex), name) for sex, name in SEXES.items())],
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        typed = self["birth_date"].data if self.is_bound else ""
        if not ISO_DAY.fullmatch(str(typed or "")):
            # A date field of the browser would show nothing of what it cannot read.
            self.fields["birth_date"].widget.input_type = "text"

    def clean_birth_date(self) -> date:
        """A day in the life of somebody who lives."""
        born: date = self.cleaned_data["birth_date"]
        if born > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        if born < EARLIEST_BIRTH:
            raise forms.ValidationError(
                _("A birth date from %d on is expected.") % EARLIEST_BIRTH.year
            )
        return born

    def person(self) -> Person:
        """Who was typed, once the form is valid."""
        valid = self.cleaned_data
        return Person(
            name=valid["name"],
            hospital_number=valid["hospital_number"],
            birth_date=valid["birth_date"],
            sex=Sex(valid["sex"]),
        )

    @property
    def knows_the_person(self) -> bool:
        """Whether all that was typed of the person is right, whatever else is not."""
        parts = ("name", "hospital_number", "birth_date", "sex")
        return self.is_bound and all(self.cleaned_data.get(part) for part in parts)


class RegistrationForm(PersonForm):
    """A patient and the pseudonym of a case, and what was decided about look-alikes."""

    case_id = IdentifierField(
        label=_("Case"),
        help_text=_("A pseudonym that says nothing of the patient. The next free one is offered."),
        max_length=longest(Case, "case_id"),
    )
    known = forms.CharField(required=False, widget=forms.HiddenInput)
    decision = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_known(self) -> frozenset[uuid.UUID]:
        """The look-alikes that were shown."""
        return frozenset(filter(None, map(_uuid, self.cleaned_data["known"].split())))

    def clean(self) -> dict[str, Any]:
        """Who registers has said of those who were shown who it is."""
        valid: dict[str, Any] = super().clean() or self.cleaned_data
        if valid.get("known") and not valid.get("decision"):
            self.add_error(None, _("Say whether this is another patient."))
        valid["same_as"] = _uuid(valid.get("decision", ""))
        return valid


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class IdentityForm(PersonForm):
    """Who a patient is, corrected, and why. A new birth date is asked about once."""

    reason = forms.CharField(
        label=_("Reason for the correction"),
        help_text=_("Kept for good: write no name and no number here."),
        max_length=500,
    )
    seen = forms.CharField(widget=forms.HiddenInput)
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, recorded: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recorded = recorded

    @property
    def to_confirm(self) -> bool:
        """Whether what follows from a new birth date is still to be shown."""
        if not self.knows_the_person:
            return False
        born = self.person().birth_date
        return born != self.recorded.birth_date and self["confirmed"].data != str(born)

    def clean(self) -> dict[str, Any]:
        """A new birth date is corrected knowingly."""
        valid: dict[str, Any] = super().clean() or self.cleaned_data
        if self.to_confirm:
            self.add_error(None, _("The birth date changes: read below what follows from it."))
        return valid

    def refuse(self, problems: Iterable[Problem]) -> None:
        """What lies before the birth names places of the case, which are no fields here."""
        self.add_error("birth_date", _("Something that is recorded is dated before it."))


def laid_out(*rows: Collection[str]) -> FormHelper:
    """Rows of fields; the form's own tags, token and button stand in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.form_show_errors = True
    helper.layout = Layout(
        *(
            Div(
                *(Div(Field(name, autocomplete="off"), css_class="col-sm") for name in row),
                css_class="row",
            )
            for row in rows
        )
    )
    return helper
