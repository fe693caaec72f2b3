"""What the page of a case costs: queries, bytes before the first paint, and what is remembered."""

import json
import re
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from patients.course.known import course_of
from patients.models import Case, Revision, Role
from patients.timeline.page import remembered_page
from tests.domain.cases import course
from tests.patients import courses
from tests.patients.courses import INFUSION_DAY, visit
from tests.patients.screens import imported, opened, somebody, vignette, words

STATIC = Path(__file__).resolve().parents[3] / "static"
SESSION_AND_USER = 2
QUERIES = 9  # as remembered, then the person, visits, values, treatments, events
QUERIES_REMEMBERED = 4  # the case with its rights, the look in a savepoint
MOST_BYTES = 32_000


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    course_of.cache_clear()
    remembered_page.cache_clear()


def of_visits(number: int) -> Case:
    statements: list[Revision] = [*visit("infusion", crp="3")]
    for day in range(1, number):
        on = INFUSION_DAY + timedelta(days=day)
        statements += visit("interim", on, crp="3", ldh="300", suvmax="2", ctdna="detectable")
    return courses.case(
        somebody(Role.DATA_MANAGER), *statements, courses.line(), courses.event(), courses.event()
    )


@pytest.mark.parametrize("visits", [1, 3, 30])
def test_the_page_asks_as_much_of_a_long_case_as_of_a_short_one(
    manager: Client, visits: int
) -> None:
    case = of_visits(visits)

    with CaptureQueriesContext(connection) as asked:
        opened(manager, case)
    with CaptureQueriesContext(connection) as asked_again:
        opened(manager, case)

    noted = SESSION_AND_USER + courses.LINE_QUERIES
    assert len(asked) == noted + QUERIES
    assert len(asked_again) == noted + QUERIES_REMEMBERED


def test_what_is_recorded_is_seen_with_the_next_look(manager: Client) -> None:
    """Nothing but the last entry, the evidence and the day decides what is shown."""
    case = of_visits(3)
    before = words(opened(manager, case))

    courses.record(
        case,
        somebody(Role.DATA_MANAGER),
        courses.value(courses.infusion(case), "crp", "71.5", revision=2),
        reason="misread",
    )

    after = words(opened(manager, case))
    assert ("71.5" in before, "71.5" in after) == (False, True)


def test_a_new_name_is_seen_with_the_next_look(manager: Client) -> None:
    case = of_visits(1)
    opened(manager, case)

    case.patient.name = "Another Name"
    case.patient.save()

    assert "Another Name" in words(opened(manager, case))


def test_two_cases_are_never_taken_for_each_other(manager: Client) -> None:
    first, second = (
        imported(course({"infusion": {"crp": crp}}) | {"case_id": f"{crp}"}) for crp in (33.3, 44.4)
    )

    said = [words(opened(manager, case)) for case in (first, second, first)]

    assert [("33.3 mg/L" in page, "44.4 mg/L" in page) for page in said] == [
        (True, False),
        (False, True),
        (True, False),
    ]


@pytest.mark.parametrize("name", ["01", "02"])
def test_all_that_the_first_paint_waits_for_is_small(manager: Client, name: str) -> None:
    page = opened(manager, imported(vignette(name)))

    sheets = re.findall(r'<link rel="stylesheet"[^>]*href="/static/(.*?)"', page)
    sizes = [len(brotli.compress((STATIC / sheet).read_bytes())) for sheet in sheets]
    html = len(brotli.compress(page.encode(), quality=5))
    assert html + sum(sizes) < MOST_BYTES
    scripts = re.findall(r"<script[^>]*>", page)
    assert [script for script in scripts if "defer" not in script] == []


def test_the_picture_is_in_the_page_itself_and_plotly_is_not(manager: Client) -> None:
    page = opened(manager, imported(vignette("01")))

    drawing = page.partition('id="chart-timeline"')[2].partition("</figure>")[0]
    assert drawing.count("<svg class") > 2
    assert "style=" not in page.partition("<main")[2]
    assert re.findall(r"<(?:script|link)[^>]*plotly[^>]*>|application/json", page) == []


def test_the_figure_is_fetched_when_it_is_asked_for(manager: Client) -> None:
    case = imported(vignette("01"))

    answer = manager.get(f"/cases/{case.public_id}/timeline.json")

    figure = json.loads(answer.content)
    assert figure["config"]["showSendToCloud"] is False
    assert figure["config"]["modeBarButtons"] == [["zoomIn2d", "zoomOut2d", "resetScale2d"]]
