"""A recorded statement as a line of text, with the way to its history and correction."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.models import (
    AssessmentDate,
    Case,
    EventRevision,
    Observation,
    Revision,
    TreatmentRevision,
)
from riskfactors.domain import snapshot as domain
from riskfactors.domain.vocabulary import Role, SalvageClass
from riskfactors.published import catalogue
from riskfactors.words import code_name, name_of, role_name, salvage_name
from riskfactors.words.facts import day_words, observation_words, with_unit


class Line(Struct, frozen=True, kw_only=True):
    """What is recorded of one variable at one visit."""

    name: str
    label: str
    value: str
    details: str
    url: str


def said(recorded: domain.Observation | domain.Absence) -> str:
    """The value, or why there is none."""
    if isinstance(recorded, domain.Absence):
        reason = _(catalogue().dictionary.absent_reasons[recorded.reason])
        return _("No value: %s") % reason
    return observation_words(recorded)


def line_of(
    case: Case,
    number: int,
    name: str,
    recorded: domain.Observation | domain.Absence,
    here: date | None,
) -> Line:
    """A line that leads to the statement's history, dated unless its day is that of the page."""
    seen = recorded.fact if isinstance(recorded, domain.Observation) else recorded
    on = seen.observed_on
    details = (
        _("on %s") % day_words(on) if on != here else "",
        _("note: %s") % recorded.note if recorded.note else "",
    )
    return Line(
        name=name,
        label=name_of(name),
        value=said(recorded),
        details=" · ".join(filter(None, details)),
        url=reverse("patients:value", args=[case.public_id, number, name]),
    )


def row_in_words(row: Revision | None) -> str:
    """What a record says, as it was typed."""
    match row:
        case None:
            return _("Nothing")
        case Observation() if row.value:
            return _observed(row)
        case Observation() if row.absent:
            return _("No value: %s") % _(catalogue().dictionary.absent_reasons[row.absent])
        case AssessmentDate() if row.date:
            return day_words(row.date)
        case TreatmentRevision() if not row.withdrawn:
            return treatment_in_words(row)
        case EventRevision() if not row.withdrawn:
            return event_in_words(row)
    return _("Withdrawn: it was recorded in error")


def _observed(row: Observation) -> str:
    variable = catalogue().dictionary.variables[row.variable]
    if row.value in variable.codes:
        words = code_name(row.variable, row.value)
    else:
        words = with_unit(row.value, row.unit or variable.unit)
    if row.upper_limit:
        limit = with_unit(row.upper_limit, row.unit or variable.unit)
        words = _("%(value)s (upper limit %(limit)s)") % {"value": words, "limit": limit}
    parts = (
        words,
        _("on %s") % day_words(row.observed_on) if row.observed_on else "",
        _("note: %s") % row.note if row.note else "",
    )
    return " · ".join(filter(None, parts))


def treatment_in_words(row: TreatmentRevision) -> str:
    """A treatment: what it was, from when to when, and its response."""
    response = code_name("treatments", row.best_response) if row.best_response else ""
    if response and row.response_on:
        response = _("%(response)s on %(day)s") % {
            "response": response,
            "day": day_words(row.response_on),
        }
    parts = (
        role_name(Role(row.role)),
        row.regimen,
        code_name("treatments", row.modality) if row.modality else "",
        salvage_name(SalvageClass(row.salvage_class)) if row.salvage_class else "",
        _("from %s") % day_words(row.start) if row.start else "",
        _("to %s") % day_words(row.end) if row.end else "",
        response,
    )
    return " · ".join(filter(None, parts))


def event_in_words(row: EventRevision) -> str:
    """An event: what happened and when, its grade or cause."""
    kind = catalogue().dictionary.events[row.kind]
    parts = (
        _(kind.label),
        _("grade %s") % row.grade if row.grade else "",
        _(kind.causes[row.cause]) if row.cause else "",
        day_words(row.date) if row.date else "",
        _("note: %s") % row.note if row.note else "",
    )
    return " · ".join(filter(None, parts))
