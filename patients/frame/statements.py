"""A recorded statement as a line of text, with the way to its history and correction."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.frame.decisions import clearance_words, outcome_words, recommendation_words
from patients.models import (
    AssessmentDate,
    Case,
    ClearanceRevision,
    Demographics,
    EventRevision,
    Observation,
    OutcomeRevision,
    RecommendationRevision,
    Revision,
    TreatmentRevision,
)
from patients.records.rows import event_of, treatment_of
from riskfactors.domain import snapshot as domain
from riskfactors.domain.vocabulary import Comparator, Sex
from riskfactors.words import name_of, sex_name
from riskfactors.words.course import (
    beside_words,
    event_words,
    listed,
    treatment_words,
    withdrawn_words,
)
from riskfactors.words.facts import (
    absence_words,
    amount_words,
    day_words,
    limited_words,
    said_words,
)


class StatementLine(Struct, frozen=True, kw_only=True):
    """What is recorded of one variable at one visit."""

    name: str
    label: str
    value: str
    details: str
    url: str


def line_of(
    case: Case,
    number: int,
    name: str,
    recorded: domain.Observation | domain.Absence,
    here: date | None,
) -> StatementLine:
    """A line that leads to the statement's history, dated unless its day is that of the page."""
    seen = recorded.fact if isinstance(recorded, domain.Observation) else recorded
    on = None if seen.observed_on == here else seen.observed_on
    return StatementLine(
        name=name,
        label=name_of(name),
        value=said_words(recorded),
        details=beside_words(on=on, note=recorded.note),
        url=reverse("patients:value", args=[case.public_id, number, name]),
    )


def row_in_words(row: Revision | None) -> str:
    """What a record says, as it was typed: the same words on every page."""
    match row:
        case None:
            return _("Nothing")
        case Demographics():
            return listed((_("born %s") % day_words(row.birth_date), sex_name(Sex(row.sex))))
        case AssessmentDate() if row.date:
            return day_words(row.date)
        case Observation() if not row.withdrawn:
            return _observed(row)
        case TreatmentRevision() if not row.withdrawn:
            return treatment_words(treatment_of(row))
        case EventRevision() if not row.withdrawn:
            return event_words(event_of(row))
        case RecommendationRevision():
            return recommendation_words(row)
        case OutcomeRevision() if not row.withdrawn:
            return outcome_words(row)
        case ClearanceRevision() if not row.withdrawn:
            return clearance_words(row)
    return withdrawn_words()


def _observed(row: Observation) -> str:
    words = absence_words(row.absent)
    if row.value:
        comparator = Comparator(row.comparator) if row.comparator else None
        words = amount_words(row.variable, row.value, row.unit, comparator)
    if row.upper_limit:
        limit = amount_words(row.variable, row.upper_limit, row.unit)
        words = limited_words(words, limit)
    confirmed = _("confirmed as meant") if row.confirmed else ""
    return listed((words, beside_words(on=row.observed_on, note=row.note), confirmed))
