"""The form of one visit: the variables that are asked for and not recorded yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.entry.fields import Answers, day_field, fields_of
from patients.entry.questions import Limit, Question, Surroundings
from patients.entry.reading import Doubts, Statement, Typed, read_statement
from patients.frame.problems import died_before
from patients.frame.saving import SavedForm
from patients.frame.tokens import TokenField, new_token
from riskfactors.domain.snapshot import Observation
from riskfactors.domain.variables import Interval, Variable

THEIRS, MINE = "theirs", "mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What lies beside the form: the visit and what is known round it."""

    address: str
    """Where the form lies."""
    variables: Sequence[Variable]
    visited_on: date | None
    """None for a visit that is not recorded yet."""
    previous: Mapping[str, Observation]
    revisions: Mapping[str, int]
    """Of the slots that were written before, the latest revision."""
    held: frozenset[str]
    """The variables that have a value now: another one is a correction."""
    pending: frozenset[str]
    """Those whose value is expected."""
    limits: Mapping[str, Limit]
    """The upper limits that the centre's laboratory prints, by variable."""
    infused_on: date | None = None
    died_on: date | None = None
    window: Interval | None = None
    """The days after the infusion on which the visit is usual, where there are such."""


class VisitForm(SavedForm):
    """Reads statements; those that could be read are in `statements` even if others could not."""

    reason = forms.CharField(label=_("Reason for the correction"), required=False, max_length=1000)

    def __init__(self, data: QueryDict | None, *, desk: Desk) -> None:
        super().__init__(None if data is None else settled(data), auto_id="id_%s")
        self.desk = desk
        self.statements: list[Statement] = []
        self.questions: dict[str, Question] = {}
        self.fields["token"] = TokenField(desk.address)
        if desk.visited_on is None:
            self.fields["date"] = day_field(_("Date of the visit"), required=True)
            self.fields["date-sure"] = Answers(required=False)
        for variable in desk.variables:
            fields = fields_of(variable)
            fields[f"{variable.name}-seen"].initial = desk.revisions.get(variable.name)
            self.fields.update(fields)

    def clean(self) -> dict[str, Any]:
        """Read each statement on its own."""
        cleaned = self.cleaned_data
        self._check_date(cleaned)
        for variable in self.desk.variables:
            self._read(variable, cleaned)
        corrected = [s for s in self.statements if s.variable in self.desk.held and self.seen(s)]
        if corrected and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why what was recorded is replaced."))
        return cleaned

    def _check_date(self, cleaned: dict[str, Any]) -> None:
        desk, day = self.desk, cleaned.get("date")
        if day is None:
            return
        if desk.died_on is not None and day > desk.died_on:
            self.add_error("date", died_before(desk.died_on))
            return
        if desk.window is None or desk.infused_on is None:
            return
        after = (day - desk.infused_on).days
        answer = f"date {day} {desk.infused_on}"
        if after < 0 or after in desk.window or answer in cleaned["date-sure"]:
            return
        low, high = desk.window.ends
        sentence = gettext(
            "This is day %(day)s after the infusion; the visit is usual on days %(low)s to "
            "%(high)s."
        ) % {"day": after, "low": low, "high": high}
        self.questions["date"] = Question(
            sentence=sentence, answers={answer: gettext("Yes, the date is right")}
        )
        self.add_error("date", forms.ValidationError(sentence, code="asked"))

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
                self.questions[name] = read.question
                self.add_error(name, forms.ValidationError(read.question.sentence, code="asked"))

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
