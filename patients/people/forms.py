"""What administrators and staff type about accounts, roles and a centre's settings."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, UsernameField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.models import Centre, CentreLimit, CentreRule, Role, User
from riskfactors.domain.reading import number_of
from riskfactors.domain.variables import Variable
from riskfactors.domain.vocabulary import Phrase
from riskfactors.published import catalogue
from riskfactors.words import name_of, say, unit_name

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


class AccessForm(forms.Form):
    """What a centre asks and allows: a field for each rule, by its name."""

    asks_second_factor = forms.BooleanField(
        label=_("Ask everybody with a role here for a second factor"),
        required=False,
        help_text=_(
            "Whoever has none is led to set one up at the next click, and sees nothing else before."
        ),
    )
    opens_in_emergency = forms.BooleanField(
        label=_("Let clinicians of other centres open a case in an emergency"),
        required=False,
        help_text=_(
            "They know its number, say why, and read it for four hours. It stands below, and in"
            " the history of the case with each of their looks. Once this is not ticked, what is"
            " open closes."
        ),
    )

    def __init__(self, data: QueryDict | None, *, centre: Centre) -> None:
        super().__init__(data, initial={rule.value: getattr(centre, rule) for rule in CentreRule})


class LimitsForm(forms.Form):
    """How the centre writes what has several units, and its laboratory's upper limits of normal."""

    def __init__(self, data: QueryDict | None, *, limits: Iterable[CentreLimit]) -> None:
        super().__init__(data)
        now = {limit.variable: limit for limit in limits}
        self.variables = [
            v for v in catalogue().dictionary.variable if v.needs is not None or len(v.accepts) > 1
        ]
        for variable in self.variables:
            self._add(variable, now.get(variable.name))

    def _add(self, variable: Variable, now: CentreLimit | None) -> None:
        name = variable.name
        if len(variable.accepts) > 1:
            self.fields[f"{name}-unit"] = forms.ChoiceField(
                label=_("%s: unit") % name_of(name),
                initial=now.unit if now else variable.unit,
                required=variable.needs is not None,
                choices=[(unit, unit_name(unit)) for unit in variable.accepts],
            )
        if variable.needs is not None:
            self.fields[name] = forms.CharField(
                label=_limit_name(variable),
                initial=now.value if now else "",
                max_length=CentreLimit._meta.get_field("value").max_length,
                required=False,
                help_text=_("Offered with each value, to be confirmed. Empty: none is."),
            )

    def clean(self) -> dict[str, Any]:
        """Each is a number that can be such a limit."""
        cleaned = super().clean() or self.cleaned_data
        for variable in self.variables:
            if variable.needs is None:
                continue
            text, number = cleaned.get(variable.name), number_of(cleaned.get(variable.name, ""))
            factor = variable.accepts.get(self._unit(variable))
            possible = variable.upper_limit_impossible_outside
            if text and factor and (number is None or number * factor not in possible):
                expected = Phrase("quantity_expected", *possible.ends, variable.unit or "")
                said = gettext("This cannot be the limit: %(expected)s. Write it as 250 or 250.5.")
                self.add_error(variable.name, said % {"expected": say(expected)})
        return cleaned

    def limits(self) -> list[CentreLimit]:
        """What is not as in the dictionary, once it is valid; of no centre yet."""
        return [
            CentreLimit(variable=variable.name, unit=unit, value=text)
            for variable in self.variables
            for unit, text in ((self._unit(variable), self.cleaned_data.get(variable.name, "")),)
            if text or unit != variable.unit
        ]

    def _unit(self, variable: Variable) -> str:
        return str(self.cleaned_data.get(f"{variable.name}-unit") or variable.unit)


def _limit_name(variable: Variable) -> str:
    unit = "" if len(variable.accepts) > 1 else f" ({unit_name(variable.unit)})"
    return name_of(f"{variable.name}.upper_limit") + unit


class PasswordForm(PasswordChangeForm):
    """The person's own choice, which differs from the password they have."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (new := cleaned.get("new_password1")) and new == cleaned.get("old_password"):
            self.add_error("new_password1", _("Choose another password than the one you have."))
        return cleaned
