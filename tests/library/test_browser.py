"""The evidence library in a real Chromium: drawn, accessible, by keyboard, and asking nobody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.accessibility import broken_rules
from tests.conftest import opened_on

PAPER = 703
"""The width of an A4 sheet between its margins."""

ROOT = Path(__file__).resolve().parents[2]
WALKED = [
    "/evidence/",
    "/evidence/references/",
    "/evidence/variables/",
    "/evidence/about/",
    "/evidence/methods/",
    "/evidence/facts/",
    "/evidence/glossary/",
]
"""Pages that test_every_page_browser.py asks whether they are accessible."""

OTHERS = [
    "/evidence/?q=zebra&kind=nothing",
    "/evidence/?q=vercelino",
    "/evidence/factors/ecog_ge_2/",
    "/evidence/factors/car_t_product/",
    "/evidence/factors/deauville_day_28/",
    "/evidence/factors/bridging_given/",
    "/evidence/factors/cirs_high/",
    "/evidence/factors/relapse_salvage_pola_br/",
    "/evidence/facts/bridging/",
    "/evidence/facts/car_t_level/",
]
"""Drawn plots, kinds of factors and facts: each may break a rule of its own."""

PLOTTED = ["ecog_ge_2", "car_t_product", "bridging_given", "crp_infusion", "tp53_altered"]


@pytest.fixture(scope="session")
def library() -> Iterator[LiveServer]:
    """The site without its database: nobody has to sign in here, and no page asks for it."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser_context_args(library: LiveServer) -> dict[str, Any]:
    return opened_on(library)


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMONSTRATION = True


@pytest.fixture
def overheard(page: Page) -> dict[str, set[str]]:
    """Whom the page asks, and what it complains of."""
    heard: dict[str, set[str]] = {"asked": set(), "complaints": set()}
    page.on("request", lambda request: heard["asked"].add(urlsplit(request.url).netloc))
    page.on("console", lambda message: heard["complaints"].add(message.text))
    page.on("pageerror", lambda error: heard["complaints"].add(str(error)))
    return heard


def drawn(page: Page) -> None:
    """Waits until every plot of the page is drawn."""
    for figure in page.locator("figure[data-forest]").all():
        expect(figure.locator(".main-svg").first).to_be_visible()


@pytest.mark.parametrize("path", [*WALKED, *OTHERS])
def test_pages_fit_the_width_ask_nobody_and_obey_their_policy(
    page: Page, library: LiveServer, overheard: dict[str, set[str]], path: str
) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path)
        drawn(page)

        assert page.evaluate("document.documentElement.scrollWidth") == width
    assert overheard == {"asked": {urlsplit(library.url).netloc}, "complaints": set()}


@pytest.mark.parametrize(("ground", "broken"), [("#fff", []), ("#999", ["color-contrast"])])
def test_what_can_hardly_be_read_breaks_a_rule(page: Page, ground: str, broken: list[str]) -> None:
    page.set_content(
        f"""<html lang="en"><title>Grounds</title><body style="color: #555; background: #fff">
        <main><h1>Light</h1><p style="background: {ground}">Light or dark</p></main>"""
    )

    assert broken_rules(page) == broken


@pytest.mark.parametrize("path", OTHERS)
def test_other_pages_are_accessible(page: Page, path: str) -> None:
    page.goto(path)
    drawn(page)

    assert broken_rules(page) == []


@pytest.mark.parametrize(
    "path", ["/evidence/", "/evidence/factors/bridging_given/", "/evidence/facts/bridging/"]
)
def test_pages_are_accessible_on_a_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(path)
    drawn(page)

    assert broken_rules(page) == []


@pytest.mark.parametrize("key", PLOTTED)
def test_every_plot_is_drawn_and_offers_to_send_itself_nowhere(page: Page, key: str) -> None:
    page.goto(f"/evidence/factors/{key}/")
    drawn(page)

    for figure in page.locator("figure[data-forest]").all():
        plot = figure.locator(".forest-plot")
        rows = page.evaluate("plot => plot.data.at(-1).x.length", plot.element_handle())
        expect(plot.locator(".scatterlayer .points path")).to_have_count(rows)
        expect(plot.locator(".shapelayer path")).to_have_count(1)
        expect(plot.locator(".annotation")).to_have_count(2)
    expect(page.locator(".modebar-btn")).to_have_count(0)
    expect(page.get_by_text("Share chart")).to_have_count(0)
    expect(page.get_by_text("Produced with Plotly")).to_have_count(0)


