"""What administrators and staff type about accounts, roles and a centre's settings."""

from typing import Any, Final

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, UsernameField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.models import Centre, Role, User
from riskfactors.domain.variables import Variable, number_of
from riskfactors.domain.vocabulary import Phrase
from riskfactors.published import catalogue
from riskfactors.words import say

ROLES: Final = [("", _("Choose a role")), *Role.choices]
STARTS_LIKE_A_NAME: Final = RegexValidator(r"^\w", _("Begin with a letter or a digit."))


class GrantForm(forms.Form):
    """Somebody who has an account gets a role."""

    username = UsernameField(label=_("User name"), max_length=150)
    role = forms.TypedChoiceField(label=_("Role"), choices=ROLES, coerce=Role)

    def clean_username(self) -> User:
        """The account itself. A closed one is as good as none."""
        user = User.objects.filter(username=self.cleaned_data["username"], is_active=True).first()
        if user is None:
            raise ValidationError(_("No open account has this user name."))
        return user


class RoleForm(forms.Form):
    """A further role of a person, or the one to end."""

    role = forms.TypedChoiceField(label=_("Role"), choices=ROLES, coerce=Role)


class NewAccountForm(forms.Form):
    """Somebody new."""

    username = UsernameField(
        label=_("User name"),
        max_length=150,
        validators=[*User._meta.get_field("username").validators, STARTS_LIKE_A_NAME],
        help_text=_("Letters, digits and @ . + - _"),
    )
    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    role = forms.TypedChoiceField(label=_("Role"), choices=ROLES, coerce=Role)


class LimitForm(forms.Form):
    """The upper limit of normal of LDH that the centre's laboratory prints."""

    ldh_upper_limit = forms.CharField(
        label=_("Upper limit of normal of lactate dehydrogenase (U/L)"),
        max_length=Centre._meta.get_field("ldh_upper_limit").max_length,
        required=False,
        help_text=_(
            "Offered with each LDH of this centre, to be confirmed. Empty: none is offered."
        ),
    )

    def clean_ldh_upper_limit(self) -> str:
        """The text as typed, if it is a number that can be such a limit."""
        text = str(self.cleaned_data["ldh_upper_limit"])
        possible = _ldh().upper_limit_impossible_outside
        number = number_of(text)
        if text and (number is None or number not in possible):
            expected = say(Phrase("quantity_expected", *possible.ends, _ldh().unit or ""))
            raise ValidationError(
                gettext("This cannot be the limit: %(expected)s. Write it as 250 or 250.5.")
                % {"expected": expected}
            )
        return text


def _ldh() -> Variable:
    return catalogue().dictionary.variables["ldh"]


class PasswordForm(PasswordChangeForm):
    """The person's own choice, which differs from the password they have."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (new := cleaned.get("new_password1")) and new == cleaned.get("old_password"):
            self.add_error("new_password1", _("Choose another password than the one you have."))
        return cleaned
