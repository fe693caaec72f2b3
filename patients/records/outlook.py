"""What a save would bring into a case: what is wrong or unlikely with it, and is not now."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from patients.models import AssessmentDate, Entry, Revision
from patients.records.slots import Known
from patients.records.snapshots import NumberedSnapshot, read_together
from riskfactors.domain.consistency import Concern, problems, warnings
from riskfactors.domain.vocabulary import Problem
from riskfactors.published import catalogue


class Outlook(NamedTuple):
    """A case as it would be, what would be refused and what is to be asked about.

    Places name visits, treatments and events by their numbers in the case.
    """

    recorded: NumberedSnapshot
    problems: tuple[Problem, ...] = ()
    concerns: tuple[Concern, ...] = ()


def outlook(known: Known, revisions: Sequence[Revision], *, token: uuid.UUID) -> Outlook:
    """The case with statements that are not saved yet.

    What was saved before by the same form, and a milestone that somebody else has recorded, are
    answered by the save itself.
    """
    if _recorded_by_others(known, revisions) or Entry.objects.filter(token=token).exists():
        return Outlook(known.recorded)
    now, after = known.recorded, read_together(known.rows, revisions)
    refused = {problem[1:] for problem in problems(now.snapshot, now.places)}
    asked = {concern.phrase for concern in _concerns(now)}
    return Outlook(
        after,
        tuple(p for p in problems(after.snapshot, after.places) if p[1:] not in refused),
        tuple(c for c in _concerns(after) if c.phrase not in asked),
    )


def _concerns(recorded: NumberedSnapshot) -> tuple[Concern, ...]:
    return warnings(recorded.snapshot, catalogue().dictionary, recorded.places)


def _recorded_by_others(known: Known, revisions: Sequence[Revision]) -> bool:
    visits = [row.assessment for row in revisions if isinstance(row, AssessmentDate)]
    return any(v._state.adding and v.milestone in known.recorded.numbers for v in visits)
