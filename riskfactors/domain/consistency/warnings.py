"""What is accepted although it is unusual, or contradicts something else that is recorded."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from riskfactors.domain.consistency.places import (
    Places,
    assessments_of,
    events_of,
    treatments_of,
)
from riskfactors.domain.consistency.visits import PAIRS, Concern, PlacedVisit
from riskfactors.domain.derived import BRIDGING, is_bridging, listed_lines, visits_after_infusion
from riskfactors.domain.snapshot import Event, Fact, Observation, Snapshot, Treatment
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import Dictionary, Interval, Variable
from riskfactors.domain.vocabulary import Phrase, Response, Role

LONGEST_LYMPHODEPLETION: Final = timedelta(days=14)
"""Before the infusion; more is a date of another treatment, or a mistyped one."""


class _Case(NamedTuple):
    """What is asked about: a case with its visits in the order of time, and the dictionary."""

    visits: Sequence[PlacedVisit]
    treatments: Sequence[tuple[str, Treatment]]
    events: Sequence[tuple[str, Event]]
    infusion: date | None
    day_28: date | None
    relapse: date | None
    dictionary: Dictionary

    def at(self, name: str) -> list[tuple[PlacedVisit, Observation]]:
        """The visits at which a variable is recorded, each with the value, in the order of time."""
        return [
            (visit, recorded)
            for visit in self.visits
            if (recorded := visit.assessment.observations.get(name)) is not None
        ]


def warnings(
    snapshot: Snapshot, dictionary: Dictionary, places: Places | None = None
) -> tuple[Concern, ...]:
    """All that is to be asked about a case, in the order of time."""
    places = places or Places.of(snapshot)
    visits = [PlacedVisit(place, visit) for place, visit in assessments_of(snapshot, places)]
    visits.sort(key=lambda visit: visit.assessment.place)
    case = _Case(
        visits,
        tuple(treatments_of(snapshot, places)),
        tuple(events_of(snapshot, places)),
        snapshot.date_of(Milestone.INFUSION),
        snapshot.date_of(Milestone.DAY_28),
        snapshot.date_of(Milestone.RELAPSE),
        dictionary,
    )
    found = [concern for check in CHECKS for concern in check(case)]
    return tuple(sorted(found, key=lambda c: (c.at, c.phrase.key, c.phrase.about)))


def _unusual_values(case: _Case) -> Iterator[Concern]:
    quantities = case.dictionary.quantities
    for visit in case.visits:
        for name, observation in visit.assessment.observations.items():
            variable = quantities.get(name)
            if variable is None:
                continue
            usual = variable.unusual_outside
            if not usual.low <= observation.number <= usual.high:
                yield _unusual(visit, observation.fact, variable, usual)
            limit, usual = observation.upper_limit, variable.upper_limit_unusual_outside
            if limit is not None and observation.limit is not None and limit not in usual:
                yield _unusual(visit, observation.limit, variable, usual)


def _unusual(visit: PlacedVisit, fact: Fact, variable: Variable, usual: Interval) -> Concern:
    recorded = (fact.variable, _digits(fact), fact.unit or "")
    return visit.concern("unusual", (fact.variable,), *recorded, *usual.ends, variable.unit or "")


def _digits(fact: Fact) -> str:
    """A number as one writes it, unless it has more digits than anybody reads."""
    plain = isinstance(fact.value, Decimal) and abs(fact.value.adjusted()) < 20
    return (
        f"{fact.comparator or ''}{fact.value:f}"
        if plain
        else f"{fact.comparator or ''}{fact.value}"
    )


def _stale_values(case: _Case) -> Iterator[Concern]:
    for visit in case.visits:
        day, milestone = visit.assessment.date, visit.assessment.milestone
        for name, observed_on in visit.assessment.other_days:
            days = (day - observed_on).days
            fresh = case.dictionary.fresh_days(case.dictionary.variables[name], milestone)
            if fresh is not None and days > fresh:
                yield visit.concern("not_fresh", (name,), name, str(days), str(fresh))


def _within_a_visit(case: _Case) -> Iterator[Concern]:
    """Values of one visit that do not go together."""
    for visit in case.visits:
        observations = visit.assessment.observations
        for key, names, contradicts in PAIRS:
            if names[0] in observations and contradicts(visit):
                yield visit.concern(key, names)


def _outside_windows(case: _Case) -> Iterator[Concern]:
    if case.infusion is None:
        return
    for visit in case.visits:
        window = case.dictionary.windows_days_after_infusion.get(visit.assessment.milestone)
        if window is not None:
            day = (visit.assessment.date - case.infusion).days
            if day not in window:
                yield visit.concern("outside_window", (), str(day), *window.ends)


def _lines(case: _Case) -> Iterator[Concern]:
    """Fewer lines recorded than are listed, or than were recorded before."""
    most: PlacedVisit | None = None
    for visit, recorded in case.at("prior_lines"):
        started = (t for _, t in case.treatments if t.start <= visit.assessment.date)
        listed = len(listed_lines(started, case.infusion))
        if recorded.number < listed:
            numbers = str(recorded.number), str(listed)
            yield visit.concern("fewer_lines", ("prior_lines",), *numbers)
        before = None if most is None else most.assessment.observations["prior_lines"]
        if most is not None and before is not None and recorded.number < before.number:
            about = str(recorded.number), str(before.number), *_when(most)
            place = most.place_of("prior_lines")
            yield visit.concern("lines_fell", ("prior_lines",), *about, also=place)
        else:
            most = visit


def _when(visit: PlacedVisit) -> tuple[str, str]:
    return visit.assessment.milestone, visit.assessment.date.isoformat()


def _progression(case: _Case) -> Iterator[Concern]:
    """Progression after the infusion, while no relapse is recorded."""
    progressed = [v for v, recorded in case.at("response") if recorded.value == Response.PD]
    if progressed and case.relapse is None:
        visits = [visit.assessment for visit in case.visits]
        followed = visits_after_infusion(visits, case.infusion)
        for visit in progressed:
            if visit.assessment in followed:
                yield visit.concern("progression_without_relapse", ("response",))


def _denied_bridging(case: _Case) -> Iterator[Concern]:
    for visit, recorded in case.at("bridging"):
        if recorded.value == "no":
            for place, treatment in case.treatments:
                by_then = treatment.start <= visit.assessment.date
                if by_then and is_bridging(treatment, case.infusion):
                    about = treatment.start.isoformat()
                    yield visit.concern("bridging_denied", ("bridging",), about, also=place)


def _denied_events(case: _Case) -> Iterator[Concern]:
    for name, kind in (("tocilizumab_given", "tocilizumab"), ("steroids_given", "steroids")):
        for visit, recorded in case.at(name):
            if recorded.value == "no":
                for place, event in case.events:
                    if event.kind == kind and event.date <= visit.assessment.date:
                        about = name, kind, event.date.isoformat()
                        yield visit.concern("event_denied", (name,), *about, also=place)


def _rearrangements(case: _Case) -> Iterator[Concern]:
    """High-grade lymphoma with MYC and BCL2 rearrangements beside one that is not rearranged."""
    told = case.at("histology")
    for gene in ("myc_rearranged", "bcl2_rearranged"):
        latest: dict[str, PlacedVisit] = {}
        for visit in case.visits if told and case.at(gene) else ():
            here = {n: visit for n in ("histology", gene) if n in visit.assessment.observations}
            latest |= here
            if not here or len(latest) < 2:
                continue
            histology, rearranged = latest["histology"], latest[gene]
            if histology.has("histology", "hgbl_myc_bcl2") and rearranged.has(gene, "no"):
                names = tuple(here)
                others = [latest[n].place_of(n) for n in latest if n not in here]
                yield visit.concern("not_rearranged", names, gene, also="".join(others))


def _product(case: _Case) -> Iterator[Concern]:
    """Another product at the infusion than was recorded before."""
    before: PlacedVisit | None = None
    for visit, given in case.at("product"):
        if visit.assessment.milestone is Milestone.INFUSION and before is not None:
            planned = before.assessment.observations["product"]
            if planned.value != given.value:
                about = str(given.value), str(planned.value), *_when(before)
                place = before.place_of("product")
                yield visit.concern("other_product", ("product",), *about, also=place)
        before = visit


def _ferritin_peak(case: _Case) -> Iterator[Concern]:
    """A peak below a value that was recorded from the infusion to day 28."""
    if case.infusion is None:
        return
    last = case.day_28 or case.infusion + timedelta(days=28)
    for visit, peak in case.at("ferritin_peak"):
        for other, ferritin in case.at("ferritin"):
            between = case.infusion <= other.assessment.date <= last
            if between and peak.ends[1] < ferritin.ends[0]:
                numbers = [(_digits(f), f.unit or "") for f in (peak.fact, ferritin.fact)]
                about = (*numbers[0], *numbers[1], *_when(other))
                place = other.place_of("ferritin")
                yield visit.concern("peak_below_value", ("ferritin_peak",), *about, also=place)


def _other_treatments_events(case: _Case) -> Iterator[Concern]:
    """Toxicity of the course that is dated before its infusion."""
    for place, event in case.events:
        kind = case.dictionary.events[event.kind]
        of_course = kind.grades is not None or event.kind in ("tocilizumab", "steroids")
        if of_course and case.infusion is not None and event.date < case.infusion:
            phrase = Phrase("event_before_infusion", event.kind, event.date.isoformat())
            yield Concern(phrase, (f"{place}.date",), (event.date, 0))


def _treatments_out_of_place(case: _Case) -> Iterator[Concern]:
    for place, treatment in case.treatments:
        for key, field in _flaws(treatment, case.infusion):
            phrase = Phrase(key, treatment.role, treatment.start.isoformat())
            yield Concern(phrase, (f"{place}.{field}",), (treatment.start, 0))


def _flaws(treatment: Treatment, infusion: date | None) -> Iterator[tuple[str, str]]:
    """What is odd about a treatment, and in which field."""
    if treatment.response_lacks_date:
        yield "response_without_date", "response_on"
    if infusion is None:
        return
    if treatment.role is BRIDGING and treatment.start >= infusion:
        yield "bridging_after_infusion", "start"
    if treatment.role is Role.LYMPHODEPLETION:
        if treatment.start >= infusion:
            yield "lymphodepletion_after_infusion", "start"
        elif infusion - treatment.start > LONGEST_LYMPHODEPLETION:
            yield "lymphodepletion_long_before", "start"


Check: TypeAlias = Callable[[_Case], Iterator[Concern]]

CHECKS: Final[tuple[Check, ...]] = (
    _unusual_values,
    _stale_values,
    _within_a_visit,
    _outside_windows,
    _lines,
    _progression,
    _denied_bridging,
    _denied_events,
    _rearrangements,
    _product,
    _ferritin_peak,
    _other_treatments_events,
    _treatments_out_of_place,
)
