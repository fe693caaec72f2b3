"""A person at a real Chromium: no mouse, a projector, a phone, and nobody else listening."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import User
from tests.conftest import PASSWORD


@pytest.fixture
def ana(transactional_db: None) -> User:
    return User.objects.create_user("ana.ruiz", password=PASSWORD)


def test_signing_in_and_out_needs_no_mouse(page: Page, ana: User) -> None:
    page.goto("/evidence/about/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("ana.ruiz")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_text("ana.ruiz")).to_be_visible()
    assert urlsplit(page.url).path == "/evidence/about/"

    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    assert urlsplit(page.url).path == "/sign-in/"


def test_a_refused_sign_in_says_so_and_forgets_the_password(page: Page, ana: User) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Username").fill("ana.ruiz")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_text("are not correct")).to_be_visible()
    expect(page.get_by_label("Username")).to_have_value("ana.ruiz")
    expect(page.get_by_label("Password")).to_have_value("")


@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/"])
def test_pages_break_no_rule_of_accessibility(page: Page, path: str) -> None:
    page.goto(path)

    violations = Axe().run(page).response["violations"]

    assert [violation["id"] for violation in violations] == []


@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/"])
def test_a_phone_shows_the_whole_width(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)

    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_pages_ask_nobody_else_and_break_no_rule_of_their_own(
    page: Page, live_server: LiveServer, ana: User
) -> None:
    asked: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: complaints.append(message.text))

    page.goto("/sign-in/")
    page.get_by_label("Username").fill("ana.ruiz")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/evidence/about/")

    assert asked == {urlsplit(live_server.url).netloc}
    assert complaints == []
