"""Binds a form to the address it was opened at: it cannot be sent for another case or visit."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _


def new_token(address: str) -> str:
    """A token for one save by a form at an address."""
    return _signer(address).sign(str(uuid.uuid4()))


class TokenField(forms.CharField):
    """The token of a form at an address; its value is the UUID that names the save."""

    widget = forms.HiddenInput
    default_error_messages: ClassVar = {
        "required": _("This form was opened elsewhere. Open it anew."),
        "foreign": _("This form was opened for another case or visit. Open it anew."),
    }

    def __init__(self, address: str) -> None:
        super().__init__(max_length=200, initial=lambda: new_token(address))
        self.address = address

    def clean(self, value: Any) -> uuid.UUID:
        """Raises ValidationError for a token of another address."""
        text = super().clean(value)
        try:
            return uuid.UUID(_signer(self.address).unsign(text))
        except (BadSignature, ValueError) as error:
            raise forms.ValidationError(self.error_messages["foreign"], "foreign") from error


def _signer(address: str) -> Signer:
    return Signer(salt=f"patients.frame.tokens {address}")
