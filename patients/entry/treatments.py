"""The fields of a treatment: alone in a form of its own, or in a row beside a visit's values."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from patients.entry.fields import day_field
from riskfactors.domain.documents import LONGEST_TEXT
from riskfactors.domain.vocabulary import CLASSES, Modality, Response, Role
from riskfactors.words import class_name, code_name

UNDATED: Final = gettext_noop(
    "Without it the response counts from the end of the treatment; without either it does not "
    "count."
)


def treatment_fields(role: Role, bound: str = "") -> dict[str, forms.Field]:
    """What is asked about a treatment of a role, by the names of its record.

    `bound` says until when the response to bridging is assessed.
    """
    fields: dict[str, forms.Field] = {}
    if role is Role.BRIDGING:
        fields["modality"] = _choice(_("Modality"), Modality, "treatments", required=True)
    fields["regimen"] = forms.CharField(
        label=_("Regimen or treatment"), required=False, max_length=LONGEST_TEXT
    )
    if role in CLASSES:
        fields["treatment_class"] = forms.ChoiceField(
            label=_("Class"),
            required=False,
            choices=[("", ""), *((str(c), capfirst(class_name(c))) for c in CLASSES[role])],
        )
    fields["start"] = day_field(_("Start"), required=True)
    fields["end"] = day_field(_("End"))
    fields["best_response"] = _choice(_("Best response"), Response, "response")
    fields["response_on"] = day_field(
        _("Date of the response"),
        help_text=" ".join(filter(None, (gettext(UNDATED), bound))),
    )
    return fields


def check_response(form: forms.Form, prefix: str = "") -> None:
    """A date of the response needs the response."""
    said = form.cleaned_data
    if said.get(f"{prefix}response_on") and not said.get(f"{prefix}best_response"):
        form.add_error(f"{prefix}best_response", _("A date of the response needs the response."))


def _choice(
    label: Any, codes: Iterable[str], name: str, *, required: bool = False
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=required,
        choices=[("", ""), *((str(code), capfirst(code_name(name, code))) for code in codes)],
    )
