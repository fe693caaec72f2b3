"""What forms read about a visit becomes one entry of its case."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from patients.entry.reading import Statement
from patients.models import (
    Assessment,
    AssessmentDate,
    Case,
    Entry,
    Observation,
    Revision,
    User,
)
from patients.records.saving import record
from riskfactors.domain.timepoints import Milestone


def new_visit(milestone: Milestone, on: date) -> AssessmentDate:
    """A visit that is not recorded yet, with its date."""
    return AssessmentDate(assessment=Assessment(milestone=milestone), revision=1, date=on)


def record_visit(
    *,
    case: Case,
    by: User,
    token: uuid.UUID,
    visit: Assessment | AssessmentDate,
    statements: Iterable[tuple[Statement, int]],
    also: Iterable[Revision] = (),
    reason: str = "",
) -> Entry:
    """Record statements, each with the revision that its writer saw (0: none), at a visit.

    `also`: new treatments and events, recorded with them.

    The visit is a recorded one, or a new one with its date. What replaces no value, but a reason
    for its absence, needs no other reason. Raises what `records.record` raises.
    """
    new = isinstance(visit, AssessmentDate)
    revisions = [*revisions_of(visit, statements), *also]
    if not reason and not new:
        reason = _("The value has become known.") if any(r.revision > 1 for r in revisions) else ""
    return record(case=case, by=by, token=token, revisions=revisions, reason=reason)


def revisions_of(
    visit: Assessment | AssessmentDate, statements: Iterable[tuple[Statement, int]]
) -> list[Revision]:
    """What is to be written, of a new visit its date first."""
    if isinstance(visit, AssessmentDate):
        return [visit, *revisions_of(visit.assessment, statements)]
    return [_observation(visit, statement, seen) for statement, seen in statements]


def _observation(assessment: Assessment, statement: Statement, seen: int) -> Observation:
    return Observation(
        assessment=assessment,
        variable=statement.variable,
        revision=seen + 1,
        value=statement.value,
        comparator=statement.comparator,
        unit=statement.unit,
        upper_limit=statement.upper_limit,
        observed_on=statement.observed_on,
        absent=statement.absent,
        note=statement.note,
        confirmed=statement.confirmed,
        withdrawn=statement.withdrawn,
    )
