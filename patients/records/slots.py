"""Where the statements of a case stand: the visits, and the revisions that the next one follows."""

from datetime import date
from typing import NamedTuple

from django.db.models import Max

from patients import models
from patients.models import AssessmentDate, Case
from patients.records.snapshots import CaseRows, NumberedSnapshot, read_together, rows_up_to
from riskfactors.domain.snapshot import Assessment, Observation, Snapshot
from riskfactors.domain.timepoints import ORDER, Milestone


class Visit(NamedTuple):
    """A recorded assessment: its number in the case, its current date and that date's revision."""

    date: date
    place: int
    number: int
    assessment_id: int
    milestone: Milestone
    revision: int


def visits_of(case: Case, head: int) -> list[Visit]:
    """The visits of a case in the order of time, as the entries up to this one tell them."""
    rows = (
        AssessmentDate.objects.filter(assessment__case=case, entry_id__lte=head)
        .order_by("revision")
        .values_list(
            *("assessment__number", "assessment_id", "assessment__milestone", "revision", "date")
        )
    )
    current = {row[0]: row for row in rows}
    return sorted(
        Visit(day, ORDER[Milestone(milestone)], number, key, Milestone(milestone), revision)
        for number, key, milestone, revision, day in current.values()
        if day is not None
    )


def revisions_at(assessment_id: int, head: int) -> dict[str, int]:
    """The latest revision, up to this entry, of each variable ever written at a visit."""
    return dict(
        models.Observation.objects.filter(assessment_id=assessment_id, entry_id__lte=head)
        .order_by()
        .values_list("variable")
        .annotate(Max("revision"))
    )


class Known(NamedTuple):
    """A case as it stands, and each visit by its number with what it recorded."""

    rows: CaseRows
    recorded: NumberedSnapshot
    visits: dict[int, tuple[Visit, Assessment]]

    @property
    def snapshot(self) -> Snapshot:
        """The case."""
        return self.recorded.snapshot

    def before(self, day: date | None, *, number: int | None = None) -> dict[str, Observation]:
        """The latest value of each variable at the other visits, up to a day."""
        values: dict[str, Observation] = {}
        for other, (visit, assessment) in self.visits.items():
            if other != number and (day is None or visit.date <= day):
                values |= assessment.observations
        return values

    def at(self, milestone: Milestone) -> Visit | None:
        """The visit of a milestone, None while it is not recorded."""
        return next((v for v, _ in self.visits.values() if v.milestone is milestone), None)


def known_of(case: Case, head: int) -> Known:
    """Everything that the entries up to this one recorded, the visits in the order of time.

    What is saved while this is read appears in no part of it.
    """
    rows = rows_up_to(case, head)
    recorded = read_together(rows)
    said = dict(zip(recorded.places.assessments, recorded.snapshot.assessments, strict=True))
    visits = {visit.number: (visit, said[visit.number]) for visit in visits_of(case, head)}
    return Known(rows, recorded, visits)
