"""What stays on a screen that somebody has left: nothing, in any tab, and nothing behind it."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import Role, User
from tests.accessibility import broken_rules
from tests.conftest import let_in
from tests.patients import courses
from tests.test_sessions import HOUR, MINUTE, Clock

pytestmark = pytest.mark.one_database("test_sessions.py ends them on both", sends=True)

NAME = "Invented Name"
ASKED_BY_A_SCRIPT = """() => new Promise((done) => {
  new PerformanceObserver(() => done()).observe({ type: "resource" });
  fetch("/guide/").then((answer) => answer.text());
})"""
"""Done once the browser has told whoever listens."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The server's."""
    clock = Clock()
    monkeypatch.setattr("cartapp.sessions.time", clock)
    return clock


@pytest.fixture
def case(page: Page, transactional_db: None, live_server: LiveServer, clock: Clock) -> str:
    """The address of a page that tells who a patient is, for somebody who has signed in."""
    user = courses.person("ana.ruiz", Role.CLINICIAN)
    let_in(page, User.objects.get(pk=user.pk), live_server)
    page.clock.install()
    return f"/cases/{courses.case(user).public_id}/"


def left_alone(page: Page, clock: Clock, seconds: int) -> None:
    clock.now += seconds
    page.clock.fast_forward(seconds * 1000)


def test_a_page_that_is_left_alone_is_emptied_and_leads_to_the_sign_in(
    page: Page, case: str, clock: Clock
) -> None:
    page.goto(case)
    left_alone(page, clock, 29 * MINUTE)
    expect(page.get_by_text(NAME).first).to_be_visible()

    left_alone(page, clock, 2 * MINUTE)

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.url.partition("/sign-in/")[2] == f"?next={case.replace('/', '%2F')}"


def test_a_minute_before_one_can_stay(page: Page, case: str, clock: Clock) -> None:
    page.goto(case)
    left_alone(page, clock, 29 * MINUTE + 30)
    expect(page.get_by_role("alert")).to_contain_text("In a minute you are signed out")
    broken = broken_rules(page)

    with page.expect_response("**/guide/"):
        page.get_by_role("button", name="Stay signed in").press("Enter")
    expect(page.get_by_role("alert")).to_be_hidden()
    left_alone(page, clock, 20 * MINUTE)

    expect(page.get_by_text(NAME).first).to_be_visible()
    assert broken == []


def test_what_a_script_asks_keeps_a_page_too(page: Page, case: str, clock: Clock) -> None:
    page.goto(case)
    left_alone(page, clock, 20 * MINUTE)
    page.evaluate(ASKED_BY_A_SCRIPT)
    left_alone(page, clock, 20 * MINUTE)

    expect(page.get_by_text(NAME).first).to_be_visible()


def test_whoever_is_signed_out_elsewhere_cannot_stay(page: Page, case: str, clock: Clock) -> None:
    page.goto(case)
    left_alone(page, clock, 29 * MINUTE + 30)
    page.context.clear_cookies()

    page.get_by_role("button", name="Stay signed in").press("Enter")

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_page_is_emptied_at_the_end_of_a_working_day_too(
    page: Page, case: str, clock: Clock
) -> None:
    for _quarter in range(4 * 8 - 1):
        clock.now += 15 * MINUTE
        page.request.get("/")
    page.goto(case)

    left_alone(page, clock, 14 * MINUTE + 30)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()
    left_alone(page, clock, 31)

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_it_is_empty_before_the_server_answers_and_while_it_cannot(
    page: Page, case: str, clock: Clock
) -> None:
    page.goto(case)
    page.context.set_offline(True)

    left_alone(page, clock, HOUR)

    expect(page.get_by_text(NAME)).to_have_count(0)


def test_what_was_typed_asks_nobody_to_stay(page: Page, case: str, clock: Clock) -> None:
    page.goto(f"{case}visits/new/infusion/")
    page.get_by_label("Date of the visit").fill("2024-03-06")

    left_alone(page, clock, HOUR)

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_work_in_another_tab_keeps_a_page(page: Page, case: str, clock: Clock) -> None:
    page.goto(case)
    left_alone(page, clock, 20 * MINUTE)
    other = page.context.new_page()
    other.goto("/evidence/")
    left_alone(page, clock, 20 * MINUTE)

    expect(page.get_by_text(NAME).first).to_be_visible()


def test_signing_out_in_one_tab_empties_the_others(page: Page, case: str) -> None:
    page.goto(case)
    other = page.context.new_page()
    other.goto(case)

    other.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_way_back_after_signing_out_shows_nothing(page: Page, case: str) -> None:
    page.goto(case)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    page.go_back()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text(NAME)).to_have_count(0)


def test_a_page_out_of_the_browser_s_memory_is_asked_for_anew(page: Page, case: str) -> None:
    page.goto(case)
    page.context.clear_cookies()

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
