"""The indicators of a centre: how many got how far, and which numbers tell too much of a few.

Everything is counted in cells: a line of the page in a column, which is a year or all of them. What
is hidden cannot be worked out from what is shown: each cell is a part of a total that is shown too,
down its column and along its line.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from statistics import quantiles
from typing import Final, TypeAlias

from msgspec import Struct

FEWEST: Final = 5
"""Of fewer nothing is shown: a number of three patients is about somebody."""
ALL: Final = "all"
"""The column of all years."""

Cell: TypeAlias = tuple[str, str]
"""A line and a column."""
Partition: TypeAlias = tuple[str, Sequence[str]]
"""A line, and those into which it falls without rest."""
Sum: TypeAlias = tuple[Cell, Sequence[Cell]]
Row: TypeAlias = dict[Cell, Fraction]


class CaseFacts(Struct, frozen=True, kw_only=True):
    """What is counted of a case: the day of its referral, of the decision for CAR T-cells, of the
    apheresis and of the infusion, why somebody was not eligible or not infused."""

    referred: date | None = None
    indicated: date | None = None
    apheresis: date | None = None
    infusion: date | None = None
    not_eligible: str = ""
    not_infused: str = ""

    @property
    def lines(self) -> Iterator[str]:
        """Where it is counted: in one line of each partition."""
        yield "cases"
        yield "referred" if self.referred else "no_referral"
        yield from with_reason("not_eligible", self.not_eligible)
        if self.apheresis:
            yield "apheresed"
            yield "to_apheresis" if span(self.indicated, self.apheresis) else "no_days_to_apheresis"
        else:
            yield "no_apheresis"
        if self.infusion:
            yield "infused"
            yield "to_infusion" if span(self.indicated, self.infusion) else "no_days_to_infusion"
        else:
            yield from with_reason("not_infused", self.not_infused)


def with_reason(line: str, reason: str) -> tuple[str, ...]:
    """A line and that of its reason; without a reason that of all others."""
    return (line, f"{line}:{reason}") if reason else (f"{line}:",)


class Days(Struct, frozen=True):
    """Days between two dates of some cases: the median and the quartiles."""

    cases: int
    low: float = 0
    median: float = 0
    high: float = 0

    @property
    def shown(self) -> bool:
        return self.cases >= FEWEST


def span(start: date | None, end: date | None) -> range | None:
    """The days from one to another, where both are known and in this order; never empty."""
    if start is None or end is None or end < start:
        return None
    return range(start.toordinal(), end.toordinal() + 1)


def days(spans: Iterable[tuple[date | None, date | None]]) -> Days:
    """From one day to another, of the cases that have both in this order."""
    lengths = [len(found) - 1 for start, end in spans if (found := span(start, end))]
    if len(lengths) < FEWEST:
        return Days(len(lengths))
    low, median, high = quantiles(lengths, n=4, method="inclusive")
    return Days(len(lengths), low, median, high)


def counted(things: Iterable[tuple[str, Iterable[str]]]) -> Counter[Cell]:
    """How many stand in each cell: things by their column, each with its lines."""
    cells: Counter[Cell] = Counter()
    for column, lines in things:
        for line in lines:
            cells.update([(line, column), (line, ALL)])
    return cells


def hidden(cells: Mapping[Cell, int], partitions: Iterable[Partition]) -> frozenset[Cell]:
    """The cells of one to four, and those from which these could be worked out."""
    sums = list(_sums(cells, partitions))
    few = {cell for cell, count in cells.items() if 0 < count < FEWEST}
    found: set[Cell] = set()
    more = set(few)
    while more - found:
        found |= more
        more = set().union(*(_cover(total, parts, cells, found) for total, parts in sums))
        if not more - found:
            more = set().union(*(_beside(cell, sums) for cell in few & told(sums, found)))
    return frozenset(found)


def _sums(cells: Mapping[Cell, int], partitions: Iterable[Partition]) -> Iterator[Sum]:
    """Each total with the parts of which there are any: down the columns and along the lines."""
    columns = sorted({column for _line, column in cells} - {ALL})
    for total, parts in partitions:
        for column in (ALL, *columns):
            yield (total, column), [(line, column) for line in parts if cells.get((line, column))]
    for line in dict.fromkeys(line for line, _column in cells):
        yield (line, ALL), [(line, column) for column in columns if cells.get((line, column))]


def _cover(
    total: Cell, parts: Sequence[Cell], cells: Mapping[Cell, int], found: set[Cell]
) -> set[Cell]:
    """What else is hidden of a sum, the smallest first: until two parts are, of five together;
    the total too, where it has but one."""
    more = {part for part in parts if part in found}
    if not more and total not in found:
        return more
    for part in sorted(set(parts) - more, key=lambda part: (cells[part], part)):
        if len(more) > 1 and sum(map(cells.__getitem__, more)) >= FEWEST:
            break
        more.add(part)
    return more if len(more) > 1 else {*more, total}


def _beside(cell: Cell, sums: Iterable[Sum]) -> set[Cell]:
    """All that stands in the sums of a cell."""
    return {each for total, parts in sums if cell in (total, *parts) for each in (total, *parts)}


def told(sums: Iterable[Sum], hidden: Collection[Cell]) -> set[Cell]:
    """The hidden cells that all sums together give away: by elimination."""
    solved: dict[Cell, Row] = {}
    for total, parts in sums:
        row = {part: Fraction(1) for part in parts if part in hidden}
        if total in hidden:
            row[total] = Fraction(-1)
        for pivot, other in solved.items():
            row = _minus(row, other, pivot)
        if row:
            pivot = next(iter(row))
            row = {cell: factor / row[pivot] for cell, factor in row.items()}
            solved = {cell: _minus(other, row, pivot) for cell, other in solved.items()}
            solved[pivot] = row
    return {pivot for pivot, row in solved.items() if len(row) == 1}


def _minus(row: Row, other: Row, cell: Cell) -> Row:
    """A row without this cell, of which the other has one."""
    times = row.get(cell)
    if times is None:
        return row
    left = {each: row.get(each, 0) - times * other.get(each, 0) for each in {**row, **other}}
    return {each: Fraction(factor) for each, factor in left.items() if factor}
