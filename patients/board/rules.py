"""Why a case comes to a board: rules over what is recorded of it, each with its question.

A rule says whether something is there on a day; the agenda asks whether it has become so since a
board settled the case (patients.board.agenda). No query, no clock.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_noop
from msgspec import Struct

from patients.board.gates import gate_of_last, last_reached
from patients.models import Gate, MeetingKind
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


class Reason(Struct, frozen=True, kw_only=True):
    """Why a case is brought."""

    code: str
    reason: str


class AskingReason(Reason, frozen=True, kw_only=True):
    """A reason that puts a question to the board."""

    question: str


class AgendaRule(AskingReason, frozen=True, kw_only=True):
    """A reason that is looked for in the course, for a kind of meeting, with its gate or what
    finds that of the visit which brings it."""

    kind: MeetingKind
    gate: Gate | Callable[[Snapshot], Gate]
    holds: Callable[[Snapshot, date], bool]

    def gate_in(self, snapshot: Snapshot) -> Gate:
        """The gate of a course in which it holds."""
        return self.gate if isinstance(self.gate, Gate) else self.gate(snapshot)


def _newly_elected(snapshot: Snapshot, _today: date) -> bool:
    return _awaits_infusion(snapshot) and last_reached(snapshot) is Milestone.ELECTION


def _consented(snapshot: Snapshot, _today: date) -> bool:
    consent = any(event.kind == "consent" for event in snapshot.events)
    early = last_reached(snapshot) in (None, Milestone.ELECTION)
    return consent and early and _awaits_infusion(snapshot)


def _apheresed(snapshot: Snapshot, _today: date) -> bool:
    return _awaits_infusion(snapshot) and last_reached(snapshot) is Milestone.APHERESIS


def _lymphodepleted(snapshot: Snapshot, _today: date) -> bool:
    return _awaits_infusion(snapshot) and last_reached(snapshot) is Milestone.LYMPHODEPLETION


def _bridging_without_response(snapshot: Snapshot, _today: date) -> bool:
    return _awaits_infusion(snapshot) and any(
        treatment.role is Role.BRIDGING and treatment.best_response in (Response.SD, Response.PD)
        for treatment in snapshot.treatments
    )


def _out_of_specification(snapshot: Snapshot, _today: date) -> bool:
    """It is recorded with the infusion; a visit after it or an end without one decides it."""
    decided = _ended(snapshot) or any(_after(snapshot))
    return not decided and any(
        _code(visit, "out_of_specification") == "yes" for visit in snapshot.assessments
    )


def _progression_before(snapshot: Snapshot, _today: date) -> bool:
    """At any visit but the election: there it is why somebody is elected."""
    return _awaits_infusion(snapshot) and any(
        _code(visit, "response") == Response.PD
        for visit in snapshot.assessments
        if visit.milestone is not Milestone.ELECTION
    )


def _progression_after(snapshot: Snapshot, _today: date) -> bool:
    return any(_code(visit, "response") == Response.PD for visit in _after(snapshot))


def _relapse(snapshot: Snapshot, _today: date) -> bool:
    return snapshot.date_of(Milestone.RELAPSE) is not None


def _deauville(snapshot: Snapshot, _today: date) -> bool:
    return any(
        visit.milestone is Milestone.DAY_28 and _code(visit, "deauville") in DEAUVILLE
        for visit in snapshot.assessments
    )


def _with_suvmax(snapshot: Snapshot) -> Iterator[Assessment]:
    for visit in _incomplete(snapshot):
        found = visit.observations.get("suvmax")
        if found is not None and found.ends[0] >= (SUVMAX, 0):
            yield visit


def _suvmax(snapshot: Snapshot, _today: date) -> bool:
    return any(_with_suvmax(snapshot))


def _suvmax_gate(snapshot: Snapshot) -> Gate:
    return gate_of_last(_with_suvmax(snapshot), snapshot)


def _with_ctdna(snapshot: Snapshot) -> Iterator[Assessment]:
    return (v for v in _incomplete(snapshot) if _code(v, "ctdna") == "detectable")


def _ctdna(snapshot: Snapshot, _today: date) -> bool:
    return any(_with_ctdna(snapshot))


def _ctdna_gate(snapshot: Snapshot) -> Gate:
    return gate_of_last(_with_ctdna(snapshot), snapshot)


def _no_pet(snapshot: Snapshot, today: date) -> bool:
    infusion = snapshot.date_of(Milestone.INFUSION)
    if infusion is None or today <= infusion + timedelta(PET_BY):
        return False
    return not any(name in visit.observations for visit in _after(snapshot) for name in PET)


RULES: Final = (
    AgendaRule(
        code="newly_elected",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.ELIGIBLE,
        reason=gettext_noop("newly elected"),
        question=gettext_noop("Are CAR T-cells given, and which product?"),
        holds=_newly_elected,
    ),
    AgendaRule(
        code="consented",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.APHERESIS,
        reason=gettext_noop("consent recorded, apheresis not yet"),
        question=gettext_noop("Does apheresis go ahead, and when?"),
        holds=_consented,
    ),
    AgendaRule(
        code="progression_before",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.BRIDGING,
        reason=gettext_noop("progression before the infusion"),
        question=gettext_noop("What does the progression change: bridging, product, or aim?"),
        holds=_progression_before,
    ),
    AgendaRule(
        code="apheresed",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.BRIDGING,
        reason=gettext_noop("apheresis recorded, lymphodepletion not yet"),
        question=gettext_noop("Is bridging given, with which aim, and when is it assessed?"),
        holds=_apheresed,
    ),
    AgendaRule(
        code="bridging_without_response",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.LYMPHODEPLETION,
        reason=gettext_noop("bridging with SD or PD"),
        question=gettext_noop("Does lymphodepletion go ahead after bridging without response?"),
        holds=_bridging_without_response,
    ),
    AgendaRule(
        code="out_of_specification",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.INFUSION,
        reason=gettext_noop("product out of specification"),
        question=gettext_noop("Is the product infused although it is out of specification?"),
        holds=_out_of_specification,
    ),
    AgendaRule(
        code="lymphodepleted",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.INFUSION,
        reason=gettext_noop("lymphodepletion recorded, infusion not yet"),
        question=gettext_noop("Infuse, or delay?"),
        holds=_lymphodepleted,
    ),
    AgendaRule(
        code="relapse",
        kind=MeetingKind.FOLLOW_UP,
        gate=Gate.RELAPSE,
        reason=gettext_noop("relapse or progression recorded"),
        question=gettext_noop("How is the relapse confirmed and treated?"),
        holds=_relapse,
    ),
    AgendaRule(
        code="progression_after",
        kind=MeetingKind.FOLLOW_UP,
        gate=Gate.RELAPSE,
        reason=gettext_noop("PD after the infusion"),
        question=gettext_noop("How is the progression confirmed and treated?"),
        holds=_progression_after,
    ),
    AgendaRule(
        code="deauville",
        kind=MeetingKind.FOLLOW_UP,
        gate=Gate.DAY_28,
        reason=gettext_noop("PET of day +28 with Deauville 4 or 5"),
        question=gettext_noop("What follows the PET of day +28: observe, repeat it, or biopsy?"),
        holds=_deauville,
    ),
    AgendaRule(
        code="suvmax",
        kind=MeetingKind.FOLLOW_UP,
        gate=_suvmax_gate,
        reason=gettext_noop("SUVmax of 10 or more with PR or SD"),
        question=gettext_noop("What follows an SUVmax of 10 or more without complete response?"),
        holds=_suvmax,
    ),
    AgendaRule(
        code="ctdna",
        kind=MeetingKind.FOLLOW_UP,
        gate=_ctdna_gate,
        reason=gettext_noop("ctDNA detectable with PR or SD"),
        question=gettext_noop("What follows detectable ctDNA without complete response?"),
        holds=_ctdna,
    ),
    AgendaRule(
        code="no_pet",
        kind=MeetingKind.FOLLOW_UP,
        gate=Gate.DAY_28,
        reason=gettext_noop("no PET by day +42"),
        question=gettext_noop("When is the response assessed by PET?"),
        holds=_no_pet,
    ),
)
"""In the order in which the question of one leads, where several bring a case."""

OVERDUE: Final = AskingReason(
    code="overdue",
    reason=gettext_noop("a recommendation is overdue"),
    question=gettext_noop("The day set for it has passed: what has become of it?"),
)
"""Of recommendations, not of the course: with the gate of the recommendation."""

NOT_SETTLED: Final = Reason(
    code="not_settled", reason=gettext_noop("on the agenda before, and not settled there")
)
"""Of agendas: with the gate and the question of the item that was not settled."""

BY_CODE: Final[Mapping[str, Reason]] = {each.code: each for each in (*RULES, OVERDUE, NOT_SETTLED)}


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


def _code(visit: Assessment, variable: str) -> str:
    found = visit.observations.get(variable)
    return "" if found is None else str(found.value)
