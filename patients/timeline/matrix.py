"""The matrix of findings: a row for each fact, a column for each milestone reached."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext_noop
from msgspec import Struct

from patients.timeline.course import Course
from patients.timeline.facts import FACTS, SECTIONS, FactRow, KnownFact, fact_url
from patients.timeline.findings import caveats, score_of
from patients.timeline.places import CLUSTERS, FOLDED, Cluster, Place, place_of
from riskfactors.beside.caveats import particular
from riskfactors.beside.citations import Link
from riskfactors.beside.figures import Brief, briefly
from riskfactors.beside.related import SAME, looked_at
from riskfactors.domain.agenda import Finding
from riskfactors.domain.criteria.conditions import AboveUpperLimit, NumberRule
from riskfactors.domain.findings import MilestoneFindings
from riskfactors.domain.snapshot import Fact, View
from riskfactors.domain.timeline import multiple_of_limit
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Direction, Role, Verdict
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, verdict_name
from riskfactors.words.facts import short, sign, value_words
from riskfactors.words.translating import gettext as _

LOOKS: Final = {
    Place.ADVERSE: "adverse",
    Place.FAVOURABLE: "favourable",
    Place.UNCERTAIN: "uncertain",
    Place.SALVAGE: "treatment",
    Place.NOT_MET: "unmet",
    Place.NEUTRAL: "neutral",
    Place.UNDECIDED: "open",
    Place.NOT_STUDIED: "unstudied",
    Place.RESEARCH: "open",
}
FOLD_TITLES: Final = {
    Place.NOT_MET: gettext_noop("Criterion not met"),
    Place.NEUTRAL: gettext_noop("Studied without prognostic value"),
    Place.NOT_STUDIED: gettext_noop("Not studied here"),
    Place.RESEARCH: gettext_noop("Research items, not recorded"),
}


SHORT_MILESTONES: Final = {
    Milestone.LYMPHODEPLETION: gettext_noop("Lympho\N{SOFT HYPHEN}depletion"),
    Milestone.INFUSION: gettext_noop("Infusion"),
    Milestone.RELAPSE: gettext_noop("Relapse"),
}
"""Names for the head of a narrow column, where they differ."""


class Column(Struct, frozen=True):
    """A milestone, with the place of its card."""

    milestone: Milestone
    name: str
    card: str


class Cell(Struct, frozen=True, kw_only=True):
    """A finding in few words: `look` is its shape, `said` its verdict or group, `full` that verdict
    where the shape alone is seen: nothing is decided, or the same on the same grounds as before."""

    factor: str
    milestone: Milestone
    verdict: Verdict
    look: str
    said: str
    full: str
    value: str
    change: str


class RowFigures(Struct, frozen=True):
    """What was published about one factor of a row; `at` where the row has several."""

    factor: str
    at: str
    studies: tuple[Brief, ...]


class MatrixRow(Struct, frozen=True, kw_only=True):
    """A fact: its name, a cell or None for each column, the figures of what is decided."""

    name: str
    fact: Link
    cells: tuple[Cell | None, ...]
    figures: tuple[RowFigures, ...]
    caveats: tuple[str, ...]


class MatrixPart(Struct, frozen=True):
    """Rows under one title; `place` names a fold."""

    title: str
    rows: tuple[MatrixRow, ...]
    place: str = ""


class Matrix(Struct, frozen=True):
    """The columns, the sections that are seen, and what is folded."""

    columns: tuple[Column, ...]
    sections: tuple[MatrixPart, ...]
    folded: tuple[MatrixPart, ...]


class At(Struct, frozen=True):
    """A finding with its milestone and what counted then."""

    found: MilestoneFindings
    view: View
    finding: Finding


def matrix(course: Course) -> Matrix:
    """Every finding of a course in its row and column, once."""
    found = _by_factor(course)
    sections: dict[str, list[MatrixRow]] = {}
    folded: dict[Place, list[MatrixRow]] = {place: [] for place in FOLDED}
    for fact in FACTS:
        for row in fact.rows:
            cells = [at for key in row.factors for at in found.get(key, ())]
            if not cells:
                continue
            place = min((place_in_row(at.finding) for at in cells), key=list(Place).index)
            made = _row(course, fact, row, cells)
            if place in FOLDED:
                folded[place].append(made)
            else:
                sections.setdefault(_(SECTIONS[fact.section]), []).append(made)
    return Matrix(
        tuple(
            Column(f.milestone, short_milestone(f.milestone), f"#{anchor(f.milestone)}")
            for f in course.findings
        ),
        tuple(MatrixPart(title, tuple(rows)) for title, rows in sections.items()),
        tuple(
            MatrixPart(_(FOLD_TITLES[place]), tuple(rows), place)
            for place, rows in folded.items()
            if rows
        ),
    )


def anchor(milestone: Milestone) -> str:
    """The place of a milestone's card on the page."""
    return f"card-{milestone}".replace("_", "-")


