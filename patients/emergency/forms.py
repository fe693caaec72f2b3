"""What is typed to open a case in an emergency."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from patients.frame.identifiers import IdentifierField
from patients.models import Centre


class EmergencyForm(forms.Form):
    """Which case it is, known from elsewhere, and why it is opened."""

    centre = forms.ModelChoiceField(
        Centre.objects.none(), label=_("Centre"), to_field_name="code", empty_label=_("Choose one")
    )
    number = IdentifierField(
        label=_("Hospital number or pseudonym"),
        max_length=200,
        help_text=_("In full, as that centre writes it. There is no search by name."),
    )
    reason = forms.CharField(
        label=_("Why this is an emergency"),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "The administrators of that centre read it. Write no name and no number of the patient."
        ),
    )

    def __init__(self, data: QueryDict | None, *, centres: QuerySet[Centre]) -> None:
        super().__init__(data)
        field: Any = self.fields["centre"]
        field.queryset = centres.order_by("name")
