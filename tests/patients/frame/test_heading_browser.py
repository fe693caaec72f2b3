"""Who the patient is stays on screen, on whatever page of a case and however far one scrolls."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from patients.models import Role
from tests.patients.screens import imported, somebody, vignette

pytestmark = pytest.mark.one_database("a heading reads alike on both")

UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true; })"
ON_TOP = """() => [".case-name", ".identifiers dd"].map(each => {
  const {left, top, height} = document.querySelector(each).getBoundingClientRect();
  return document.elementFromPoint(left + 2, top + height / 2).closest(each) !== null;
})"""
"""Whether the name and the first identifier are what stands at their places of the window."""


@pytest.fixture
def signed_in(transactional_db: None, context: BrowserContext, live_server: LiveServer) -> None:
    client = Client()
    client.force_login(somebody(Role.DATA_MANAGER))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": cookie, "url": live_server.url}])


@pytest.mark.parametrize("width", [1280, 390])
def test_the_name_stays_on_screen_at_the_end_of_every_page_of_a_case(
    page: Page, signed_in: None, width: int
) -> None:
    address = f"/cases/{imported(vignette('01')).public_id}/"
    page.set_viewport_size({"width": width, "height": 400})
    found = {}

    for part in ("", "records/", "visits/1/", "history/", "identity/", "compare/", "export/"):
        page.goto(address + part)
        page.evaluate(UNFOLD)
        page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        found[part] = page.evaluate(f"({ON_TOP})()")

    assert found == {part: [True, True] for part in found}


def test_another_day_is_asked_for_within_the_window_however_the_bar_breaks(
    page: Page, signed_in: None
) -> None:
    page.goto(f"/cases/{imported(vignette('12')).public_id}/")
    page.locator(".past > summary").click()
    outside = {}

    for width in range(320, 1480, 40):
        page.set_viewport_size({"width": width, "height": 720})
        box = page.locator(".past form").bounding_box()
        assert box is not None
        if box["x"] < 0 or box["x"] + box["width"] > width:
            outside[width] = box

    assert outside == {}
