"""Measures pages against an empty page of the same frame."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from time import process_time
from typing import Any

import django

django.setup()

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.urls import include, path
from django.utils import timezone
from timing import Row, side_by_side

from patients.board.meetings import add, plan
from patients.board.nameless import remembered_course
from patients.board.presenter_page import remembered_slide
from patients.course.known import course_of
from patients.models import Case, Centre, Gate, MeetingKind, Role, User
from patients.people.roles import grant, open_centre
from patients.timeline.page import remembered_page
from patients.transfer.documents import import_case
from riskfactors.domain.documents.parsing import MOST_ITEMS
from riskfactors.domain.timepoints import MILESTONES, Milestone
from riskfactors.domain.variables import Variable, VariableType
from riskfactors.published import catalogue


def page_rows() -> list[Row]:
    """Pages against an empty page of the same frame, all for a signed-in user."""
    user = User.objects.create_user("bench")
    client = client_of(user)
    case = full_case(user)

    on_screen = f"/cases/{case.public_id}/meetings/{put_on_an_agenda(case, user)}/"

    def forget() -> None:
        course_of.cache_clear()
        remembered_page.cache_clear()
        remembered_course.cache_clear()
        remembered_slide.cache_clear()

    with override_settings(ROOT_URLCONF=with_empty_page()):
        rows = []
        for name, address, before, goal in (
            ("library page", "/evidence/", None, "<= 4.0"),
            ("factor page", "/evidence/factors/ecog_ge_2/", None, "<= 4.0"),
            ("timeline page", f"/cases/{case.public_id}/", None, "<= 2.5"),
            ("timeline page, not remembered", f"/cases/{case.public_id}/", forget, "<= 8.0"),
            ("case on screen", on_screen, None, "<= 6.0"),
            ("case on screen, not remembered", on_screen, forget, ""),
            ("milestone form", f"/cases/{case.public_id}/visits/3/", None, "<= 9.0"),
            ("history page", f"/cases/{case.public_id}/history/", None, ""),
        ):
            page, nothing = beside_empty(client, address, before)
            figures = f"{page * 1e3:.1f} against {nothing * 1e3:.1f} ms of CPU"
            rows.append((f"{name} / empty page", f"{page / nothing:.1f}", goal, figures))
        rows.append(largest_row(client, user, case.centre))
    return rows


def largest_row(client: Client, user: User, centre: Centre) -> Row:
    """The first look at a case with as much as a document may hold."""
    begun = date(2020, 1, 1)
    days = [str(begun + timedelta(days=day)) for day in range(max(MOST_ITEMS.values()))]
    dense = {"crp": 40, "ferritin": 900, "suvmax": 12, "platelets": 200, "hemoglobin": 10}
    document = {
        "schema": "cartapp-case/2",
        "case_id": "largest",
        "birth_date": "1960-05-05",
        "sex": "female",
        "assessments": [
            {"milestone": "interim", "date": day, "observations": dense}
            for day in days[: MOST_ITEMS["assessments"]]
        ],
        "treatments": [
            {"role": "other", "regimen": f"drug {day}", "start": day, "end": day}
            for day in days[: MOST_ITEMS["treatments"]]
        ],
        "events": [{"kind": "infection", "date": day} for day in days[: MOST_ITEMS["events"]]],
    }
    case = import_case(json.dumps(document).encode(), centre=centre, by=user).case
    start = process_time()
    if client.get(f"/cases/{case.public_id}/").status_code != 200:
        raise RuntimeError("The largest case does not open.")
    taken = process_time() - start
    figures = f"{' and '.join(f'{most} {name}' for name, most in MOST_ITEMS.items())}"
    return ("largest case, first look, seconds", f"{taken:.2f}", "< 2.00", figures)


def with_empty_page() -> tuple[Any, ...]:
    """The addresses of the site and one of a page without content."""

    def empty(request: HttpRequest) -> HttpResponse:
        return render(request, "base.html")

    return path("empty/", empty), path("", include("cartapp.urls"))


def client_of(somebody: User) -> Client:
    """Somebody who has signed in, on this machine."""
    client = Client(REMOTE_ADDR="127.0.0.1", headers={"host": "localhost"})
    client.force_login(somebody)
    return client


def full_case(user: User) -> Case:
    """A case of eleven milestones, an interim visit and 200 observations."""
    centre = open_centre(code="BENCH", name="Bench", administrator=user)
    grant(user=user, role=Role.DATA_MANAGER, centre=centre, by=user)
    variables = catalogue().dictionary.variable
    milestones = [*MILESTONES, Milestone.INTERIM]
    visits = [(m.value, f"2024-{month:02}-01") for month, m in enumerate(milestones, 1)]
    document = {
        "schema": "cartapp-case/2",
        "case_id": "bench",
        "birth_date": "1960-05-05",
        "sex": "female",
        "assessments": [
            {
                "milestone": milestone,
                "date": day,
                "observations": {v.name: valid_value(v) for v in variables[at : at + 17]},
            }
            for at, (milestone, day) in zip((5, 10) * 6, visits, strict=True)
        ],
    }
    return import_case(json.dumps(document).encode(), centre=centre, by=user).case


def put_on_an_agenda(case: Case, user: User) -> int:
    """The number of a meeting that has the case on its agenda, after one that had it too."""
    held, coming = (
        plan(
            case.centre,
            kind=MeetingKind.FOLLOW_UP,
            held_on=timezone.localdate() + timedelta(day),
            by=user,
        )
        for day in (-7, 1)
    )
    for meeting in (held, coming):
        add(meeting, case, user, gate=Gate.DAY_28, question="What follows?")
    return coming.number


def valid_value(variable: Variable) -> object:
    """A value that nothing is wrong with."""
    if variable.type is VariableType.CODE:
        return next(iter(variable.codes))
    limits = variable.unusual_outside if variable.unit else variable.range
    value = int(limits.low) + 1
    return {"value": value, "upper_limit": 250} if variable.needs else value


def beside_empty(
    client: Client, address: str, before: Callable[[], None] | None = None, times: int = 5
) -> tuple[float, float]:
    """CPU seconds of one request to a page, and to the empty one, in turns; something may be done
    before each to the page."""
    if client.get(address).status_code != 200:
        raise RuntimeError(f"{address} does not answer.")

    def ask() -> None:
        for _ in range(times):
            if before is not None:
                before()
            client.get(address)

    def ask_nothing() -> None:
        for _ in range(times):
            client.get("/empty/")

    page, nothing = side_by_side(ask, ask_nothing, turns=4)
    return page / times, nothing / times
