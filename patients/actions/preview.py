"""What a correction would change: it is recorded, read by the rules, and taken back."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from patients.actions.records import record
from patients.models import Case, Revision, User
from patients.snapshots import snapshot_up_to
from riskfactors.domain.findings import Finding, assess
from riskfactors.domain.timepoints import Milestone
from riskfactors.published import catalogue


class Change(NamedTuple):
    """A finding that would be another; None where there is none."""

    milestone: Milestone
    factor: str
    before: Finding | None
    after: Finding | None


class _TakenBack(Exception):  # raised to roll back, and never seen outside
    pass


def changes_if(
    *, case: Case, by: User, revisions: Sequence[Revision], reason: str, as_of: date
) -> list[Change]:
    """The verdicts and groups that would change. Raises what `records.record` raises."""
    before = _verdicts(case, as_of)
    after: Mapping[tuple[Milestone, str], Finding] = {}
    try:
        with transaction.atomic():
            record(case=case, by=by, token=uuid.uuid4(), revisions=revisions, reason=reason)
            after = _verdicts(case, as_of)
            raise _TakenBack
    except _TakenBack:
        pass
    return [
        Change(*key, before.get(key), after.get(key))
        for key in {**before, **after}
        if _said(before.get(key)) != _said(after.get(key))
    ]


def _verdicts(case: Case, as_of: date) -> dict[tuple[Milestone, str], Finding]:
    head = case.entries.order_by("-sequence").values_list("pk", flat=True).first()
    snapshot = snapshot_up_to(case, head).as_of(as_of)
    return {
        (at.milestone, finding.factor): finding
        for at in assess(snapshot, catalogue().agenda)
        for finding in at.findings
    }


def _said(finding: Finding | None) -> tuple[object, ...] | None:
    return None if finding is None else (finding.verdict, finding.stratum)
