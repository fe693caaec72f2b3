"""Why a case comes to a board: rules over what is recorded of it, each with its question.

A rule says where in a course it finds its occasion; the agenda asks for those since a board settled
the case (patients.board.agenda). No query, no clock.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from django.utils.translation import gettext_noop
from msgspec import Struct

from patients.board import occasions
from patients.board.occasions import Occasions
from patients.models import Gate, MeetingKind
from riskfactors.domain.snapshot import Snapshot


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
    occasions: Callable[[Snapshot, date], Occasions]

    def since(self, now: Snapshot, today: date, then: Snapshot | None, settled_on: date) -> bool:
        """Whether there is an occasion that was none when a board settled the case on a day:
        another visit is one, another value of the same visit is not."""
        seen = set(self.occasions(then, settled_on) if then else ())
        return not seen.issuperset(self.occasions(now, today))

    def gate_in(self, snapshot: Snapshot) -> Gate:
        """The gate of a course in which it holds."""
        return self.gate if isinstance(self.gate, Gate) else self.gate(snapshot)


RULES: Final = (
    AgendaRule(
        code="newly_elected",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.ELIGIBLE,
        reason=gettext_noop("newly elected"),
        question=gettext_noop("Are CAR T-cells given, and which product?"),
        occasions=occasions.newly_elected,
    ),
    AgendaRule(
        code="consented",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.APHERESIS,
        reason=gettext_noop("consent recorded, apheresis not yet"),
        question=gettext_noop("Does apheresis go ahead, and when?"),
        occasions=occasions.consented,
    ),
    AgendaRule(
        code="progression_before",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.BRIDGING,
        reason=gettext_noop("progression before the infusion"),
        question=gettext_noop("What does the progression change: bridging, product, or aim?"),
        occasions=occasions.progression_before,
    ),
    AgendaRule(
        code="apheresed",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.BRIDGING,
        reason=gettext_noop("apheresis recorded, lymphodepletion not yet"),
        question=gettext_noop("Is bridging given, with which aim, and when is it assessed?"),
        occasions=occasions.apheresed,
    ),
    AgendaRule(
        code="bridging_without_response",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.LYMPHODEPLETION,
        reason=gettext_noop("bridging with SD or PD"),
        question=gettext_noop("Does lymphodepletion go ahead after bridging without response?"),
        occasions=occasions.bridging_without_response,
    ),
    AgendaRule(
        code="out_of_specification",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.INFUSION,
        reason=gettext_noop("product out of specification"),
        question=gettext_noop("Is the product infused although it is out of specification?"),
        occasions=occasions.out_of_specification,
    ),
    AgendaRule(
        code="lymphodepleted",
        kind=MeetingKind.ELIGIBILITY,
        gate=Gate.INFUSION,
        reason=gettext_noop("lymphodepletion recorded, infusion not yet"),
        question=gettext_noop("Infuse, or delay?"),
        occasions=occasions.lymphodepleted,
    ),
    AgendaRule(
        code="relapse",
        kind=MeetingKind.FOLLOW_UP,
        gate=Gate.RELAPSE,
        reason=gettext_noop("relapse or progression recorded"),
        question=gettext_noop("How is the relapse confirmed and treated?"),
        occasions=occasions.relapse,
    ),
    AgendaRule(
        code="progression_after",
        kind=MeetingKind.FOLLOW_UP,
        gate=Gate.RELAPSE,
        reason=gettext_noop("PD after the infusion"),
        question=gettext_noop("How is the progression confirmed and treated?"),
        occasions=occasions.progression_after,
    ),
    AgendaRule(
        code="deauville",
        kind=MeetingKind.FOLLOW_UP,
        gate=Gate.DAY_28,
        reason=gettext_noop("PET of day +28 with Deauville 4 or 5"),
        question=gettext_noop("What follows the PET of day +28: observe, repeat it, or biopsy?"),
        occasions=occasions.deauville,
    ),
    AgendaRule(
        code="suvmax",
        kind=MeetingKind.FOLLOW_UP,
        gate=occasions.suvmax_gate,
        reason=gettext_noop("SUVmax of 10 or more with PR or SD"),
        question=gettext_noop("What follows an SUVmax of 10 or more without complete response?"),
        occasions=occasions.suvmax,
    ),
    AgendaRule(
        code="ctdna",
        kind=MeetingKind.FOLLOW_UP,
        gate=occasions.ctdna_gate,
        reason=gettext_noop("ctDNA detectable with PR or SD"),
        question=gettext_noop("What follows detectable ctDNA without complete response?"),
        occasions=occasions.ctdna,
    ),
    AgendaRule(
        code="no_pet",
        kind=MeetingKind.FOLLOW_UP,
        gate=Gate.DAY_28,
        reason=gettext_noop("no PET by day +42"),
        question=gettext_noop("When is the response assessed by PET?"),
        occasions=occasions.no_pet,
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
