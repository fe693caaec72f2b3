"""The verdict of every factor at every reached milestone, with the scores and warnings."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from riskfactors.domain.agenda import Agenda, Finding, Panel
from riskfactors.domain.criteria import MET, NOT_MET, not_applicable, unknown
from riskfactors.domain.derived import RESPONSES_AFTER_INFUSION, listed_lines
from riskfactors.domain.scores import Score, scores_at
from riskfactors.domain.snapshot import Assessment, Fact, Snapshot, View, views
from riskfactors.domain.timepoints import ORDER, Milestone
from riskfactors.domain.variables import Amount, Dictionary, Interval, Variable
from riskfactors.domain.vocabulary import Phrase, Response


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
            tuple([f for panel in agenda[view.milestone] for f in _found(panel, view)]),
            scores_at(view),
        )
        for view in views(snapshot)
    )


def _found(panel: Panel, view: View) -> list[Finding]:
    """The findings of one panel. Whom it applies to is decided once."""
    applies, whom = panel.applies(view)
    verdict, findings = applies.verdict, []
    for _factor, ask, answers in panel.questions:
        if verdict is MET:
            conclusion, basis = ask(view)
        elif verdict is NOT_MET:
            conclusion, basis = not_applicable(applies.reason), whom
        else:
            own, grounds = ask(view)
            conclusion = unknown(*applies.missing, *own.missing)
            basis = tuple(dict.fromkeys(whom + grounds))  # each once
        finding = answers[conclusion]
        findings.append(replace(finding, basis=basis) if basis else finding)
    return findings


def warnings_of(snapshot: Snapshot, dictionary: Dictionary) -> tuple[Phrase, ...]:
    """What was accepted although it is unusual or contradicts itself, in the order of time."""
    visits = {assessment.milestone: assessment for assessment in snapshot.assessments}
    warnings = [w for a in snapshot.assessments for w in _of_values(a, dictionary)]
    warnings += _of_windows(visits, dictionary)
    warnings += _of_lines(snapshot)
    warnings += _of_progression(visits)
    return tuple(sorted(warnings, key=_in_time) if len(warnings) > 1 else warnings)


def _in_time(warning: Phrase) -> tuple[object, ...]:
    milestone, day, *_ = warning.about
    return day, ORDER[Milestone(str(milestone))], warning.key, warning.about


def _of_values(assessment: Assessment, dictionary: Dictionary) -> Iterator[Phrase]:
    day, recorded = assessment.date, assessment.observations
    variables, usual = dictionary.variables, dictionary.usual
    for name in usual.keys() & recorded.keys():
        (low, high), observation = usual[name], recorded[name]
        value: Any = observation.value
        if not low <= value <= high:
            within = variables[name].unusual_outside
            yield _unusual(assessment, observation.fact, variables[name], within)
        if observation.upper_limit is not None and observation.limit is not None:
            within = variables[name].upper_limit_unusual_outside
            if observation.upper_limit not in within:
                yield _unusual(assessment, observation.limit, variables[name], within)
    for fact in [f for o in recorded.values() if (f := o.grounds[0]).observed_on is not day]:
        days = (day - fact.observed_on).days
        fresh = dictionary.fresh_days(variables[fact.variable], assessment.milestone)
        if fresh is not None and days > fresh:
            yield Phrase("not_fresh", *_visit(assessment), fact.variable, str(days), str(fresh))
    if "mtv" in recorded and "mtv_method" not in recorded:
        yield Phrase("volume_without_method", *_visit(assessment))


def _visit(assessment: Assessment) -> tuple[str, str]:
    """What every warning speaks of first."""
    return assessment.milestone, assessment.date.isoformat()


def _unusual(assessment: Assessment, fact: Fact, variable: Variable, usual: Interval) -> Phrase:
    recorded = (fact.variable, _digits(fact.value), fact.unit or "")
    return Phrase("unusual", *_visit(assessment), *recorded, *usual.ends, variable.unit or "")


def _digits(recorded: Amount) -> str:
    """A number as one writes it, unless it has more digits than anybody reads."""
    plain = isinstance(recorded, Decimal) and abs(recorded.adjusted()) < 20
    return f"{recorded:f}" if plain else str(recorded)


def _of_windows(visits: Mapping[Milestone, Assessment], dictionary: Dictionary) -> Iterator[Phrase]:
    infusion = visits.get(Milestone.INFUSION)
    for milestone, window in dictionary.windows_days_after_infusion.items():
        visit = visits.get(milestone)
        if infusion is not None and visit is not None:
            day = (visit.date - infusion.date).days
            if day not in window:
                yield Phrase("outside_window", *_visit(visit), str(day), *window.ends)


def _of_lines(snapshot: Snapshot) -> Iterator[Phrase]:
    infusion = snapshot.date_of(Milestone.INFUSION)
    for assessment in snapshot.assessments:
        recorded = assessment.observations.get("prior_lines")
        if recorded is None:
            continue
        started = (t for t in snapshot.treatments if t.start <= assessment.date)
        listed = len(listed_lines(started, infusion))
        if recorded.number < listed:
            yield Phrase("fewer_lines", *_visit(assessment), str(recorded.number), str(listed))


def _of_progression(visits: Mapping[Milestone, Assessment]) -> Iterator[Phrase]:
    for milestone in RESPONSES_AFTER_INFUSION:
        visit = visits.get(milestone)
        response = visit.observations.get("response") if visit else None
        progressed = response is not None and response.value == Response.PD
        if visit and progressed and Milestone.RELAPSE not in visits:
            yield Phrase("progression_without_relapse", *_visit(visit))
