"""The form of a visit at a real Chromium: what is seen, how one goes through it, what is kept."""

from datetime import date
from typing import Final

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import Case, Role
from tests.accessibility import broken_rules
from tests.conftest import let_in, opened_on
from tests.patients import courses
from tests.patients.courses import visit

SEEN: Final = """() => {
  const bar = document.querySelector(".visit > .actions").getBoundingClientRect().top;
  return [...document.querySelectorAll(".sheet-row")].filter(row => {
    const place = row.getBoundingClientRect();
    return place.top >= 0 && place.bottom <= bar;
  }).length;
}"""
"""The fields that are wholly seen above the buttons."""

HERE: Final = "() => (document.activeElement.name ?? '').split('-')[0]"


@pytest.fixture
def case(transactional_db: None) -> Case:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    return courses.case(ana, *visit("election", date(2024, 2, 1), crp="35"), *visit(crp="90"))


@pytest.fixture
def at(page: Page, case: Case, live_server: LiveServer) -> str:
    """Signed in; the address of the case."""
    let_in(page, case.entries.get().recorded_by, live_server)
    return f"/cases/{case.public_id}/"


@pytest.mark.one_database("the form is the same, and nothing is sent")
@pytest.mark.parametrize("form", ["visits/new/apheresis/", "visits/new/lymphodepletion/"])
def test_eight_fields_are_in_the_first_screen(page: Page, at: str, form: str) -> None:
    page.goto(f"{at}{form}")

    assert page.evaluate(SEEN) >= 8


@pytest.mark.one_database("the form is the same, and nothing is sent")
def test_a_field_is_one_stop_of_the_tab_key(page: Page, at: str) -> None:
    page.goto(f"{at}visits/new/lymphodepletion/")
    page.locator("[name=ecog]").first.focus()

    fields, stops = {"ecog"}, 1
    while len(fields) < 15:
        page.keyboard.press("Tab")
        stops += 1
        fields |= {page.evaluate(HERE)} - {"gap"}

    assert stops <= 17


@pytest.mark.one_database("the form is the same, and nothing is sent")
def test_enter_goes_from_field_to_field_and_saves_nothing(page: Page, at: str) -> None:
    page.goto(f"{at}visits/new/apheresis/")
    page.get_by_label("Date of the visit").focus()

    gone_through = []
    for _ in range(8):
        page.keyboard.press("Enter")
        gone_through.append(page.evaluate(HERE))

    assert gone_through == [
        *("ecog", "stage", "extranodal_sites", "major_extranodal", "longest_diameter"),
        *("bulky", "bendamustine_recent", "gap"),
    ]


@pytest.mark.one_database("the form is the same, and nothing is sent")
def test_a_choice_is_taken_by_its_letter_and_taken_back(page: Page, at: str) -> None:
    page.goto(f"{at}visits/new/day_28/")
    chosen = page.locator("[name=response]:checked")
    page.locator("[name=response]").first.focus()

    page.keyboard.press("p")
    partial = chosen.input_value()
    page.keyboard.press("p")
    progressive = chosen.input_value()
    page.keyboard.press("ArrowLeft")
    stable = chosen.input_value()
    page.keyboard.press("Delete")

    assert (partial, progressive, stable) == ("PR", "PD", "SD")
    expect(chosen).to_have_value("")


@pytest.mark.one_database("the form is the same, and nothing is sent")
def test_what_belongs_to_a_field_opens_on_demand_from_the_field(page: Page, at: str) -> None:
    page.goto(f"{at}visits/new/day_28/")
    page.locator("#id_ldh").focus()

    page.keyboard.press("Alt+ArrowDown")

    expect(page.locator("#id_ldh-on")).to_be_focused()
    assert broken_rules(page) == []


@pytest.mark.one_database("the form is the same, and nothing is sent")
def test_a_column_that_is_pasted_fills_the_values_downwards(page: Page, at: str) -> None:
    page.goto(f"{at}visits/new/day_28/")
    page.locator("#id_ldh").focus()

    page.evaluate(
        """() => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", "310 H\\r\\n<5\\r\\n\\r\\n2100\\r\\n");
          const paste = { clipboardData, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", paste));
        }"""
    )

    names = ("ldh", "crp", "ferritin", "ferritin_peak")
    assert [page.locator(f"#id_{name}").input_value() for name in names] == [
        *("310 H", "<5", "", "2100"),
    ]


@pytest.mark.one_database("the form is the same, and nothing is sent")
def test_the_change_from_the_value_before_is_told_in_its_unit(page: Page, at: str) -> None:
    page.goto(f"{at}visits/new/day_28/")

    page.locator("#id_crp").fill("45")
    change = page.locator("#row_crp .row-change")
    halved = change.inner_text()
    page.locator("#id_crp-unit").select_option("mg/dL")
    in_another_unit = change.inner_text()
    page.locator("#id_crp").fill("<5")

    assert (halved, in_another_unit, change.inner_text()) == ("−50 %", "+400 %", "")


@pytest.mark.one_database("test_entering.py sends the same on both", sends=True)
def test_leaving_with_something_typed_asks_and_a_save_does_not(page: Page, at: str) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.goto(f"{at}visits/2/")
    page.locator("#id_ferritin").press_sequentially("400")

    page.get_by_role("link", name="Timeline", exact=True).click()
    stayed = page.url.endswith("/visits/2/")
    with page.expect_navigation():
        page.get_by_role("button", name="Record", exact=True).click()

    expect(page.locator("#id_ferritin")).to_contain_text("400 ng/mL")
    assert (asked, stayed) == (["beforeunload"], True)


@pytest.mark.one_database("nothing is sent")
def test_without_scripts_enter_saves_nothing_either(
    browser: Browser, at: str, case: Case, live_server: LiveServer
) -> None:
    context = browser.new_context(**opened_on(live_server), java_script_enabled=False)
    page = context.new_page()
    let_in(page, case.entries.get().recorded_by, live_server)
    page.goto(f"{at}visits/2/")
    page.locator("#id_ferritin").fill("400")

    page.keyboard.press("Enter")
    page.goto(f"{at}visits/2/")
    context.close()

    assert case.entries.count() == 1


@pytest.mark.one_database("test_entering.py sends the same on both", sends=True)
def test_without_scripts_a_visit_is_entered_too(
    browser: Browser, at: str, case: Case, live_server: LiveServer
) -> None:
    context = browser.new_context(**opened_on(live_server), java_script_enabled=False)
    page = context.new_page()
    let_in(page, case.entries.get().recorded_by, live_server)
    page.goto(f"{at}visits/new/day_7/")
    page.locator("#id_date").fill("2024-03-13")
    page.locator("[name=crs_grade_max][value='2']").check()
    page.locator("#id_crs_grade_max-when").fill("2024-03-08")
    page.locator("#row_crp summary").last.click()
    page.locator("#id_crp-note").fill("haemolytic")
    page.locator("#id_crp").fill("80")
    page.get_by_role("button", name="Record", exact=True).click()
    told = page.get_by_role("status").inner_text()
    context.close()

    assert told == "2 items are recorded."


@pytest.mark.one_database("the form is the same, and nothing is sent")
def test_nothing_typed_is_kept_in_the_browser(page: Page, at: str) -> None:
    page.goto(f"{at}visits/2/")
    page.locator("#id_ferritin").press_sequentially("400")

    kept = page.evaluate(
        "[localStorage.length, sessionStorage.length, document.forms[0].autocomplete]"
    )

    assert kept[:2] == [0, 0]
    assert page.locator("form.records").get_attribute("autocomplete") == "off"
