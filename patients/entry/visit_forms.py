"""The form of one visit: the variables that are asked for and not recorded yet."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from patients.entry.asking import AskingForm, Subject
from patients.entry.fields import Answers, day_field, fields_of
from patients.entry.questions import Limit, Surroundings
from patients.entry.reading import Doubts, Statement, Typed, read_statement
from patients.entry.recording import new_visit, revisions_of
from patients.frame.tokens import TokenField, new_token
from patients.models import Assessment, AssessmentDate, Revision
from patients.records.outlook import Outlook
from patients.records.snapshots import NEW
from riskfactors.domain.snapshot import Observation
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import Variable

THEIRS, MINE = "theirs", "mine"


class LooksAhead(Protocol):
    """Says what statements would bring into the case of a form."""

    def __call__(self, revisions: Sequence[Revision], *, token: uuid.UUID) -> Outlook: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What lies beside the form: the visit and what is known round it."""

    address: str
    """Where the form lies."""
    variables: Sequence[Variable]
    milestone: Milestone
    visit: Assessment | None
    """None for a visit that is not recorded yet, which has no date either."""
    visited_on: date | None
    previous: Mapping[str, Observation]
    revisions: Mapping[str, int]
    """Of the slots that were written before, the latest revision."""
    held: frozenset[str]
    """The variables that have a value now: another one is a correction."""
    pending: frozenset[str]
    """Those whose value is expected."""
    limits: Mapping[str, Limit]
    """The upper limits that the centre's laboratory prints, by variable."""
    outlook: LooksAhead


class VisitForm(AskingForm):
    """Reads statements; those that could be read are in `statements` even if others could not."""

    reason = forms.CharField(label=_("Reason for the correction"), required=False, max_length=1000)

    def __init__(self, data: QueryDict | None, *, desk: Desk) -> None:
        super().__init__(None if data is None else settled(data), auto_id="id_%s")
        self.desk = desk
        self.statements: list[Statement] = []
        self.fields["token"] = TokenField(desk.address)
        if desk.visited_on is None:
            self.fields["date"] = day_field(_("Date of the visit"), required=True)
            self.fields["date-sure"] = Answers(required=False)
        if self.is_bound:  # what is only shown is remembered as markup (patients.entry.inputs)
            for variable in desk.variables:
                self.fields.update(fields_of(variable))

    def clean(self) -> dict[str, Any]:
        """Read each statement on its own."""
        cleaned = self.cleaned_data
        for variable in self.desk.variables:
            self._read(variable, cleaned)
        self._look_ahead(cleaned)
        corrected = [s for s in self.statements if s.variable in self.desk.held and self.seen(s)]
        if corrected and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why what was recorded is replaced."))
        return cleaned

    def _look_ahead(self, cleaned: dict[str, Any]) -> None:
        """Hold the case with these statements against the domain; what it doubts is left out."""
        visit, token = self._visit(cleaned), cleaned.get("token")
        while visit is not None and token is not None:
            said = [(statement, self.seen(statement)) for statement in self.statements]
            outlook = self.desk.outlook(revisions_of(visit, said), token=token)
            doubted = {field.partition("-")[0] for field in self.weigh(outlook, self._subject())}
            kept = [s for s in self.statements if s.variable not in doubted]
            if len(kept) == len(self.statements) or "date" in doubted:
                return
            self.statements = kept

    def _visit(self, cleaned: dict[str, Any]) -> Assessment | AssessmentDate | None:
        """The visit that the statements are about, None while a new one has no date."""
        if self.desk.visit is not None:
            return self.desk.visit
        day = cleaned.get("date")
        return None if day is None else new_visit(self.desk.milestone, day)

    def _subject(self) -> Subject:
        visit = self.desk.visit
        field = next((s.variable for s in self.statements), "reason") if visit else "date"
        return Subject("assessments", NEW if visit is None else visit.number, field)

    def _read(self, variable: Variable, cleaned: dict[str, Any]) -> None:
        name = variable.name
        if any(key == name or key.startswith(f"{name}-") for key in self.errors):
            return
        typed = Typed(
            value=cleaned.get(name, "").strip(),
            unit=cleaned.get(f"{name}-unit", ""),
            upper_limit=cleaned.get(f"{name}-limit", "").strip(),
            centre_limit=cleaned.get(f"{name}-centre", False),
            observed_on=cleaned.get(f"{name}-on"),
            absent=cleaned.get(f"{name}-absent", ""),
            note=cleaned.get(f"{name}-note", ""),
            sure=cleaned.get(f"{name}-sure", ()),
        )
        near = Surroundings(
            visited_on=self.desk.visited_on or cleaned.get("date"),
            previous=self.desk.previous.get(name),
            centre_limit=self.desk.limits.get(name),
        )
        read = read_statement(variable, typed, near)
        if isinstance(read, Statement):
            self.statements.append(read)
        elif isinstance(read, Doubts):
            for field, message in read.errors.items():
                self.add_error(f"{name}-{field}" if field else name, message)
            if read.question is not None:
                self.ask(name, read.question)

    def seen(self, statement: Statement) -> int:
        """The revision that its writer saw, 0 for none."""
        return self.cleaned_data.get(f"{statement.variable}-seen") or 0

    @property
    def can_record_rest(self) -> bool:
        """Whether what could be read can be recorded without what could not."""
        mine = {s.variable for s in self.statements}
        whole = self.errors.keys() & {"token", "date", "reason", "__all__"}
        return bool(mine) and not whole

    def fresh_token(self) -> str:
        return new_token(self.desk.address)

    def without_recorded(self, address: str) -> QueryDict:
        """What was typed and is not recorded yet, for a new form at an address."""
        recorded = {s.variable for s in self.statements} | {"reason", "date", "rest"}
        rest = self.typed.copy()
        for key in [key for key in rest if key.partition("-")[0] in recorded]:
            del rest[key]
        rest["token"] = new_token(address)
        return rest


