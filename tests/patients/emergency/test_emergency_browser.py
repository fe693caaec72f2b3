"""A case is opened in an emergency at a real Chromium: keyboard, phone, accessibility."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import CentreRule, Role, User
from patients.people.second_factor import set_rule
from tests.accessibility import faults
from tests.conftest import let_in
from tests.patients import courses


@pytest.fixture
def leo(transactional_db: None) -> User:
    """A clinician of another centre than the one with a case, which lets others in."""
    head = courses.person("head", Role.ADMINISTRATOR)
    set_rule(courses.centre(), CentreRule.EMERGENCY, holds=True, by=head)
    courses.case(courses.person("ines.gil", Role.CLINICIAN), *courses.visit(crp="12"))
    return courses.person("leo.vidal", Role.CLINICIAN, at=courses.centre("MAD"))


@pytest.mark.one_database("test_emergency.py sends the same on both", sends=True)
def test_a_case_is_opened_without_a_mouse_and_says_until_when(
    page: Page, leo: User, live_server: LiveServer
) -> None:
    found = {}
    let_in(page, leo, live_server)
    page.goto("/centres/")
    page.get_by_role("link", name="in an emergency").press("Enter")
    page.get_by_role("button", name="Open the case").press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    found["refused"] = faults(page)
    page.get_by_label("Centre").select_option("BCN")
    page.get_by_label("Hospital number or pseudonym").fill("A-1")
    page.get_by_label("Why this is an emergency").fill("Fever and confusion in the night")
    page.get_by_role("button", name="Open the case").press("Enter")

    expect(page.get_by_text("Opened in an emergency until")).to_be_visible()
    found["case"] = faults(page)
    let_in(page, User.objects.get(username="head"), live_server)
    page.goto("/centres/BCN/access/")
    expect(page.get_by_text("Fever and confusion in the night")).to_be_visible()
    found["access"] = faults(page)
    assert found == {"refused": [], "case": [], "access": []}
