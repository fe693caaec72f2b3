"""What is set side by side: two milestones of a case, or one of it and one of another case."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patients.course.known import Course
from patients.frame.identifiers import IdentifierField
from patients.models import Case
from riskfactors.domain.timepoints import MILESTONES, Milestone
from riskfactors.words import milestone_name

LATEST = 50
LONGEST_CODE = 200


def _milestone(label: str, offered: Iterable[Milestone]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[(milestone.value, milestone_name(milestone)) for milestone in offered],
        coerce=Milestone,
        error_messages={
            "required": _("Choose a milestone."),
            "invalid_choice": _("Choose a milestone that has been reached."),
        },
    )


def _latest_two(course: Course) -> dict[str, Milestone] | None:
    latest = list(course.visits)[-2:]
    return dict(zip(("at", "with"), latest, strict=True)) if len(latest) == 2 else None


class MilestonesForm(forms.Form):
    """Two milestones that have been reached, the second by another case where one is named; where
    nothing is asked for, the latest two.

    The other case has been opened already: one that is not there has no page.
    """

    other = forms.UUIDField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": gettext_lazy("The address names no other case.")},
    )

    def __init__(self, course: Course, beside: Course | None, data: Any) -> None:
        super().__init__(data or _latest_two(course))
        self.course, self.beside = course, beside
        self.fields["at"] = _milestone("A" if beside else _("Milestone"), course.visits)
        reached = (beside or course).visits
        self.fields["with"] = _milestone("B" if beside else _("Beside it"), reached)

    def clean_other(self) -> UUID | None:
        other: UUID | None = self.cleaned_data["other"]
        if other is not None and self.beside is None:
            raise forms.ValidationError(_("The other case is this case."))
        return other

    def clean(self) -> None:
        at = self.cleaned_data.get("at")
        if at is not None and at is self.cleaned_data.get("with") and self.beside is None:
            self.add_error("with", _("Choose another milestone than the first."))

    @property
    def sides(self) -> tuple[tuple[Course, Milestone], tuple[Course, Milestone]]:
        """What is set side by side, once it is valid."""
        at, beside = self.cleaned_data["at"], self.cleaned_data["with"]
        return (self.course, at), (self.beside or self.course, beside)


class OtherCaseForm(forms.Form):
    """Another case of those that a person may see, from the latest ones or by its code.

    It is posted, so that no code stands in an address, and leads to one.
    """

    other = forms.UUIDField(label=gettext_lazy("Other case"), required=False, widget=forms.Select)
    code = IdentifierField(
        label=gettext_lazy("or its code"), required=False, max_length=LONGEST_CODE
    )

    def __init__(self, course: Course, cases: QuerySet[Case], data: Any) -> None:
        super().__init__(data, auto_id="beside_%s")
        self.course, self.cases = course, cases.exclude(public_id=course.public_id)
        self.fields = {
            "at": _milestone(_("This case at"), course.visits),
            **self.fields,
            "with": _milestone(_("The other case at"), MILESTONES),
        }
        self._offer(self.cases.order_by("-pk")[:LATEST])

    def _offer(self, cases: QuerySet[Case]) -> None:
        offered = cases.select_related("centre")
        names = [(str(case.public_id), f"{case.case_id}, {case.centre.name}") for case in offered]
        self.fields["other"].widget.choices = [("", _("Choose")), *names]

    def clean_code(self) -> UUID | None:
        """The case of the code, where one is written."""
        if not self.cleaned_data["code"]:
            return None
        found = self.cases.filter(case_id=self.cleaned_data["code"])
        keys = [case.public_id for case in found[:2]]
        if not keys:
            raise forms.ValidationError(_("None of your other cases has this code."))
        if len(keys) > 1:
            self._offer(found)
            raise forms.ValidationError(_("Several cases have this code: choose one in the list."))
        return keys[0]

    def clean(self) -> None:
        chosen = {self.cleaned_data.get(name) for name in ("other", "code")} - {None}
        if len(chosen) != 1 and not self.errors:
            self.add_error("code", _("Choose one case, in the list or by its code."))

    @property
    def address(self) -> str:
        """The page of both, once it is valid."""
        typed = self.cleaned_data
        query = {"at": typed["at"], "with": typed["with"], "other": typed["code"] or typed["other"]}
        return reverse("patients:compare", args=[self.course.public_id], query=query)
