"""Lays a case and its findings on days counted from the infusion."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from riskfactors.domain.catalogue import Catalogue
from riskfactors.domain.criteria.conditions import NumberRule
from riskfactors.domain.criteria.strata import StrataByNumber
from riskfactors.domain.evidence import Factor
from riskfactors.domain.findings import MilestoneFindings
from riskfactors.domain.progress import Timing, expected_visits
from riskfactors.domain.snapshot import Assessment, Event, Observation, Snapshot, Treatment
from riskfactors.domain.timeline.confounding import confounders
from riskfactors.domain.timeline.laid import (
    CutOff,
    Expected,
    Happening,
    Lane,
    Marker,
    Point,
    Span,
    Timeline,
    Track,
    VisitMark,
)
from riskfactors.domain.timepoints import ORDER, Milestone
from riskfactors.domain.variables import EXACT, Dictionary
from riskfactors.domain.vocabulary import Role, Verdict

MARKED: Final = ("response", "deauville", "ctdna", "crs_grade_max", "icans_grade_max")
TOXICITY_EVENTS: Final = (
    *("tocilizumab", "steroids", "growth_factor", "infection", "transfusion", "intensive_care"),
)
"""Kinds that stand with the toxicities although they have no grade; every kind with one does."""

NOT_EVALUABLE: Final = frozenset({"asked-unknown", "error"})
"""Why a response has no value although it was looked for; where nobody looked there is nothing."""

HUNDREDTH: Final = Decimal("0.01")
THOUSANDTH: Final = Decimal("0.001")

LANE_OF: Final = {
    Role.LINE: Lane.LINE,
    Role.BRIDGING: Lane.BRIDGING,
    Role.LYMPHODEPLETION: Lane.LYMPHODEPLETION,
    Role.SALVAGE: Lane.SALVAGE,
    Role.OTHER: Lane.OTHER,
}

STUDIED_AT: Final[Mapping[Track, tuple[Milestone, tuple[str, ...]]]] = {
    Track.CRP: (Milestone.INFUSION, ("crp_group_infusion",)),
    Track.MTV: (
        Milestone.LYMPHODEPLETION,
        ("mtv_high_baseline", "mtv_high_lymphodepletion", "mtv_low_baseline"),
    ),
    Track.SUVMAX: (Milestone.DAY_28, ("suvmax_ge_10_day_28",)),
}
"""The factors whose cut-offs are drawn, and the one visit at which each track has them."""

DECIDED: Final = (Verdict.MET, Verdict.NOT_MET, Verdict.STRATUM)


def build(
    snapshot: Snapshot,
    findings: Iterable[MilestoneFindings],
    catalogue: Catalogue,
    *,
    as_of: date,
) -> Timeline:
    """Lay a case, as known on a day, and what is found in it on days."""
    infusion = snapshot.date_of(Milestone.INFUSION)
    origin = infusion or min((a.date for a in snapshot.assessments), default=as_of)
    visits = sorted(snapshot.assessments, key=lambda a: a.place)
    return Timeline(
        origin=origin,
        from_infusion=infusion is not None,
        today=(as_of - origin).days,
        visits=tuple(VisitMark(a.milestone, (a.date - origin).days, a.date) for a in visits),
        spans=tuple(_spans(snapshot.treatments, origin)),
        happenings=tuple(_happenings(snapshot, infusion, catalogue.dictionary, origin)),
        tracks={
            track: tuple(_points(track, visits, snapshot.events, catalogue.dictionary, origin))
            for track in Track
        },
        markers=tuple(_markers(visits, origin)),
        cut_offs=tuple(_cut_offs(findings, catalogue, origin)),
        expected=tuple(_expected(snapshot, infusion, catalogue.dictionary, origin, as_of)),
    )


def cut_off_of(factor: Factor) -> Decimal | None:
    """The one number that a factor's criterion compares with, if it is of that kind."""
    match factor.criterion:
        case NumberRule() as rule:
            return rule.side[1]
        case StrataByNumber(cuts=(cut,)):
            return cut
        case _:
            return None


def _spans(treatments: Iterable[Treatment], origin: date) -> Iterator[Span]:
    for treatment in sorted(treatments, key=lambda t: t.start):
        end = None if treatment.end is None else (treatment.end - origin).days
        yield Span(LANE_OF[treatment.role], (treatment.start - origin).days, end, treatment)


