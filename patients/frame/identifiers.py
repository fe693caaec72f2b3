"""The field of a name, a hospital number or a pseudonym: read by one rule on every page."""

from typing import Any

from django import forms

from patients.models.identifiers import identifier


class IdentifierField(forms.CharField):
    """What is kept of it, as people send it."""

    def to_python(self, value: Any) -> str:
        """What of it is kept. Raises ValidationError."""
        typed = super().to_python(value) or ""
        return identifier(typed) if typed else ""
