"""What a centre asks of a kind of meeting."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from patients.models import BoardSetting, Discipline
from riskfactors.published import catalogue
from riskfactors.words import name_of


class SettingForm(forms.Form):
    """Quorum, the disciplines that belong to it, the minimum data set, the time of a case."""

    quorum = forms.IntegerField(label=_("Quorum (persons)"), min_value=0, max_value=50)
    minutes = forms.IntegerField(label=_("Minutes for a case"), min_value=1, max_value=120)
    disciplines = forms.MultipleChoiceField(
        label=_("Disciplines of the quorum"),
        required=False,
        choices=Discipline.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    minimum = forms.MultipleChoiceField(
        label=_("Minimum data set"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A case that lacks one of these says so on the agenda."),
    )

    def __init__(self, data: QueryDict | None, *, setting: BoardSetting, prefix: str) -> None:
        self.setting = setting
        now = {
            "quorum": setting.quorum,
            "minutes": setting.minutes,
            "disciplines": setting.disciplines.split(),
            "minimum": setting.minimum.split(),
        }
        super().__init__(data, initial=now, prefix=prefix)
        field = self.fields["minimum"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - tells mypy
        field.choices = _routine()

    def save(self) -> None:
        """Keep it for the meetings that are planned from now on."""
        said: dict[str, Any] = dict(self.cleaned_data)
        said["disciplines"] = " ".join(said["disciplines"])
        said["minimum"] = " ".join(said["minimum"])
        BoardSetting.objects.update_or_create(
            centre=self.setting.centre, kind=self.setting.kind, defaults=said
        )


def _routine() -> list[tuple[str, str]]:
    """What can be asked for: research items never."""
    variables = catalogue().dictionary.variables.values()
    return [(v.name, name_of(v.name)) for v in variables if v.availability == "routine"]