@pytest.mark.parametrize(
    ("key", "width"),
    [(key, 390) for key in PLOTTED] + [("bridging_given", width) for width in (320, 740, 1280)],
)
def test_nothing_of_a_plot_is_cut_off_or_stands_on_its_side(
    page: Page, key: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"/evidence/factors/{key}/")
    drawn(page)

    outside = page.evaluate(
        """[...document.querySelectorAll(".forest-plot")].flatMap(plot => {
        const room = plot.getBoundingClientRect();
        return [...plot.querySelectorAll("text")].filter(text => {
          const box = text.getBoundingClientRect();
          return box.width && (box.left < room.left - 1 || box.right > room.right + 1
            || box.top < room.top - 1 || box.bottom > room.bottom + 1
            || (text.closest(".xtick") && /rotate\\((?!0)/.test(text.getAttribute("transform"))));
        }).map(text => text.textContent);
        })"""
    )

    assert outside == []


def test_a_narrow_plot_leaves_its_sides_to_the_caption(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/evidence/factors/ecog_ge_2/")
    drawn(page)

    figure = page.locator("figure[data-forest]").first
    expect(figure.locator(".annotation")).to_have_count(0)
    assert figure.locator(".xtick").count() <= 4
    expect(figure.get_by_text("Right of 1: more events")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/evidence/",
        "/evidence/references/",
        "/evidence/variables/",
        "/evidence/facts/ldh/",
        "/evidence/glossary/",
    ],
)
def test_the_narrowest_phone_scrolls_down_only(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    page.goto(path)

    sticking_out = page.evaluate(
        """[...document.querySelectorAll("body *")]
        .filter(element => element.getBoundingClientRect().right > 320)
        .map(element => element.outerHTML)"""
    )
    assert sticking_out == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize(
    ("width", "media"), [(390, "screen"), (1280, "screen"), (1920, "screen"), (PAPER, "print")]
)
def test_a_strip_lies_in_its_cell_and_no_cell_runs_into_the_next(
    page: Page, width: int, media: Literal["screen", "print"]
) -> None:
    page.emulate_media(media=media)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/evidence/facts/ldh/")

    cut = page.evaluate(
        """[...document.querySelectorAll(".strips td, .strips th")].filter(cell =>
        cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.textContent.trim())"""
    )
    beside = page.evaluate(
        """[...document.querySelectorAll(".strip")].filter(cell => {
        const room = cell.getBoundingClientRect();
        return [...cell.querySelectorAll(".strip-estimate, .strip-interval")].some(mark => {
          const box = mark.getBoundingClientRect();
          return box.left < room.left || box.right > room.right
            || box.top < room.top || box.bottom > room.bottom;
        });
        }).length"""
    )

    assert (cut, beside) == ([], 0)


def test_the_methods_fit_a_sheet_and_no_line_of_a_table_is_cut(page: Page) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.goto("/evidence/methods/")

    cut = page.evaluate(
        """[...document.querySelectorAll(".printed tbody, .terms > div")]
        .filter(part => getComputedStyle(part).breakInside !== "avoid").length"""
    )
    apart = page.evaluate(
        """[...document.querySelectorAll(".methods :is(h2, h3, h4)")]
        .filter(heading => getComputedStyle(heading).breakAfter !== "avoid").length"""
    )
    assert (cut, apart) == (0, 0)
    assert page.evaluate("document.documentElement.scrollWidth") == PAPER


def test_on_paper_groups_and_caveats_stand_apart(page: Page) -> None:
    page.emulate_media(media="print")
    page.goto("/evidence/factors/deauville_day_28/")

    gaps = page.evaluate(
        """(() => {
        const panels = [...document.querySelectorAll(".columns .panel")]
          .map(panel => panel.getBoundingClientRect());
        return panels.slice(1).map((box, n) => box.top - panels[n].bottom);
        })()"""
    )

    assert [gap for gap in gaps if gap < 12] == []


def test_a_plot_has_a_caption_and_the_table_beside_it_has_the_same_numbers(page: Page) -> None:
    page.goto("/evidence/factors/ecog_ge_2/")

    figure = page.get_by_role("figure").first
    expect(figure).to_have_accessible_name(
        "Forest plot. Hazard ratio: patients with and without “ECOG performance status 2 or more”. "
        "Left of 1: fewer events with “ECOG performance status 2 or more” than without. "
        "Right of 1: more events with “ECOG performance status 2 or more” than without. "
        "Events counted: PFS, progression or death; OS, death."
    )
    table = page.get_by_role(
        "table", name="Hazard ratio: patients with and without “ECOG performance status 2 or more”"
    )
    expect(table.get_by_role("cell", name="1.7 (1.1–2.7)", exact=True)).to_be_visible()


def test_the_room_for_a_plot_is_made_before_it_is_drawn(page: Page) -> None:
    page.goto("/evidence/factors/ecog_ge_2/")
    drawn(page)

    heights = page.evaluate(
        """[...document.querySelectorAll(".forest-plot")].map(plot =>
        [parseFloat(getComputedStyle(plot).minHeight), plot.layout.height])"""
    )

    assert [reserved for reserved, _ in heights] == [needed for _, needed in heights]


def test_without_plotly_the_table_stands_alone(page: Page) -> None:
    page.route("**/plotly-basic.min*.js", lambda route: route.abort())
    page.goto("/evidence/factors/ecog_ge_2/")

    expect(page.locator("figure[data-forest]").first).to_be_hidden()
    expect(page.get_by_role("table").first).to_be_visible()


def test_the_library_is_filtered_by_keyboard_alone(page: Page) -> None:
    page.goto("/evidence/")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("ldh")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("Aph")
    page.get_by_role("button", name="Search").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/evidence/?*")
    asked = parse_qs(urlsplit(page.url).query)
    assert asked == {"q": ["ldh"], "milestone": ["apheresis"]}
    expect(page.locator("tbody th a")).to_have_text(
        ["Lactate dehydrogenase (LDH) above normal at apheresis"]
    )


def test_enter_in_the_search_is_enough_and_a_row_leads_to_its_page(page: Page) -> None:
    page.goto("/evidence/")
    page.get_by_role("searchbox").fill("simó")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="High metabolic tumour volume at baseline").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "High metabolic tumour volume at baseline"
    )


