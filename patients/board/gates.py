"""Which decision is due: after what a course has reached, or at a visit. No query, no clock."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Final

from patients.models import Gate
from riskfactors.domain.snapshot import Assessment, Snapshot
from riskfactors.domain.timepoints import ORDER, Milestone

GATES: Final = {
    None: Gate.ELIGIBLE,
    Milestone.ELECTION: Gate.ELIGIBLE,
    Milestone.APHERESIS: Gate.BRIDGING,
    Milestone.LYMPHODEPLETION: Gate.INFUSION,
    Milestone.INFUSION: Gate.DAY_28,
    Milestone.DAY_7: Gate.DAY_28,
    Milestone.DAY_28: Gate.DAY_28,
    Milestone.DAY_90: Gate.DAY_90,
    Milestone.RELAPSE: Gate.RELAPSE,
}
"""By the milestone that is farthest in the course; later ones lead to the long term."""


def gate_after(snapshot: Snapshot) -> Gate:
    """The decision that is due after what was reached last."""
    return GATES.get(last_reached(snapshot), Gate.LONG_TERM)


def gate_of_last(visits: Iterable[Assessment], snapshot: Snapshot) -> Gate:
    """The decision of the last of some visits; of an interim one, what was due on its day."""
    last = max(visits, key=attrgetter("place"))
    if last.milestone is Milestone.INTERIM:
        return gate_after(snapshot.as_of(last.date))
    return GATES.get(last.milestone, Gate.LONG_TERM)


def last_reached(snapshot: Snapshot) -> Milestone | None:
    """The milestone that is farthest in the course."""
    return max((visit.milestone for visit in snapshot.reached), key=ORDER.__getitem__, default=None)
