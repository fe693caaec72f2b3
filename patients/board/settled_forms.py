"""What people type about eligibility, approval, and what came of a recommendation."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patients.entry.fields import day_field
from patients.entry.statement_forms import StatementForm
from patients.models import ClearanceAnswer, NotDone, NotEligible
from riskfactors.words.facts import day_words

OF_ELIGIBILITY = (ClearanceAnswer.ELIGIBLE, ClearanceAnswer.NOT_ELIGIBLE)
OF_APPROVAL = (ClearanceAnswer.PENDING, ClearanceAnswer.APPROVED, ClearanceAnswer.REFUSED)


class SettledForm(StatementForm):
    """A statement about what was decided: its day is today unless another is given."""

    confirms = False

    def answered(self, label: Any, choices: list[tuple[str, Any]]) -> None:
        """The answer, by one click."""
        self.fields["answer"] = forms.ChoiceField(
            label=label, choices=choices, widget=forms.RadioSelect
        )

    def dated(self, label: Any) -> None:
        """The day and a note; then the form is complete."""
        self.fields["on"] = day_field(label, required=True)
        self.fields["on"].initial = timezone.localdate()
        self.fields["note"] = forms.CharField(label=_("Note"), required=False, max_length=2000)
        self.complete()


class EligibilityForm(SettledForm):
    """Whether CAR T-cells can be given, and if not why."""

    def __init__(self, data: QueryDict | None, **given: Any) -> None:
        super().__init__(data, **given)
        self.answered(_("Eligible for CAR T-cells"), _choices(OF_ELIGIBILITY))
        self.fields["not_eligible"] = forms.ChoiceField(
            label=_("Reason, where not eligible"),
            required=False,
            choices=[("", ""), *NotEligible.choices],
        )
        self.dated(_("Decided on"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refused = cleaned.get("answer") == ClearanceAnswer.NOT_ELIGIBLE
        if refused and not cleaned.get("not_eligible"):
            self.add_error("not_eligible", _("Say why CAR T-cells are not given."))
        if cleaned.get("answer") == ClearanceAnswer.ELIGIBLE and cleaned.get("not_eligible"):
            self.add_error("not_eligible", _("Leave the reason empty, or answer “Not eligible”."))
        return cleaned


class ApprovalForm(SettledForm):
    """What a funder or a national panel answered."""

    def __init__(self, data: QueryDict | None, **given: Any) -> None:
        super().__init__(data, **given)
        self.answered(_("Approval"), _choices(OF_APPROVAL))
        self.fields["by_whom"] = forms.CharField(
            label=_("Funder or panel"), required=False, max_length=200
        )
        self.fields["reference"] = forms.CharField(
            label=_("Reference"), required=False, max_length=200
        )
        self.dated(_("Date"))


class OutcomeForm(SettledForm):
    """Whether a recommendation was carried out, and if not why; `since` is the day it was made."""

    def __init__(self, data: QueryDict | None, *, since: date, **given: Any) -> None:
        super().__init__(data, **given)
        self.since = since
        reasons = [(code, _("Not done: %s") % label) for code, label in NotDone.choices]
        self.answered(_("What came of it"), [("done", _("Done")), *reasons])
        self.dated(_("On"))

    def clean_on(self) -> date | None:
        """A day on which it had been recommended."""
        on: date | None = self.cleaned_data["on"]
        if on and on < self.since:
            raise forms.ValidationError(
                _("The board said it on %s: this day is before.") % day_words(self.since)
            )
        return on

    def said(self) -> dict[str, Any]:
        said = super().said()
        if self.withdraws:
            return said
        answer = said.pop("answer")
        done = answer == "done"
        return {**said, "done": done, "not_done": "" if done else answer}


def _choices(answers: tuple[ClearanceAnswer, ...]) -> list[tuple[str, Any]]:
    return [(answer.value, answer.label) for answer in answers]
