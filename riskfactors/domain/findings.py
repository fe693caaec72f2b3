"""The verdict of every factor at every reached milestone, with the scores and warnings."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from riskfactors.domain.criteria import MET, NOT_MET, Conclusion, undecided
from riskfactors.domain.derived import RESPONSES_AFTER_INFUSION, listed_lines
from riskfactors.domain.evidence import Agenda, Panel
from riskfactors.domain.scores import Score, scores_at
from riskfactors.domain.snapshot import Assessment, Fact, Snapshot, View, views
from riskfactors.domain.timepoints import ORDER, Milestone
from riskfactors.domain.variables import Amount, Dictionary, Interval, Variable
from riskfactors.domain.vocabulary import Direction, Phrase, Response, Verdict

NOT_APPLICABLE = Verdict.NOT_APPLICABLE
EVERYBODY = Conclusion(MET)


class Finding(Struct, frozen=True, gc=False):
    """How one factor stands at one milestone. Every one carries its grounds or what is missing."""

    factor: str
    verdict: Verdict
    stratum: str | None
    direction: Direction
    basis: tuple[Fact, ...]
    missing: tuple[str, ...]
    reason: Phrase | None


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
        MilestoneFindings(
            view.milestone,
            view.date,
            None if infusion is None else (view.date - infusion).days,
            _found(agenda[view.milestone], view),
            scores_at(view),
        )
        for view in views(snapshot)
    )


def _found(panels: tuple[Panel, ...], view: View) -> tuple[Finding, ...]:
    """The findings of one milestone. Whom a panel applies to is decided once."""
    findings: list[Finding] = []
    for panel in panels:
        applies = panel.applies(view) if panel.applies else EVERYBODY
        for factor, ask, direction, directions, not_met in panel.questions:
            if applies.verdict is MET:
                conclusion = ask(view)
            elif applies.verdict is NOT_MET:
                conclusion = Conclusion(NOT_APPLICABLE, applies.basis, reason=applies.reason)
            else:
                own = ask(view)
                grounds = dict.fromkeys(applies.basis + own.basis)  # each once
                conclusion = undecided(applies.missing + own.missing, tuple(grounds))
            verdict, stratum = conclusion.verdict, conclusion.stratum
            finding = Finding(
                factor,
                verdict,
                stratum,
                direction if stratum is None else directions[stratum],
                conclusion.basis,
                conclusion.missing,
                not_met if verdict is NOT_MET else conclusion.reason,
            )
            findings.append(finding)
    return tuple(findings)


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
    day, variables, usual = assessment.date, dictionary.variables, dictionary.usual
    visit = (assessment.milestone, day.isoformat())
    for name, observation in assessment.observations.items():
        value: Any = observation.value
        if (limits := usual.get(name)) is not None and not limits[0] <= value <= limits[1]:
            variable = variables[name]
            yield _unusual(visit, observation.fact, variable, variable.unusual_outside)
        if observation.upper_limit is not None and observation.limit is not None:
            within = (variable := variables[name]).upper_limit_unusual_outside
            if observation.upper_limit not in within:
                yield _unusual(visit, observation.limit, variable, within)
        observed_on = observation.grounds[0].observed_on
        if observed_on is not day and observed_on != day:
            days = (day - observed_on).days
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
        started = (t for t in snapshot.treatments if t.start <= assessment.date)
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