def short_milestone(milestone: Milestone) -> str:
    """A milestone over a narrow column."""
    short_name = SHORT_MILESTONES.get(milestone)
    return _(short_name) if short_name else milestone_name(milestone)


def place_in_row(finding: Finding) -> Place:
    """The place of a finding; age that meets a criterion is always uncertain."""
    of_age = CLUSTERS.get(finding.factor) is Cluster.AGE
    return Place.UNCERTAIN if of_age and is_told(finding) else place_of(finding)


def is_told(finding: Finding) -> bool:
    """Whether figures stand beside it: what is met, a group, or a value."""
    if finding.verdict is Verdict.MET:
        return finding.direction is not Direction.NEUTRAL
    return finding.verdict in (Verdict.STRATUM, Verdict.GRADED)


def _by_factor(course: Course) -> Mapping[str, list[At]]:
    found: dict[str, list[At]] = {}
    for at, view in zip(course.findings, course.views, strict=True):
        for finding in at.findings:
            found.setdefault(finding.factor, []).append(At(at, view, finding))
    return found


def _row(course: Course, fact: KnownFact, row: FactRow, cells: list[At]) -> MatrixRow:
    order = {found.milestone: place for place, found in enumerate(course.findings)}
    cells = sorted(cells, key=lambda at: order[at.found.milestone])
    changes = {id(after): change_of(course, before, after) for before, after in pairwise(cells)}
    again = {id(after) for before, after in pairwise(cells) if _is_same(before, after)}
    made = {
        at.found.milestone: cell_of(at, changes.get(id(at), ""), again=id(at) in again)
        for at in cells
    }
    told = {at.finding.factor: at for at in cells if is_told(at.finding)}
    return MatrixRow(
        name=_(row.name),
        fact=Link(_(fact.name), fact_url(course.public_id, fact.key, course.query)),
        cells=tuple(made.get(column.milestone) for column in course.findings),
        figures=tuple(_figures(at, several=len(told) > 1) for at in reversed(told.values())),
        caveats=tuple(
            dict.fromkeys(
                text for at in told.values() for text in caveats(at.view, at.finding, particular)
            )
        ),
    )


def _is_same(before: At, after: At) -> bool:
    """Whether a finding says what it said before, on the same grounds."""
    return before.finding == after.finding and bool(after.finding.basis)


def cell_of(at: At, change: str, *, again: bool) -> Cell:
    """A finding as the matrix shows it; `again` where it says the same as before."""
    finding = at.finding
    look, said, full = _said(finding)
    return Cell(
        factor=finding.factor,
        milestone=at.found.milestone,
        verdict=finding.verdict,
        look=look,
        said="" if again else said,
        full=_("%s, as before") % (said or full) if again else full,
        value="" if again else _value(at),
        change=change,
    )


