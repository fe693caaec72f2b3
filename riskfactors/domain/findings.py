"""The verdict of every factor at every reached milestone, with the scores and warnings."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import chain

from msgspec import Struct

from riskfactors.domain.criteria import MET, UNKNOWN, undecided
from riskfactors.domain.derived import RESPONSES_AFTER_INFUSION, listed_lines
from riskfactors.domain.evidence import Agenda, Panel, Ruling
from riskfactors.domain.scores import Score, scores_at
from riskfactors.domain.snapshot import Assessment, Fact, Snapshot, View, views
from riskfactors.domain.timepoints import ORDER, Milestone
from riskfactors.domain.variables import Amount, Dictionary, Interval, Variable
from riskfactors.domain.vocabulary import Direction, Phrase, Response, Verdict


class Finding(Struct, frozen=True, gc=False):
    """How one factor stands at one milestone. Every one carries its grounds or what is missing."""

    ruling: Ruling
    basis: tuple[Fact, ...]

    @property
    def factor(self) -> str:
        """The key of the factor."""
        return self.ruling.factor

    @property
    def verdict(self) -> Verdict:
        """How it stands."""
        return self.ruling.verdict

    @property
    def stratum(self) -> str | None:
        """The patient's group among those that were compared."""
        return self.ruling.stratum

    @property
    def direction(self) -> Direction:
        """The side of the published association: of the stratum, where there is one."""
        return self.ruling.direction

    @property
    def missing(self) -> tuple[str, ...]:
        """The inputs that are not recorded and could still matter."""
        return self.ruling.missing

    @property
    def reason(self) -> Phrase | None:
        """What a verdict that decides nothing, or is not met, comes from."""
        return self.ruling.reason


class MilestoneFindings(Struct, frozen=True, gc=False):
    """All that is found at one milestone; `day` counts from the infusion."""

    milestone: Milestone
    date: date
    day: int | None
    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]


def assess(snapshot: Snapshot, agenda: Agenda) -> tuple[MilestoneFindings, ...]:
    """Evaluate every factor where its evidence applies, from what was known at that milestone."""
    infusion = snapshot.date_of(Milestone.INFUSION)
    return tuple(
        [
            MilestoneFindings(
                view.milestone,
                view.date,
                None if infusion is None else (view.date - infusion).days,
                tuple(
                    chain.from_iterable([_asked(panel, view) for panel in agenda[view.milestone]])
                ),
                scores_at(view),
            )
            for view in views(snapshot)
        ]
    )


def _asked(panel: Panel, view: View) -> list[Finding]:
    """The findings of one panel. Whom it applies to is decided once."""
    applies, grounds = panel.applies(view) if panel.applies else (MET, ())
    if applies is MET:
        return [
            Finding(rulings[outcome], basis)
            for _, ask, rulings in panel.questions
            for outcome, basis in (ask(view),)
        ]
    if applies.verdict is not UNKNOWN:
        return [Finding(rulings[applies], grounds) for _, _, rulings in panel.questions]
    return [
        Finding(rulings[undecided(applies.missing + own.missing)], grounds + basis)
        for _, ask, rulings in panel.questions
        for own, basis in (ask(view),)
    ]


def warnings_of(snapshot: Snapshot, dictionary: Dictionary) -> tuple[Phrase, ...]:
    """What was accepted although it is unusual or contradicts itself, in the order of time."""
    warnings = (
        *(warning for a in snapshot.assessments for warning in _of_values(a, dictionary)),
        *_of_windows(snapshot, dictionary),
        *_of_lines(snapshot),
        *_of_progression(snapshot),
    )
    return tuple(sorted(warnings, key=_in_time)) if len(warnings) > 1 else warnings


def _in_time(warning: Phrase) -> tuple[object, ...]:
    """Every warning speaks of a visit first: its milestone and its date."""
    milestone, day, *_ = warning.about
    return day, ORDER[Milestone(str(milestone))], warning.key, warning.about


def _of_values(assessment: Assessment, dictionary: Dictionary) -> Iterator[Phrase]:
    day, variables = assessment.date, dictionary.variables
    visit = (assessment.milestone, day.isoformat())
    for name, observation in assessment.observations.items():
        value, fact = observation.value, observation.grounds[0]
        if type(value) is Decimal:
            variable = variables[name]
            usual = variable.unusual_outside
            if not usual.low <= value <= usual.high:
                yield _unusual(visit, fact, variable, usual)
            limit, usual = observation.upper_limit, variable.upper_limit_unusual_outside
            if limit is not None and limit not in usual:
                yield _unusual(visit, observation.grounds[1], variable, usual)
        if fact.observed_on != day:
            days = (day - fact.observed_on).days
            fresh = dictionary.fresh_days(variables[name], assessment.milestone)
            if fresh is not None and days > fresh:
                yield Phrase("not_fresh", *visit, name, str(days), str(fresh))
    if "mtv" in assessment.observations and "mtv_method" not in assessment.observations:
        yield Phrase("volume_without_method", *visit)


def _unusual(visit: tuple[str, str], fact: Fact, variable: Variable, usual: Interval) -> Phrase:
    recorded = (fact.variable, _digits(fact.value), fact.unit or "")
    return Phrase("unusual", *visit, *recorded, *usual.ends, variable.unit or "")


def _digits(recorded: Amount) -> str:
    """A number as one writes it, unless it has more digits than anybody reads."""
    plain = isinstance(recorded, Decimal) and abs(recorded.adjusted()) < 20
    return f"{recorded:f}" if plain else str(recorded)


def _of_windows(snapshot: Snapshot, dictionary: Dictionary) -> Iterator[Phrase]:
    infusion = snapshot.date_of(Milestone.INFUSION)
    for milestone, window in dictionary.windows_days_after_infusion.items():
        visit = snapshot.date_of(milestone)
        if infusion is not None and visit is not None:
            day = (visit - infusion).days
            if day not in window:
                yield Phrase("outside_window", milestone, visit.isoformat(), str(day), *window.ends)


def _of_lines(snapshot: Snapshot) -> Iterator[Phrase]:
    infusion = snapshot.date_of(Milestone.INFUSION)
    for assessment in snapshot.assessments:
        recorded = assessment.observations.get("prior_lines")
        if recorded is None:
            continue
        started = [t for t in snapshot.treatments if t.start <= assessment.date]
        listed = len(listed_lines(started, infusion))
        if recorded.number < listed:
            visit = assessment.milestone, assessment.date.isoformat()
            yield Phrase("fewer_lines", *visit, str(recorded.number), str(listed))


def _of_progression(snapshot: Snapshot) -> Iterator[Phrase]:
    if snapshot.date_of(Milestone.RELAPSE) is not None:
        return
    for assessment in snapshot.assessments:
        response = assessment.observations.get("response")
        progressed = response is not None and response.value == Response.PD
        if progressed and assessment.milestone in RESPONSES_AFTER_INFUSION:
            visit = assessment.milestone, assessment.date.isoformat()
            yield Phrase("progression_without_relapse", *visit)
