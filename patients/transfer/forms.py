"""What a data manager gives to import a case: a file, and the centre it is for."""

from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.models import Centre

LARGEST: Final = 1024 * 1024
"""Bytes: some twenty times the longest course that we know."""


class ImportForm(forms.Form):
    """A case document; its bytes are what the form returns."""

    centre = forms.ModelChoiceField(
        label=_("Centre"), queryset=Centre.objects.none(), empty_label=_("Choose a centre")
    )
    file = forms.FileField(
        label=_("Case document"),
        help_text=_("A file of at most 1 MB, as the export of a case writes it."),
        error_messages={"required": _("Choose a file of at most 1 MB.")},
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def offer(self, centres: QuerySet[Centre]) -> "ImportForm":
        """The form for these centres."""
        field = self.fields["centre"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells mypy
        field.queryset = centres
        return self

    def clean_file(self) -> bytes:
        """The document, if it is not too large."""
        file = self.cleaned_data["file"]
        assert isinstance(file, UploadedFile)  # noqa: S101 - tells mypy
        if (file.size or 0) > LARGEST:
            raise ValidationError(gettext("Choose a file of at most 1 MB."))
        return bytes(file.read())
