"""Entering at a real Chromium: by keyboard alone, announced, legible, accessible."""

import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import Case, Role
from tests.accessibility import broken_rules
from tests.patients import courses
from tests.patients.courses import visit
from tests.patients.desks import Desk


@pytest.fixture
def case(transactional_db: None) -> Case:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    return courses.case(
        ana,
        *visit("election", date(2024, 2, 1), crp="35", ldh="300"),
        *visit(ecog="1"),
        courses.line(),
        courses.event("crs", date(2024, 3, 9), grade=2),
    )


@pytest.fixture
def at(page: Page, case: Case, live_server: LiveServer) -> str:
    """Signed in; the address of the case."""
    desk = Desk(case.entries.get().recorded_by, case)
    cookie = desk.client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return f"/cases/{case.public_id}/"


def send(page: Page, button: str) -> None:
    """Press a button by keyboard, and wait for what it leads to."""
    page.get_by_role("button", name=button, exact=True).focus()
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.keyboard.press("Enter")


@pytest.mark.one_database("test_entering.py sends the same on both", sends=True)
def test_a_visit_is_entered_by_keyboard_and_what_is_wrong_is_announced(
    page: Page, at: str, case: Case
) -> None:
    page.goto(f"{at}visits/new/lymphodepletion/")
    page.get_by_label("Date of the visit").focus()
    page.keyboard.type("03012024")  # month first, as this browser asks for it
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    page.get_by_label("C-reactive protein", exact=True).focus()
    page.keyboard.type("3")
    page.get_by_label("SUVmax", exact=True).focus()
    page.keyboard.type("1000")
    send(page, "Record")

    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("1000 is impossible: from 0 to 150 is possible.")
    expect(alert).to_contain_text("3 mg/dL would be 30 mg/L")
    expect(page).to_have_title(re.compile("^Error: Lymphodepletion"))
    assert broken_rules(page) == []
    assert case.entries.count() == 1

    alert.get_by_role("link", name="SUVmax").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("SUVmax", exact=True)).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("10")
    page.get_by_label("Yes, it is 3 mg/L").focus()
    page.keyboard.press("Space")
    send(page, "Record")

    expect(page.get_by_role("status")).to_have_text("3 items are recorded.")
    expect(page.locator("#id_crp")).to_contain_text("3 mg/L")
    expect(page.locator("#id_ecog")).to_contain_text("1")
    assert broken_rules(page) == []


@pytest.mark.one_database("test_correcting.py sends the same on both", sends=True)
def test_a_correction_by_keyboard(page: Page, at: str, case: Case) -> None:
    page.goto(f"{at}visits/2/")
    page.get_by_role("link", name="Correct ECOG performance status").focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="1").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("Reason for the correction").fill("read wrongly")
    send(page, "Record the correction")

    expect(page.locator("#id_ecog")).to_contain_text("2")


@pytest.mark.one_database("test_correcting.py sends the same on both", sends=True)
def test_a_conflict_is_settled_by_keyboard(page: Page, at: str, case: Case) -> None:
    page.goto(f"{at}visits/2/")
    Desk(courses.person("leo.vidal", Role.CLINICIAN), case).type("visits/2/", ferritin="500")
    page.get_by_label("Ferritin", exact=True).fill("400")
    send(page, "Record")

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Somebody else was first")
    expect(alert).to_be_focused()
    assert broken_rules(page) == []
    page.get_by_label("Keep what is recorded").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(page.locator("#id_ferritin")).to_contain_text("500 ng/mL")


@pytest.mark.one_database("the form is the same, and nothing is sent")
def test_what_the_keyboard_comes_to_is_not_behind_the_buttons(page: Page, at: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{at}visits/new/lymphodepletion/")
    page.get_by_label("Date of the visit").focus()

    hidden = []
    while not page.evaluate("document.activeElement.closest('.actions')"):
        page.keyboard.press("Tab")
        hidden.append(page.evaluate(BEHIND_BUTTONS))

    assert len(hidden) > 20
    assert [what for what in hidden if what] == []


BEHIND_BUTTONS = """() => {
  const here = document.activeElement;
  const buttons = document.querySelector(".visit > .actions");
  const low = here.getBoundingClientRect().bottom > buttons.getBoundingClientRect().top;
  return low && !buttons.contains(here) ? here.outerHTML : "";
}"""

PAGES = [
    *("records/", "visits/2/", "visits/2/date/", "visits/2/standing/", "visits/2/values/ecog/"),
    *("visits/new/day_28/", "treatments/1/", "treatments/new/bridging/", "events/new/crs/"),
    *("identity/", "history/"),
]


@pytest.mark.one_database("what the pages hold is tested on both, in test_entering.py")
def test_pages_break_no_rule_of_accessibility_and_fit_a_phone(page: Page, at: str) -> None:
    asked: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: complaints.append(message.text))
    found = {}
    for path in PAGES:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(f"{at}{path}")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        broken = broken_rules(page)
        page.set_viewport_size({"width": 390, "height": 844})
        width = page.evaluate("document.documentElement.scrollWidth")
        if broken or width != 390:
            found[path] = (broken, width)

    assert found == {}
    assert len(asked) == 1
    assert complaints == []
