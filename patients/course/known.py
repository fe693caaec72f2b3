"""A case with all that follows from it, worked out once for what was known and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localdate

from patients.models import Case
from patients.permissions import OpenedCase
from patients.records.snapshots import NumberedSnapshot, recorded_up_to
from riskfactors.domain.consistency import warnings
from riskfactors.domain.findings import MilestoneFindings, assess
from riskfactors.domain.snapshot import Assessment, Snapshot, View, views
from riskfactors.domain.timeline import Timeline, build
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Phrase
from riskfactors.published import catalogue

REMEMBERED = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a course depends on, and nothing else does; the case itself is read only once.

    `query` is what an address says of a past moment; the addresses of its page say it too.
    """

    public_id: UUID
    head: int
    digest: str
    as_of: date
    case: Case = field(compare=False)
    query: str = ""

    @property
    def is_past(self) -> bool:
        """Whether it was asked for, and is not now: then nothing is recorded from its page."""
        return bool(self.query)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """A case as known on a day: the visit of each milestone that has been reached, what counted
    then and what is found in it, and the timeline. One is the other only if it is itself."""

    public_id: UUID
    as_of: date
    query: str = ""
    digest: str
    snapshot: Snapshot
    numbers: Mapping[Milestone, int]
    visits: Mapping[Milestone, Assessment]
    views: tuple[View, ...]
    findings: tuple[MilestoneFindings, ...]
    warnings: tuple[Phrase, ...]
    timeline: Timeline

    @property
    def latest(self) -> MilestoneFindings | None:
        """The latest milestone that has been reached."""
        return self.findings[-1] if self.findings else None

    def at(self, milestone: Milestone) -> "Course":
        """What is found at one milestone alone."""
        found = [
            (at, view)
            for at, view in zip(self.findings, self.views, strict=True)
            if at.milestone is milestone
        ]
        findings, seen = zip(*found, strict=True) if found else ((), ())
        return replace(self, findings=findings, views=seen)


def known_now(opened: OpenedCase) -> Moment:
    """A case as its last entry and this day leave it. Identity is not kept."""
    case = opened.case
    return Moment(
        public_id=case.public_id,
        head=opened.head,
        digest=catalogue().digest,
        as_of=localdate(),
        case=Case(pk=case.pk, case_id=case.case_id),
    )


@lru_cache(maxsize=REMEMBERED)
def course_of(known: Moment) -> Course:
    """The course, remembered: the same entries, evidence and day give the same findings."""
    return course_in(known, recorded_up_to(known.case, known.head))


def course_in(known: Moment, recorded: NumberedSnapshot) -> Course:
    """The course that this would be, were it what is known."""
    published = catalogue()
    snapshot = recorded.snapshot.as_of(known.as_of)
    findings = assess(snapshot, published.agenda)
    return Course(
        public_id=known.public_id,
        as_of=known.as_of,
        query=known.query,
        digest=known.digest,
        snapshot=snapshot,
        numbers=recorded.numbers,
        visits={visit.milestone: visit for visit in snapshot.reached},
        views=tuple(views(snapshot)),
        findings=findings,
        warnings=tuple(c.phrase for c in warnings(snapshot, published.dictionary)),
        timeline=build(snapshot, findings, published, as_of=known.as_of),
    )


def address_of(course: Course, name: str, *of: str) -> str:
    """Where something of a course is fetched, or stands: at the same moment as its page."""
    address = reverse(f"patients:{name}", args=[course.public_id, *of])
    return f"{address}?{course.query}" if course.query else address
