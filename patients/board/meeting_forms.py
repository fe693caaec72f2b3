"""What can be done on the page of a meeting: each act is a form that does it once it is valid."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patients.board import meetings
from patients.board.agenda import proposals
from patients.board.gates import gate_after
from patients.frame.identifiers import IdentifierField
from patients.models import (
    AgendaItem,
    Case,
    Discipline,
    Gate,
    Mark,
    Meeting,
    MeetingKind,
    Participant,
    User,
)
from patients.permissions import cases_at
from patients.records.snapshots import snapshot_of

DAY: Final = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
YEARS_BACK, YEARS_AHEAD = 10, 2
HOUR: Final = forms.TimeInput({"type": "time"}, format="%H:%M")


class WhenForm(forms.Form):
    """When and where a meeting is."""

    held_on = forms.DateField(label=gettext_lazy("Day"), widget=DAY)
    starts_at = forms.TimeField(label=gettext_lazy("Begins at"), required=False, widget=HOUR)
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=200)

    def clean_held_on(self) -> date:
        """A day near enough to be meant."""
        day: date = self.cleaned_data["held_on"]
        if not -YEARS_BACK * 365 <= (day - localdate()).days <= YEARS_AHEAD * 365:
            raise forms.ValidationError(
                _("A day between %(back)d years ago and %(ahead)d years ahead is expected.")
                % {"back": YEARS_BACK, "ahead": YEARS_AHEAD}
            )
        return day


class PlanForm(WhenForm):
    """A new meeting."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=MeetingKind.choices)
    field_order = ("kind", "held_on", "starts_at", "place")


class ActForm(forms.Form):
    """Something done to a meeting by somebody."""

    def __init__(self, data: QueryDict | None, *, meeting: Meeting, **given: Any) -> None:
        self.meeting = meeting
        super().__init__(data, **given)

    @property
    def goes_on_at(self) -> str:
        """Where on the page one goes on from: the name of an element."""
        return ""

    def do(self, by: User) -> None:
        """Do it. Raises what patients.board.meetings raises."""
        raise NotImplementedError


