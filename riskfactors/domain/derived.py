"""What follows from treatments and events: prior lines, bridging, last therapy, worst grade."""

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter

from msgspec import Struct

from riskfactors.domain.snapshot import Assessment, Fact, Observation, Treatment, View
from riskfactors.domain.timepoints import AFTER_INFUSION, Milestone
from riskfactors.domain.vocabulary import Modality, Response, Role, SalvageClass, Verdict

LINE, BRIDGING, SALVAGE = Role.LINE, Role.BRIDGING, Role.SALVAGE
STARTED = {role: f"treatments.{role}" for role in Role}
RESPONDED = {role: f"treatments.{role}.best_response" for role in Role}
RESPONDED_ON = {role: f"treatments.{role}.response_on" for role in Role}
SYSTEMIC = (Modality.SYSTEMIC, Modality.COMBINED)


class Lines(Struct, frozen=True):
    """Lines of therapy before the infusion: at least `number`, exactly so if `exact`."""

    number: int
    exact: bool
    basis: tuple[Fact, ...]


class Bridging(Struct, frozen=True):
    """Whether bridging was given by a milestone, and its response as known then.

    The response is that of the treatment started last, whether or not an earlier one has any:
    bridging that is begun anew usually means that the first was not enough. `missing` is what would
    tell the response, where it is not known.
    """

    given: Verdict
    treatments: tuple[Treatment, ...]
    response: Response | None
    basis: tuple[Fact, ...]
    missing: str = RESPONDED[BRIDGING]

    @property
    def lacks_date(self) -> bool:
        """Whether there is a response, but nobody can say since when it is known."""
        return self.missing == RESPONDED_ON[BRIDGING]


def started(treatment: Treatment) -> Fact:
    """That a treatment was started: the modality of bridging, the class of salvage, a regimen."""
    role = treatment.role
    what = treatment.modality or treatment.regimen or role
    if role is SALVAGE:
        what = treatment.treatment_class or SalvageClass.OTHER
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


def is_bridging(treatment: Treatment, infusion: date | None) -> bool:
    """Whether a treatment given as bridging is any: it starts before the day of the infusion."""
    return treatment.role is BRIDGING and (infusion is None or treatment.start < infusion)


def bridging(view: View) -> Bridging:
    """Bridging: started treatments first, else the latest observation `bridging`."""
    known: Bridging | None = view.worked_out.get("bridging")
    if known is None:
        known = view.worked_out["bridging"] = _bridging(view)
    return known


def _bridging(view: View) -> Bridging:
    infusion = view.snapshot.date_of(Milestone.INFUSION)
    treatments = tuple([t for t in view.treatments if is_bridging(t, infusion)])
    if treatments:
        last = treatments[-1]
        if response := last.response_by(view.date):
            grounds = (started(last), responded(last, response))
            return Bridging(Verdict.MET, treatments, response, grounds)
        missing = (RESPONDED_ON if last.response_lacks_date else RESPONDED)[BRIDGING]
        return Bridging(Verdict.MET, treatments, None, tuple(map(started, treatments)), missing)
    observation = view.latest.get("bridging")
    if observation is None:
        return Bridging(Verdict.UNKNOWN, (), None, ())
    given = Verdict.MET if observation.value == "yes" else Verdict.NOT_MET
    return Bridging(given, (), None, observation.grounds)


def last_therapy(view: View) -> tuple[Treatment, Response | None] | None:
    """The line or systemic bridging started last, with its response as known by the milestone.

    A bridging treatment without known response is passed over. None: nothing left to look at.
    """
    infusion = view.snapshot.date_of(Milestone.INFUSION)
    for treatment in reversed(view.treatments):
        response = treatment.response_by(view.date)
        if treatment.role is LINE:
            return treatment, response
        systemic = is_bridging(treatment, infusion) and treatment.modality in SYSTEMIC
        if systemic and response:
            return treatment, response
    return None


def treated_since(observation: Observation, view: View) -> Treatment | None:
    """A line or bridging treatment started after a value's assessment and by the milestone."""
    milestone = observation.fact.milestone
    visited_on = view.dates[milestone] if milestone else view.date
    infusion = view.snapshot.date_of(Milestone.INFUSION)
    for treatment in reversed(view.treatments):
        if treatment.start <= visited_on:
            break
        if treatment.role is LINE or is_bridging(treatment, infusion):
            return treatment
    return None


def visits_after_infusion(
    visits: Sequence[Assessment], infusion: date | None
) -> Sequence[Assessment]:
    """The visits after day 0, of visits in the order of time.

    Without an infusion the milestones that follow it are after day 0 all the same, and interim
    visits from the first of them on.
    """
    if infusion is not None:
        return [visit for visit in visits if visit.date > infusion]
    first = min((v.date for v in visits if v.milestone in AFTER_INFUSION), default=date.max)
    return [
        visit
        for visit in visits
        if visit.milestone in AFTER_INFUSION
        or (visit.milestone is Milestone.INTERIM and visit.date >= first)
    ]


def responses_after_infusion(view: View) -> tuple[Observation, ...]:
    """The responses of all visits after day 0 that count at the milestone, in the order of time.

    Interim visits count too, of one date before the milestones. The assessment of the relapse is
    never one of them.
    """
    visits = [visit for visit in view.visits if visit.milestone is not Milestone.RELAPSE]
    after = visits_after_infusion(visits, view.infusion)
    return tuple([v.observations["response"] for v in after if "response" in v.observations])


def worst_grade(view: View, *, variable: str, event: str) -> Fact | None:
    """The highest grade among counted observations and events from the infusion to the milestone.

    What is dated before belongs to another treatment. None also without an infusion.
    """
    infusion = view.infusion
    if infusion is None:
        return None
    grades = [
        observations[variable].fact
        for milestone, observations in view.at.items()
        if variable in observations and view.dates[milestone] >= infusion
    ]
    grades += [
        Fact(f"events.{event}", e.grade, None, None, e.date)
        for e in view.snapshot.events
        if e.kind == event and e.grade is not None and infusion <= e.date <= view.date
    ]
    return max(grades, key=lambda fact: (fact.value, fact.observed_on, fact.variable), default=None)


def salvage(view: View) -> tuple[Treatment, ...]:
    """Salvage treatments started on or after the milestone's date, whenever that is."""
    treatments = (t for t in view.snapshot.treatments if t.role is SALVAGE and t.start >= view.date)
    return tuple(sorted(treatments, key=attrgetter("start")))
