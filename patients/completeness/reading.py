"""How complete each of some cases is recorded: in four queries, however many cases."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from msgspec import Struct

from patients.records.completeness import answers_at, course_of, said_at
from patients.records.progress import CaseVersion, happenings_of_cases, visits_of_cases
from riskfactors.domain.completeness import VisitCompleteness, completeness
from riskfactors.domain.timepoints import Milestone
from riskfactors.published import catalogue

REMEMBERED: Final = 64
"""Pages of the grid, each of some twenty cases."""


class CaseCompleteness(Struct, frozen=True):
    """A case, milestone by milestone, and the numbers of its visits."""

    visits: tuple[VisitCompleteness, ...]
    numbers: Mapping[Milestone, int]


@lru_cache(maxsize=REMEMBERED)
def completeness_of(
    versions: tuple[CaseVersion, ...], *, today: date
) -> Mapping[int, CaseCompleteness]:
    """How complete each case is recorded on a day, by its key; remembered."""
    cases = [version.case for version in versions]
    visits, happened = visits_of_cases(cases, today), happenings_of_cases(cases, today)
    answers = answers_at(said_at(visit.pk for case in cases for visit in visits[case]))
    return {
        case: CaseCompleteness(
            tuple(
                completeness(
                    course_of(visits[case], happened[case], answers),
                    catalogue().dictionary,
                    today=today,
                )
            ),
            {visit.milestone: visit.number for visit in visits[case]},
        )
        for case in cases
    }