def _happenings(
    snapshot: Snapshot, infusion: date | None, dictionary: Dictionary, origin: date
) -> Iterator[Happening]:
    if infusion is not None:
        yield Happening(Lane.INFUSION, 0, None)
    for event in sorted(snapshot.events, key=lambda e: e.date):
        graded = dictionary.events[event.kind].grades is not None
        lane = Lane.TOXICITY if graded or event.kind in TOXICITY_EVENTS else Lane.OTHER
        end = None if event.end is None else (event.end - origin).days
        yield Happening(lane, (event.date - origin).days, event, end)


def _points(
    track: Track,
    visits: Iterable[Assessment],
    events: Iterable[Event],
    dictionary: Dictionary,
    origin: date,
) -> Iterator[Point]:
    """The values of a track in the order of their days; a break where one was asked for."""
    points = []
    for visit in visits:
        observation = visit.observations.get(track)
        if observation is not None:
            on = observation.fact.observed_on
            points.append(
                Point(
                    (on - origin).days,
                    visit.milestone,
                    _drawn(track, observation),
                    observation,
                    confounders(track, visit, events, dictionary),
                )
            )
        elif visit.milestone in dictionary.variables[track].asked_at or track in visit.absences:
            points.append(Point((visit.date - origin).days, visit.milestone))
    yield from sorted(points, key=lambda p: (p.day, ORDER[p.milestone]))


def _drawn(track: Track, observation: Observation) -> Decimal | None:
    """What is drawn of a value: of LDH its multiple of the upper limit, unknown without one."""
    return multiple_of_limit(observation) if track is Track.LDH else Decimal(observation.number)


def multiple_of_limit(observation: Observation) -> Decimal | None:
    """How many times its upper limit of normal a value is, None where no limit is recorded.

    251 of 250 is above normal and 249 is not: such a multiple is not rounded to 1.00.
    """
    if observation.upper_limit is None:
        return None
    multiple = EXACT.divide(Decimal(observation.number), observation.upper_limit)
    rounded = multiple.quantize(HUNDREDTH, rounding=ROUND_HALF_UP, context=EXACT)
    if rounded != 1 or multiple == 1:
        return rounded
    return multiple.quantize(THOUSANDTH, rounding=ROUND_HALF_UP, context=EXACT)


def _markers(visits: Iterable[Assessment], origin: date) -> Iterator[Marker]:
    for visit in visits:
        for variable in MARKED:
            observation = visit.observations.get(variable)
            if observation is not None:
                day = (observation.fact.observed_on - origin).days
                yield Marker(variable, day, visit.milestone, observation)
        absence = visit.absences.get("response")
        if absence is not None and absence.reason in NOT_EVALUABLE:
            day = (absence.observed_on - origin).days
            yield Marker("response", day, visit.milestone, None, absence)


def _cut_offs(
    findings: Iterable[MilestoneFindings], catalogue: Catalogue, origin: date
) -> Iterator[CutOff]:
    """Cut-offs of factors that are decided at the visit where they were studied."""
    decided = {
        (found.milestone, finding.factor): (found.date - origin).days
        for found in findings
        for finding in found.findings
        if finding.verdict in DECIDED
    }
    for track, (milestone, keys) in STUDIED_AT.items():
        for key in keys:
            number, day = cut_off_of(catalogue.by_key[key]), decided.get((milestone, key))
            if number is not None and day is not None:
                yield CutOff(track, day, milestone, number, key)


def _expected(
    snapshot: Snapshot, infusion: date | None, dictionary: Dictionary, origin: date, as_of: date
) -> Iterator[Expected]:
    """What is due or overdue, and the next that is not yet: those after it would only take the
    room of what is recorded."""
    visits = expected_visits(
        infusion=infusion,
        reached={a.milestone for a in snapshot.assessments},
        events=[e.kind for e in snapshot.events],
        today=as_of,
        windows=dictionary.windows_days_after_infusion.items(),
    )
    for visit in visits:
        opens, closes = ((day - origin).days for day in (visit.opens, visit.closes))
        yield Expected(visit.milestone, opens, closes, visit.timing)
        if visit.timing is Timing.UPCOMING:
            return