class ValueForm(VisitForm):
    """The form of one variable: a first value, or a correction with its reason."""

    def __init__(self, data: QueryDict | None, *, desk: Desk) -> None:
        super().__init__(data, desk=desk)
        (self.variable,) = desk.variables
        self.corrects = self.variable.name in desk.revisions
        if self.corrects:
            self.fields["withdraw"] = forms.BooleanField(
                label=_("Withdraw: it was recorded in error"), required=False
            )

    def clean(self) -> dict[str, Any]:
        """One statement, or none and why."""
        cleaned = self.cleaned_data
        name = self.variable.name
        if cleaned.get("withdraw") and not cleaned.get(name):
            self.statements = [Statement(variable=name, withdrawn=True)]
        else:
            self._read(self.variable, cleaned)
            if not self.statements and not self.errors:
                self.add_error(name, _("Give the value, or the reason why there is none."))
        self._look_ahead(cleaned)
        if cleaned.get("withdraw") and cleaned.get(name):
            self.add_error("withdraw", _("Give another value or withdraw, not both."))
        if self.corrects and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why what was recorded is corrected."))
        return cleaned


def settled(data: QueryDict) -> QueryDict:
    """What was posted, after the choices of a conflict page: `clash-NAME` keeps one of two.

    Theirs: what was typed is left out. Mine: it follows the revision that was shown.
    """
    chosen = data.copy()
    for key in [key for key in chosen if key.startswith("clash-")]:
        name, choice = key.removeprefix("clash-"), chosen[key]
        if choice == THEIRS:
            for own in [k for k in chosen if k == name or k.startswith(f"{name}-")]:
                del chosen[own]
        elif choice == MINE:
            chosen[f"{name}-seen"] = chosen.get(f"shown-{name}", "")
        del chosen[key]
    return chosen
