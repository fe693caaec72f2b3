"""What a slide shows of a case: its state, its drawing, what its findings say at each milestone."""

import re
from collections.abc import Sequence
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from patients.board.nameless import decade
from patients.course.cells import Cell
from patients.course.chart import timeline_part
from patients.course.facts import SECTIONS, Section
from patients.course.known import Course
from patients.course.matrix import Column, MatrixPart, MatrixRow, matrix
from patients.course.missing import MissingItem
from patients.course.state import Tile, day
from patients.course.summary import bar, summary
from riskfactors.beside.figures import Brief
from riskfactors.domain.vocabulary import Verdict
from riskfactors.words import unbroken
from riskfactors.words.course import day_number, signed

DRAWN_DATE: Final = re.compile(r'<text class="[^"]*tl-date[^"]*".*?</text>', re.DOTALL)
"""The dates that a drawing holds for whoever asks for them."""


class SlideCell(Struct, frozen=True, kw_only=True):
    """A finding that is met, a group or a value, at its milestone; `seen` is empty where it says
    the same as at the milestone before, and then `words` say so."""

    look: str
    at: str
    seen: str
    words: str


class SlideRow(Struct, frozen=True, kw_only=True):
    """A fact with its cells, one or None for each column, and what one study has published."""

    name: str
    cells: tuple[SlideCell | None, ...]
    study: Brief | None


class SlideTable(Struct, frozen=True, kw_only=True):
    """Parts of the matrix, and the milestones at which anything of them is told."""

    columns: tuple[str, ...]
    parts: tuple[tuple[str, tuple[SlideRow, ...]], ...]


class Slide(Struct, frozen=True, kw_only=True):
    """What follows from a case, for the screen."""

    state: tuple[Tile, ...]
    patient: tuple[Tile, ...]
    banners: tuple[str, ...]
    drawing: SafeString
    lead: SlideTable
    """The response after the infusion; `table` is all else."""
    table: SlideTable
    undecided: tuple[str, ...]
    missing: tuple[MissingItem, ...]


def slide_of(course: Course) -> Slide:
    """The values of a slide."""
    seen = summary(course, may_record=False)
    findings = matrix(course)
    first = _(SECTIONS[Section.RESPONSE])
    leading = [part for part in findings.sections if part.title == first]
    others = [part for part in findings.sections if part.title != first]
    rows = (row for part in findings.sections for row in part.rows)
    return Slide(
        state=(_day(course), *list(bar(course))[1:-1], *seen.state),
        patient=(decade(course), *seen.patient[1:]),
        banners=seen.banners,
        drawing=mark_safe(DRAWN_DATE.sub("", timeline_part(course).chart.drawing)),  # noqa: S308 - ours
        lead=_table(findings.columns, leading),
        table=_table(findings.columns, others),
        undecided=tuple(row.name for row in rows if not any(map(_is_decided, row.cells))),
        missing=seen.missing,
    )


def _day(course: Course) -> Tile:
    """The day of today after the infusion, and that of the last visit."""
    last = day(course)
    if not course.timeline.from_infusion or course.snapshot.died_on is not None:
        return last
    seen = _("last visit %s") % day_number(course.timeline.visits[-1].day)
    return Tile(last.name, unbroken(_("Day %s") % signed(course.timeline.today)), seen)


def _table(columns: Sequence[Column], parts: Sequence[MatrixPart]) -> SlideTable:
    """The rows of which something is said, in the columns in which it is."""
    names = [column.name.replace("\N{SOFT HYPHEN}", "") for column in columns]
    told = [(part.title, [_row(row, names) for row in part.rows]) for part in parts]
    rows = [row for _title, made in told for row in made]
    kept = [at for at in range(len(names)) if any(row.cells[at] for row in rows)]
    return SlideTable(
        columns=tuple(names[at] for at in kept),
        parts=tuple(
            (title, said)
            for title, made in told
            if (said := tuple(_in_columns(row, kept) for row in made if any(row.cells)))
        ),
    )


def _row(row: MatrixRow, names: Sequence[str]) -> SlideRow:
    """A row with every column."""
    studies = [study for figures in row.figures[:1] for study in figures.studies[:1]]
    return SlideRow(
        name=row.name,
        cells=tuple(_cell(cell, at) for cell, at in zip(row.cells, names, strict=True)),
        study=studies[0] if studies else None,
    )


def _in_columns(row: SlideRow, kept: Sequence[int]) -> SlideRow:
    return replace(row, cells=tuple(row.cells[at] for at in kept))


def _cell(cell: Cell | None, at: str) -> SlideCell | None:
    """The verdict or group with its value and change; None where nothing is decided, and of a
    value that is several."""
    if cell is None or not _is_decided(cell):
        return None
    seen = ", ".join(filter(None, (_verdict(cell), cell.change)))
    if not seen and cell.verdict is Verdict.GRADED:
        return None
    return SlideCell(look=cell.look, at=at, seen=seen, words=seen or cell.full)


def _verdict(cell: Cell) -> str:
    """A group that is one number says it already."""
    if cell.verdict is not Verdict.STRATUM:
        return f"{cell.said} {cell.value}".strip()
    value = "" if re.findall(r"\d+", cell.said) == [cell.value] else cell.value
    return ": ".join(filter(None, (cell.said, value)))


def _is_decided(cell: Cell | None) -> bool:
    return cell is not None and cell.verdict in (Verdict.MET, Verdict.STRATUM, Verdict.GRADED)
