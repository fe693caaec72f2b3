"""An administrator and somebody new at a real Chromium: keyboard, phone, accessibility."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import Role, User
from tests.accessibility import faults
from tests.conftest import PASSWORD, let_in
from tests.patients import courses

OWN = "chosen by lea alone"


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    roles = {"head": Role.ADMINISTRATOR, "ines.gil": Role.DATA_MANAGER}
    return {name: courses.person(name, role) for name, role in roles.items()}


@pytest.fixture
def sign_in(page: Page, people: dict[str, User]) -> Callable[[str, str], None]:
    people["head"].set_password(PASSWORD)
    people["head"].save()

    def enter(username: str, password: str = PASSWORD) -> None:
        page.goto("/sign-in/")
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    return enter


@pytest.mark.one_database("test_accounts.py sends the same on both", sends=True)
def test_somebody_new_gets_an_account_and_chooses_a_password_without_a_mouse(
    page: Page, sign_in: Callable[..., None]
) -> None:
    found = {}
    sign_in("head")
    page.goto("/centres/BCN/new-account/")
    page.get_by_role("button", name="Make the account").press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    found["refused"] = faults(page)
    page.get_by_label("User name").fill("lea.roca")
    page.get_by_label("First name").fill("Lea")
    page.get_by_label("Last name").fill("Roca")
    page.get_by_label("Role").select_option("clinician")
    page.get_by_role("button", name="Make the account").press("Enter")
    expect(page.get_by_role("heading", name="Password for Lea Roca")).to_be_visible()
    found["shown"] = faults(page)
    password = page.locator("dd code").nth(1).inner_text()
    page.get_by_role("button", name="Sign out").press("Enter")
    sign_in("lea.roca", password)
    expect(page.get_by_role("heading", name="Your password")).to_be_visible()
    found["password"] = faults(page)
    page.get_by_label("Old password").fill(password)
    page.locator("#id_new_password1").fill(OWN)
    page.locator("#id_new_password2").fill(OWN)
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("Your new password is set.")
    assert found == {"refused": [], "shown": [], "password": []}


@pytest.mark.one_database("what the pages hold is tested on both, in test_people.py")
def test_the_pages_of_people_and_files_break_no_rule_of_accessibility(
    page: Page, people: dict[str, User], live_server: LiveServer
) -> None:
    found = {}
    for name, paths in {
        "head": (
            "/centres/",
            *(f"/centres/BCN/{at}/" for at in ("people", "people/head", "settings")),
        ),
        "ines.gil": ("/cases/import/",),
    }.items():
        let_in(page, people[name], live_server)
        for path in paths:
            page.goto(path)
            for folded in page.locator("summary").all():
                folded.click()
            found[path] = faults(page)

    assert {path: broken for path, broken in found.items() if broken} == {}
