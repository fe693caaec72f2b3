"""What somebody asks of the grid."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.completeness.listing import Wanted
from riskfactors.domain.timepoints import MILESTONES, Milestone
from riskfactors.words import milestone_name

REFUSED: Final = {"invalid_choice": _("“%(value)s” is not among the choices: it is not applied.")}


class GridFilters(forms.Form):
    """What is not valid is named and left out; the rest is applied."""

    milestone = forms.ChoiceField(label=_("Milestone"), required=False, error_messages=REFUSED)
    show = forms.ChoiceField(
        label=_("Cases"),
        required=False,
        choices=[("", _("All")), ("gaps", _("Only with gaps"))],
        error_messages=REFUSED,
    )
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Form takes them
        named = [(milestone.value, milestone_name(milestone)) for milestone in MILESTONES]
        self.fields["milestone"].choices = [("", _("All")), *named]  # type: ignore[attr-defined]  # a ChoiceField

    def wanted(self) -> Wanted:
        """What is asked for, as far as it is valid."""
        self.full_clean()
        valid = self.cleaned_data
        return Wanted(
            milestone=Milestone.of(valid.get("milestone", "")),
            gaps=valid.get("show", "") == "gaps",
            after=valid.get("after"),
        )
