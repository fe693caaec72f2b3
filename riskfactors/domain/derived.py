"""What follows from treatments and events: prior lines, bridging, last therapy, worst grade."""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter

from msgspec import Struct

from riskfactors.domain.snapshot import Fact, Observation, Treatment, View
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Modality, Response, Role, SalvageClass, Verdict

LINE, BRIDGING, SALVAGE = Role.LINE, Role.BRIDGING, Role.SALVAGE
STARTED = {role: f"treatments.{role}" for role in Role}
RESPONDED = {role: f"treatments.{role}.best_response" for role in Role}
SYSTEMIC = (Modality.SYSTEMIC, Modality.COMBINED)
RESPONSES_AFTER_INFUSION = (Milestone.DAY_28, Milestone.DAY_90)


class Lines(Struct, frozen=True):
    """Lines of therapy before the infusion: at least `number`, exactly so if `exact`."""

    number: int
    exact: bool
    basis: tuple[Fact, ...]


class Bridging(Struct, frozen=True):
    """Whether bridging was given by a milestone, and its response as known then."""

    given: Verdict
    treatments: tuple[Treatment, ...]
    response: Response | None
    basis: tuple[Fact, ...]


def started(treatment: Treatment) -> Fact:
    """That a treatment was started: the modality of bridging, the class of salvage, a regimen."""
    role = treatment.role
    what = treatment.modality or treatment.regimen or role
    if role is SALVAGE:
        what = treatment.salvage_class or SalvageClass.OTHER
    return Fact(STARTED[role], what, None, None, treatment.start)


def responded(treatment: Treatment, response: Response) -> Fact:
    """That a treatment had a response."""
    known_on = treatment.response_on or treatment.end or treatment.start
    return Fact(RESPONDED[treatment.role], response, None, None, known_on)


def listed_lines(treatments: Iterable[Treatment], infusion: date | None) -> tuple[Treatment, ...]:
    """The lines of therapy among treatments, those before the infusion once it is reached."""
    return tuple(
        [t for t in treatments if t.role is LINE and (infusion is None or t.start < infusion)]
    )


def prior_lines(view: View) -> Lines:
    """Prior lines: the larger of the number recorded and the lines listed by the milestone.

    Without a recorded number the listed lines are only a lower bound.
    """
    listed = listed_lines(view.treatments, view.infusion)
    recorded = view.latest.get("prior_lines")
    basis = tuple(map(started, listed))
    if recorded is None:
        return Lines(len(listed), False, basis)
    return Lines(max(int(recorded.number), len(listed)), True, (*recorded.grounds, *basis))


def bridging(view: View) -> Bridging:
    """Bridging: started treatments first, else the latest observation `bridging`.

    The response is that of the treatment started last among those whose response is known.
    """
    known: Bridging | None = view.worked_out.get("bridging")
    if known is None:
        known = view.worked_out["bridging"] = _bridging(view)
    return known


def _bridging(view: View) -> Bridging:
    treatments = tuple([t for t in view.treatments if t.role is BRIDGING])
    if treatments:
        for treatment in reversed(treatments):
            if response := treatment.response_by(view.date):
                grounds = (started(treatment), responded(treatment, response))
                return Bridging(Verdict.MET, treatments, response, grounds)
        return Bridging(Verdict.MET, treatments, None, tuple(map(started, treatments)))
    observation = view.latest.get("bridging")
    if observation is None:
        return Bridging(Verdict.UNKNOWN, (), None, ())
    given = Verdict.MET if observation.value == "yes" else Verdict.NOT_MET
    return Bridging(given, (), None, observation.grounds)


def last_therapy(view: View) -> tuple[Treatment, Response | None] | None:
    """The line or systemic bridging started last, with its response as known by the milestone.

    A bridging treatment without known response is passed over. None: nothing left to look at.
    """
    for treatment in reversed(view.treatments):
        response = treatment.response_by(view.date)
        if treatment.role is LINE:
            return treatment, response
        if treatment.role is BRIDGING and treatment.modality in SYSTEMIC and response:
            return treatment, response
    return None


def treated_since(observation: Observation, view: View) -> Treatment | None:
    """A line or bridging treatment started after a value's assessment and by the milestone."""
    milestone = observation.fact.milestone
    visited_on = view.dates[milestone] if milestone else view.date
    for treatment in reversed(view.treatments):
        if treatment.start <= visited_on:
            break
        if treatment.role in (LINE, BRIDGING):
            return treatment
    return None


def worst_grade(view: View, *, variable: str, event: str) -> Fact | None:
    """The highest grade among all counted observations and the events dated by the milestone."""
    grades = [
        observations[variable].fact for observations in view.at.values() if variable in observations
    ]
    grades += [
        Fact(f"events.{event}", e.grade, None, None, e.date)
        for e in view.snapshot.events
        if e.kind == event and e.grade is not None and e.date <= view.date
    ]
    return max(grades, key=lambda fact: (fact.value, fact.observed_on, fact.variable), default=None)


def salvage(view: View) -> tuple[Treatment, ...]:
    """Salvage treatments started on or after the milestone's date, whenever that is."""
    treatments = (t for t in view.snapshot.treatments if t.role is SALVAGE and t.start >= view.date)
    return tuple(sorted(treatments, key=attrgetter("start")))
