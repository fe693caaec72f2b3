"""How far a course has come: which visits are expected, what is not recorded, what came last.

For lists and summaries of what was recorded. No factor reads it, and none of it says how a
patient does.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from riskfactors.domain.snapshot import Event, Treatment
from riskfactors.domain.timepoints import ORDER, Milestone
from riskfactors.domain.variables import Dictionary, Interval
from riskfactors.domain.vocabulary import Response, Word

PENDING: Final = "temp-unknown"
"""The one reason for an absence that is no answer: a value is still expected."""

ENDS: Final = frozenset({"death", "not_infused"})
"""Events after which no visit is expected; a relapse or progression is a visit of its own."""


class Happenings(Struct, frozen=True):
    """What happened to a patient: events and treatments."""

    events: Collection[Event] = ()
    treatments: Collection[Treatment] = ()

    @property
    def ends(self) -> Mapping[str, date]:
        """The date of each event that ends a course: of several of one kind the last."""
        by_day = sorted((e.date, e.kind) for e in self.events if e.kind in ENDS)
        return {kind: day for day, kind in by_day}

    def answers(
        self, visited_on: date, dictionary: Dictionary, *, infusion: date | None
    ) -> set[str]:
        """The variables that need no value at a visit, since what happened by then says it, as the
        rules read it: toxicity from the infusion on, by an event that has its grade; bridging
        from before the infusion."""
        kinds = {
            event.kind
            for event in self.events
            if infusion is not None and infusion <= event.date <= visited_on
            if event.grade is not None or not dictionary.events[event.kind].grades
        }
        roles = {
            given.role
            for given in self.treatments
            if given.start <= visited_on and (infusion is None or given.start < infusion)
        }
        return {
            variable.name
            for variable in dictionary.told_by_the_course
            if variable.event in kinds or variable.treatment in roles
        }


class Timing(Word):
    """How today stands to the window of a visit that has not been recorded."""

    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"


class ExpectedVisit(Struct, frozen=True):
    """A visit that has not been recorded, with the first and the last day of its window."""

    milestone: Milestone
    opens: date
    closes: date
    timing: Timing


class RecordedCode(Struct, frozen=True):
    """A code that was recorded at a visit: a response, a product."""

    code: str
    milestone: Milestone
    visited_on: date
    observed_on: date


class LastResponse(Struct, frozen=True):
    """How the lymphoma stood last.

    `leads`: whether the relapse or progression is what was established last; the response then is
    the one before it.
    """

    response: RecordedCode | None
    relapse: date | None
    leads: bool

    def established_on(self, infusion: date | None) -> date | None:
        """The day of the relapse or response that stands first; None for a response that comes
        from before the infusion, which is none of this treatment."""
        if self.leads:
            return self.relapse
        return None if self.is_before(infusion) or not self.response else self.response.observed_on

    def progressed_on(self, infusion: date | None) -> date | None:
        """The day of the relapse or progression that stands first: progressive disease before the
        infusion is none."""
        since = infusion and self.response and self.response.code == Response.PD
        return self.established_on(infusion) if self.leads or since else None

    def untold_since(
        self, visits: Iterable[RecordedCode], infusion: date | None
    ) -> RecordedCode | None:
        """The last visit after the infusion at which a response could not be told, if none was told
        since."""
        last = last_statement(v for v in visits if infusion is None or v.visited_on > infusion)
        if last is None or (self.response and self.response.observed_on >= last.observed_on):
            return None
        return last

    def is_before(self, infusion: date | None) -> bool:
        """Whether the response was recorded at the infusion or before it."""
        said = self.response
        return said is not None and infusion is not None and said.visited_on <= infusion


def expected_visits(
    *,
    infusion: date | None,
    reached: Collection[Milestone],
    events: Iterable[str],
    today: date,
    windows: Iterable[tuple[Milestone, Interval]],
) -> tuple[ExpectedVisit, ...]:
    """The visits that are to come, due or overdue, in the order of the course: none before one
    that has been recorded, since a visit that was missed is not made up for.

    `reached`: the milestones with a visit, `events`: the kinds of what happened, both by today.
    """
    if infusion is None or Milestone.RELAPSE in reached or not ENDS.isdisjoint(events):
        return ()
    furthest = max(ORDER[m] for m in (Milestone.INFUSION, *reached) if m is not Milestone.INTERIM)
    return tuple(
        _expected(milestone, window, infusion, today)
        for milestone, window in windows
        if ORDER[milestone] > furthest
    )


def _expected(milestone: Milestone, window: Interval, infusion: date, today: date) -> ExpectedVisit:
    """Both ends of a window belong to it."""
    opens, closes = (infusion + timedelta(days=int(end)) for end in (window.low, window.high))
    timing = Timing.DUE if today <= closes else Timing.OVERDUE
    if today < opens:
        timing = Timing.UPCOMING
    return ExpectedVisit(milestone, opens, closes, timing)


def missing_items(
    milestone: Milestone,
    dictionary: Dictionary,
    *,
    here: Collection[str],
    anywhere: Collection[str],
) -> tuple[str, ...]:
    """The routine items that are asked at a milestone and have no answer, as the dictionary lists
    them. `here`: what has one at this visit, `anywhere`: at any, which is enough where a fact
    stays true through the course.
    """
    return tuple(
        variable.name
        for variable in dictionary.routine[milestone]
        if variable.name not in (anywhere if variable.standing else here)
    )


def last_visit(visits: Iterable[tuple[date, Milestone]]) -> tuple[date, Milestone] | None:
    """The last of some visits: of two on one day the later in the order of the course."""
    return max(visits, key=lambda visit: (visit[0], ORDER[visit[1]]), default=None)


def last_response(said: Collection[RecordedCode], *, relapse: date | None) -> LastResponse:
    """The response of the last visit that has one. A relapse or progression established on the
    day of that response or later leads, with the response that was said before it: progressive
    disease of that same day is the progression itself."""
    last = last_statement(said)
    if relapse is None or (last is not None and last.observed_on > relapse):
        return LastResponse(last, relapse, leads=False)
    before = last_statement(
        s
        for s in said
        if s.milestone is not Milestone.RELAPSE
        and (s.observed_on < relapse or s.code != Response.PD)
    )
    return LastResponse(before, relapse, leads=True)


def last_statement(statements: Iterable[RecordedCode]) -> RecordedCode | None:
    """What was recorded at the last visit that has it."""
    return max(statements, key=lambda s: (s.visited_on, ORDER[s.milestone]), default=None)
