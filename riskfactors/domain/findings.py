"""The verdict of every factor at every reached milestone, with the scores."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from riskfactors.domain.agenda import Agenda, Finding, Panel
from riskfactors.domain.criteria import MET, NOT_MET, UNKNOWN, Basis, not_applicable, unknown
from riskfactors.domain.scores import Score, scores_at
from riskfactors.domain.snapshot import Snapshot, View, views
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Phrase


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
        findings.append(_grounded(finding, basis) if basis else finding)
    return findings


def _grounded(finding: Finding, basis: Basis) -> Finding:
    """The finding on its grounds. A value beyond a limit is recorded, if not closely enough."""
    reason = finding.reason
    if finding.verdict is UNKNOWN and reason is not None and reason.key == "not_recorded":
        beyond = {fact.variable for fact in basis if fact.comparator is not None}
        if not beyond.isdisjoint(finding.missing):
            missing = [Phrase("beyond_a_limit", n) if n in beyond else n for n in finding.missing]
            reason = Phrase("not_recorded", *missing)
    return replace(finding, basis=basis, reason=reason)
