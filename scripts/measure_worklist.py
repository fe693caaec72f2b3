"""Measures the worklist and the agendas of a centre with 100,000 cases against an empty page."""

from collections.abc import Callable, Iterable
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import django

django.setup()

from crowd import crowd
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from measure_pages import client_of, with_empty_page
from timing import Row, timed

from patients.models import (
    Access,
    AccessKind,
    Case,
    Centre,
    Meeting,
    MeetingKind,
    Membership,
    Role,
    User,
)
from patients.records.progress import remembered_progress
from patients.worklist.listing import LOOKS

CROWD = 100_000


def worklist_rows() -> list[Row]:
    """The worklist of a centre with 100,000 cases against an empty page, measured in turns.

    On PostgreSQL the server's own CPU is not counted: the time on the clock stands beside it.
    """
    somebody = User.objects.create_user("crowd")
    centre = Centre.objects.create(code="crowd", name="A centre of many cases")
    about = {"user": somebody, "centre": centre, "granted_by": somebody}
    Membership.objects.create(role=Role.CLINICIAN, **about)
    crowd(CROWD, centre=centre, by=somebody, today=timezone.localdate())
    look_at(Case.objects.order_by("-pk")[:LOOKS], somebody)
    client = client_of(somebody)

    def today_anew() -> Any:
        remembered_progress.cache_clear()
        return client.get("/cases/")

    pages: dict[str, Callable[[], Any]] = {
        "today": lambda: client.get("/cases/"),
        "by case": lambda: client.get("/cases/?order=case"),
        "by infusion": lambda: client.get("/cases/?order=-infusion"),
        "by last response": lambda: client.get("/cases/?order=-response"),
        "by due visit": lambda: client.get("/cases/?order=expected"),
        "new progressions": lambda: client.get("/cases/?show=progressed"),
        "results pending": lambda: client.get("/cases/?show=pending"),
        "not infused": lambda: client.get("/cases/?show=not_infused"),
        "died": lambda: client.get("/cases/?show=died"),
        "search, frequent name": lambda: client.post("/cases/", {"q": "garcia"}),
        "search, one number": lambda: client.post("/cases/", {"q": "H0000123"}),
    }
    grid = f"/centres/{centre.code}/completeness/"
    grids: dict[str, Callable[[], Any]] = {
        "grid of completeness": lambda: client.get(grid),
        "grid, only with gaps": lambda: client.get(f"{grid}?show=gaps"),
        "grid, one milestone, only with gaps": lambda: client.get(
            f"{grid}?show=gaps&milestone=month_24"
        ),
    }
    with override_settings(ROOT_URLCONF=with_empty_page()):
        anew = worklist_row(client, "today, not remembered", today_anew, goal="")
        return [
            *(worklist_row(client, name, page) for name, page in (pages | grids).items()),
            anew,
            *(
                worklist_row(client, f"agenda, {kind}", partial(client.get, page), goal="")
                for kind, page in planned(centre, somebody).items()
            ),
        ]


def planned(centre: Centre, by: User) -> dict[str, str]:
    """The page of a meeting of each kind: no board has settled any case, 200 are proposed."""
    said: dict[str, Any] = {"quorum": 3, "minutes": 10, "planned_by": by}
    for number, kind in enumerate(MeetingKind, 1):
        Meeting.objects.create(
            centre=centre, number=number, kind=kind, held_on=timezone.localdate(), **said
        )
    return {kind: f"/centres/{centre.code}/board/{n}/" for n, kind in enumerate(MeetingKind, 1)}


def look_at(cases: Iterable[Case], somebody: User) -> None:
    """A look at each of some cases."""
    Access.objects.bulk_create(
        Access(case=case, user=somebody, kind=AccessKind.LOOKED) for case in cases
    )


def worklist_row(
    client: Client, name: str, page: Callable[[], Any], rounds: int = 15, goal: str = "<= 6.0"
) -> Row:
    """The median of ratios: what else the machine does slows both of a pair down."""
    if page().status_code != 200:
        raise RuntimeError(f"The worklist {name} does not answer.")
    pairs, clock = [], []
    for _ in range(rounds):
        nothing = timed(lambda: [client.get("/empty/") for _ in range(6)])
        began = perf_counter()
        pairs.append((timed(lambda: [page() for _ in range(6)]), nothing))
        clock.append((perf_counter() - began) / 6)
    least, empty = (min(times) / 6 * 1e3 for times in zip(*pairs, strict=True))
    figures = f"{least:.1f} against {empty:.1f} ms of CPU; {min(clock) * 1e3:.1f} ms on the clock"
    ratio = median(mine / nothing for mine, nothing in pairs)
    about = f"worklist at 100,000 cases, {name} / empty page ({connection.vendor})"
    return about, f"{ratio:.1f}", goal, figures
