"""What is found at two visits, in the rows and sections of the matrix, each finding once."""

from typing import Final

from django.utils.safestring import SafeString
from msgspec import Struct
from msgspec.structs import replace

from patients.course.card import Card
from patients.course.cells import At, Cell, cell_of, change_of, place_in_row
from patients.course.facts import FACTS, SECTIONS, FactRow, fact_url
from patients.course.findings import caveats
from patients.course.known import Course
from patients.course.matrix import FOLD_TITLES, matrix_labels
from patients.course.places import FOLDED, Place
from riskfactors.beside.caveats import particular
from riskfactors.domain.vocabulary import Verdict
from riskfactors.markup import rendered
from riskfactors.published import catalogue
from riskfactors.words.translating import gettext as _

DECIDED: Final = frozenset({Verdict.MET, Verdict.NOT_MET, Verdict.STRATUM, Verdict.GRADED})
"""Of what cannot be decided on one side nobody knows whether it differs."""


class FoundRow(Struct, frozen=True, kw_only=True):
    """A row of the matrix in both columns; no `url` to a page that tells who somebody is."""

    name: str
    url: str
    cells: tuple[Cell | None, Cell | None]
    differs: bool
    caveats: tuple[str, ...]


def found_beside(cards: tuple[Card, Card], names: tuple[str, str], *, named: bool) -> SafeString:
    """Every finding of either side, under the names of the sides; of a section the rows that differ
    first. `named` says whether a page may tell who somebody is."""
    found = tuple(_by_factor(card, named=named) for card in cards)
    sections: dict[str, list[FoundRow]] = {}
    folded: dict[Place, list[FoundRow]] = {place: [] for place in FOLDED}
    for fact in FACTS:
        for row in fact.rows:
            left, right = (_at(side, row) for side in found)
            places = [place_in_row(at.finding) for at in (left, right) if at]
            if not places:
                continue
            course = cards[0].course
            url = fact_url(course.public_id, fact.key, course.query) if named else ""
            made = _row(row, url, course, left, right)
            place = min(places, key=list(Place).index)
            if place in FOLDED and not made.differs:
                folded[place].append(made)
            else:
                sections.setdefault(_(SECTIONS[fact.section]), []).append(made)
    return rendered(
        "patients/timeline/compared.jinja",
        names=names,
        sections={t: sorted(rows, key=lambda row: not row.differs) for t, rows in sections.items()},
        folded={_(FOLD_TITLES[place]): rows for place, rows in folded.items() if rows},
        labels=matrix_labels(),
        differs=_("differs"),
    )


def _by_factor(card: Card, *, named: bool) -> dict[str, At]:
    known = catalogue().dictionary.variables
    found = {}
    for finding in card.found.findings:
        told = finding
        if not named:  # a date, an age or a regimen is no value of the dictionary
            told = replace(finding, basis=tuple(f for f in finding.basis if f.variable in known))
        found[finding.factor] = At(card.found, card.view, told)
    return found


def _at(side: dict[str, At], row: FactRow) -> At | None:
    return next((side[key] for key in row.factors if key in side), None)


def _row(row: FactRow, url: str, course: Course, left: At | None, right: At | None) -> FoundRow:
    change = change_of(course, left, right) if url and left and right else ""
    cells = (
        cell_of(left, "", again=False) if left else None,
        cell_of(right, change, again=False) if right else None,
    )
    told = [text for at in (left, right) if at for text in caveats(at.view, at.finding, particular)]
    return FoundRow(
        name=_(row.name),
        url=url,
        cells=cells,
        differs=_differ(*cells),
        caveats=tuple(dict.fromkeys(told)),
    )


def _differ(left: Cell | None, right: Cell | None) -> bool:
    """Whether both are decided, and not alike: another verdict, another group, another value."""
    if left is None or right is None or not {left.verdict, right.verdict} <= DECIDED:
        return False
    return _gist(left) != _gist(right)


def _gist(cell: Cell) -> tuple[str, str, str]:
    return cell.look, cell.said, cell.value if cell.verdict is Verdict.GRADED else ""
