"""What a correction would change: it is recorded, read by the rules, and taken back.

A birth date stands in no other statement: the rules read the cases with another one instead.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from django.db import transaction
from msgspec.structs import replace

from patients.models import Case, Patient, Revision, User
from patients.permissions import Right, visible_to
from patients.records.saving import record
from patients.records.snapshots import last_entry_of, snapshot_up_to
from riskfactors.domain.agenda import Finding
from riskfactors.domain.consistency import warnings
from riskfactors.domain.findings import assess
from riskfactors.domain.snapshot import Snapshot
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Phrase
from riskfactors.published import catalogue

Verdicts: TypeAlias = Mapping[tuple[Milestone, str], Finding]


class Change(NamedTuple):
    """A finding that would be another; None where there is none."""

    milestone: Milestone
    factor: str
    before: Finding | None
    after: Finding | None


class Effect(NamedTuple):
    """What a correction would do: the findings it changes, and the warnings it brings."""

    changes: list[Change]
    warnings: list[Phrase]


class _TakenBack(Exception):  # raised to roll back, and never seen outside
    pass


def effect_of(
    *, case: Case, by: User, revisions: Sequence[Revision], reason: str, as_of: date
) -> Effect:
    """The verdicts and groups that would change. Raises what `records.record` raises."""
    before = after = _now(case, as_of)
    try:
        with transaction.atomic():
            record(case=case, by=by, token=uuid.uuid4(), revisions=revisions, reason=reason)
            after = _now(case, as_of)
            raise _TakenBack
    except _TakenBack:
        pass
    known = _warnings(before)
    return Effect(
        _changes(_verdicts(before), _verdicts(after)),
        [warning for warning in _warnings(after) if warning not in known],
    )


def changes_if_born(
    born: date, *, patient: Patient, by: User, as_of: date
) -> Iterator[tuple[Case, list[Change]]]:
    """The verdicts and groups that another birth date would change, for each case of the patient.

    Only of cases that the person may correct.
    """
    for case in visible_to(by, Right.RECORD).filter(patient=patient).order_by("case_id"):
        now = _now(case, as_of)
        yield case, _changes(_verdicts(now), _verdicts(replace(now, birth_date=born)))


def _now(case: Case, as_of: date) -> Snapshot:
    return snapshot_up_to(case, last_entry_of(case)).as_of(as_of)


def _warnings(snapshot: Snapshot) -> tuple[Phrase, ...]:
    return tuple(concern.phrase for concern in warnings(snapshot, catalogue().dictionary))


def _verdicts(snapshot: Snapshot) -> Verdicts:
    return {
        (at.milestone, finding.factor): finding
        for at in assess(snapshot, catalogue().agenda)
        for finding in at.findings
    }


def _changes(before: Verdicts, after: Verdicts) -> list[Change]:
    return [
        Change(*key, before.get(key), after.get(key))
        for key in {**before, **after}
        if _said(before.get(key)) != _said(after.get(key))
    ]


def _said(finding: Finding | None) -> tuple[object, ...] | None:
    return None if finding is None else (finding.verdict, finding.stratum)
