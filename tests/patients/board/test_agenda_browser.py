"""The agenda of a meeting in a real Chromium: put in order by drag and by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import Role
from tests.conftest import let_in
from tests.patients import boards, courses

pytestmark = pytest.mark.one_database("test_agenda.py sends the same on both", sends=True)


@pytest.fixture
def agenda(page: Page, live_server: LiveServer, transactional_db: None) -> Page:
    """A meeting with three cases."""
    ines = courses.person("ines.gil", Role.CLINICIAN)
    for number in (1, 2, 3):
        boards.item(courses.case(ines, case_id=f"A-{number}"), ines)
    let_in(page, ines, live_server)
    page.goto("/centres/BCN/board/1/")
    return page


def order(agenda: Page) -> list[str]:
    return agenda.locator(".agenda-item strong").all_inner_texts()


def test_a_case_is_dragged_to_its_place(agenda: Page) -> None:
    items = agenda.locator(".agenda-item")

    with agenda.expect_navigation():
        items.nth(2).drag_to(items.nth(0), target_position={"x": 40, "y": 4})

    assert order(agenda) == ["A-3", "A-1", "A-2"]


def test_a_case_is_moved_by_keyboard_and_needs_no_action_by_one_press(agenda: Page) -> None:
    agenda.get_by_role("button", name="Down: A-1").focus()
    with agenda.expect_navigation():
        agenda.keyboard.press("Enter")
    expect(agenda.get_by_role("button", name="Down: A-1")).to_be_focused()
    agenda.get_by_role("button", name=re.compile("No action.*A-2")).focus()
    with agenda.expect_navigation():
        agenda.keyboard.press("Enter")

    assert order(agenda) == ["A-2", "A-1", "A-3"]
    expect(agenda.get_by_text("2 cases to discuss, 20 minutes")).to_be_visible()
    expect(agenda.get_by_text("No action needed")).to_be_visible()


def test_a_case_stays_in_hand_while_it_is_moved_to_the_end(agenda: Page) -> None:
    agenda.get_by_role("button", name="Down: A-1").focus()

    for _place in range(3):
        with agenda.expect_navigation():
            agenda.keyboard.press("Enter")
        expect(agenda.get_by_role("button", name="Down: A-1")).to_be_focused()

    assert order(agenda) == ["A-2", "A-3", "A-1"]


def test_enter_in_a_name_adds_the_person_and_keeps_who_is_ticked(agenda: Page) -> None:
    for name in ("Clara Chair", "Nora Nurse"):
        if agenda.get_by_role("checkbox").count():
            agenda.get_by_role("checkbox").check()
        agenda.get_by_label("Name").fill(name)
        with agenda.expect_navigation():
            agenda.keyboard.press("Enter")

    expect(agenda.get_by_role("checkbox")).to_have_count(2)
    expect(agenda.get_by_label("Clara Chair, Haematology")).to_be_checked()
