"""What people type about treatments, events and the dates of visits."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.entry.asking import AskingForm
from patients.entry.fields import Answers, Note, day_field
from patients.entry.treatments import check_response, treatment_fields
from patients.frame.tokens import TokenField, new_token
from riskfactors.domain.documents import LONGEST_TEXT
from riskfactors.domain.variables import EventKind
from riskfactors.domain.vocabulary import Role
from riskfactors.published import catalogue


class StatementForm(AskingForm):
    """One statement; a correction shows the revision it follows and says why."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    confirms = True
    """Whether a correction may change verdicts, which are shown before it is recorded."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        address: str,
        seen: int = 0,
        initial: dict[str, Any] | None = None,
        drafted: Mapping[str, Any] | None = None,
    ) -> None:
        shown = {**(initial or {}), "seen": seen or None, **(drafted or {})}
        super().__init__(data, initial=shown)
        self.address = address
        self.fields["token"] = TokenField(address)
        self.corrects = seen > 0
        self.withdraws = self.corrects and data is not None and "withdraw" in data
        if self.corrects:
            self.fields["reason"] = forms.CharField(
                label=_("Reason for the correction"),
                max_length=1000,
                help_text=_("For example: a typing error; the response has become known."),
            )

    def said(self) -> dict[str, Any]:
        """The statement, by the fields of its record."""
        if self.withdraws:
            return {"withdrawn": True}
        return {name: self.cleaned_data[name] for name in self.stated}

    def complete(self) -> None:
        """Once every field is there: the reason comes last, and a withdrawal needs it alone."""
        self.stated = [n for n in self.fields if n not in ("token", "seen", "reason")]
        self.order_fields([*self.stated, "reason"])
        self.fields |= {f"{name}-sure": Answers(required=False) for name in self.stated}
        if self.withdraws:
            for name, field in self.fields.items():
                field.required = name in ("token", "reason")

    @property
    def revision(self) -> int:
        """The number of the revision that this statement is."""
        return (self.cleaned_data.get("seen") or 0) + 1

    @property
    def reason(self) -> str:
        """Why something is corrected; empty where nothing is."""
        return str(self.cleaned_data.get("reason", ""))

    def fresh_token(self) -> str:
        return new_token(self.address)


class VisitDateForm(StatementForm):
    """The date of a visit."""

    def __init__(self, data: QueryDict | None, **given: Any) -> None:
        super().__init__(data, **given)
        self.fields["date"] = day_field(_("Right date of the visit"), required=True)
        self.complete()


class TreatmentForm(StatementForm):
    """A treatment; its role decides what else is asked.

    `bound` says until when the response to bridging is assessed.
    """

    def __init__(
        self, data: QueryDict | None, *, role: Role, bound: str = "", **given: Any
    ) -> None:
        super().__init__(data, **given)
        self.role = role
        self.fields |= treatment_fields(role, bound)
        self.complete()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_response(self)
        return cleaned

    def said(self) -> dict[str, Any]:
        said = super().said()
        return said if self.withdraws else {**said, "role": self.role}


class EventForm(StatementForm):
    """Something that happened; its kind decides what else is asked."""

    def __init__(self, data: QueryDict | None, *, kind: str, **given: Any) -> None:
        super().__init__(data, **given)
        self.kind = kind
        about: EventKind = catalogue().dictionary.events[kind]
        fields = self.fields
        fields["date"] = day_field(_("Date"), required=True)
        if not about.causes:  # what has a cause ends the course, and has no end itself
            fields["end"] = day_field(_("End, where it lasted"))
        if about.grades is not None:
            low, high = int(about.grades.low), int(about.grades.high)
            fields["grade"] = forms.TypedChoiceField(
                label=_("Grade"),
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", ""), *((str(n), str(n)) for n in range(low, high + 1))],
                help_text=gettext("%s. Without a grade it does not count as a grade.")
                % about.grading,
            )
        if about.causes:
            fields["cause"] = forms.ChoiceField(
                label=_("Cause"), required=False, choices=[("", ""), *about.causes.items()]
            )
        note = _("Version of the consent, and note") if kind == "consent" else _("Note")
        fields["note"] = Note(label=note, required=False, max_length=LONGEST_TEXT)
        self.complete()

    def said(self) -> dict[str, Any]:
        said = super().said()
        return said if self.withdraws else {**said, "kind": self.kind}
