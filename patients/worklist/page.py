"""The worklist: the cases of one centre, each in a line of what was recorded."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.models import Centre, User
from patients.permissions import Right, rights_at_centres
from patients.records.progress import CaseVersion, remembered_progress
from patients.worklist.forms import WorklistFilters
from patients.worklist.listing import COUNTED, PAGE, Listing, Wanted, listing
from patients.worklist.rows import columns, sections_of
from patients.worklist.runs import Order, Show
from patients.worklist.words import empty, show_name
from riskfactors.markup import rendered

SORTS: Final = {"case": False, "infusion": True, "response": True, "expected": False}
"""The columns that a list can stand by, and which begin with the latest."""


class Sort(Struct, frozen=True):
    """Where the head of a column leads, and how the list stands by it, if it does."""

    url: str
    standing: str


class Tab(Struct, frozen=True):
    """A centre, or something to show, to choose."""

    name: str
    url: str
    current: bool


class WorklistPage(Struct, frozen=True, kw_only=True):
    """The list, the form that narrows it, and the ways from here.

    `cases` are the keys of those that it shows; `today_url` leads from an order by a column back
    to what is to be done first.
    """

    centre: Centre
    cases: tuple[int, ...]
    tabs: tuple[Tab, ...]
    register_url: str
    import_url: str
    completeness_url: str
    url: str
    choices: tuple[Tab, ...]
    show: str
    typed: str
    problems: tuple[str, ...]
    table: SafeString
    heading: str
    narrowed: bool
    empty: tuple[str, str]
    first: bool
    again_url: str
    today_url: str
    next_url: str
    next_search: str
    next_run: int
    search: str


def worklist_page(user: User, asked: Mapping[str, str], *, today: date) -> WorklistPage | None:
    """The worklist of the centre that is asked for, or of the first; None without a right to any.

    Raises Centre.DoesNotExist.
    """
    rights = rights_at_centres(user)
    centres = [centre for centre, may in rights.items() if Right.SEE in may]
    if not centres:
        return None
    centre = _chosen(centres, asked.get("centre", ""))
    filters = WorklistFilters(asked)
    wanted = filters.wanted()
    found = listing(centre, user, wanted, today=today)
    after = str(found.lines[-1].public_id) if found.more else ""
    run = found.lines[-1].run if found.more else 0
    query = {"show": str(wanted.show), "order": str(wanted.order)}
    return WorklistPage(
        centre=centre,
        cases=tuple(line.pk for line in found.lines),
        tabs=tuple(_tabs(centres, centre)),
        register_url=_register_url(centre) if Right.RECORD in rights[centre] else "",
        import_url=reverse("patients:import") if Right.TRANSFER in rights[centre] else "",
        completeness_url=_completeness_url(centre) if Right.RECORD in rights[centre] else "",
        url=_url(centre),
        choices=tuple(_choices(centre, wanted)),
        show=wanted.show,
        typed=asked.get("q", ""),
        problems=tuple(_problems(filters)),
        table=_table(found, centre, wanted, today),
        heading=_heading(found, wanted),
        narrowed=bool(wanted.words or wanted.show),
        empty=empty(Show.ALL if wanted.words else wanted.show),
        first=wanted.after is None,
        again_url=_url(centre, **query),
        today_url=_url(centre, show=wanted.show) if wanted.order and not wanted.words else "",
        next_url=_url(centre, **query, after=after, run=str(run))
        if after and not wanted.words
        else "",
        next_search=after if wanted.words else "",
        next_run=run,
        search=" ".join(wanted.words),
    )


def _table(found: Listing, centre: Centre, wanted: Wanted, today: date) -> SafeString:
    """The head and the rows of the table; nothing without rows."""
    if not found.lines:
        return SafeString("")
    versions = tuple(CaseVersion(line.pk, line.public_id, line.head) for line in found.lines)
    summaries = remembered_progress(versions, today=today)
    parted = wanted.order is Order.TODAY and wanted.show is Show.ALL
    return rendered(
        "patients/worklist/table.jinja",
        sections=tuple(sections_of(found.lines, summaries, parted=parted)),
        columns=columns(get_language()),
        sorts={name: _sort(centre, name, back, wanted) for name, back in SORTS.items()},
    )


def _sort(centre: Centre, name: str, back: bool, wanted: Wanted) -> Sort:
    """By this column, or the other way round where the list stands by it. What was searched for
    stands by its pseudonym: an address cannot hold it."""
    standing = wanted.order.removeprefix("-") == name
    turned = wanted.order.startswith("-")
    if wanted.words:
        return Sort("", "ascending" if standing else "")
    back = not turned if standing else back
    url = _url(centre, show=str(wanted.show), order=f"{'-' if back else ''}{name}")
    return Sort(url, ("descending" if turned else "ascending") if standing else "")


def _chosen(centres: Sequence[Centre], code: str) -> Centre:
    for centre in centres:
        if code in ("", centre.code):
            return centre
    raise Centre.DoesNotExist


def _tabs(centres: Sequence[Centre], chosen: Centre) -> Iterator[Tab]:
    """A choice, where there is one."""
    if len(centres) > 1:
        for centre in centres:
            yield Tab(centre.name, _url(centre), centre == chosen)


def _choices(centre: Centre, wanted: Wanted) -> Iterator[Tab]:
    for show in Show:
        url = _url(centre, show=str(show), order="" if wanted.words else str(wanted.order))
        yield Tab(show_name(show), url, show is wanted.show and not wanted.words)


def _url(centre: Centre, **query: str) -> str:
    """The worklist, with what is asked for but a search."""
    asked = {name: value for name, value in query.items() if value}
    return reverse("patients:worklist", query={"centre": centre.code} | asked)


def _register_url(centre: Centre) -> str:
    return reverse("patients:register", query={"centre": centre.code})


def _completeness_url(centre: Centre) -> str:
    return reverse("patients:completeness", args=[centre.code])


def _problems(filters: WorklistFilters) -> Iterator[str]:
    for messages in filters.errors.values():
        yield " ".join(map(str, messages))


def _heading(found: Listing, wanted: Wanted) -> str:
    """How many there are, as far as they are counted."""
    match found.counted:
        case None if found.more and wanted.after is None:
            return _("More than %d cases") % PAGE
        case None:
            return _("More cases")
        case number if number >= COUNTED:
            return _("More than 1,000 cases")
        case number:
            return ngettext("%d case", "%d cases", number) % number
