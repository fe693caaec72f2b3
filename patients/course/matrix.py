"""The matrix of findings: a row for each fact, a column for each milestone reached."""

from collections.abc import Mapping
from itertools import pairwise, takewhile
from typing import Final

from django.utils.translation import gettext_noop
from msgspec import Struct

from patients.course.cells import At, Cell, cell_of, change_of, is_same, is_told, place_in_row
from patients.course.columns import short_milestone
from patients.course.facts import FACTS, SECTIONS, FactRow, KnownFact, fact_url
from patients.course.findings import caveats
from patients.course.known import Course
from patients.course.places import FOLDED, Place
from riskfactors.beside.caveats import particular
from riskfactors.beside.citations import Link
from riskfactors.beside.figures import Brief, briefly
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Verdict
from riskfactors.words.translating import gettext as _

FOLD_TITLES: Final = {
    Place.NOT_MET: gettext_noop("Criterion not met"),
    Place.NEUTRAL: gettext_noop("Studied without prognostic value"),
    Place.NOT_STUDIED: gettext_noop("Not studied here"),
    Place.RESEARCH: gettext_noop("Research items, not recorded"),
}

MOST_ROOM: Final = 4
FITS: Final = 6
FIT_ALTOGETHER: Final = 48
"""So many letters stand beside a shape in one column, and in all columns together."""

VALUES: Final = "values"
UNDECIDED: Final = {Verdict.UNKNOWN, Verdict.NOT_APPLICABLE}
PAGE_FOLDS: Final[Mapping[str, str]] = {
    VALUES: gettext_noop("Values without cut-off"),
    Place.UNDECIDED: gettext_noop("Cannot be decided"),
    Place.NOT_MET: gettext_noop("Not met"),
    Place.NEUTRAL: gettext_noop("Without prognostic value"),
    Place.NOT_STUDIED: gettext_noop("Not studied here"),
    Place.RESEARCH: gettext_noop("Research items"),
}
"""The folds of the page of a case, in their order."""


class Column(Struct, frozen=True):
    """A milestone, with the place of its card."""

    milestone: Milestone
    name: str
    card: str


class RowFigures(Struct, frozen=True, kw_only=True):
    """What was published about one factor of a row; `at` where the row has several. `others` are
    studies of which only the number stands there: their figures are one step away."""

    factor: str
    at: str
    studies: tuple[Brief, ...]
    others: tuple[Brief, ...]


class MatrixRow(Struct, frozen=True, kw_only=True):
    """A fact: its name, a cell or None for each column, the figures of what is decided."""

    name: str
    fact: Link
    cells: tuple[Cell | None, ...]
    figures: tuple[RowFigures, ...]
    caveats: tuple[str, ...]

    @property
    def rooms(self) -> tuple[str, ...]:
        """How far the words of each cell may run, as it is styled: over the columns after it in
        which there is nothing, or under the shapes of those that say nothing more."""
        return tuple(map(self._room, range(len(self.cells))))

    def _room(self, at: int) -> str:
        cell, after = self.cells[at], tuple(takewhile(_says_nothing, self.cells[at + 1 :]))
        if cell is None or _says_nothing(cell) or not after:
            return ""
        free = sum(1 for _ in takewhile(lambda other: other is None, after))
        fits = max(FITS, FIT_ALTOGETHER // len(self.cells))
        if free:
            return f" room-{min(free, MOST_ROOM)}"
        below = len(f"{cell.said} {cell.value}") > fits
        return f" room-{min(len(after), MOST_ROOM)} below" if below else ""


class MatrixPart(Struct, frozen=True):
    """Rows under one title; `place` names a fold, `told` is what is seen of it while it is
    closed."""

    title: str
    rows: tuple[MatrixRow, ...]
    place: str = ""
    told: str = ""


class Matrix(Struct, frozen=True):
    """The columns, the sections that are seen, and what is folded."""

    columns: tuple[Column, ...]
    sections: tuple[MatrixPart, ...]
    folded: tuple[MatrixPart, ...]


def _says_nothing(cell: Cell | None) -> bool:
    """Whether there is no cell, or one that is a shape alone."""
    return cell is None or not (cell.said or cell.value or cell.change)


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


def on_page(of: Matrix) -> Matrix:
    """The matrix of a page that is read at a glance: seen are the rows in which a criterion is met
    or a group found. Of values without a cut-off and of what cannot be decided the line of the
    fold says what and which, and their rows are one click away: neither reads as no risk."""
    seen: list[MatrixPart] = []
    folded: dict[str, list[MatrixRow]] = {fold: [] for fold in PAGE_FOLDS}
    for part in of.sections:
        kept: list[MatrixRow] = []
        for row in part.rows:
            folded.get(_fold_of(row), kept).append(row)
        if kept:
            seen.append(MatrixPart(part.title, tuple(kept)))
    for part in of.folded:
        folded[part.place] += part.rows
    return Matrix(
        of.columns,
        tuple(seen),
        tuple(
            MatrixPart(_(PAGE_FOLDS[fold]), tuple(rows), fold, _told(fold, rows))
            for fold, rows in folded.items()
            if rows
        ),
    )


def _told(fold: str, rows: list[MatrixRow]) -> str:
    return "; ".join(row.name for row in rows) if fold in (VALUES, Place.UNDECIDED) else ""


def _fold_of(row: MatrixRow) -> str:
    """The fold of a row in which nothing is met and no group is found; of others none."""
    match {cell.verdict for cell in row.cells if cell} - UNDECIDED:
        case verdicts if not verdicts:
            return Place.UNDECIDED
        case verdicts if verdicts <= {Verdict.NOT_MET}:
            return Place.NOT_MET
        case verdicts if verdicts <= {Verdict.GRADED}:
            return VALUES
        case _:
            return ""


def anchor(milestone: Milestone) -> str:
    """The place of a milestone's card on the page."""
    return f"card-{milestone}".replace("_", "-")


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
    again = {id(after) for before, after in pairwise(cells) if is_same(before, after)}
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


def _figures(at: At, *, several: bool) -> RowFigures:
    finding = at.finding
    where = short_milestone(at.found.milestone) if several else ""
    own = finding.stratum or finding.verdict.value
    found = briefly(finding.factor, own)
    seen = len(found) if place_in_row(finding) is Place.UNCERTAIN else 1
    return RowFigures(factor=finding.factor, at=where, studies=found[:seen], others=found[seen:])


class MatrixLabels(Struct, frozen=True, kw_only=True):
    """The words around the matrix."""

    title: str
    figures: str
    doubt: str
    also: str
    caveat: str
    reading: str
    shapes: tuple[tuple[str, str], ...]
    marks: tuple[str, ...]


def matrix_labels() -> MatrixLabels:
    """The labels in the active language."""
    return MatrixLabels(
        title=_("Findings"),
        figures=_("Published, other patients"),
        doubt=_("doubt"),
        also=_("also"),
        caveat=_("caveat"),
        reading=_("Legend"),
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
        marks=(
            _("† recorded with it was something that can move it by itself: its card says what"),
            _("‡ a doubt of the figure or its reference: the fact says which"),
            _("[9] the reference; without a product: the review gives none"),
            _("also [10]: another study, with its figures in the fact"),
        ),
    )
