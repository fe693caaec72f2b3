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
from patients.entry.gaps import GAP, gap_field, gap_of, gaps_of, may_be_a_gap
from patients.entry.happenings import Occurrence, TreatmentRow, happenings
from patients.entry.questions import CALMING, Limit, Surroundings
from patients.entry.reading import Doubts, Statement, Typed, read_statement
from patients.entry.recording import new_visit, revisions_of
from patients.frame.tokens import TokenField, new_token
from patients.models import Assessment, AssessmentDate, Case, Revision
from patients.records.outlook import Outlook
from patients.records.snapshots import NEW
from riskfactors.domain.snapshot import Event, Observation
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import Variable
from riskfactors.published import catalogue

THEIRS, MINE = "theirs", "mine"


class LooksAhead(Protocol):
    """Says what statements would bring into the case of a form."""

    def __call__(self, revisions: Sequence[Revision], *, token: uuid.UUID) -> Outlook: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What lies beside the form: the visit and what is known round it."""

    address: str
    """Where the form lies."""
    case: Case
    variables: Sequence[Variable]
    rows: Sequence[TreatmentRow]
    """The treatments that are asked for."""
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
    given: frozenset[str]
    """The variables that are recorded here with Yes."""
    infusion: date | None
    events: Sequence[Event]
    limits: Mapping[str, Limit]
    """The upper limits that the centre's laboratory prints, by variable."""
    units: Mapping[str, str]
    """The units in which it prints, where it is known."""
    outlook: LooksAhead