def _said(finding: Finding) -> tuple[str, str, str]:
    """The look, the word that is seen, and the word for whom a shape says nothing."""
    match finding.verdict:
        case Verdict.MET:
            return LOOKS[place_in_row(finding)], _("met"), ""
        case Verdict.NOT_MET:
            return "unmet", _("not met"), ""
        case Verdict.STRATUM:
            group = catalogue().by_key[finding.factor].strata[str(finding.stratum)]
            return f"group-{group.direction}", _(group.name), ""
        case Verdict.GRADED:
            return "value", "", verdict_name(finding.verdict)
        case _:
            return LOOKS[place_of(finding)], "", verdict_name(finding.verdict)


def _value(at: At) -> str:
    """The value that a verdict rests on, where it is one; a group is named by its code already."""
    finding = at.finding
    if finding.verdict in (Verdict.UNKNOWN, Verdict.NOT_APPLICABLE):
        return ""
    if score := score_of(at.found, finding.factor):
        return score
    named = looked_at(catalogue().by_key[finding.factor].criterion.sentence)
    facts = [f for f in finding.basis if SAME.get(f.variable, f.variable) in named]
    if len({fact.variable for fact in facts}) != 1:
        return ""
    fact = facts[-1]
    if finding.verdict is Verdict.STRATUM and isinstance(fact.value, str):
        return ""
    return _worded(at.view, fact, finding)


def _worded(view: View, fact: Fact, finding: Finding) -> str:
    """As recorded; of a value with an upper limit the multiple that the verdict rests on."""
    if not isinstance(fact.value, str) and fact.milestone is not None:
        observation = view.at.get(fact.milestone, {}).get(fact.variable)
        multiple = multiple_of_limit(observation) if observation else None
        if multiple is not None and _is_above_limit(finding):
            return f"{sign(fact.comparator)}{short(multiple)}×"
    return value_words(fact)


def _is_above_limit(finding: Finding) -> bool:
    return isinstance(catalogue().by_key[finding.factor].criterion, AboveUpperLimit)


def change_of(course: Course, before: At, after: At) -> str:
    """What changed in a criterion from one milestone to the next at which it was decided."""
    verdicts = before.finding.verdict, after.finding.verdict
    if verdicts not in ((Verdict.MET, Verdict.NOT_MET), (Verdict.NOT_MET, Verdict.MET)):
        return ""
    words = _turned(after.finding, met=verdicts[1] is Verdict.MET)
    if _bridged_between(course, before.found.date, after.found.date):
        return _("%s after bridging") % words
    return words


def _turned(finding: Finding, *, met: bool) -> str:
    criterion = catalogue().by_key[finding.factor].criterion
    match criterion:
        case AboveUpperLimit():
            return _("rose above its limit") if met else _("fell below its limit")
        case NumberRule():
            rose = met is (criterion.at_most is None)
            return _("rose past the cut-off") if rose else _("fell past the cut-off")
        case _:
            return _("newly met") if met else _("no longer met")


def _bridged_between(course: Course, before: date, after: date) -> bool:
    return any(
        treatment.role is Role.BRIDGING and before <= treatment.start <= after
        for treatment in course.snapshot.treatments
    )


def _figures(at: At, *, several: bool) -> RowFigures:
    finding = at.finding
    where = short_milestone(at.found.milestone) if several else ""
    own = finding.stratum or finding.verdict.value
    return RowFigures(finding.factor, where, briefly(finding.factor, own))


class MatrixLabels(Struct, frozen=True, kw_only=True):
    """The words around the matrix."""

    title: str
    figures: str
    doubt: str
    scrolls: str
    shapes: tuple[tuple[str, str], ...]


def matrix_labels() -> MatrixLabels:
    """The labels in the active language."""
    return MatrixLabels(
        title=_("Findings"),
        figures=_("Published, other patients"),
        doubt=_("doubt"),
        scrolls=_("Findings by milestone, scrolls sideways on a narrow screen"),
        shapes=(
            ("adverse", _("met, adverse association")),
            ("favourable", _("met, favourable association")),
            ("uncertain", _("met, uncertain evidence")),
            ("group-mixed", _("group of a comparison")),
            ("value", _("value, no cut-off published")),
            ("unmet", _("not met")),
            ("open", _("cannot be decided")),
            ("unstudied", _("not studied here")),
        ),
    )
