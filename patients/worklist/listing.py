"""Which cases a list shows: of one centre, found by words, in an order, a page at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate
from msgspec import Struct

from patients.models import Access, AccessKind, Centre, OrderKey, SearchKey, User
from patients.models.search import beginning_with
from patients.worklist.runs import CASE_ID, Order, Run, Show, Today, runs_of, shown

PAGE: Final = 20
COUNTED: Final = 1001
"""Nothing is counted further: beyond this it is "more than 1,000"."""
LOOKS: Final = 500
"""So many of somebody's last looks tell which cases have changed since."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What is asked for. `words` are plain; found cases stand by their pseudonym.

    `run` is the place of the run in which the page before ended, with the case `after`.
    """

    words: tuple[str, ...] = ()
    show: Show = Show.ALL
    order: Order = Order.TODAY
    after: UUID | None = None
    run: int = 0


class ListedCase(Struct, frozen=True):
    """A case in a list, with who the patient is and the key of the last entry.

    `pending` results are awaited; `part` and `run` say where it stands; `changed` is the day of
    the last entry, if somebody has not looked since.
    """

    pk: int
    public_id: UUID
    case_id: str
    name: str
    hospital_number: str
    head: int
    pending: int
    part: Show
    run: int
    changed: date | None


class Listing(Struct, frozen=True, kw_only=True):
    """A page of a list. `counted` is None where counting would cost more than it says."""

    lines: tuple[ListedCase, ...]
    more: bool
    counted: int | None


def listing(centre: Centre, user: User, wanted: Wanted, *, today: date) -> Listing:
    """The page after the case that `wanted.after` names, or the first; whose centre it is, the
    caller has asked."""
    changed = changed_since(user, centre)
    at = Today(today, changed.keys())
    keys = _found(OrderKey.objects.filter(shown(wanted.show, at)), centre, wanted.words)
    rows = tuple(islice(_rows(keys, centre, wanted, at), PAGE + 1))
    return Listing(
        lines=tuple(_noted(rows[:PAGE], changed)),
        more=len(rows) > PAGE,
        counted=_counted(keys, centre, rows, wanted),
    )


def changed_since(user: User, centre: Centre) -> dict[int, date]:
    """The cases of a centre in which somebody else has recorded something since this person last
    looked, by the day of the last entry: of those that this person has looked at lately."""
    looks = Access.objects.filter(user=user, case__centre=centre).order_by("-at", "-case")
    looks = looks.exclude(kind=AccessKind.REFUSED)
    changed: dict[int, date] = {}
    seen = set()
    for case, looked, recorded, by in looks.values_list(
        *("case_id", "at", "case__order_key__entry__recorded_at"),
        "case__order_key__entry__recorded_by",
    )[:LOOKS]:
        if case not in seen and recorded > looked and by != user.pk:
            changed[case] = localdate(recorded)
        seen.add(case)
    return changed


def _rows(
    keys: QuerySet[OrderKey], centre: Centre, wanted: Wanted, at: Today
) -> Iterator[tuple[Any, ...]]:
    """The cases of each run after the other, from where the page before ended."""
    for place, run in enumerate(runs_of(wanted.order, wanted.show, at)):
        if wanted.after is None or place >= wanted.run:
            after = wanted.after if place == wanted.run else None
            for row in _in_turn(keys.filter(run.where), centre, run, after)[: PAGE + 1]:
                yield (*row, run.part, place)


def _in_turn(
    keys: QuerySet[OrderKey], centre: Centre, run: Run, after: UUID | None
) -> QuerySet[OrderKey, tuple[Any, ...]]:
    """The cases of a run after one of them; from its beginning where that one has left it.

    The centre is named in the table whose index is walked: another would tempt a database to
    sort.
    """
    here = keys.filter(**_place_of(run, centre))
    last = after and here.filter(case__public_id=after).values_list(run.by, "case").first()
    side, sign = ("lt", "-") if run.back else ("gt", "")
    if last:
        beyond = Q((f"{run.by}__{side}", last[0])) | Q((f"case__{side}", last[1]))
        here = here.filter(beyond, (f"{run.by}__{side}e", last[0]))
    return here.order_by(f"{sign}{run.by}", f"{sign}case").values_list(
        *("case", "case__public_id", "case__case_id", "case__patient__name"),
        *("case__patient__hospital_number", "entry", "pending"),
    )


def _place_of(run: Run, centre: Centre) -> dict[str, Any]:
    """The centre, in the table whose index is walked: in the other it would tempt a database to
    sort. What lacks the key stands at one end of the index and is passed by."""
    if run.by == CASE_ID:
        return {"case__centre": centre}
    return {"centre": centre, f"{run.by}__isnull": False}


def _noted(rows: Iterable[tuple[Any, ...]], changed: Mapping[int, date]) -> Iterator[ListedCase]:
    for row in rows:
        yield ListedCase(*row, *[changed.get(row[0])])


def _counted(
    keys: QuerySet[OrderKey], centre: Centre, lines: Sequence[object], wanted: Wanted
) -> int | None:
    if wanted.after is None and len(lines) <= PAGE:
        return len(lines)
    if wanted.show or wanted.words:
        return None
    return keys.filter(centre=centre).values("pk")[:COUNTED].count()


def _found(keys: QuerySet[OrderKey], centre: Centre, words: Sequence[str]) -> QuerySet[OrderKey]:
    """Each word begins a key of the case. Of a rare one the cases are named; for a frequent one
    each case is asked as it comes, which finds a page of them soon."""
    for word in words:
        named = SearchKey.objects.filter(beginning_with(word))
        some = named.filter(centre=centre).values_list("case_id", flat=True).distinct()
        few = list(some[:COUNTED])
        rare = len(few) < COUNTED
        keys = keys.filter(Q(case__in=few) if rare else Exists(named.filter(case=OuterRef("case"))))
    return keys
