"""The cells of the grid in words, with the place where what is missing is recorded."""

from collections.abc import Iterator
from functools import lru_cache
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from patients.completeness.listing import GridLine
from patients.completeness.reading import CaseCompleteness
from riskfactors.domain.completeness import Completeness, VisitCompleteness
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, name_of

ANY_CASE = UUID(int=0)


class Item(Struct, frozen=True):
    """An item without a value, and its field."""

    name: str
    url: str


class Cell(Struct, frozen=True, kw_only=True):
    """How complete a visit is: the word, how much, and where one goes on."""

    milestone: str
    state: Completeness
    word: str
    note: str
    url: str
    recorded: bool
    missing: tuple[Item, ...] = ()
    pending: tuple[Item, ...] = ()


class GridRow(Struct, frozen=True):
    """A case in a line of the grid."""

    url: str
    case_id: str
    who: str
    number: str
    cells: tuple[Cell, ...]


def row_of(line: GridLine, known: CaseCompleteness, *, itemized: bool, language: str) -> GridRow:
    """The line of a case; `itemized`: with every item by name."""
    return GridRow(
        url=_address("case", line.public_id),
        case_id=line.case_id,
        who=line.name or _("Name not known here"),
        number=line.hospital_number,
        cells=tuple(
            _cell(line.public_id, visit, known.numbers.get(visit.milestone), itemized, language)
            for visit in known.visits
        ),
    )


def _cell(
    case: UUID, visit: VisitCompleteness, number: int | None, itemized: bool, language: str
) -> Cell:
    return Cell(
        milestone=milestone_name(visit.milestone),
        state=visit.state,
        word=state_name(visit.state, language),
        note=_note(visit.answered, visit.asked, len(visit.pending), visit.state, language),
        url=_where(case, visit, number),
        recorded=number is not None,
        missing=tuple(_items(case, visit.missing, number)) if itemized else (),
        pending=tuple(_items(case, visit.pending, number)) if itemized else (),
    )


@lru_cache(maxsize=64)
def state_name(state: Completeness, _language: str) -> str:
    """The word of a state, which stands beside its shape."""
    match state:
        case Completeness.FILLED:
            return _("Filled")
        case Completeness.PARTLY:
            return _("Partly")
        case Completeness.PENDING:
            return _("Pending")
        case Completeness.NOT_DONE:
            return _("Not done")
        case Completeness.MISSING:
            return _("Missing")
        case Completeness.DUE:
            return _("Due")
        case Completeness.NOT_DUE:
            return _("Not due yet")
        case Completeness.NOT_APPLICABLE:
            return _("Not applicable")


@lru_cache(maxsize=1024)
def _note(answered: int, asked: int, pending: int, state: Completeness, _language: str) -> str:
    """How many routine items have an answer, and how many results are awaited."""
    if state is Completeness.PENDING:
        return ngettext("%d result", "%d results", pending) % pending
    if state is not Completeness.PARTLY:
        return ""
    filled = _("%(answered)d of %(asked)d") % {"answered": answered, "asked": asked}
    return f"{filled}, {_('%d pending') % pending}" if pending else filled


def _where(case: UUID, visit: VisitCompleteness, number: int | None) -> str:
    """The field of the first item, the visit itself, or the form of one to be recorded."""
    if number is not None:
        for name in (*visit.missing, *visit.pending):
            return _field(case, number, name)
        return _address("visit", case, number)
    if visit.state in (Completeness.MISSING, Completeness.DUE):
        return _address("new_visit", case, visit.milestone.value)
    return ""


def _items(case: UUID, names: tuple[str, ...], number: int | None) -> Iterator[Item]:
    for name in names:
        yield Item(name_of(name), "" if number is None else _field(case, number, name))


def _field(case: UUID, number: int, name: str) -> str:
    """A field of the form of a visit, or of the form of the facts that stay true."""
    standing = catalogue().dictionary.variables[name].standing
    return f"{_address('standing' if standing else 'visit', case, number)}#id_{name}"


def _address(name: str, case: UUID, *rest: object) -> str:
    before, after = _around(name, *rest)
    return f"{before}{case}{after}"


@lru_cache(maxsize=512)
def _around(name: str, *rest: object) -> tuple[str, str]:
    """What stands in an address before the case and after it."""
    before, after = reverse(f"patients:{name}", args=[ANY_CASE, *rest]).split(str(ANY_CASE))
    return before, after
