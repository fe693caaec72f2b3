"""Which cases a list shows: of one centre, found by words, in an order, a page at a time."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from msgspec import Struct

from patients.models import AssessmentDate, Case, Centre, Entry, EventRevision, SearchKey
from patients.models.search import beginning_with
from patients.permissions import cases_at
from riskfactors.domain.timepoints import Milestone

PAGE: Final = 20
COUNTED: Final = 1001
"""Nothing is counted further: beyond this it is "more than 1,000"."""


class Show(StrEnum):
    """Which cases: by what was recorded, never by a finding."""

    ALL = ""
    NOT_INFUSED = "not_infused"
    INFUSED = "infused"
    DIED = "died"


class Order(StrEnum):
    """In which order."""

    CASE_ID = ""
    INFUSION = "infusion"  # the latest first, and only those that were infused


class Wanted(Struct, frozen=True, kw_only=True):
    """What is asked for. `words` are plain; found cases stand by their pseudonym."""

    words: tuple[str, ...] = ()
    show: Show = Show.ALL
    order: Order = Order.CASE_ID
    after: UUID | None = None


class ListedCase(Struct, frozen=True):
    """A case in a list, with who the patient is and the key of the last entry."""

    pk: int
    public_id: UUID
    case_id: str
    name: str
    hospital_number: str
    head: int | None


class Listing(Struct, frozen=True, kw_only=True):
    """A page of a list. `counted` is None where counting would cost more than it says."""

    lines: tuple[ListedCase, ...]
    more: bool
    counted: int | None


def listing(centre: Centre, wanted: Wanted, *, today: date) -> Listing:
    """The page after the case that `wanted.after` names, or the first; whose centre it is, the
    caller has asked."""
    cases = cases_at(centre)
    found = _found(_shown(cases, wanted.show, today), centre, wanted.words)
    if wanted.order is Order.INFUSION:
        rows = _by_infusion(cases, found, wanted.after, today)
    else:
        rows = _by_case_id(cases, found, wanted.after)
    lines = tuple(ListedCase(*row) for row in rows[: PAGE + 1])
    more = len(lines) > PAGE
    return Listing(lines=lines[:PAGE], more=more, counted=_counted(found, lines, wanted))


def _counted(found: QuerySet[Case], lines: Sequence[ListedCase], wanted: Wanted) -> int | None:
    if wanted.after is None and len(lines) <= PAGE:
        return len(lines)
    if wanted.show or wanted.words or wanted.order:
        return None
    return found.order_by().values("pk")[:COUNTED].count()


def _shown(cases: QuerySet[Case], show: Show, today: date) -> QuerySet[Case]:
    match show:
        case Show.ALL:
            return cases
        case Show.INFUSED:
            return cases.filter(_infused(today))
        case Show.NOT_INFUSED:
            return cases.exclude(_infused(today))
        case Show.DIED:
            return cases.filter(_died(today))


def _infused(today: date) -> Exists:
    of_case = _infusions().filter(assessment__case=OuterRef("pk"), date__lte=today)
    return Exists(of_case)


def _infusions() -> QuerySet[AssessmentDate]:
    """The current date of each infusion."""
    later = AssessmentDate.objects.filter(
        assessment=OuterRef("assessment"), revision__gt=OuterRef("revision")
    )
    return AssessmentDate.objects.filter(
        ~Exists(later), assessment__milestone=Milestone.INFUSION.value
    )


def _died(today: date) -> Exists:
    later = EventRevision.objects.filter(event=OuterRef("event"), revision__gt=OuterRef("revision"))
    deaths = EventRevision.objects.filter(
        ~Exists(later), kind="death", date__lte=today, event__case=OuterRef("pk")
    )
    return Exists(deaths)


def _found(cases: QuerySet[Case], centre: Centre, words: Sequence[str]) -> QuerySet[Case]:
    """Each word begins a key of the case. Of a rare one the cases are named; for a frequent one
    each case is asked as it comes, which finds a page of them soon."""
    for word in words:
        keys = SearchKey.objects.filter(beginning_with(word))
        some = keys.filter(centre=centre).values_list("case_id", flat=True).distinct()
        few = list(some[:COUNTED])
        rare = len(few) < COUNTED
        cases = cases.filter(Q(pk__in=few) if rare else Exists(keys.filter(case=OuterRef("pk"))))
    return cases


def _by_case_id(
    cases: QuerySet[Case], found: QuerySet[Case], after: UUID | None
) -> QuerySet[Any, tuple[Any, ...]]:
    last = after and cases.filter(public_id=after).values_list("case_id", flat=True).first()
    if last is not None:
        found = found.filter(case_id__gt=last)
    return found.order_by("case_id").values_list(
        *("pk", "public_id", "case_id", "patient__name", "patient__hospital_number"),
        _last_entry("pk"),
    )


def _by_infusion(
    cases: QuerySet[Case], found: QuerySet[Case], after: UUID | None, today: date
) -> QuerySet[Any, tuple[Any, ...]]:
    """Walks the index of dates backwards: SQLite uses one bound of it, so one is given."""
    infusions = _infusions().filter(Exists(found.filter(pk=OuterRef("assessment__case"))))
    last = after and _infusions().filter(assessment__case__in=cases.filter(public_id=after)).first()
    if last and last.date:
        infusions = infusions.filter(Q(date__lt=last.date) | Q(assessment__lt=last.assessment_id))
    infusions = infusions.filter(date__lte=last.date if last and last.date else today)
    return infusions.order_by("-date", "-assessment").values_list(
        *("assessment__case_id", "assessment__case__public_id", "assessment__case__case_id"),
        *(F("assessment__case__patient__name"), F("assessment__case__patient__hospital_number")),
        _last_entry("assessment__case"),
    )


def _last_entry(case: str) -> Subquery:
    entries = Entry.objects.filter(case=OuterRef(case)).order_by("-sequence")
    return Subquery(entries.values("pk")[:1])
