"""What is typed survives a sign-out, an expired session, another token, a broken connection and a
killed browser, and leaves nothing in the browser: at a real Chromium."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserType, Dialog, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.models import Case, Draft, Role, User
from tests.accessibility import broken_rules
from tests.conftest import PASSWORD, let_in, opened_on
from tests.patients import courses
from tests.patients.courses import visit

pytestmark = pytest.mark.one_database("test_drafts.py keeps and sends the same on both", sends=True)

CANARY: Final = "zqtypedcanary"
FORM: Final = "visits/new/day_28/"


@pytest.fixture
def ana(transactional_db: None) -> User:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    ana.set_password(PASSWORD)
    ana.save()
    return ana


@pytest.fixture
def case(ana: User) -> Case:
    return courses.case(ana, *visit("election", date(2024, 2, 1), crp="35"), *visit(crp="90"))


@pytest.fixture
def at(page: Page, ana: User, case: Case, live_server: LiveServer) -> str:
    """Signed in; the address of the case."""
    let_in(page, ana, live_server)
    page.on("dialog", Dialog.accept)
    return f"/cases/{case.public_id}/"


def state(page: Page) -> Locator:
    return page.locator(".draft-state")


def type_note(page: Page, text: str) -> None:
    """Into what belongs to a value, so that the values themselves stay as they are."""
    if not page.locator("#id_crp-note").is_visible():
        page.locator("#row_crp .more > summary").click()
    page.locator("#id_crp-note").press_sequentially(text)


def sign_in(page: Page) -> None:
    page.get_by_label("User name").fill("ana.ruiz")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def kept(page: Page) -> None:
    expect(state(page)).to_contain_text("Draft kept")


def test_typing_without_a_pause_is_kept_within_a_second(page: Page, at: str) -> None:
    page.clock.install()
    page.goto(f"{at}visits/2/")
    page.clock.pause_at("2100-01-01")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.url.endswith("/drafts/") else None)
    page.locator("#id_ferritin").focus()

    for digit in "1234567":
        page.keyboard.press(digit)
        page.clock.run_for(100)
    before = len(sent)
    page.keyboard.press("8")
    page.clock.run_for(100)

    kept(page)
    assert (before, len(sent)) == (0, 1)
    assert Draft.objects.get().typed["ferritin"] == ["12345678"]


def test_what_was_typed_stands_in_the_form_after_signing_out_and_in(page: Page, at: str) -> None:
    page.goto(f"{at}{FORM}")
    page.locator("#id_ferritin").press_sequentially("400")
    page.locator("[name=response]").first.focus()
    page.keyboard.press("p")
    type_note(page, "half a sen")
    kept(page)

    page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    page.goto(f"{at}{FORM}")

    expect(page.get_by_role("heading", name="Typed by you on")).to_be_visible()
    assert [page.locator(f"#id_{n}").input_value() for n in ("ferritin", "crp-note")] == [
        *("400", "half a sen"),
    ]
    expect(page.locator("[name=response]:checked")).to_have_value("PR")
    assert broken_rules(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_an_expired_session_holds_the_form_until_somebody_has_signed_in(
    page: Page, at: str, case: Case
) -> None:
    page.goto(f"{at}visits/2/")
    page.locator("#id_ferritin").press_sequentially("40")
    kept(page)
    Session.objects.all().delete()

    page.locator("#id_ferritin").press_sequentially("0")
    expect(state(page)).to_contain_text("Not kept: you have been signed out.")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator("#id_ferritin")).to_have_value("400")
    with page.context.expect_page() as opened:
        state(page).get_by_role("link").click()
    sign_in(opened.value)
    opened.value.close()
    page.evaluate("dispatchEvent(new Event('focus'))")
    kept(page)
    page.get_by_role("button", name="Record", exact=True).click()

    expect(page.locator("#id_ferritin")).to_contain_text("400 ng/mL")
    assert (case.entries.count(), Draft.objects.count()) == (2, 0)


def test_a_sign_out_in_another_window_empties_the_page_and_keeps_the_draft(
    page: Page, at: str
) -> None:
    page.goto(f"{at}{FORM}")
    page.locator("#id_ferritin").press_sequentially("400")
    kept(page)
    elsewhere = page.context.new_page()
    elsewhere.goto("/cases/")

    elsewhere.get_by_role("button", name="Sign out").click()
    expect(page.locator("#id_ferritin")).to_have_count(0)
    sign_in(page)

    expect(page.locator("#id_ferritin")).to_have_value("400")


def test_a_token_that_was_rotated_costs_nothing(page: Page, at: str, case: Case) -> None:
    page.goto(f"{at}visits/2/")
    page.locator("#id_ferritin").press_sequentially("400")
    kept(page)
    page.context.clear_cookies(name="csrftoken")
    elsewhere = page.context.new_page()
    elsewhere.goto("/cases/")
    elsewhere.close()

    page.get_by_role("button", name="Record", exact=True).click()

    expect(page.locator("#id_ferritin")).to_contain_text("400 ng/mL")
    assert (case.entries.count(), Draft.objects.count()) == (2, 0)


def test_what_one_person_typed_is_not_kept_for_the_next_in_the_same_browser(
    page: Page, at: str, case: Case, live_server: LiveServer
) -> None:
    page.goto(f"{at}visits/2/")
    page.locator("#id_ferritin").press_sequentially("40")
    kept(page)
    let_in(page, courses.person("leo.vidal", Role.CLINICIAN), live_server)

    page.locator("#id_ferritin").press_sequentially("0")
    expect(state(page)).to_contain_text("Not kept: you have been signed out.")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator("#id_ferritin")).to_have_value("400")

    drafts = Draft.objects.values_list("author__username", "typed__ferritin")
    assert (list(drafts), case.entries.count()) == ([("ana.ruiz", ["40"])], 1)


def test_ten_minutes_without_a_connection_lose_nothing(page: Page, at: str, case: Case) -> None:
    page.clock.install()
    page.goto(f"{at}visits/2/")
    page.context.set_offline(True)
    page.locator("#id_ferritin").press_sequentially("400")
    page.clock.run_for(1000)
    expect(state(page)).to_contain_text("Not kept: no connection.")

    page.clock.run_for(600_000)
    page.get_by_role("button", name="Record", exact=True).click()
    page.clock.run_for(1000)
    expect(page.locator("#id_ferritin")).to_have_value("400")
    nothing = Draft.objects.count()
    page.context.set_offline(False)
    page.clock.run_for(5000)

    kept(page)
    assert (nothing, Draft.objects.get().typed["ferritin"]) == (0, ["400"])
    assert case.entries.count() == 1


def test_a_server_that_is_gone_is_asked_again(page: Page, at: str) -> None:
    page.clock.install()
    page.goto(f"{at}visits/2/")
    page.route("**/drafts/", lambda route: route.abort("connectionrefused"))
    page.locator("#id_ferritin").press_sequentially("400")
    page.clock.run_for(1000)
    expect(state(page)).to_contain_text("Not kept: no connection.")

    page.unroute("**/drafts/")
    page.clock.run_for(5000)

    kept(page)


def test_a_database_that_takes_nothing_is_told_and_asked_again(page: Page, at: str) -> None:
    page.clock.install()
    page.goto(f"{at}visits/2/")
    page.route("**/drafts/", lambda route: route.fulfill(status=503))
    page.locator("#id_ferritin").press_sequentially("400")
    page.clock.run_for(1000)
    expect(state(page)).to_contain_text("Not kept: the server does not take it now.")

    page.unroute("**/drafts/")
    page.clock.run_for(5000)

    kept(page)


@pytest.fixture
def killed(browser: Browser, at: str, ana: User, live_server: LiveServer) -> Iterator[Page]:
    """The form in a browser of its own, which shares nothing with that of `page`."""
    context = browser.new_context(**opened_on(live_server))
    page = context.new_page()
    page.on("dialog", Dialog.accept)
    let_in(page, ana, live_server)
    page.goto(f"{at}{FORM}")
    yield page
    context.close()


def test_a_browser_that_is_killed_loses_nothing(killed: Page, page: Page, at: str) -> None:
    killed.locator("#id_ferritin").press_sequentially("400")
    kept(killed)

    killed.context.close()
    page.goto(f"{at}{FORM}")

    expect(page.locator("#id_ferritin")).to_have_value("400")


def test_without_drafts_a_browser_that_is_killed_loses_what_was_typed(
    killed: Page, page: Page, at: str
) -> None:
    """The negative control of the test above."""
    killed.route("**/drafts/", lambda route: route.abort())
    killed.locator("#id_ferritin").press_sequentially("400")
    expect(state(killed)).to_contain_text("Not kept")

    killed.context.close()
    page.goto(f"{at}{FORM}")

    expect(page.locator("#id_ferritin")).to_have_value("")


def test_typing_that_is_taken_back_leaves_no_draft(page: Page, at: str) -> None:
    page.goto(f"{at}visits/2/")
    page.locator("#id_ferritin").fill("400")
    kept(page)

    page.locator("#id_ferritin").fill("")
    expect(state(page).locator(".draft-told")).to_have_text("")

    assert Draft.objects.count() == 0


def test_what_is_typed_can_be_discarded(page: Page, at: str) -> None:
    page.goto(f"{at}visits/2/")
    page.locator("#id_ferritin").fill("400")
    kept(page)
    page.goto(f"{at}visits/2/")

    page.get_by_role("button", name="Discard what is typed").click()

    expect(page.locator("#id_ferritin")).to_have_value("")
    assert Draft.objects.count() == 0


def test_what_is_left_of_a_form_is_kept_before_anything_more_is_typed(page: Page, at: str) -> None:
    page.goto(f"{at}{FORM}")
    page.get_by_label("Date of the visit").fill("2024-04-03")
    page.locator("#id_ferritin").fill("400")
    page.locator("#id_suvmax").fill("1000")

    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_role("button", name="Record the rest, keep this open").click()
    expect(page.get_by_role("status")).to_have_text("1 item is recorded.")
    kept(page)

    left = Draft.objects.get().typed
    assert (left["suvmax"], left.get("ferritin")) == (["1000"], None)


def found_in(profile: Path) -> list[str]:
    """The files of a browser's profile in which the canary stands, in either of its spellings."""
    spellings = [CANARY.encode(coding) for coding in ("utf-8", "utf-16-le")]
    return [
        path.relative_to(profile).as_posix()
        for path in profile.rglob("*")
        if path.is_file() and any(spelling in path.read_bytes() for spelling in spellings)
    ]


