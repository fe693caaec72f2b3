"""From records to how complete cases are recorded: every answer of some visits, in one query."""

from collections.abc import Iterable, Mapping

from patients.models import Observation
from patients.records.progress import ListedVisit, Recorded, reached_in
from riskfactors.domain.completeness import Answers, RecordedCourse
from riskfactors.domain.progress import PENDING, Happenings


def said_at(visits: Iterable[int]) -> Recorded:
    """What stands for every variable at some visits."""
    rows = (
        Observation.objects.filter(assessment__in=list(visits))
        .order_by("revision")
        .values_list("assessment_id", "variable", "value", "observed_on", "absent")
    )
    return {row[:2]: row[2:] for row in rows}


def answers_at(recorded: Recorded) -> Mapping[int, Answers]:
    """What each visit has a value for, a reason for none, or awaits."""
    values: dict[int, set[str]] = {}
    reasons: dict[int, set[str]] = {}
    pending: dict[int, set[str]] = {}
    for (visit, variable), (value, _day, absent) in recorded.items():
        if value:
            values.setdefault(visit, set()).add(variable)
        elif absent == PENDING:
            pending.setdefault(visit, set()).add(variable)
        elif absent:
            reasons.setdefault(visit, set()).add(variable)
    return {
        visit: Answers(values.get(visit, ()), reasons.get(visit, ()), pending.get(visit, ()))
        for visit in values.keys() | reasons.keys() | pending.keys()
    }


def course_of(
    visits: Iterable[ListedVisit], happened: Happenings, answers: Mapping[int, Answers]
) -> RecordedCourse:
    """What a case has recorded; what stays true is answered at an interim visit too."""
    visits = list(visits)
    all_said = [answers[visit.pk] for visit in visits if visit.pk in answers]
    return RecordedCourse(
        reached=reached_in(visits),
        said={v.milestone: answers[v.pk] for v in visits if v.pk in answers},
        answered={name for said in all_said for name in (*said.values, *said.reasons)},
        awaited={name for said in all_said for name in said.pending},
        happened=happened,
    )
