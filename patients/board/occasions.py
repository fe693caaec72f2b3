"""Where in a course there is an occasion for a board, on a day. No query, no clock."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, TypeAlias

from patients.board.gates import gate_of_last, last_reached
from patients.models import Gate
from riskfactors.domain.snapshot import Assessment, Snapshot
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Response, Role

PET_BY: Final = 42
"""By which day after the infusion the PET of day +28 is expected at the latest."""
PET: Final = ("deauville", "suvmax", "mtv")
LOOKED_AT: Final = (*PET, "response", "ctdna", "out_of_specification")
"""The variables of which rules read the observations: the agenda reads no others."""
SUVMAX: Final = 10
DEAUVILLE: Final = ("4", "5")
PARTIAL_OR_STABLE: Final = (Response.PR, Response.SD)
Occasions: TypeAlias = Iterable[date | None]
"""The day of each visit, or the first of each treatment, of which something is so; None where it is
so of the course."""


def newly_elected(snapshot: Snapshot, _today: date) -> Occasions:
    return _if(_awaits_infusion(snapshot) and last_reached(snapshot) is Milestone.ELECTION)


def consented(snapshot: Snapshot, _today: date) -> Occasions:
    consent = any(event.kind == "consent" for event in snapshot.events)
    early = last_reached(snapshot) in (None, Milestone.ELECTION)
    return _if(consent and early and _awaits_infusion(snapshot))


def apheresed(snapshot: Snapshot, _today: date) -> Occasions:
    return _if(_awaits_infusion(snapshot) and last_reached(snapshot) is Milestone.APHERESIS)


def lymphodepleted(snapshot: Snapshot, _today: date) -> Occasions:
    return _if(_awaits_infusion(snapshot) and last_reached(snapshot) is Milestone.LYMPHODEPLETION)


def bridging_without_response(snapshot: Snapshot, _today: date) -> Occasions:
    for treatment in snapshot.treatments:
        failed = treatment.best_response in (Response.SD, Response.PD)
        if treatment.role is Role.BRIDGING and failed and _awaits_infusion(snapshot):
            yield treatment.start


def out_of_specification(snapshot: Snapshot, _today: date) -> Occasions:
    """It is recorded with the infusion; a visit after it or an end without one decides it."""
    decided = _ended(snapshot) or any(_after(snapshot))
    if not decided:
        yield from _where(snapshot.assessments, "out_of_specification", "yes")


def progression_before(snapshot: Snapshot, _today: date) -> Occasions:
    """At any visit but the election: there it is why somebody is elected."""
    if _awaits_infusion(snapshot):
        later = (v for v in snapshot.assessments if v.milestone is not Milestone.ELECTION)
        yield from _where(later, "response", Response.PD)


def progression_after(snapshot: Snapshot, _today: date) -> Occasions:
    return _where(_after(snapshot), "response", Response.PD)


def relapse(snapshot: Snapshot, _today: date) -> Occasions:
    return (v.date for v in snapshot.assessments if v.milestone is Milestone.RELAPSE)


def deauville(snapshot: Snapshot, _today: date) -> Occasions:
    day_28 = (v for v in snapshot.assessments if v.milestone is Milestone.DAY_28)
    return _where(day_28, "deauville", *DEAUVILLE)


def _with_suvmax(snapshot: Snapshot) -> Iterator[Assessment]:
    for visit in _incomplete(snapshot):
        found = visit.observations.get("suvmax")
        if found is not None and found.ends[0] >= (SUVMAX, 0):
            yield visit


def suvmax(snapshot: Snapshot, _today: date) -> Occasions:
    return (visit.date for visit in _with_suvmax(snapshot))


def suvmax_gate(snapshot: Snapshot) -> Gate:
    return gate_of_last(_with_suvmax(snapshot), snapshot)


def _with_ctdna(snapshot: Snapshot) -> Iterator[Assessment]:
    return (v for v in _incomplete(snapshot) if _code(v, "ctdna") == "detectable")


def ctdna(snapshot: Snapshot, _today: date) -> Occasions:
    return (visit.date for visit in _with_ctdna(snapshot))


def ctdna_gate(snapshot: Snapshot) -> Gate:
    return gate_of_last(_with_ctdna(snapshot), snapshot)


def no_pet(snapshot: Snapshot, today: date) -> Occasions:
    infusion = snapshot.date_of(Milestone.INFUSION)
    late = infusion is not None and today > infusion + timedelta(PET_BY)
    seen = any(name in visit.observations for visit in _after(snapshot) for name in PET)
    return _if(late and not seen)


def _awaits_infusion(snapshot: Snapshot) -> bool:
    return snapshot.date_of(Milestone.INFUSION) is None and not _ended(snapshot)


def _ended(snapshot: Snapshot) -> bool:
    """Whether the course ended without an infusion."""
    return any(event.kind == "not_infused" for event in snapshot.events)


def _after(snapshot: Snapshot) -> Iterator[Assessment]:
    """The visits after the infusion."""
    infusion = snapshot.date_of(Milestone.INFUSION)
    if infusion is not None:
        yield from (visit for visit in snapshot.assessments if visit.date > infusion)


def _incomplete(snapshot: Snapshot) -> Iterator[Assessment]:
    """The visits after the infusion with a partial response or stable disease."""
    return (v for v in _after(snapshot) if _code(v, "response") in PARTIAL_OR_STABLE)


def _where(visits: Iterable[Assessment], variable: str, *codes: str) -> Occasions:
    """The days of the visits at which a variable has one of some codes."""
    return (visit.date for visit in visits if _code(visit, variable) in codes)


def _if(holds: bool) -> Occasions:
    """Of the course, where something is so."""
    return [None] if holds else []


def _code(visit: Assessment, variable: str) -> str:
    found = visit.observations.get(variable)
    return "" if found is None else str(found.value)