STORED: Final = {
    "local storage": "text => localStorage.setItem('typed', text)",
    "a cache": "text => caches.open('typed').then(c => c.put('/typed', new Response(text)))",
    "a database": """text => new Promise(done => {
      const request = indexedDB.open("typed");
      request.onupgradeneeded = () => request.result.createObjectStore("typed").put(text, 1);
      request.onsuccess = done;
    })""",
}
"""What a page might do with what is typed. Signing out would tell the browser to clear it."""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("stored", "signed_out"), [("", True), ("", False), *((each, False) for each in STORED)]
)
def test_the_profile_of_a_browser_holds_nothing_that_was_typed(
    stored: str,
    signed_out: bool,
    tmp_path: Path,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    ana: User,
    case: Case,
    live_server: LiveServer,
) -> None:
    context = browser_type.launch_persistent_context(
        tmp_path, **browser_type_launch_args, **opened_on(live_server)
    )
    page = context.pages[0]
    page.on("dialog", Dialog.accept)
    page.goto("/sign-in/")
    sign_in(page)
    page.goto(f"/cases/{case.public_id}/{FORM}")
    type_note(page, CANARY)
    kept(page)

    page.evaluate(STORED.get(stored, "() => {}"), CANARY)
    page.reload()
    shown = page.locator("#id_crp-note").input_value()
    if signed_out:
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    context.close()

    assert (shown, bool(found_in(tmp_path))) == (CANARY, bool(stored))
