"""Finding and registering patients at a real Chromium, by keyboard and on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import Case, Patient, Role
from tests.accessibility import broken_rules
from tests.conftest import let_in
from tests.patients import courses
from tests.patients.courses import visit

PATHS = ["/cases/", "/cases/?order=-infusion", "/cases/?show=pending", "/cases/new/"]


@pytest.fixture
def signed_in(page: Page, transactional_db: None, live_server: LiveServer) -> Page:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    infused = timezone.localdate() - timedelta(days=30)
    courses.case(ana, *visit(on=infused, product="axi_cel", ecog="1"))
    let_in(page, ana, live_server)
    return page


def type_a_patient(page: Page, name: str, number: str, born: str) -> None:
    """From the first field on, with nothing but keys."""
    page.get_by_role("textbox", name="Name", exact=True).focus()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(number)
    page.keyboard.press("Tab")
    page.keyboard.type(born)
    page.get_by_label("Sex").focus()
    page.keyboard.type("Fem")
    page.get_by_role("textbox", name="Case", exact=True).focus()


@pytest.mark.one_database("test_registration.py sends the same on both", sends=True)
def test_a_patient_is_registered_without_a_mouse(signed_in: Page) -> None:
    page = signed_in
    page.goto("/cases/")
    page.get_by_role("link", name="Register a patient").focus()
    page.keyboard.press("Enter")
    type_a_patient(page, "Castaño, Celia", "77", "12311960")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("The case BCN-001 is open.")
    case = Case.objects.select_related("patient").get(case_id="BCN-001")
    assert (case.patient.name, str(case.patient.birth_date)) == ("Castaño, Celia", "1960-12-31")


@pytest.mark.one_database("test_registration.py sends the same on both", sends=True)
def test_a_look_alike_is_announced_and_decided_by_keyboard(signed_in: Page) -> None:
    page = signed_in
    page.goto("/cases/new/")
    type_a_patient(page, "Name Invented", "77", "12311960")
    page.keyboard.press("Enter")

    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("Who may be the same patient is shown below")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Name Invented")
    assert broken_rules(page) == []

    page.get_by_label("This is another patient").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Register").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("The case BCN-001 is open.")
    assert Patient.objects.count() == 2


@pytest.mark.one_database("test_worklist.py finds the same on both", sends=True)
def test_a_case_is_found_without_a_mouse_and_its_name_stays_out_of_addresses(
    signed_in: Page,
) -> None:
    page = signed_in
    page.goto("/cases/")
    page.get_by_label("Search for a case, name or hospital number").focus()
    page.keyboard.type("invented")
    page.keyboard.press("Enter")

    link = page.get_by_role("link", name="A-1")
    expect(link).to_be_visible()
    assert "invented" not in page.url
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".identifiers")).to_contain_text("A-1")


@pytest.mark.one_database("the lists themselves are tested on both, in test_worklist.py")
@pytest.mark.parametrize("path", PATHS)
def test_pages_of_patients_break_no_rule_of_accessibility_and_fit_the_narrowest_phone(
    signed_in: Page, path: str
) -> None:
    signed_in.goto(path)
    found = {}
    for width in (1280, 390, 320):
        signed_in.set_viewport_size({"width": width, "height": 844})
        wide = signed_in.evaluate("document.documentElement.scrollWidth")
        found[width] = (wide, broken_rules(signed_in))

    assert found == {width: (width, []) for width in found}


@pytest.mark.one_database("test_registration.py sends the same on both", sends=True)
def test_a_day_the_browser_cannot_show_comes_back_as_text(signed_in: Page) -> None:
    page = signed_in
    page.goto("/cases/new/")
    page.get_by_label("Birth date").evaluate("field => { field.type = 'text'; }")
    page.get_by_label("Birth date").fill("31.12.60")
    page.get_by_role("button", name="Register").click()

    expect(page.get_by_label("Birth date")).to_have_value("31.12.60")
    expect(page.get_by_role("alert")).to_contain_text("31/12/1960")
    assert broken_rules(page) == []