def test_our_copy_of_the_style_of_plotly_holds_its_rules(page: Page) -> None:
    page.set_content("<div id=plot></div>")
    page.add_script_tag(path=ROOT / "static/vendor/plotly/plotly-basic.min.js")
    page.evaluate("Plotly.newPlot('plot', [])")

    rules = page.evaluate(
        """[...document.getElementById("plotly.js-style-global").sheet.cssRules]
        .map(rule => rule.cssText)"""
    )

    copied = (ROOT / "static/vendor/plotly/plotly.css").read_text("utf-8").splitlines()[1:]
    assert copied == [rule for rule in rules if "plotly-cloud-dialog" not in rule]


APART = """[...document.querySelectorAll(".strips")].map(table => {
  const axis = table.querySelector("th.axis"), beside = document.createRange();
  beside.selectNodeContents(axis.nextElementSibling);
  const ends = [...axis.querySelectorAll("text")].map(each => each.getBoundingClientRect().right);
  return beside.getBoundingClientRect().left - Math.max(...ends);
})"""
OVER = """[...document.querySelectorAll(".strips td.number .value")].filter(
  each => each.getBoundingClientRect().right > each.closest("td").getBoundingClientRect().right)
  .map(each => each.textContent)"""


@pytest.mark.parametrize("fact", ["crp", "ecog", "ferritin", "ldh"])
def test_the_numbers_of_an_axis_stand_clear_of_the_column_beside_it(page: Page, fact: str) -> None:
    page.goto(f"/evidence/facts/{fact}/")
    expect(page.locator(".strips").first).to_be_visible()

    assert min(page.evaluate(APART)) > 3
    assert page.evaluate(OVER) == []
