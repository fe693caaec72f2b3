"""Treatments and events that are typed in the form of a visit, each beside what it answers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django import forms
from django.utils.translation import gettext as _

from patients.entry.asking import Subject
from patients.entry.fields import Answers
from patients.entry.treatments import check_response, treatment_fields
from patients.models import Case, Event, EventRevision, Treatment, TreatmentRevision
from patients.records.snapshots import NEW
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import Variable
from riskfactors.domain.vocabulary import Role
from riskfactors.published import catalogue

MOST_LINES: Final = 5
"""Lines of therapy in one form; further ones come with the next."""
UNASKED: Final = {Role.LYMPHODEPLETION: ("best_response", "response_on")}
"""What nobody assesses; a form of its own asks for it all the same."""
DENIALS: Final = ("no", "0")
OF_EVENT: Final = {"date": "-when", "end": "-until"}


class TreatmentRow(NamedTuple):
    """A treatment that can be typed in the form of a visit.

    `name` begins the names of its fields. `says`: the variable that its start answers.
    """

    name: str
    role: Role
    says: Variable | None = None

    @property
    def anchor(self) -> str:
        """The field that stands for the whole: what is asked about it is asked there."""
        return f"{self.name}-start" if self.says is None else self.name

    def fields(self, bound: str = "") -> dict[str, forms.Field]:
        """The fields of a treatment, none of which need be filled in."""
        left_out = UNASKED.get(self.role, ())
        fields = {
            f"{self.name}-{name}": field
            for name, field in treatment_fields(self.role, bound).items()
            if name not in left_out
        }
        for field in fields.values():
            field.required = False
        return fields | {f"{self.anchor}-sure": Answers(required=False)}


class Occurrence(NamedTuple):
    """What was typed about a treatment or an event: its row, its place, what will be recorded."""

    row: str
    subject: Subject
    revision: TreatmentRevision | EventRevision


def rows_of(
    milestone: Milestone, variables: Sequence[Variable], *, standing: bool
) -> tuple[TreatmentRow, ...]:
    """The treatments that a form asks for: lines of therapy belong to the standing facts."""
    said = [TreatmentRow(v.name, v.treatment, v) for v in variables if v.treatment is not None]
    if standing:
        return (
            *said,
            *(TreatmentRow(f"line{number}", Role.LINE) for number in range(1, MOST_LINES + 1)),
        )
    asked = catalogue().dictionary.treatments_asked_at.items()
    return (*said, *(TreatmentRow(f"{role}1", role) for role, at in asked if milestone in at))


def happenings(
    form: forms.Form, case: Case, rows: Sequence[TreatmentRow], variables: Sequence[Variable]
) -> Iterator[Occurrence]:
    """Everything that happened, as far as it could be read; what is wrong stands at its field."""
    yield from _treatments(form, case, rows)
    yield from _events(form, case, variables)


def _treatments(form: forms.Form, case: Case, rows: Sequence[TreatmentRow]) -> Iterator[Occurrence]:
    for number, row in enumerate(rows, NEW):
        if (said := _treatment(form, row)) is not None:
            names = {field: f"{row.name}-{field}" for field in said}
            yield Occurrence(
                row.name,
                Subject("treatments", number, row.anchor, names),
                TreatmentRevision(
                    treatment=Treatment(case=case, number=number),
                    revision=1,
                    role=row.role,
                    **{field: value for field, value in said.items() if value is not None},
                ),
            )


def _events(form: forms.Form, case: Case, variables: Sequence[Variable]) -> Iterator[Occurrence]:
    for number, variable in enumerate(variables, NEW):
        name, kind = variable.name, variable.event
        if kind is not None and (said := _event(form, variable)) is not None:
            names = {field: f"{name}{end}" for field, end in OF_EVENT.items()}
            yield Occurrence(
                name,
                Subject("events", number, name, names | {"grade": name}),
                EventRevision(event=Event(case=case, number=number), revision=1, kind=kind, **said),
            )


def _typed(form: forms.Form, names: Mapping[str, str]) -> dict[str, Any]:
    return {field: form.cleaned_data.get(name) for field, name in names.items()}


def _wrong(form: forms.Form, name: str) -> bool:
    return any(key == name or key.startswith(f"{name}-") for key in form.errors)


def _treatment(form: forms.Form, row: TreatmentRow) -> dict[str, Any] | None:
    """The fields of a record, None where nothing was typed or something is wrong."""
    fields = [n.removeprefix(f"{row.name}-") for n in row.fields() if not n.endswith("-sure")]
    said = _typed(form, {field: f"{row.name}-{field}" for field in fields})
    if _wrong(form, row.name) or not any(said.values()):
        return None
    if row.says is not None and form.cleaned_data.get(row.name) in ("", *DENIALS):
        form.add_error(row.name, _("What was given is described below: choose Yes."))
    if not said["start"]:
        form.add_error(f"{row.name}-start", _("Give the day on which it started."))
    if not said.get("modality", "-"):
        form.add_error(f"{row.name}-modality", _("Choose what it was."))
    check_response(form, f"{row.name}-")
    return None if _wrong(form, row.name) else said


def _event(form: forms.Form, variable: Variable) -> dict[str, Any] | None:
    """The fields of a record, None without a day."""
    name = variable.name
    value, when = form.cleaned_data.get(name), form.cleaned_data.get(f"{name}-when")
    until = form.cleaned_data.get(f"{name}-until")
    if _wrong(form, name) or not (when or until):
        return None
    if not when:
        form.add_error(f"{name}-when", _("Give the day on which it began."))
    elif not value or value in DENIALS:
        form.add_error(name, _("A day belongs to what happened: choose what it was."))
    else:
        grade = int(value) if value.isdigit() else None
        return {"date": when, "end": until, "grade": grade}
    return None
