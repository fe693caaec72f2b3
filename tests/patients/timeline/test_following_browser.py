"""What follows from what is typed, beside the form at a real Chromium."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import Case, Role
from tests.accessibility import broken_rules
from tests.conftest import let_in
from tests.patients import courses
from tests.patients.courses import visit

OPENED = ["aaipi"]
INDEX = '[data-index="car_hematotox"] > summary'


@pytest.fixture
def at(page: Page, transactional_db: None, live_server: LiveServer) -> str:
    """Signed in, before lymphodepletion; the address of the visit's form."""
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    case = courses.case(ana, *visit("lymphodepletion", date(2024, 3, 1), ferritin="700"))
    let_in(page, ana, live_server)
    return f"/cases/{case.public_id}/visits/1/"


def typed(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"#id_{name}").press_sequentially(value)


@pytest.mark.one_database("it asks what would follow, and records nothing")
def test_a_score_runs_between_bounds_and_comes_to_its_value(page: Page, at: str) -> None:
    page.goto(at)

    typed(page, platelets="64", neutrophils="0.8", hemoglobin="8.5")
    expect(page.locator(INDEX)).to_have_text("CAR-HEMATOTOX 5 to 6 of 7, high changes")
    typed(page, crp="<5")
    expect(page.locator(INDEX)).to_have_text("CAR-HEMATOTOX 5 of 7, high changes")

    expect(page.locator(".follows-told")).to_contain_text("CAR-HEMATOTOX 5 of 7 high")
    assert Case.objects.get().entries.count() == 1


@pytest.mark.one_database("it asks what would follow, and records nothing")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_by_everybody(page: Page, at: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(at)
    typed(page, platelets="64", crp="40", ldh="70", creatinine="7e")
    expect(page.locator(INDEX)).to_have_text("CAR-HEMATOTOX 4 to 6 of 7, high changes")

    assert broken_rules(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.one_database("it asks what would follow, and records nothing")
def test_what_was_told_before_is_taken_away_when_the_server_is_not_reached(
    page: Page, at: str
) -> None:
    page.goto(at)
    typed(page, platelets="64")
    expect(page.locator(INDEX)).to_be_visible()

    page.route("**/follows/", lambda route: route.abort())
    typed(page, crp="40")

    expect(page.locator(".follows-lost")).to_be_visible()
    expect(page.locator(INDEX)).to_have_count(0)
    expect(page.locator("#id_crp")).to_have_value("40")


@pytest.mark.one_database("it asks what would follow, and records nothing")
def test_an_index_stays_open_as_it_was_left(page: Page, at: str) -> None:
    page.goto(at)
    typed(page, platelets="64")
    page.locator(INDEX).click()
    page.locator('[data-index="aaipi"] > summary').click()

    typed(page, crp="40")

    expect(page.locator(INDEX)).to_contain_text("4 to 6")
    opened = page.locator(".follows details[open]")
    assert [each.get_attribute("data-index") for each in opened.all()] == OPENED


@pytest.mark.one_database("it asks what would follow, and records nothing")
def test_nothing_clinical_stands_in_an_address(page: Page, at: str) -> None:
    asked: list[tuple[str, str]] = []
    page.goto(at)
    page.on("request", lambda request: asked.append((request.method, request.url)))

    typed(page, platelets="64")
    expect(page.locator(INDEX)).to_be_visible()
    expect(page.locator(".draft-state")).to_contain_text("Draft kept")

    addresses = {(method, url[url.index("/cases") :]) for method, url in asked}
    case = at.partition("visits/")[0]
    assert addresses == {("POST", f"{at}follows/"), ("POST", f"{case}drafts/")}
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
