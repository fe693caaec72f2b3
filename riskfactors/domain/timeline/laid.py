"""What a course is on days: lanes, tracks, markers, cut-offs, visits recorded and expected."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from riskfactors.domain.progress import Timing
from riskfactors.domain.snapshot import Absence, Event, Observation, Treatment
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Word


class Lane(Word):
    """What happened in a course, by kind, in the order in which it is shown."""

    LINE = "line"
    BRIDGING = "bridging"
    LYMPHODEPLETION = "lymphodepletion"
    INFUSION = "infusion"
    TOXICITY = "toxicity"
    SALVAGE = "salvage"
    OTHER = "other"


class Track(Word):
    """A measured value followed over time; a code is that of its variable."""

    LDH = "ldh"  # as a multiple of its upper limit of normal
    CRP = "crp"
    MTV = "mtv"
    SUVMAX = "suvmax"
    FERRITIN = "ferritin"
    NEUTROPHILS = "neutrophils"
    HEMOGLOBIN = "hemoglobin"
    PLATELETS = "platelets"
    CREATININE = "creatinine"


class Span(Struct, frozen=True):
    """A treatment from its first to its last day, where that is known."""

    lane: Lane
    start: int
    end: int | None
    treatment: Treatment


class Happening(Struct, frozen=True):
    """An event on its day, until its last where that is known; the infusion itself has none."""

    lane: Lane
    day: int
    event: Event | None
    end: int | None = None


class Point(Struct, frozen=True):
    """A value on its day, or without one the place where a line breaks.

    `value` is what is drawn. `confounders` name what was recorded that can move the value:
    variables of the same visit, and events as `events.KIND`.
    """

    day: int
    milestone: Milestone
    value: Decimal | None = None
    observation: Observation | None = None
    confounders: tuple[str, ...] = ()


class Marker(Struct, frozen=True):
    """A code or grade recorded at a visit: response, Deauville score, ctDNA, toxicity.

    A response that was looked for and could not be told has the reason in its stead.
    """

    variable: str
    day: int
    milestone: Milestone
    observation: Observation | None
    absence: Absence | None = None


class CutOff(Struct, frozen=True):
    """A published cut-off at the visit where it was studied and decided."""

    track: Track
    day: int
    milestone: Milestone
    number: Decimal
    factor: str


class VisitMark(Struct, frozen=True):
    """A recorded assessment."""

    milestone: Milestone
    day: int
    date: date


class Expected(Struct, frozen=True):
    """A visit that is not recorded, with the days of its window."""

    milestone: Milestone
    opens: int
    closes: int
    timing: Timing


class Timeline(Struct, frozen=True, kw_only=True):
    """A course on days; day 0 is the infusion, or the first assessment where there is none."""

    origin: date
    from_infusion: bool
    today: int
    visits: tuple[VisitMark, ...]
    spans: tuple[Span, ...]
    happenings: tuple[Happening, ...]
    tracks: Mapping[Track, tuple[Point, ...]]
    markers: tuple[Marker, ...]
    cut_offs: tuple[CutOff, ...]
    expected: tuple[Expected, ...]
