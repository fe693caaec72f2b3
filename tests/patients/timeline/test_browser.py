"""The page of a case in a real Chromium: drawn at once, interactive, accessible, asking nobody."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from patients.models import Case, Role
from tests.accessibility import broken_rules
from tests.patients.screens import imported, plain, somebody, vignette

pytestmark = pytest.mark.one_database("test_documents.py: a case is read alike on both")

UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true; })"
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


def drawn(page: Page) -> Any:
    """The interactive timeline, once it has taken the place of the picture."""
    chart = page.locator("figure[data-chart=chart-timeline]")
    expect(chart).to_have_attribute("data-drawn", "drawn")
    return chart


@pytest.mark.parametrize(
    ("name", "width"),
    [("01", 390), ("01", 1280), ("02", 390), ("04", 1280), ("05", 390), ("07", 1280)],
)
@pytest.mark.usefixtures("signed_in")
def test_a_case_is_accessible_fits_the_width_asks_nobody_and_obeys_its_policy(
    page: Page, live_server: LiveServer, overheard: dict[str, set[str]], name: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    go(page, imported(vignette(name)))
    drawn(page)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert broken_rules(page) == []
    assert overheard == {"asked": {urlsplit(live_server.url).netloc}, "complaints": set()}


@pytest.mark.usefixtures("signed_in")
def test_everything_unfolded_is_accessible_too(page: Page) -> None:
    case = imported(vignette("01"))
    for address in ("", "history/"):
        go(page, case, address)
        page.evaluate(UNFOLD)
        expect(page.locator("details:not([open])")).to_have_count(0)

        assert broken_rules(page) == []


@pytest.mark.usefixtures("signed_in")
def test_the_picture_is_there_before_any_script(page: Page) -> None:
    page.route("**/*.js", lambda route: route.abort())
    go(page, imported(vignette("01")))

    expect(page.locator("figure[data-chart=chart-timeline] > svg")).to_be_visible()
    expect(page.get_by_text("R-GDP, PD").first).to_be_visible()
    expect(page.locator(".chart-plot")).to_have_count(0)


@pytest.mark.usefixtures("signed_in")
def test_plotly_takes_its_place_without_moving_anything(page: Page) -> None:
    case = imported(vignette("01"))
    where = "id => document.getElementById(id).getBoundingClientRect().top"
    page.route("**/*.js", lambda route: route.abort())
    go(page, case)
    before = page.evaluate(where, "card-relapse")
    size = page.locator("figure[data-chart=chart-timeline]").bounding_box()
    page.unroute("**/*.js")

    go(page, case)
    chart = drawn(page)

    assert page.evaluate(where, "card-relapse") == before
    assert chart.bounding_box() == size
    assert chart.locator(".main-svg").first.bounding_box() == size
    expect(chart.locator("> svg.tl")).not_to_be_visible()


@pytest.mark.usefixtures("signed_in")
def test_the_bar_zooms_and_sends_nothing_anywhere(page: Page) -> None:
    go(page, imported(vignette("01")))
    chart = drawn(page)

    titles = chart.locator(".modebar-btn").evaluate_all(
        "buttons => buttons.map(each => each.dataset.title)"
    )
    assert titles == ["Zoom in", "Zoom out", "Reset axes"]
    expect(page.get_by_text("Share chart")).to_have_count(0)
    expect(page.get_by_text("Produced with Plotly")).to_have_count(0)
    plot = chart.locator(".chart-plot")
    width = "plot => plot.layout.xaxis.range[1] - plot.layout.xaxis.range[0]"
    before = plot.evaluate(width)
    chart.locator(".modebar-btn").first.click()
    page.wait_for_function(
        "before => { const { range } = document.querySelector('.chart-plot').layout.xaxis;"
        " return range[1] - range[0] < before; }",
        arg=before,
    )


@pytest.mark.usefixtures("signed_in")
def test_each_value_says_its_unit_its_day_and_its_visit(page: Page) -> None:
    go(page, imported(vignette("01")))
    chart = drawn(page)

    said = [plain(text) for text in chart.locator(".chart-plot").evaluate(POINTS) if text]

    assert (
        "Lactate dehydrogenase: 905 U/L, 3.62 × the upper limit of 250 U/L; "
        "12 Aug 2019 (day 0), Infusion (day 0)"
    ) in said
    assert any(text.startswith("C-reactive protein: 9 mg/L; 19 Aug 2019 (day +7)") for text in said)
    point = chart.locator(".scatterlayer .trace .points path").last
    point.hover(force=True)
    expect(chart.locator(".hoverlayer .hovertext")).to_be_visible()


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
def test_the_timeline_is_scrolled_by_keyboard_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    go(page, imported(vignette("01")))
    drawn(page)
    frame = page.locator(".chart-frame").first
    before = frame.evaluate("frame => frame.scrollLeft")

    frame.focus()
    page.keyboard.press("ArrowRight")

    page.wait_for_function(
        "before => document.querySelector('.chart-frame').scrollLeft > before", arg=before
    )


@pytest.mark.usefixtures("signed_in")
def test_on_a_phone_the_timeline_opens_at_the_infusion_and_keeps_its_names(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    go(page, imported(vignette("01")))
    drawn(page)
    frame = page.locator(".chart-frame").first
    names = frame.locator(".chart-names")
    ends = "node => [node.getBoundingClientRect().left, node.getBoundingClientRect().right]"
    left, right = names.evaluate(ends)

    assert left == frame.evaluate(ends)[0]
    assert 0 < frame.locator("svg .tl-infusion").evaluate(ends)[0] - right < 80
    frame.evaluate("frame => { frame.scrollLeft = frame.scrollWidth; }")
    assert names.evaluate(ends) == [left, right]
    expect(names.get_by_text("Toxicity")).to_be_visible()
    assert page.locator(".chart-plot").first.evaluate("plot => plot.layout.dragmode") is False


@pytest.mark.usefixtures("signed_in")
def test_ferritin_is_drawn_when_it_is_asked_for(page: Page) -> None:
    go(page, imported(vignette("01")))
    drawn(page)
    ferritin = page.locator("figure[data-chart=chart-ferritin]")
    expect(ferritin).not_to_be_visible()

    page.get_by_text("Ferritin", exact=True).first.click()

    expect(ferritin).to_have_attribute("data-drawn", "drawn")


@pytest.mark.usefixtures("signed_in")
def test_what_is_open_is_printed_with_the_picture(page: Page, tmp_path: Path) -> None:
    go(page, imported(vignette("01")))
    drawn(page)
    page.emulate_media(media="print")

    expect(page.locator("figure[data-chart=chart-timeline] > svg")).to_be_visible()
    expect(page.locator(".chart-plot").first).not_to_be_visible()
    assert page.pdf(path=tmp_path / "case.pdf")
