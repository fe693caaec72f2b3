"""A person at a real Chromium: no mouse, a projector, a phone, and nobody else listening."""

from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from patients.models import User
from tests.accessibility import broken_rules
from tests.conftest import PASSWORD


@pytest.fixture
def ana(transactional_db: None) -> User:
    return User.objects.create_user("ana.ruiz", password=PASSWORD)


@pytest.mark.one_database("test_doors.py signs in and out on both", sends=True)
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


@pytest.mark.one_database("test_doors.py signs in and out on both", sends=True)
def test_a_refused_sign_in_says_so_and_forgets_the_password(page: Page, ana: User) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("ana.ruiz")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()

    alert = page.get_by_role("alert")
    expect(alert).to_have_text("User name or password is not right.")
    expect(alert).to_be_focused()
    expect(page).to_have_title("Error: Sign in – cartapp")
    assert broken_rules(page) == []
    expect(page.get_by_label("User name")).to_have_value("ana.ruiz")
    expect(page.get_by_label("Password")).to_have_value("")


@pytest.mark.one_database("nobody is signed in")
@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/"])
def test_pages_break_no_rule_of_accessibility(page: Page, path: str) -> None:
    page.goto(path)

    assert broken_rules(page) == []


@pytest.mark.one_database("nobody is signed in")
@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/"])
def test_a_phone_shows_the_whole_width(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)

    assert page.evaluate("document.documentElement.scrollWidth") == 390


def outline(page: Page) -> str:
    style = "getComputedStyle(document.activeElement)"
    return str(page.evaluate(f"{style}.outlineStyle + ' ' + {style}.outlineWidth"))


@pytest.mark.one_database("nobody is signed in")
@pytest.mark.parametrize("forced", ["none", "active"])
def test_whatever_has_the_focus_has_the_same_outline(
    page: Page, forced: Literal["none", "active"]
) -> None:
    page.emulate_media(forced_colors=forced)
    page.goto("/sign-in/")
    outlines = {}
    for _ in range(13):
        page.keyboard.press("Tab")
        outlines[page.evaluate("document.activeElement.tagName")] = outline(page)

    outlines.pop("BODY", None)  # beyond the last link, the browser itself has the focus
    assert outlines == dict.fromkeys(("A", "INPUT", "BUTTON", "SUMMARY"), "solid 3px")


@pytest.mark.one_database("nobody is signed in")
def test_only_the_current_page_is_marked_where_colours_are_forced(
    page: Page, settings: Settings, transactional_db: None
) -> None:
    settings.DEMONSTRATION = True
    page.emulate_media(forced_colors="active")
    page.goto("/evidence/about/")

    marked = page.locator(".site-nav a").evaluate_all(
        """links => links.filter(link => getComputedStyle(link).borderBottomColor
        !== getComputedStyle(document.body).backgroundColor).map(link => link.textContent)"""
    )

    assert marked == ["About"]


@pytest.mark.one_database("test_doors.py signs in and out on both", sends=True)
def test_pages_ask_nobody_else_and_break_no_rule_of_their_own(
    page: Page, live_server: LiveServer, ana: User
) -> None:
    asked: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: complaints.append(message.text))

    page.goto("/sign-in/")
    page.get_by_label("User name").fill("ana.ruiz")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/evidence/about/")

    assert asked == {urlsplit(live_server.url).netloc}
    assert complaints == []


@pytest.mark.one_database("nothing arrives")
def test_a_button_says_that_the_site_is_at_work_until_somebody_comes_back(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("ana.ruiz")
    page.get_by_label("Password").fill(PASSWORD)
    page.route("**/sign-in/", lambda route: route.fulfill(status=204))  # no other page comes
    button = page.locator("main button[type=submit]")

    button.click()

    expect(button).to_have_text("Signing in …")
    expect(button).to_have_attribute("aria-busy", "true")
    expect(page.locator(".working")).to_have_text("Signing in …")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    expect(button).to_have_text("Sign in")
