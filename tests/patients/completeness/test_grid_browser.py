"""The grid of completeness at a real Chromium: its shapes, its rules, on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import Role
from tests.accessibility import broken_rules
from tests.conftest import let_in
from tests.patients import courses
from tests.patients.courses import visit

GRID = "/centres/BCN/completeness/"


@pytest.fixture
def signed_in(page: Page, transactional_db: None, live_server: LiveServer) -> Page:
    ines = courses.person("ines.gil", Role.DATA_MANAGER)
    infused = timezone.localdate() - timedelta(days=30)
    courses.case(ines, *visit(on=infused, product="axi_cel", ecog="1"))
    let_in(page, ines, live_server)
    return page


@pytest.mark.one_database("the grid itself is tested on both, in test_grid.py")
@pytest.mark.parametrize("path", [GRID, f"{GRID}?milestone=infusion", f"{GRID}?show=gaps"])
def test_the_grid_breaks_no_rule_of_accessibility_and_fits_the_narrowest_phone(
    signed_in: Page, path: str
) -> None:
    signed_in.goto(path)
    found = {}
    for width in (1280, 390, 320):
        signed_in.set_viewport_size({"width": width, "height": 844})
        wide = signed_in.evaluate("document.documentElement.scrollWidth")
        found[width] = (wide, broken_rules(signed_in))

    assert found == {width: (width, []) for width in found}


@pytest.mark.one_database("the grid itself is tested on both, in test_grid.py")
def test_one_goes_from_a_gap_to_its_field_without_a_mouse(signed_in: Page) -> None:
    page = signed_in
    page.goto("/cases/")
    page.get_by_role("link", name="Completeness").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Partly").focus()
    page.keyboard.press("Enter")

    expect(page.locator(":target")).to_be_visible()
