"""How complete a course is recorded, milestone by milestone: for those who keep the data.

It counts what was asked for and answered; no factor reads it, and none of it says how a patient
does.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from riskfactors.domain.progress import Happenings, missing_items
from riskfactors.domain.timepoints import MILESTONES, ORDER, Milestone
from riskfactors.domain.variables import Dictionary
from riskfactors.domain.vocabulary import Word


class Completeness(Word):
    """How complete a visit is recorded, or why it is not there."""

    FILLED = "filled"
    PARTLY = "partly"
    PENDING = "pending"
    NOT_DONE = "not_done"
    MISSING = "missing"
    DUE = "due"
    NOT_DUE = "not_due"
    NOT_APPLICABLE = "not_applicable"


GAPS: Final = frozenset({Completeness.PARTLY, Completeness.MISSING})
"""Where somebody has something to record; a result that is pending is nobody's omission."""


class Answers(Struct, frozen=True):
    """What a visit says: the variables with a value, with a reason for having none, and those
    whose result is awaited."""

    values: Collection[str] = ()
    reasons: Collection[str] = ()
    pending: Collection[str] = ()


NOTHING: Final = Answers()


class RecordedCourse(Struct, frozen=True, kw_only=True):
    """What a case has recorded: the day of each milestone and what it says, what has an answer or
    is awaited at any visit, and what happened beside the visits."""

    reached: Mapping[Milestone, date]
    said: Mapping[Milestone, Answers]
    answered: Collection[str]
    awaited: Collection[str]
    happened: Happenings = Happenings()

    @property
    def infusion(self) -> date | None:
        """The day of the infusion, None while it is not recorded."""
        return self.reached.get(Milestone.INFUSION)


class VisitCompleteness(Struct, frozen=True, kw_only=True):
    """How complete one milestone is recorded: of the routine items that it asks for those without
    an answer, and those whose result is awaited."""

    milestone: Milestone
    state: Completeness
    asked: int = 0
    missing: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()

    @property
    def answered(self) -> int:
        """So many have a value or a reason for having none."""
        return self.asked - len(self.missing) - len(self.pending)


def completeness(
    course: RecordedCourse, dictionary: Dictionary, *, today: date
) -> Iterator[VisitCompleteness]:
    """Every milestone of a course as known on a day, which nothing recorded is later than."""
    for milestone in MILESTONES:
        if milestone in course.reached:
            yield _recorded(milestone, course, dictionary)
        else:
            state = _unrecorded(milestone, course, dictionary, today)
            yield VisitCompleteness(milestone=milestone, state=state)


def _recorded(
    milestone: Milestone, course: RecordedCourse, dictionary: Dictionary
) -> VisitCompleteness:
    """A visit without any value whose items have a reason was not done, whatever happened."""
    said = course.said.get(milestone, NOTHING)
    happened = course.happened.answers(
        course.reached[milestone], dictionary, infusion=course.infusion
    )
    here = {*said.values, *said.reasons, *happened}
    open_items = missing_items(milestone, dictionary, here=here, anywhere=course.answered)
    standing = {v.name for v in dictionary.routine[milestone] if v.standing}
    awaited = {*said.pending, *(standing & set(course.awaited))}
    pending = tuple(name for name in open_items if name in awaited)
    missing = tuple(name for name in open_items if name not in awaited)
    if missing:
        state = Completeness.PARTLY
    elif pending:
        state = Completeness.PENDING
    elif said.reasons and not said.values:
        state = Completeness.NOT_DONE
    else:
        state = Completeness.FILLED
    return VisitCompleteness(
        milestone=milestone,
        state=state,
        asked=len(dictionary.routine[milestone]),
        missing=missing,
        pending=pending,
    )


def _unrecorded(
    milestone: Milestone, course: RecordedCourse, dictionary: Dictionary, today: date
) -> Completeness:
    """Missing is a visit before one that was recorded, and one whose window closed before the
    course ended; nothing is missing after that."""
    if milestone is Milestone.RELAPSE:
        return Completeness.NOT_APPLICABLE
    infusion, window = course.infusion, _window(milestone, dictionary)
    relapse = course.reached.get(Milestone.RELAPSE)
    ends = course.happened.ends.values()
    ended = min((*ends, *([relapse] if relapse else ())), default=None)
    scheduled = (m for m in course.reached if m is not Milestone.RELAPSE or window is None)
    if any(ORDER[other] > ORDER[milestone] for other in scheduled):
        return Completeness.MISSING
    if infusion is None or window is None:
        return Completeness.NOT_DUE if ended is None else Completeness.NOT_APPLICABLE
    opens, closes = (infusion + timedelta(days=days) for days in window)
    if ended is not None and closes >= ended:
        return Completeness.NOT_APPLICABLE
    if today > closes:
        return Completeness.MISSING
    return Completeness.DUE if today >= opens else Completeness.NOT_DUE


def _window(milestone: Milestone, dictionary: Dictionary) -> tuple[int, int] | None:
    """The days after the infusion of a visit that has a window."""
    window = dictionary.windows_days_after_infusion.get(milestone)
    return None if window is None else (int(window.low), int(window.high))