class VisitForm(AskingForm):
    """Reads statements; those that could be read are in `statements` even if others could not,
    and so are treatments and events in `happened`."""

    dated = True
    """Whether the day of what happened can be typed with it, as of an event."""

    reason = forms.CharField(label=_("Reason for the correction"), required=False, max_length=1000)

    def __init__(
        self, data: QueryDict | None, *, desk: Desk, drafted: Mapping[str, Any] | None = None
    ) -> None:
        sent = None if data is None else settled(data)
        units = {f"{name}-unit": unit for name, unit in desk.units.items()}
        super().__init__(sent, auto_id="id_%s", initial={**units, **(drafted or {})})
        self.desk = desk
        self.statements: list[Statement] = []
        self.happened: list[Occurrence] = []
        self.fields["token"] = TokenField(desk.address)
        if desk.visited_on is None:
            self.fields["date"] = day_field(_("Date of the visit"), required=True)
            self.fields["date-sure"] = Answers(required=False)
        if self.is_bound:  # what is only shown is remembered as markup (patients.entry.inputs)
            for variable in desk.variables:
                self.fields.update(fields_of(variable))
            for row in desk.rows:
                self.fields.update(row.fields())
            for name in gaps_of(desk.variables):
                self.fields[name] = gap_field()

    def clean(self) -> dict[str, Any]:
        """Read each statement on its own."""
        cleaned, desk = self.cleaned_data, self.desk
        self.happened = list(happenings(self, desk.case, desk.rows, desk.variables))
        said = {happening.row for happening in self.happened}
        for variable in desk.variables:
            if variable.name not in said:
                self._read(variable, cleaned)
        self._fill_gaps(cleaned)
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
            rows = [*revisions_of(visit, said), *(h.revision for h in self.happened)]
            outlook = self.desk.outlook(rows, token=token)
            also = [happening.subject for happening in self.happened]
            shown = self.weigh(outlook, self._subject(), also=also)
            doubted = {field.partition("-")[0] for field in shown}
            if "date" in doubted or not doubted & self._said:
                return
            self.statements = [s for s in self.statements if s.variable not in doubted]
            self.happened = [h for h in self.happened if h.row not in doubted]

    @property
    def _said(self) -> set[str]:
        """What begins the names of the fields of all that could be read."""
        return {s.variable for s in self.statements} | {h.row for h in self.happened}

    def asks_at(self, name: str) -> bool:
        """Only where something was typed: what is held already is not asked about again."""
        said = name == "date" or name.partition("-")[0] in self._said
        return said and super().asks_at(name)

    def _fill_gaps(self, cleaned: dict[str, Any]) -> None:
        """Say why there is no value of what was left empty, where one reason was given for all."""
        desk, answered = self.desk, self._said | {key.partition("-")[0] for key in self.errors}
        for variable in desk.variables:
            reason = cleaned.get(gap_of(variable.group)) or cleaned.get(GAP)
            left = variable.name not in answered and variable.name not in desk.revisions
            if reason and left and may_be_a_gap(variable):
                self.statements.append(Statement(variable=variable.name, absent=reason))

    def _visit(self, cleaned: dict[str, Any]) -> Assessment | AssessmentDate | None:
        """The visit that the statements are about, None while a new one has no date."""
        if self.desk.visit is not None:
            return self.desk.visit
        day = cleaned.get("date")
        return None if day is None else new_visit(self.desk.milestone, day)

    def _subject(self) -> Subject:
        """The visit; what names nothing that was typed is of what happened rather than a value."""
        visit = self.desk.visit
        if visit is None:
            return Subject("assessments", NEW, "date")
        said = [h.subject.field for h in self.happened] + [s.variable for s in self.statements]
        return Subject("assessments", visit.number, next(iter(said), "reason"))

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
            recovering=self._recovering(cleaned),
            calmed=self._calmed(cleaned),
        )
        read = read_statement(variable, typed, near)
        if isinstance(read, Statement):
            self.statements.append(read)
        elif isinstance(read, Doubts):
            for field, message in read.errors.items():
                self.add_error(f"{name}-{field}" if field else name, message)
            if read.question is not None:
                self.ask(name, read.question)

    def _recovering(self, cleaned: dict[str, Any]) -> bool:
        infusion, day = self.desk.infusion, self.desk.visited_on or cleaned.get("date")
        if infusion is None or day is None:
            return False
        window = catalogue().dictionary.windows_days_after_infusion[Milestone.DAY_28]
        return (day - infusion).days >= window.low

    def _calmed(self, cleaned: dict[str, Any]) -> bool:
        day = self.desk.visited_on or cleaned.get("date")
        lasting = catalogue().dictionary.fresh_days_before_visit["confounders"]["otherwise"]
        return any(
            cleaned.get(name) == "yes" or name in self.desk.given for name in CALMING.values()
        ) or any(
            event.kind in CALMING
            and day is not None
            and event.date <= day
            and (day - (event.end or event.date)).days <= lasting
            for event in self.desk.events
        )

    def seen(self, statement: Statement) -> int:
        """The revision that its writer saw, 0 for none."""
        return self.cleaned_data.get(f"{statement.variable}-seen") or 0

    @property
    def says_anything(self) -> bool:
        """Whether there is anything to record."""
        return bool(self._said)

    @property
    def can_record_rest(self) -> bool:
        """Whether what could be read can be recorded without what could not."""
        whole = self.errors.keys() & {"token", "date", "reason", "__all__"}
        return self.says_anything and not whole

    @property
    def only_asks(self) -> bool:
        """Whether nothing is wrong, and what is asked about alone is not recorded."""
        return bool(self.questions) and all(
            error.code == "asked" for errors in self.errors.as_data().values() for error in errors
        )

    def fresh_token(self) -> str:
        return new_token(self.desk.address)

    def without_recorded(self, address: str) -> QueryDict:
        """What was typed and is not recorded yet, for a new form at an address."""
        recorded = self._said | {GAP, "reason", "date", "rest", "next"}
        rest = self.typed.copy()
        for key in [key for key in rest if key.partition("-")[0] in recorded]:
            del rest[key]
        rest["token"] = new_token(address)
        return rest


class ValueForm(VisitForm):
    """The form of one variable: a first value, or a correction with its reason."""

    dated = False

    def __init__(self, data: QueryDict | None, *, desk: Desk, **given: Any) -> None:
        super().__init__(data, desk=desk, **given)
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
        if self.late:
            return cleaned
        self._look_ahead(cleaned)
        if cleaned.get("withdraw") and cleaned.get(name):
            self.add_error("withdraw", _("Give another value or withdraw, not both."))
        if self.corrects and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why what was recorded is corrected."))
        return cleaned

    @property
    def late(self) -> bool:
        """Whether somebody was first since the form was opened: both versions are shown before
        anything is asked about this one."""
        written = self.desk.revisions.get(self.variable.name, 0)
        return any(self.seen(said) != written for said in self.statements)


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
