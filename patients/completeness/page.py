"""The grid of a centre: its cases, milestone by milestone."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.completeness.cells import row_of, state_name
from patients.completeness.forms import GridFilters
from patients.completeness.listing import GridPage, Wanted, lines_of
from patients.completeness.reading import completeness_of
from patients.models import Centre, User
from patients.permissions import Right, centres_of
from patients.records.progress import CaseVersion
from riskfactors.domain.completeness import Completeness
from riskfactors.domain.timepoints import MILESTONES
from riskfactors.markup import rendered
from riskfactors.words import milestone_name


class Tab(Struct, frozen=True):
    """A centre to choose."""

    name: str
    url: str
    current: bool


class Meaning(Struct, frozen=True):
    """A state by its shape and word, and what it says."""

    state: Completeness
    word: str
    says: str


class CompletenessPage(Struct, frozen=True, kw_only=True):
    """The grid with the keys of its cases, the form that narrows it, and the ways from here."""

    centre: Centre
    cases: tuple[int, ...]
    tabs: tuple[Tab, ...]
    url: str
    worklist_url: str
    register_url: str
    fields: tuple[SafeString, ...]
    problems: tuple[str, ...]
    table: SafeString
    itemized: bool
    meanings: tuple[Meaning, ...]
    narrowed: bool
    first: bool
    again_url: str
    next_url: str


def completeness_page(
    centre: Centre, user: User, asked: Mapping[str, str], *, today: date
) -> CompletenessPage:
    """The grid of a centre where this person records."""
    filters = GridFilters(asked)
    wanted = filters.wanted()
    found = lines_of(centre, wanted, today=today)
    query = {"milestone": wanted.milestone or "", "show": "gaps" if wanted.gaps else ""}
    chosen = GridFilters(query)
    after = str(found.lines[-1].public_id) if found.more else ""
    return CompletenessPage(
        centre=centre,
        cases=tuple(line.pk for line in found.lines),
        tabs=tuple(_tabs(user, centre)),
        url=_url(centre),
        worklist_url=reverse("patients:worklist", query={"centre": centre.code}),
        register_url=reverse("patients:register", query={"centre": centre.code}),
        fields=tuple(
            render_to_string("riskfactors/_filter.html", {"field": chosen[name]})
            for name in ("milestone", "show")
        ),
        problems=tuple(" ".join(map(str, said)) for said in filters.errors.values()),
        table=_table(found, wanted, today),
        itemized=wanted.milestone is not None,
        meanings=tuple(meanings()),
        narrowed=bool(wanted.gaps or wanted.milestone),
        first=wanted.after is None,
        again_url=_url(centre, **query),
        next_url=_url(centre, **query, after=after) if after else "",
    )


def _table(found: GridPage, wanted: Wanted, today: date) -> SafeString:
    """All milestones side by side, or one with its items; nothing without cases."""
    if not found.lines:
        return SafeString("")
    versions = tuple(CaseVersion(line.pk, line.public_id, line.head) for line in found.lines)
    known = completeness_of(versions, today=today)
    one = wanted.milestone
    rows = [
        row_of(line, known[line.pk], itemized=one is not None, language=get_language())
        for line in found.lines
    ]
    if one is None:
        heads = tuple(map(milestone_name, MILESTONES))
        return rendered("patients/completeness/grid.jinja", rows=rows, case=_case(), heads=heads)
    return rendered(
        "patients/completeness/items.jinja",
        rows=[(row, row.cells[MILESTONES.index(one)]) for row in rows],
        case=_case(),
        milestone=milestone_name(one),
        missing=_("Items missing"),
        pending=_("Results pending"),
        none=_("None"),
        unrecorded=_("No visit recorded"),
    )


def _case() -> str:
    return _("Case and patient")


def meanings() -> Iterator[Meaning]:
    """What each state says, for the key below the grid."""
    language = get_language()
    for state in Completeness:
        yield Meaning(state, state_name(state, language), _says(state))


def _says(state: Completeness) -> str:
    match state:
        case Completeness.FILLED:
            return _("every routine item has a value, or a reason for having none")
        case Completeness.PARTLY:
            return _("so many of its routine items have; the link leads to the first other one")
        case Completeness.PENDING:
            return _("nothing but results that are awaited")
        case Completeness.NOT_DONE:
            return _("every item has a reason, none a value")
        case Completeness.MISSING:
            return _("not recorded, and a later visit is, or its days have passed")
        case Completeness.DUE:
            return _("not recorded, and these are its days")
        case Completeness.NOT_DUE:
            return _("its days have not come")
        case Completeness.NOT_APPLICABLE:
            return _("the course had ended before, or the visit has no occasion")


def _tabs(user: User, chosen: Centre) -> Iterator[Tab]:
    """A choice, where there is one."""
    centres = list(centres_of(user, Right.RECORD).order_by("name", "pk"))
    for centre in centres if len(centres) > 1 else ():
        yield Tab(centre.name, _url(centre), centre == chosen)


def _url(centre: Centre, **query: str) -> str:
    """The grid, with what is asked for."""
    asked = {name: value for name, value in query.items() if value}
    return reverse("patients:completeness", args=[centre.code], query=asked)
