"""What the pages of one statement show: its form, its history, and what a correction changes."""

from collections.abc import Iterable, Iterator, Sequence

from django.forms import BoundField
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.entry.cells import Asked, asked_about
from patients.entry.statement_forms import StatementForm
from patients.frame.faults import ASKED, WRONG, Faults, faults_of
from patients.frame.heading import Heading, heading_of
from patients.frame.statements import row_in_words
from patients.models import AssessmentDate, Revision
from patients.permissions import OpenedCase
from patients.records.preview import Change, Effect
from riskfactors.domain.agenda import Finding
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, say, verdict_name

NOT_SAID = ("id", "entry", "revision", "withdrawn", "treatment", "event", "assessment", "variable")


class Past(Struct, frozen=True, kw_only=True):
    """One revision: what was said, by whom, when and why."""

    said: str
    by: str
    at: str
    reason: str


class Row(Struct, frozen=True):
    """A field, and what is asked about it."""

    field: BoundField
    asked: Asked


class StatementPage(Struct, frozen=True, kw_only=True):
    """A form of one statement, with its history."""

    heading: Heading
    title: str
    form: StatementForm
    rows: tuple[Row, ...]
    faults: Faults | None
    history: tuple[Past, ...]
    may_record: bool
    may_withdraw: bool
    records_url: str


class Shift(Struct, frozen=True, kw_only=True):
    """A verdict that would be another."""

    milestone: str
    factor: str
    before: str
    after: str


class ConfirmPage(Struct, frozen=True, kw_only=True):
    """What a correction says and changes, before it is recorded."""

    heading: Heading
    title: str
    before: str
    after: str
    shifts: tuple[Shift, ...]
    warnings: tuple[str, ...]
    typed: tuple[tuple[str, str], ...]


def statement_page(
    opened: OpenedCase, form: StatementForm, title: str, history: Sequence[Revision]
) -> StatementPage:
    """The form of a new statement, or the correction of one with its history."""
    return StatementPage(
        heading=heading_of(opened, "records"),
        title=title,
        form=form,
        rows=tuple(Row(field, asked_about(form, field.name)) for field in form.visible_fields()),
        faults=faults_of(form, ASKED if form.questions else WRONG),
        history=tuple(history_of(history)),
        may_record=opened.may_record,
        may_withdraw=bool(history) and not isinstance(history[-1], AssessmentDate),
        records_url=reverse("patients:records", args=[opened.case.public_id]),
    )


def history_of(revisions: Iterable[Revision]) -> Iterator[Past]:
    """The revisions, the first first."""
    for row in revisions:
        entry = row.entry
        yield Past(
            said=row_in_words(row),
            by=entry.recorded_by.get_full_name() or entry.recorded_by.username,
            at=date_format(localtime(entry.recorded_at), "j M Y, H:i"),
            reason=entry.reason,
        )


def confirm_page(
    opened: OpenedCase,
    title: str,
    before: Revision,
    after: Revision,
    effect: Effect,
    typed: QueryDict,
) -> ConfirmPage:
    """The correction with all verdicts that it would change, and all warnings it would bring."""
    return ConfirmPage(
        heading=heading_of(opened, "records"),
        title=title,
        before=row_in_words(before),
        after=row_in_words(after),
        shifts=tuple(map(shift_of, effect.changes)),
        warnings=tuple(map(say, effect.warnings)),
        typed=tuple(
            (key, value)
            for key, values in typed.lists()
            if key not in ("csrfmiddlewaretoken", "confirmed", "back")
            for value in values
        ),
    )


def fields_said(row: Revision) -> dict[str, object]:
    """What a revision says, by its fields, to be corrected."""
    return {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if field.name not in NOT_SAID
    }


def shift_of(change: Change) -> Shift:
    """A change in words."""
    factor = catalogue().by_key[change.factor]
    return Shift(
        milestone=milestone_name(change.milestone),
        factor=_(factor.name),
        before=_said(change.factor, change.before),
        after=_said(change.factor, change.after),
    )


def _said(key: str, finding: Finding | None) -> str:
    if finding is None:
        return _("Milestone not reached")
    words = verdict_name(finding.verdict)
    if finding.stratum is None:
        return words
    factor = catalogue().by_key[key]
    return f"{words}: {_(factor.strata[finding.stratum].name)}"
