"""The lines of the worklist: what stands in the cells of each case, in words.

The words of a cell are made once for what it says: none holds a name, a number or a pseudonym.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.records.progress import CaseProgress
from patients.worklist.listing import ListedCase
from patients.worklist.words import heading
from riskfactors.domain.progress import ExpectedVisit, LastResponse, RecordedCode, Timing
from riskfactors.domain.timepoints import MILESTONES, Milestone
from riskfactors.words import code_name, milestone_name, unbroken
from riskfactors.words.facts import day_words
from riskfactors.words.library import PRODUCTS, product_name

BEFORE_INFUSION = MILESTONES[: MILESTONES.index(Milestone.INFUSION)]
ANY_CASE = UUID(int=0)

worded = lru_cache(maxsize=8192)


class Cell(Struct, frozen=True):
    """What is recorded, and notes on it; a note alone says that nothing is."""

    text: str = ""
    notes: tuple[str, ...] = ()


class Awaited(Struct, frozen=True):
    """Visits that are due or overdue."""

    timing: Timing
    label: str
    visits: str


class Row(Struct, frozen=True, kw_only=True):
    """A case in a line of the table."""

    url: str
    case_id: str
    who: str
    number: str
    age: str
    changed: str
    product: Cell
    course: Cell
    visit: Cell
    response: Cell
    awaited: tuple[Awaited, ...]
    missing: Cell


class Section(Struct, frozen=True, kw_only=True):
    """Cases that are shown for the same; without a heading where all are."""

    heading: str
    rows: tuple[Row, ...]


class Columns(Struct, frozen=True, kw_only=True):
    """What the columns are called, and what stands where no visit is awaited."""

    case: str
    product: str
    course: str
    visit: str
    response: str
    awaited: str
    missing: str
    none: str


@worded
def columns(_language: str) -> Columns:
    """The names of the columns."""
    return Columns(
        case=_("Case and patient"),
        product=_("Product"),
        course=_("Infusion"),
        visit=_("Last milestone"),
        response=_("Last response"),
        awaited=_("Visits expected"),
        missing=_("Items missing"),
        none=_("None"),
    )


def sections_of(
    lines: Sequence[ListedCase], summaries: Mapping[int, CaseProgress], *, parted: bool
) -> Iterator[Section]:
    """The rows of the table, under headings where cases are parted by what they are shown for."""
    for part, some in groupby(lines, key=lambda line: line.part):
        title = heading(part, get_language()) if parted else ""
        yield Section(heading=title, rows=tuple(_rows(some, summaries)))


def _rows(lines: Iterable[ListedCase], summaries: Mapping[int, CaseProgress]) -> Iterator[Row]:
    language, nobody = get_language(), _("Name not known here")
    before, after = reverse("patients:case", args=[ANY_CASE]).split(str(ANY_CASE))
    for line in lines:
        known = summaries[line.pk]
        visit = known.last_visit
        yield Row(
            url=f"{before}{line.public_id}{after}",
            case_id=line.case_id,
            who=line.name or nobody,
            number=line.hospital_number,
            age=_age(known.age, language),
            changed=_changed(line.changed, language),
            product=_product(known.product, known.infusion, language),
            course=_course(known.infusion, known.died, known.not_infused, known.today, language),
            visit=_visit(
                visit.milestone if visit else None, visit.date if visit else None, language
            ),
            response=_response(known.response, known.untold, known.infusion, language),
            awaited=_awaited(known.expected, language),
            missing=_missing(len(known.missing) if visit else None, line.pending, language),
        )


@worded
def _age(years: int, _language: str) -> str:
    return ngettext("%d year", "%d years", years) % years


@worded
def _changed(day: date | None, _language: str) -> str:
    return _("changed since you looked, %s") % day_words(day) if day else ""


@worded
def _product(product: RecordedCode | None, infusion: date | None, _language: str) -> Cell:
    """The product; whether it is the planned one, or was last recorded before the infusion."""
    if product is None:
        return _nothing(_("Not recorded"))
    short = product.code in PRODUCTS
    name = product_name(product.code) if short else code_name("product", product.code)
    if not _is_planned(product, infusion):
        return Cell(name)
    if infusion is None:
        return Cell(name, (_("planned"),))
    return Cell(name, (_("recorded before the infusion"),))


def _is_planned(product: RecordedCode, infusion: date | None) -> bool:
    """An interim visit can stand on either side of the infusion."""
    if product.milestone is Milestone.INTERIM:
        return infusion is None or product.visited_on < infusion
    return product.milestone in BEFORE_INFUSION


@worded
def _course(
    infusion: date | None, died: date | None, not_infused: date | None, today: date, _language: str
) -> Cell:
    """Where the patient stands: that one died or was not infused comes first."""
    if died:
        day = _day_after(infusion, died) if infusion else _("before infusion")
        return Cell(_("Died"), (f"{day_words(died)}, {day}",))
    if infusion:
        return Cell(_day_after(infusion, today), (_("infused %s") % day_words(infusion),))
    if not_infused:
        return Cell(_("Not infused"), (day_words(not_infused),))
    return Cell(_("Before infusion"))


def _day_after(infusion: date, day: date) -> str:
    """The day of the course, counted from the infusion."""
    return unbroken(_("Day %+d") % (day - infusion).days)


@worded
def _visit(milestone: Milestone | None, day: date | None, _language: str) -> Cell:
    if milestone is None or day is None:
        return _nothing(_("None"))
    return Cell(milestone_name(milestone), (day_words(day),))


@worded
def _response(
    last: LastResponse, untold: RecordedCode | None, infusion: date | None, _language: str
) -> Cell:
    """A relapse or progression leads, also what was said after it. After the infusion a response
    from before it is none of this treatment, and says so."""
    said, relapse = last.response, last.relapse and day_words(last.relapse)
    before_infusion = last.is_before(infusion)
    if relapse:
        told = _("none since infusion") if before_infusion or not said else _in_words(said)
        beside = _("before: %s") if last.leads else _("since then: %s")
        return Cell(milestone_name(Milestone.RELAPSE), (relapse, beside % told))
    if untold is not None and not last.progressed_on(infusion):
        before = (_("before: %s") % _in_words(said),) if said else ()
        return Cell(_("Not evaluable"), (_where(untold), *before))
    if said is None:
        return _nothing(_("Not recorded"))
    if before_infusion:
        return Cell(_("None since infusion"), (_in_words(said),))
    since = (_("since then: not evaluable, %s") % _where(untold),) if untold else ()
    return Cell(code_name("response", said.code), (_where(said), *since))


def _in_words(said: RecordedCode) -> str:
    return f"{code_name('response', said.code)}, {_where(said)}"


def _where(said: RecordedCode) -> str:
    return f"{milestone_name(said.milestone)}, {day_words(said.observed_on)}"


@worded
def _awaited(visits: tuple[ExpectedVisit, ...], _language: str) -> tuple[Awaited, ...]:
    """What is overdue in one line, then what is due; else what comes next."""
    overdue = [visit for visit in visits if visit.timing is Timing.OVERDUE]
    others = [visit for visit in visits if visit.timing is not Timing.OVERDUE]
    return (*([_overdue(overdue)] if overdue else []), *map(_in_time, others))


def _overdue(visits: Sequence[ExpectedVisit]) -> Awaited:
    """The first and the last: none between them has been recorded."""
    first, last = visits[0], visits[-1]
    about = {
        "first": milestone_name(first.milestone),
        "last": milestone_name(last.milestone),
        "day": day_words(first.closes),
    }
    if first is last:
        return Awaited(Timing.OVERDUE, _("Overdue:"), _("%(first)s, since %(day)s") % about)
    since = _("%(first)s to %(last)s, the first since %(day)s") % about
    return Awaited(Timing.OVERDUE, _("Overdue:"), since)


def _in_time(visit: ExpectedVisit) -> Awaited:
    about = {
        "visit": milestone_name(visit.milestone),
        "first": day_words(visit.opens),
        "last": day_words(visit.closes),
    }
    if visit.timing is Timing.UPCOMING:
        return Awaited(visit.timing, _("Next:"), _("%(visit)s, from %(first)s") % about)
    return Awaited(visit.timing, _("Due:"), _("%(visit)s, until %(last)s") % about)


@worded
def _missing(number: int | None, pending: int, _language: str) -> Cell:
    """The items of the last milestone; the results that are awaited of any."""
    awaited = (_("%d pending") % pending,) if pending else ()
    return _nothing(_("No visit")) if number is None else Cell(str(number), awaited)


def _nothing(*notes: str) -> Cell:
    return Cell(notes=notes)
