"""The page of a case in a real Chromium: drawn at once, interactive, accessible, asking nobody."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pypdf import PdfReader
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from patients.models import Case, Role
from riskfactors.drawing.lettering import width_of
from tests.accessibility import broken_rules
from tests.patients.screens import NAMES, imported, plain, somebody, vignette

pytestmark = pytest.mark.one_database("test_documents.py: a case is read alike on both")

UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true; })"
WIDTHS = """Object.fromEntries([...document.querySelectorAll("#chart-timeline .tl-days text")]
  .filter(each => !each.matches(".tl-visit, [class*=tl-on]"))
  .map(each => [each.textContent, each.getComputedTextLength()]))"""
PAPER = 703  # pixels between the margins of A4
LOADING = 30_000  # more than a megabyte of script is parsed
POINTS = "plot => plot.data.filter(t => t.hovertemplate).flatMap(t => t.hovertext || t.text)"


@pytest.fixture(autouse=True)
def demonstration(settings: Settings, transactional_db: None) -> None:
    settings.DEMONSTRATION = True


@pytest.fixture
def signed_in(context: BrowserContext, live_server: LiveServer) -> None:
    """Somebody who may record, signed in."""
    client = Client()
    client.force_login(somebody(Role.DATA_MANAGER))
    cookie = client.cookies[site.SESSION_COOKIE_NAME]
    context.add_cookies(
        [{"name": site.SESSION_COOKIE_NAME, "value": cookie.value, "url": live_server.url}]
    )


@pytest.fixture
def overheard(page: Page) -> dict[str, set[str]]:
    """Whom the page asks, and what it complains of."""
    heard: dict[str, set[str]] = {"asked": set(), "complaints": set()}
    page.on("request", lambda request: heard["asked"].add(urlsplit(request.url).netloc))
    page.on("console", lambda message: heard["complaints"].add(message.text))
    page.on("pageerror", lambda error: heard["complaints"].add(str(error)))
    return heard


def go(page: Page, case: Case, rest: str = "") -> None:
    page.goto(f"/cases/{case.public_id}/{rest}")


def timeline(page: Page) -> Locator:
    """The drawing, once it answers to keys."""
    drawing = page.locator("#chart-timeline .tl-days")
    expect(drawing.locator(".tl-item[tabindex='0']")).to_have_count(1)
    return drawing


def enlarged(page: Page) -> Locator:
    """The interactive chart, once somebody asked for it."""
    timeline(page)
    page.get_by_role("button", name="Enlarge").click()
    plot = page.locator(".enlarged .plot")
    expect(plot).to_have_attribute("data-drawn", "drawn", timeout=LOADING)
    return page.locator(".enlarged")


def words_of(item: Locator) -> str:
    return plain(item.get_attribute("aria-label") or "")


@pytest.mark.parametrize(
    ("name", "width"),
    [("01", 390), ("02", 390), ("04", 1280), ("05", 390), ("07", 1280)],
)
@pytest.mark.usefixtures("signed_in")
def test_a_case_is_accessible_fits_the_width_asks_nobody_and_obeys_its_policy(
    page: Page, live_server: LiveServer, overheard: dict[str, set[str]], name: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    go(page, imported(vignette(name)))
    timeline(page)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert broken_rules(page) == []
    assert overheard == {"asked": {urlsplit(live_server.url).netloc}, "complaints": set()}


@pytest.mark.usefixtures("signed_in")
def test_everything_unfolded_is_accessible_too(page: Page) -> None:
    case = imported(vignette("01"))
    for address in ("", "history/"):
        go(page, case, address)
        page.evaluate(UNFOLD)
        expect(page.locator(".told a")).to_have_count(0)
        page.evaluate(UNFOLD)
        expect(page.locator("details:not([open])")).to_have_count(0)

        assert broken_rules(page) == []


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.usefixtures("signed_in")
def test_the_tabs_stand_where_they_are_before_the_rest_of_the_bar_arrives(
    page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    go(page, imported(vignette("01")))
    timeline(page)
    stand = "document.querySelector('.case-head .tabs').getBoundingClientRect().left"
    whole = page.evaluate(stand)

    page.evaluate("document.querySelectorAll('.tabs ~ *').forEach(each => each.remove())")

    assert page.evaluate(stand) == whole


@pytest.mark.usefixtures("signed_in")
def test_nothing_that_opens_is_wider_than_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    go(page, imported(vignette("01")))
    timeline(page)

    page.evaluate(UNFOLD)
    expect(page.locator("details[data-chart] svg").first).to_be_visible()
    expect(page.locator(".card .axis svg").first).to_be_visible()
    page.evaluate("document.querySelector('details.past').open = false")

    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.usefixtures("signed_in")
def test_the_drawing_is_there_without_any_script(page: Page) -> None:
    page.route("**/*.js", lambda route: route.abort())
    go(page, imported(vignette("01")))

    expect(page.locator("#chart-timeline .tl-days")).to_be_visible()
    expect(page.get_by_text("R-CHOP, PD").first).to_be_visible()
    expect(page.get_by_role("link", name="SVG")).to_be_visible()
    expect(page.get_by_role("button", name="Enlarge")).not_to_be_visible()


@pytest.mark.parametrize("name", ["01", "02", "09"])
@pytest.mark.usefixtures("signed_in")
def test_no_text_is_wider_than_it_was_laid_out_for(page: Page, name: str) -> None:
    go(page, imported(vignette(name)))
    timeline(page)

    widths: dict[str, float] = page.evaluate(WIDTHS)

    assert len(widths) > 20
    assert {text: wide for text, wide in widths.items() if wide > width_of(text) + 1} == {}


@pytest.mark.usefixtures("signed_in")
def test_arrows_lead_from_event_to_event_and_each_says_all_of_it(page: Page) -> None:
    go(page, imported(vignette("01")))
    drawing = timeline(page)
    items = drawing.locator(".tl-item")
    tip = page.locator(".tl-tip")

    items.first.focus()
    page.keyboard.press("ArrowRight")

    expect(items.nth(1)).to_be_focused()
    expect(tip).to_have_text(items.nth(1).get_attribute("aria-label") or "")
    expect(drawing.locator("[tabindex='0']")).to_have_count(1)
    page.keyboard.press("End")
    expect(items.last).to_be_focused()
    page.keyboard.press("Home")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.first).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(tip).not_to_be_visible()


@pytest.mark.usefixtures("signed_in")
def test_a_tip_shows_under_the_mouse_and_a_click_keeps_it(page: Page) -> None:
    go(page, imported(vignette("01")))
    drawing, tip = timeline(page), page.locator(".tl-tip")
    infusion = "Lactate dehydrogenase: 905 U/L, 3.62 × the upper limit of 250 U/L; 12 Aug 2019"
    dot = next(i for i in drawing.locator(".tl-item").all() if words_of(i).startswith(infusion))

    dot.locator("path").hover()
    expect(tip).to_be_visible()
    page.locator("#timeline").hover()
    expect(tip).not_to_be_visible()
    dot.locator("path").click()
    page.locator("#timeline").hover()

    expect(tip).to_have_class("tl-tip pinned")
    expect(dot).to_have_attribute("aria-expanded", "true")
    assert tip.evaluate("tip => getComputedStyle(tip).userSelect") == "text"
    assert broken_rules(page) == []
    page.keyboard.press("Escape")
    expect(tip).not_to_be_visible()


@pytest.mark.usefixtures("signed_in")
def test_days_become_dates_on_demand(page: Page) -> None:
    go(page, imported(vignette("01")))
    drawing = timeline(page)
    day, on = (drawing.locator(f"text.tl-{look}").first for look in ("day", "date"))
    expect(day).to_be_visible()

    page.get_by_role("button", name="Dates").click()

    expect(on).to_be_visible()
    expect(day).not_to_be_visible()
    assert (page.get_by_role("link", name="SVG").get_attribute("href") or "").endswith("dates=1")


@pytest.mark.usefixtures("signed_in")
def test_plotly_comes_when_it_is_asked_for_and_the_focus_goes_back(
    page: Page, live_server: LiveServer, overheard: dict[str, set[str]]
) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(urlsplit(request.url).path))
    go(page, imported(vignette("01")))
    timeline(page)
    assert [path for path in fetched if "plotly" in path or path.endswith(".json")] == []

    chart = enlarged(page)

    titles = chart.locator(".modebar-btn").evaluate_all(
        "buttons => buttons.map(each => each.dataset.title)"
    )
    assert titles == ["Zoom in", "Zoom out", "Reset axes"]
    assert broken_rules(page) == []
    page.keyboard.press("Escape")
    expect(chart).not_to_be_visible()
    expect(page.get_by_role("button", name="Enlarge")).to_be_focused()
    assert overheard == {"asked": {urlsplit(live_server.url).netloc}, "complaints": set()}


@pytest.mark.usefixtures("signed_in")
def test_days_are_zoomed_for_all_rows_at_once(page: Page) -> None:
    go(page, imported(vignette("01")))
    chart = enlarged(page)
    width = "plot => plot.layout.xaxis.range[1] - plot.layout.xaxis.range[0]"
    plot = chart.locator(".plot")
    before = plot.evaluate(width)

    chart.locator(".modebar-btn").first.click()

    page.wait_for_function(
        "before => { const { range } = document.querySelector('.plot').layout.xaxis;"
        " return range[1] - range[0] < before; }",
        arg=before,
    )
    assert plot.evaluate("plot => Object.keys(plot.layout).filter(k => /^xaxis/.test(k))") == [
        "xaxis"
    ]
    said = [plain(text) for text in plot.evaluate(POINTS) if text]
    assert any(text.startswith("C-reactive protein: 9 mg/L; 19 Aug 2019 (day +7)") for text in said)


@pytest.mark.usefixtures("signed_in")
def test_the_drawing_is_saved_as_a_file_and_as_a_picture(page: Page) -> None:
    go(page, imported(vignette("01")))
    timeline(page)

    with page.expect_download() as drawing:
        page.get_by_role("link", name="SVG").click()
    with page.expect_download() as picture:
        page.get_by_role("button", name="PNG").click()

    assert [drawing.value.suggested_filename, picture.value.suggested_filename] == [
        "01-review-case-timeline.svg",
        "01-review-case-timeline.png",
    ]
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("signed_in")
def test_a_fact_opens_beside_the_page_and_the_address_keeps_it(page: Page) -> None:
    case = imported(vignette("01"))
    go(page, case)
    row = page.locator(".matrix a[data-fact]", has_text="TP53 altered")

    row.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="One fact in full")
    expect(panel.get_by_role("heading", name="TP53", exact=True)).to_be_focused()
    assert page.url.endswith("#fact=tp53")
    assert broken_rules(page) == []

    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(row).to_be_focused()
    go(page, case, "#fact=lactate-dehydrogenase")
    expect(
        panel.get_by_role("heading", name="Lactate dehydrogenase (LDH)", exact=True)
    ).to_be_visible()


@pytest.mark.usefixtures("signed_in")
def test_a_fact_has_a_page_of_its_own_without_any_script(page: Page) -> None:
    page.route("**/*.js", lambda route: route.abort())
    go(page, imported(vignette("01")))

    page.locator(".matrix a[data-fact]", has_text="TP53 altered").click()

    expect(page.get_by_role("heading", name="TP53", exact=True)).to_be_visible()
    assert page.url.endswith("/facts/tp53/")
    assert broken_rules(page) == []


@pytest.mark.usefixtures("signed_in")
def test_on_a_phone_keys_scroll_to_the_event_that_has_the_focus(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    go(page, imported(vignette("01")))
    items = timeline(page).locator(".tl-item")

    items.first.focus()
    page.keyboard.press("End")

    expect(items.last).to_be_focused()
    expect(items.last).to_be_in_viewport()


@pytest.mark.usefixtures("signed_in")
def test_on_a_phone_the_timeline_opens_at_the_infusion_and_keeps_its_names(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    go(page, imported(vignette("01")))
    timeline(page)
    frame = page.locator(".chart-frame").first
    names = frame.locator(".tl-names")
    ends = "node => [node.getBoundingClientRect().left, node.getBoundingClientRect().right]"
    left, right = names.evaluate(ends)

    assert left == frame.evaluate(ends)[0]
    assert 0 < frame.locator("svg .tl-infusion").first.evaluate(ends)[0] - right < 80
    frame.evaluate("frame => { frame.scrollLeft = frame.scrollWidth; }")
    assert names.evaluate(ends) == [left, right]
    expect(names.get_by_text("Toxicity")).to_be_visible()


@pytest.mark.usefixtures("signed_in")
def test_what_is_open_is_printed_with_the_drawing(page: Page, tmp_path: Path) -> None:
    go(page, imported(vignette("01")))
    timeline(page)
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print")

    expect(page.locator("#chart-timeline .tl-days")).to_be_visible()
    ends = page.locator("#chart-timeline .tl-days").evaluate("e => e.getBoundingClientRect().right")
    assert ends < PAPER
    expect(page.get_by_role("button", name="Enlarge")).not_to_be_visible()
    expect(page.locator(".case-head")).to_have_css("display", "table-header-group")
    expect(page.locator(".matrix tbody").first).to_be_visible()
    page.pdf(path=tmp_path / "case.pdf", prefer_css_page_size=True)
    assert len(PdfReader(tmp_path / "case.pdf").pages) == 1


@pytest.mark.usefixtures("signed_in")
def test_another_drawing_is_fetched_when_it_is_unfolded(page: Page) -> None:
    go(page, imported(vignette("01")))
    ferritin = page.locator("#chart-ferritin")
    expect(ferritin).to_have_count(0)

    page.get_by_text("Ferritin", exact=True).first.click()

    expect(ferritin.locator(".tl-item").first).to_have_attribute("tabindex", "0")
    assert broken_rules(page) == []


def test_the_cards_are_fetched_when_one_is_opened(
    page: Page, signed_in: None, overheard: dict[str, set[str]]
) -> None:
    go(page, imported(vignette("01")))
    cards = page.locator(".cards .finding")
    assert cards.count() == 0

    page.get_by_role("heading", name="Day +28").click()

    expect(page.locator("details[data-milestone=day_28] .finding").first).to_be_visible()
    expect(page.locator("details[data-milestone=relapse] .finding").first).to_be_hidden()
    assert page.locator(".cards .told").count() == 0
    assert broken_rules(page) == []
    assert overheard["complaints"] == set()


def test_an_address_with_a_milestone_opens_its_card(page: Page, signed_in: None) -> None:
    go(page, imported(vignette("01")), "#card-infusion")

    card = page.locator("details[data-milestone=infusion]")
    expect(card.locator(".finding").first).to_be_visible()
    expect(card.locator(".card-body")).to_be_in_viewport()


def test_cards_that_cannot_be_fetched_are_led_to(page: Page, signed_in: None) -> None:
    case = imported(vignette("01"))
    page.route("**/cards/", lambda route: route.abort())
    go(page, case)

    with page.expect_event("requestfailed"):
        page.get_by_role("heading", name="Day +28").click()
    page.unroute("**/cards/")
    page.locator("details[data-milestone=day_28] .told a").click()

    expect(page).to_have_url(re.compile(rf"/cases/{case.public_id}/cards/#card-day-28$"))
    expect(page.locator("#card-day-28 .finding").first).to_be_visible()
    assert broken_rules(page) == []


WORDS = "document.querySelector('main').innerText.split(/\\s+/).filter(Boolean).length"
STRIP = "document.querySelector('.summary').getBoundingClientRect().height"
FIRST_CARD = "document.querySelector('.card').getBoundingClientRect().top + scrollY"
CUT = """[...document.querySelectorAll('.matrix td.cell')].filter(
  each => each.checkVisibility() && each.scrollWidth > each.clientWidth + 6).length"""


TORN = r"""([where, what]) => [...document.querySelectorAll(where)].flatMap(cell => {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), torn = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode())
    for (const found of text.data.matchAll(new RegExp(what, "g"))) {
      const range = document.createRange();
      range.setStart(text, found.index);
      range.setEnd(text, found.index + found[0].length);
      if (new Set([...range.getClientRects()].map(each => each.top)).size > 1) torn.push(found[0]);
    }
  return torn;
})"""
"""What is on two lines and should be on one."""

FIGURES = [".row-figures", r"[\d.]+\s\([\d.]+–\u2060?[\d.]+\)"]
WORDS_OF_CELLS = [".matrix-frame > table tbody :is(th, td.cell)", r"[^\s-]+"]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_figure_is_never_torn_from_its_interval(page: Page, signed_in: None, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    go(page, imported(vignette("01")))
    timeline(page)

    assert page.get_by_text("(1.303–").count() == 1
    assert page.evaluate(TORN, FIGURES) == []


def test_the_page_says_no_more_words_than_it_did(page: Page, signed_in: None) -> None:
    """Folded and unfolded, of the case of the review, which says most."""
    page.goto(f"/cases/{imported(vignette('01')).public_id}/")
    folded = page.evaluate(WORDS)
    page.evaluate(UNFOLD)
    expect(page.locator("details[data-chart] svg").first).to_be_visible()
    expect(page.locator(".card .finding").first).to_be_visible()

    assert folded <= 900
    assert page.evaluate(WORDS) <= 9_000


def test_a_case_is_read_in_two_screens(page: Page, signed_in: None) -> None:
    """Of the case of the review, which has most rows, in two and a sixth."""
    page.set_viewport_size({"width": 1280, "height": 720})
    strips, cards = [], {}
    for name in NAMES:
        go(page, imported(vignette(name)))
        strips.append(page.evaluate(STRIP))
        cards[name] = page.evaluate(FIRST_CARD)
        assert page.evaluate(CUT) == 0, name
        assert page.evaluate(TORN, WORDS_OF_CELLS) == [], name

    assert max(strips) <= 130
    assert cards.pop("01-review-case") <= 1_560
    assert max(cards.values()) < 1_440


def test_a_caveat_is_one_click_away(page: Page, signed_in: None) -> None:
    go(page, imported(vignette("01")))
    row = page.locator(".matrix tr", has=page.get_by_role("link", name="Deauville score"))
    converts = row.get_by_text("may still convert")
    expect(converts).to_be_hidden()

    row.get_by_text("caveat", exact=True).click()

    expect(converts).to_be_visible()
