"""The worklist: the cases of one centre, each in a line of what was recorded."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.models import Centre, User
from patients.permissions import Right, rights_at_centres
from patients.worklist.forms import WorklistFilters
from patients.worklist.listing import COUNTED, PAGE, Listing, Wanted, listing
from patients.worklist.progress import CaseVersion, progress_of
from patients.worklist.rows import Row, columns, rows_of
from riskfactors.markup import rendered


class Tab(Struct, frozen=True):
    """A centre to choose."""

    name: str
    url: str
    current: bool


class WorklistPage(Struct, frozen=True, kw_only=True):
    """The list, the form that narrows it, and the ways from here."""

    centre: Centre
    tabs: tuple[Tab, ...]
    register_url: str
    import_url: str
    url: str
    fields: tuple[SafeString, ...]
    typed: str
    problems: tuple[str, ...]
    table: SafeString
    heading: str
    narrowed: bool
    first: bool
    again_url: str
    next_url: str
    next_search: str
    search: str
    show: str


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
    found = listing(centre, wanted, today=today)
    versions = tuple(CaseVersion(line.pk, line.public_id, line.head) for line in found.lines)
    summaries = progress_of(versions, today=today)
    after = str(found.lines[-1].public_id) if found.more else ""
    query = {"show": str(wanted.show), "order": str(wanted.order)}
    return WorklistPage(
        centre=centre,
        tabs=tuple(_tabs(centres, centre)),
        register_url=_register_url(centre) if Right.RECORD in rights[centre] else "",
        import_url=reverse("patients:import") if Right.TRANSFER in rights[centre] else "",
        url=_url(centre),
        fields=tuple(
            _field(name, str(chosen), get_language())
            for name, chosen in (("show", wanted.show), ("order", wanted.order))
        ),
        typed=asked.get("q", ""),
        problems=tuple(_problems(filters)),
        table=_table(tuple(rows_of(found.lines, summaries))),
        heading=_heading(found, wanted),
        narrowed=bool(wanted.words or wanted.show),
        first=wanted.after is None,
        again_url=_url(centre, **query),
        next_url=_url(centre, **query, after=after) if after and not wanted.words else "",
        next_search=after if wanted.words else "",
        search=" ".join(wanted.words),
        show=wanted.show,
    )


def _table(rows: Sequence[Row]) -> SafeString:
    """The head and the rows of the table; nothing without rows."""
    if not rows:
        return SafeString("")
    return rendered("patients/worklist/table.jinja", rows=rows, columns=columns(get_language()))


@cache
def _field(name: str, chosen: str, _language: str) -> SafeString:
    """A choice with what is chosen; only valid choices come here, so they are few."""
    field = WorklistFilters({name: chosen})[name]
    return render_to_string("riskfactors/_filter.html", {"field": field})


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


def _url(centre: Centre, **query: str) -> str:
    """The worklist, with what is asked for but a search."""
    asked = {name: value for name, value in query.items() if value}
    return reverse("patients:worklist", query={"centre": centre.code} | asked)


def _register_url(centre: Centre) -> str:
    return reverse("patients:register", query={"centre": centre.code})


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
