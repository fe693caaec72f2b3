"""What a centre asks of a kind of meeting."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _translated
from django.utils.translation import gettext_lazy as _

from patients.entry.sheet import MANY_FIELDS
from patients.models import BoardSetting, Discipline
from patients.records import journal
from riskfactors.beside.facts import ONE_INDEX
from riskfactors.domain.variables import Variable
from riskfactors.published import catalogue
from riskfactors.words import begun, name_of


class SettingForm(forms.Form):
    """Quorum, the disciplines that belong to it, the minimum data set, the time of a case."""

    quorum = forms.IntegerField(label=_("Quorum (persons)"), min_value=1, max_value=50)
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
            "minimum": list(dict.fromkeys(map(_choice, setting.minimum.split()))),
        }
        super().__init__(data, initial=now, prefix=prefix)
        field = self.fields["minimum"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - tells mypy
        field.choices = list(_choices())

    def save(self) -> None:
        """Keep it for the meetings that are planned from now on."""
        said: dict[str, Any] = dict(self.cleaned_data)
        said["disciplines"] = " ".join(said["disciplines"])
        asked = set(said["minimum"])
        said["minimum"] = " ".join(v.name for v in _routine() if _choice(v.name) in asked)
        with transaction.atomic():
            kept, _new = BoardSetting.objects.update_or_create(
                centre=self.setting.centre, kind=self.setting.kind, defaults=said
            )
            journal.follow([kept])


def _routine() -> Iterator[Variable]:
    """What can be asked for, in the order of the forms: research items never."""
    variables = [v for v in catalogue().dictionary.variable if v.availability == "routine"]
    groups = sorted(dict.fromkeys(v.group for v in variables), key=MANY_FIELDS.__eq__)
    for group in groups:
        yield from (v for v in variables if v.group == group)


def _choice(name: str) -> str:
    """The organ systems of CIRS are graded together: they are one choice."""
    return ONE_INDEX.get(name, name)


def _choices() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """By the groups of the forms."""
    for group, variables in groupby(_routine(), key=lambda variable: variable.group):
        choices = dict.fromkeys(_choice(variable.name) for variable in variables)
        yield begun(_translated(group)), [(name, name_of(name)) for name in choices]
