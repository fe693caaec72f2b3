"""What a board says of a case: drafted by one, gone on with by another, signed by a chair."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.board.difference import ground_names
from patients.board.nameless import Shown
from patients.course.matrix import matrix
from patients.entry.drafting import left_in
from patients.frame.saving import SavedForm
from patients.frame.tokens import TokenField, new_token
from patients.models import Draft, Gate, Intent, Option, RecommendationRevision, Stage
from patients.models.recommendations import SALVAGE_CLASSES
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Verdict
from riskfactors.published import catalogue
from riskfactors.words import code_name

DAY: Final = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
DAYS: Final = re.compile(r"\d{1,4}")
TOLD: Final = (Verdict.MET, Verdict.STRATUM, Verdict.GRADED)
LISTS: Final = ("options", "rests_on")
"""Fields that hold several codes, which a record keeps between spaces."""
SAID: Final = (
    *("gate", "question", "intent", "options", "option", "salvage_class", "detail", "rationale"),
    *("rests_on", "rests_on_none", "dissent", "responsible", "due_on", "follow_up_on"),
)
NEEDS_NO_DAY: Final = (Option.OBSERVE, Option.NO_CANDIDATE, Option.PALLIATIVE_CARE, Option.OTHER)
"""Options that nobody has to carry out by a day."""


class Grounds(NamedTuple):
    """Findings of one part of the matrix that a recommendation can rest on."""

    title: str
    findings: tuple[tuple[str, str], ...]


def grounds_of(shown: Shown) -> tuple[Grounds, ...]:
    """What is decided in a course: each finding once, `milestone:factor`, where it was new."""
    seen = matrix(shown.course)
    names = {column.milestone: column.name for column in seen.columns}
    parts = []
    for part in seen.sections:
        found = [
            (
                f"{cell.milestone}:{cell.factor}",
                shown.words(_ground(names[cell.milestone], row.name, cell)),
            )
            for row in part.rows
            for cell in row.cells
            if cell is not None and cell.verdict in TOLD and (cell.said or cell.value)
        ]
        if found:
            parts.append(Grounds(part.title, tuple(found)))
    return tuple(parts)


def _ground(at: str, row: str, cell: Any) -> str:
    said = " ".join(filter(None, (cell.said, cell.value)))
    return f"{row}, {at}: {said}".replace("\N{SOFT HYPHEN}", "")


class DayAfterMeeting(forms.DateField):
    """A day of the calendar; on a projector, where none is shown, the days from the meeting to it.

    What is typed one way is read the other way too: a draft goes on in both places.
    """

    held_on = date.min
    in_days = False

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, widget=DAY)

    def count_from(self, held_on: date, *, in_days: bool) -> None:
        """Take the day of the meeting; `in_days` says how days are shown."""
        self.held_on, self.in_days = held_on, in_days
        if in_days:
            self.label = gettext("%s, in days") % self.label
            self.help_text = gettext("after the meeting")
            self.error_messages["invalid"] = gettext("A whole number of days is expected, as 14.")
            self.widget = forms.NumberInput({"min": 0, "max": 9999})

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and DAYS.fullmatch(value.strip()):
            return self.held_on + timedelta(int(value))
        return super().to_python(value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value < self.held_on:
            raise ValidationError(gettext("This day is before the meeting."))

    def prepare_value(self, value: Any) -> Any:
        try:
            day = self.to_python(value)
        except ValidationError:
            return value
        return (day - self.held_on).days if day and self.in_days else day


class RecommendationForm(SavedForm):
    """One text for draft, signature and amendment; `act` is the button that was pressed.

    `head` and `digest` say what was on screen: the last entry of the case and the catalogue;
    `slide_head` and `slide_digest` the same of the slide that stood beside the form.
    """

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    head = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    slide_head = forms.IntegerField(required=False, min_value=0)
    slide_digest = forms.CharField(required=False, max_length=64)
    question = forms.CharField(
        label=_("Question to the board"),
        help_text=_("Stands on the screen of the meeting: no names."),
        max_length=1000,
    )
    gate = forms.ChoiceField(label=_("Decision point"), choices=Gate.choices)
    option = forms.ChoiceField(
        label=_("The board recommended"),
        required=False,
        choices=Option.choices,
        widget=forms.RadioSelect,
    )
    salvage_class = forms.ChoiceField(label=_("Class of the salvage treatment"), required=False)
    detail = forms.CharField(
        label=_("Detail"),
        help_text=_("Regimen, product, day of the PET, trial"),
        required=False,
        max_length=1000,
    )
    intent = forms.ChoiceField(
        label=_("Intent"), required=False, choices=Intent.choices, widget=forms.RadioSelect
    )
    options = forms.MultipleChoiceField(
        label=_("Options discussed"),
        required=False,
        choices=Option.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    rests_on = forms.MultipleChoiceField(
        label=_("Findings it rests on"), required=False, widget=forms.CheckboxSelectMultiple
    )
    rests_on_none = forms.BooleanField(label=_("It rests on none of them"), required=False)
    rationale = forms.CharField(
        label=_("Rationale"), required=False, max_length=5000, widget=forms.Textarea({"rows": 3})
    )
    dissent = forms.CharField(
        label=_("Dissent"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )
    responsible = forms.CharField(label=_("Responsible"), required=False, max_length=200)
    due_on = DayAfterMeeting(_("Due"))
    follow_up_on = DayAfterMeeting(_("Follow-up"))

    def __init__(
        self,
        data: QueryDict | None,
        *,
        address: str,
        grounds: Sequence[Grounds],
        amends: bool,
        held_on: date,
        in_days: bool,
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial)
        self.address = address
        for field in self.fields.values():
            if isinstance(field, DayAfterMeeting):
                field.count_from(held_on, in_days=in_days)
        self.fields["token"] = TokenField(address)
        self.amends = False
        self.signs = data is not None and "draft" not in data
        self.grounds = (*grounds, *_chosen_before(self.typed, initial, grounds))
        self._choose("rests_on", _findings(self.grounds))
        classes = [(code, code_name("treatment_class", code)) for code in SALVAGE_CLASSES]
        self._choose("salvage_class", [("", ""), *classes])
        if amends:
            self.ask_for_a_reason()

    def ask_for_a_reason(self) -> None:
        """What is signed is amended from now on."""
        self.amends = True
        self.fields["reason"] = forms.CharField(
            label=_("Reason for the amendment"), max_length=1000
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._count_the_slide(cleaned)
        if cleaned.get("option") == Option.SALVAGE and self.signs:
            self._need("salvage_class", _("Name the class of the salvage treatment."))
        if cleaned.get("option") != Option.SALVAGE:
            cleaned["salvage_class"] = ""
        if self.signs:
            self._need("option", _("Say what the board recommended."))
            self._need("intent", _("Say what is aimed at."))
            self._need("responsible", _("Name who is responsible."))
            if cleaned.get("option") not in NEEDS_NO_DAY:
                self._need("due_on", _("Say by when it is due."))
            if bool(cleaned.get("rests_on")) == bool(cleaned.get("rests_on_none")):
                self.add_error(
                    "rests_on",
                    _("Mark the findings it rests on, or that it rests on none of them."),
                )
        return cleaned

    def _count_the_slide(self, cleaned: dict[str, Any]) -> None:
        """Of form and slide the older is what was seen; of two catalogues one is not current."""
        if cleaned.get("slide_head") is not None and "head" in cleaned:
            cleaned["head"] = min(cleaned["head"], cleaned["slide_head"])
        if cleaned.get("slide_digest") not in (None, "", cleaned.get("digest")):
            cleaned["digest"] = ""

    @property
    def revision(self) -> int:
        """The number of the revision that this text is."""
        return (self.cleaned_data.get("seen") or 0) + 1

    def said(self) -> dict[str, Any]:
        """The text, by the fields of its record."""
        said = {name: self.cleaned_data[name] for name in SAID}
        return said | {name: " ".join(said[name]) for name in LISTS}

    def fresh_token(self) -> str:
        return new_token(self.address)

    def go_on_from(self, **hidden: object) -> None:
        """What was typed stays; sent again, it follows what is shown beside it now."""
        for name, value in {**hidden, "token": self.fresh_token()}.items():
            self.typed[name] = str(value)

    def _need(self, name: str, message: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, message)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy
        field.choices = choices


def _chosen_before(
    typed: QueryDict, initial: dict[str, Any], grounds: Sequence[Grounds]
) -> list[Grounds]:
    """What was chosen and is decided no more, or otherwise: it stays chosen until it is taken
    back, and is shown as such."""
    known = {key for key, _name in _findings(grounds)}
    chosen = [*initial.get("rests_on", ()), *typed.getlist("rests_on")]
    gone = [key for key in dict.fromkeys(chosen) if key not in known and _is_finding(key)]
    if not gone:
        return []
    title = gettext("Chosen before, and no longer what it was")
    return [Grounds(title, tuple(zip(gone, ground_names(" ".join(gone)), strict=True)))]


def _is_finding(key: str) -> bool:
    milestone, _colon, factor = key.partition(":")
    return factor in catalogue().by_key and milestone in set(Milestone)


def _findings(grounds: Sequence[Grounds]) -> list[tuple[str, str]]:
    return [finding for part in grounds for finding in part.findings]


def said_before(row: RecommendationRevision | None) -> dict[str, Any]:
    """What the last revision says, by the fields of the form."""
    if row is None:
        return {}
    said = {name: getattr(row, name) for name in SAID}
    return said | {name: said[name].split() for name in LISTS}


def left_before(draft: Draft | None) -> dict[str, Any]:
    """What somebody has typed and not sent, by the fields of the form; what is not ticked is said
    by that."""
    if draft is None:
        return {}
    several = {name: draft.typed.get(name, []) for name in LISTS}
    return left_in(draft) | several | {"rests_on_none": "rests_on_none" in draft.typed}


def is_signed(rows: Sequence[RecommendationRevision]) -> bool:
    """Whether a chair has signed it."""
    return any(row.stage != Stage.DRAFT for row in rows)
