"""Results are pasted, compared and confirmed at a real Chromium."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import Case, Role
from tests.accessibility import broken_rules
from tests.conftest import let_in
from tests.patients import courses
from tests.patients.courses import visit

LINES = "LDH 720 U/l\nThrombozyten\t45\tTsd/µl\nCRP 3,1 mg/dl\nNatrium 140 mmol/l"


@pytest.fixture
def at(page: Page, transactional_db: None, live_server: LiveServer) -> str:
    """Signed in; the address of the form of a new visit."""
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    case = courses.case(ana, *visit(ldh="300"))
    let_in(page, ana, live_server)
    return f"/cases/{case.public_id}/visits/new/day_28/"


def pasted(page: Page) -> None:
    page.get_by_role("button", name="Paste results").click()
    page.keyboard.insert_text(LINES)
    page.get_by_role("button", name="Read the lines").click()
    expect(page.get_by_role("button", name="Fill 2 empty fields")).to_be_visible()


@pytest.mark.one_database("it reads, and records nothing")
def test_empty_fields_are_filled_once_that_is_confirmed(page: Page, at: str) -> None:
    page.goto(at)
    page.locator("#id_crp").press_sequentially("8")

    pasted(page)
    expect(page.locator("#id_ldh")).to_have_value("")
    page.get_by_role("button", name="Fill 2 empty fields").click()

    expect(page.locator("#id_ldh")).to_be_focused()
    names = ("ldh", "platelets", "platelets-unit", "crp", "crp-unit")
    assert [page.locator(f"#id_{name}").input_value() for name in names] == [
        *("720", "45", "10*3/uL", "8", "mg/L")
    ]
    assert Case.objects.get().entries.count() == 1


@pytest.mark.one_database("it reads, and records nothing")
def test_what_is_typed_after_the_lines_were_read_stays(page: Page, at: str) -> None:
    page.goto(at)
    page.locator("#id_crp").press_sequentially("8")
    pasted(page)

    page.evaluate("document.querySelector('#id_ldh').value = '500'")
    page.get_by_role("button", name="Fill 2 empty fields").click()

    expect(page.locator("#id_platelets")).to_have_value("45")
    expect(page.locator("#id_ldh")).to_have_value("500")


@pytest.mark.one_database("it reads, and records nothing")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_can_be_read_by_everybody(page: Page, at: str, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 720})
    page.goto(at)
    page.locator("#id_crp").press_sequentially("8")
    pasted(page)

    assert broken_rules(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.one_database("it reads, and records nothing")
def test_a_server_that_is_not_reached_is_told(page: Page, at: str) -> None:
    page.goto(at)
    page.route("**/results/", lambda route: route.abort())
    page.get_by_role("button", name="Paste results").click()
    page.keyboard.insert_text(LINES)

    page.get_by_role("button", name="Read the lines").click()

    expect(page.locator(".paste-lost")).to_be_visible()
    expect(page.locator("#paste-text")).to_have_value(LINES)