class ChangeForm(ActForm, WhenForm):
    """Another day, hour, place, length or quorum."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes for a case"), min_value=1, max_value=120
    )
    quorum = forms.IntegerField(label=gettext_lazy("Quorum"), min_value=1, max_value=50)

    def do(self, by: User) -> None:
        meetings.change(self.meeting, by, **self.cleaned_data)


class ItemForm(ActForm):
    """Something done to an item of the agenda."""

    item = forms.ModelChoiceField(AgendaItem.objects.none(), widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, meeting: Meeting, **given: Any) -> None:
        super().__init__(data, meeting=meeting, **given)
        field = self.fields["item"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells mypy
        field.queryset = meeting.items.all()

    @property
    def key(self) -> int:
        return int(self.cleaned_data["item"].pk)

    @property
    def goes_on_at(self) -> str:
        return f"item-{self.key}"


class UpForm(ItemForm):
    @property
    def goes_on_at(self) -> str:
        return f"up-{self.key}"

    def do(self, by: User) -> None:
        meetings.move(self.meeting, self.key, by, up=True)


class DownForm(ItemForm):
    @property
    def goes_on_at(self) -> str:
        return f"down-{self.key}"

    def do(self, by: User) -> None:
        meetings.move(self.meeting, self.key, by, up=False)


class RemoveForm(ItemForm):
    goes_on_at = "agenda"

    def do(self, by: User) -> None:
        meetings.remove(self.meeting, self.key, by)


class NoActionForm(ItemForm):
    def do(self, by: User) -> None:
        meetings.mark(self.meeting, self.key, by, said=Mark.NO_ACTION)


class DiscussForm(ItemForm):
    def do(self, by: User) -> None:
        meetings.mark(self.meeting, self.key, by, said=Mark.DISCUSS)


class AllTheSameForm(ItemForm):
    note = forms.CharField(
        label=gettext_lazy("Why it is discussed although data are missing"), max_length=1000
    )

    def do(self, by: User) -> None:
        note = self.cleaned_data["note"]
        meetings.mark(self.meeting, self.key, by, said=Mark.ALL_THE_SAME, note=note)


class QuestionForm(ActForm):
    """The gate, and the question put to the board."""

    gate = forms.ChoiceField(label=gettext_lazy("Decision point"), choices=Gate.choices)
    question = forms.CharField(label=gettext_lazy("Question to the board"), max_length=1000)


class AskForm(QuestionForm, ItemForm):
    def do(self, by: User) -> None:
        said = {"gate": self.cleaned_data["gate"], "question": self.cleaned_data["question"]}
        meetings.ask(self.meeting, self.key, by, **said)


class AddForm(QuestionForm):
    """A case by its pseudonym; without a gate that which fits its last visit."""

    goes_on_at = "add"
    gate = forms.ChoiceField(
        label=gettext_lazy("Decision point"),
        required=False,
        choices=[("", gettext_lazy("That of the last visit")), *Gate.choices],
    )
    case = IdentifierField(label=gettext_lazy("Case (pseudonym)"), max_length=200)
    field_order = ("case", "gate", "question")

    def clean_case(self) -> Case:
        found = cases_at(self.meeting.centre).filter(case_id=self.cleaned_data["case"]).first()
        if found is None:
            raise forms.ValidationError(_("No case of this centre has this pseudonym."))
        return found

    def do(self, by: User) -> None:
        case, question = self.cleaned_data["case"], self.cleaned_data["question"]
        told = snapshot_of(case, as_of=localdate(), known_at=now())
        gate = Gate(self.cleaned_data["gate"] or gate_after(told))
        meetings.add(self.meeting, case, by, gate=gate, question=question)


class ProposedForm(ActForm):
    """Cases that are proposed, one or all of them, each with the question it is proposed with."""

    goes_on_at = "proposed"
    case = forms.ModelMultipleChoiceField(Case.objects.none(), to_field_name="public_id")

    def __init__(self, data: QueryDict | None, *, meeting: Meeting, **given: Any) -> None:
        super().__init__(data, meeting=meeting, **given)
        field = self.fields["case"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - tells mypy
        field.queryset = cases_at(meeting.centre)

    def do(self, by: User) -> None:
        wanted = {case.pk for case in self.cleaned_data["case"]}
        found = proposals(self.meeting, today=localdate()).shown
        meetings.take_over(self.meeting, [p for p in found if p.case.pk in wanted], by)


class OrderForm(ActForm):
    """The items in another order, by their keys between commas."""

    order = forms.RegexField(r"^\d{1,18}(,\d{1,18})*$", max_length=10_000)

    def do(self, by: User) -> None:
        wanted = [int(key) for key in self.cleaned_data["order"].split(",")]
        meetings.put_in_order(self.meeting, wanted, by)


class ParticipantsForm(ActForm):
    """Those who are there: whatever is pressed beside them, what was ticked is recorded."""

    goes_on_at = "participants"
    present = forms.ModelMultipleChoiceField(Participant.objects.none(), required=False)

    def __init__(self, data: QueryDict | None, *, meeting: Meeting, **given: Any) -> None:
        super().__init__(data, meeting=meeting, **given)
        field = self.fields["present"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - tells mypy
        field.queryset = meeting.participants.all()

    def do(self, by: User) -> None:
        here = [person.pk for person in self.cleaned_data["present"]]
        meetings.attend(self.meeting, by, present=here)


class InviteForm(ParticipantsForm):
    """Somebody of the staff or from elsewhere."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, widget=forms.TextInput({"list": "staff"})
    )
    discipline = forms.ChoiceField(label=gettext_lazy("Discipline"), choices=Discipline.choices)

    def do(self, by: User) -> None:
        super().do(by)
        name = self.cleaned_data["name"]
        staff = User.objects.filter(memberships__centre=self.meeting.centre).distinct()
        user = next((u for u in staff if name in (u.get_full_name(), u.username)), None)
        discipline = self.cleaned_data["discipline"]
        meetings.invite(self.meeting, by, name=name, discipline=discipline, user=user)


class UninviteForm(ParticipantsForm):
    participant = forms.IntegerField(min_value=1, max_value=2**62)

    def do(self, by: User) -> None:
        super().do(by)
        meetings.uninvite(self.meeting, self.cleaned_data["participant"], by)


class CloseForm(ActForm):
    def do(self, by: User) -> None:
        meetings.close(self.meeting, by)


class CancelForm(ActForm):
    def do(self, by: User) -> None:
        meetings.cancel(self.meeting, by)


ACTS: Final[Mapping[str, type[ActForm]]] = {
    "change": ChangeForm,
    "add": AddForm,
    "proposed": ProposedForm,
    "ask": AskForm,
    "remove": RemoveForm,
    "up": UpForm,
    "down": DownForm,
    "order": OrderForm,
    "no_action": NoActionForm,
    "discuss": DiscussForm,
    "all_the_same": AllTheSameForm,
    "invite": InviteForm,
    "attend": ParticipantsForm,
    "uninvite": UninviteForm,
    "close": CloseForm,
    "cancel": CancelForm,
}
"""By what the button that was pressed is called."""
