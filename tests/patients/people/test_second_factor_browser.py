"""A second factor at a real Chromium: an app, recovery codes, and a key that Chromium plays."""

from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from patients.models import CentreRule, Role, User
from patients.people.second_factor import set_rule
from tests.accessibility import faults
from tests.conftest import PASSWORD
from tests.patients import courses

KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute that does not end while a test types its digits."""
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter([1]))


@pytest.fixture
def ana(transactional_db: None) -> User:
    """Of a centre that asks for a second factor."""
    user = courses.person("ana.ruiz", Role.CLINICIAN)
    user.set_password(PASSWORD)
    user.save()
    head = courses.person("head", Role.ADMINISTRATOR)
    set_rule(courses.centre(), CentreRule.SECOND_FACTOR, holds=True, by=head)
    return user


@pytest.fixture
def refused(page: Page) -> list[str]:
    """What the content security policy keeps the pages from, as the browser says."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    return said


@pytest.fixture
def sign_in(page: Page, ana: User) -> Callable[[], None]:
    def enter() -> None:
        page.goto("/sign-in/")
        page.get_by_label("User name").fill("ana.ruiz")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")

    return enter


def test_somebody_sets_up_an_app_and_signs_in_with_it_without_a_mouse(
    page: Page, sign_in: Callable[[], None], refused: list[str]
) -> None:
    found = {}
    sign_in()
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
    found["index"] = faults(page)
    page.get_by_role("link", name="Set up an app").press("Enter")
    expect(page.get_by_role("heading", name="Set up an app")).to_be_visible()
    found["app"] = faults(page)
    drawn = page.locator(".qr").evaluate("image => image.naturalWidth > 0")
    shown = totp.format_hotp_value(totp.hotp_value(page.locator(".key").inner_text(), 1))
    page.get_by_label("The six digits that the app shows now").fill(shown)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    found["codes"] = faults(page)
    page.get_by_role("link", name="I have kept them").press("Enter")
    page.get_by_role("button", name="Sign out").press("Enter")
    sign_in()
    expect(page.get_by_label("The six digits of your app")).to_be_focused()
    found["sign-in"] = faults(page)
    page.keyboard.type(shown)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cases", exact=True)).to_be_visible()
    page.goto("/second-factor/app/remove/")
    expect(page.get_by_role("alert")).to_contain_text("this is your only one")
    found["remove"] = faults(page)

    assert (drawn, found, refused) == (True, {path: [] for path in found}, [])


def test_a_security_key_is_added_signs_in_and_is_removed(
    page: Page, sign_in: Callable[[], None], refused: list[str]
) -> None:
    found = {}
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    sign_in()
    page.get_by_role("link", name="Add a key").press("Enter")
    expect(page.get_by_role("heading", name="Add a key")).to_be_visible()
    found["add"] = faults(page)
    page.get_by_label("What you call it").fill("Blue key")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("button", name="Sign out").press("Enter")
    sign_in()
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    found["sign-in"] = faults(page)
    page.get_by_role("button", name="Use the security key").press("Enter")
    expect(page.get_by_role("heading", name="Cases", exact=True)).to_be_visible()
    page.goto("/second-factor/")
    expect(page.get_by_text("Blue key", exact=True)).to_be_visible()
    found["index"] = faults(page)
    page.get_by_role("link", name="Remove “Blue key”").press("Enter")
    expect(page.get_by_role("heading", name="Remove “Blue key”")).to_be_visible()
    found["remove"] = faults(page)
    page.get_by_role("button", name="Remove the key").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("this is your only one")
    assert (found, refused) == ({path: [] for path in found}, [])


def test_without_a_key_the_page_says_so(page: Page, sign_in: Callable[[], None]) -> None:
    sign_in()
    page.get_by_role("link", name="Add a key").press("Enter")
    expect(page.get_by_role("heading", name="Add a key")).to_be_visible()
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error()); }")

    page.get_by_role("button", name="Add the key").press("Enter")

    expect(page.get_by_role("alert")).to_be_focused()
    assert faults(page) == []
