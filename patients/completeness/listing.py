"""Which cases the grid shows: of one centre by pseudonym, a page at a time."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet
from msgspec import Struct

from patients.models import Centre, OrderKey
from riskfactors.domain.timepoints import ORDER, Milestone
from riskfactors.published import catalogue

PAGE: Final = 20


class Wanted(Struct, frozen=True, kw_only=True):
    """What is asked for: one milestone or all, every case or those with a gap there."""

    milestone: Milestone | None = None
    gaps: bool = False
    after: UUID | None = None


class GridLine(Struct, frozen=True):
    """A case in the grid, with who the patient is and the key of the last entry."""

    pk: int
    public_id: UUID
    case_id: str
    name: str
    hospital_number: str
    head: int


class GridPage(Struct, frozen=True):
    """A page of cases, and whether others follow."""

    lines: tuple[GridLine, ...]
    more: bool


def lines_of(centre: Centre, wanted: Wanted, *, today: date) -> GridPage:
    """The page after the case that `wanted.after` names, or the first; whose centre it is, the
    caller has asked."""
    here = OrderKey.objects.filter(case__centre=centre)
    last = wanted.after and here.filter(case__public_id=wanted.after).first()
    if last:
        here = here.filter(case__case_id__gt=last.case.case_id)
    if wanted.gaps:
        here = _with_gaps(here, wanted.milestone, today)
    rows = here.order_by("case__case_id").values_list(
        *("case", "case__public_id", "case__case_id", "case__patient__name"),
        *("case__patient__hospital_number", "entry"),
    )[: PAGE + 1]
    lines = tuple(GridLine(*row) for row in rows)
    return GridPage(lines[:PAGE], len(lines) > PAGE)


def _with_gaps(
    keys: QuerySet[OrderKey], milestone: Milestone | None, today: date
) -> QuerySet[OrderKey]:
    """What no day closes is marked in the key; an expected visit becomes a gap when its window
    has closed."""
    if milestone is None:
        return keys.filter(Q(gaps__gt=0) | Q(expected_until__lt=today))
    keys = keys.alias(here=F("gaps").bitand(1 << ORDER[milestone]))
    window = catalogue().dictionary.windows_days_after_infusion.get(milestone)
    if window is None:
        return keys.filter(here__gt=0)
    closed = today - timedelta(days=int(window.high))
    return keys.filter(Q(here__gt=0) | Q(expected_place__lte=ORDER[milestone], infusion__lt=closed))
