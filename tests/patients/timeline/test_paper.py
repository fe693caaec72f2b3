"""A case on paper: one sheet; who it is on each; nothing cut, nothing coloured."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from patients.models import Role
from tests.conftest import let_in
from tests.patients.screens import imported, somebody, vignette

pytestmark = pytest.mark.one_database("pages are only asked for, alike on both databases")

SHEET = re.compile(rb"/Type\s*/Page\b(?!s)")
CUT = """width => [...document.querySelectorAll('main *, footer *')].filter(each => {
  const { width: own, right } = each.getBoundingClientRect();
  return own && right > width + 1 && !each.closest('.visually-hidden');
}).map(each => each.outerHTML.slice(0, 80))"""
COLOURED = """[...document.querySelectorAll('main *')].flatMap(each => {
  const { color, fill, stroke, borderLeftColor, backgroundColor } = getComputedStyle(each);
  return [color, fill, stroke, borderLeftColor, backgroundColor];
}).filter(each => {
  const [red, green, blue] = (each.match(/[0-9.]+/g) ?? []).map(Number);
  return red !== undefined && (red !== green || green !== blue);
})"""


@pytest.fixture
def on_paper(page: Page, live_server: LiveServer, settings: Settings) -> Page:
    """The case that says most, as a printer gets it from somebody who works in the dark."""
    settings.DEMONSTRATION = True
    case = imported(vignette("01"))
    let_in(page, somebody(Role.DATA_MANAGER), live_server)
    page.emulate_media(color_scheme="dark")
    page.goto(f"/cases/{case.public_id}/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1050})
    return page


def test_the_longest_case_takes_one_sheet_and_so_does_a_short_one(on_paper: Page) -> None:
    case = imported(vignette("02"))

    long = on_paper.pdf(prefer_css_page_size=True)
    on_paper.goto(f"/cases/{case.public_id}/")
    short = on_paper.pdf(prefer_css_page_size=True)

    assert [len(SHEET.findall(file)) for file in (long, short)] == [1, 1]


def test_nothing_is_cut_and_nothing_is_coloured(on_paper: Page) -> None:
    assert on_paper.evaluate(CUT, 718) == []
    assert on_paper.evaluate(COLOURED) == []


def test_every_sheet_says_who_it_is_and_the_page_ends_with_the_digest(on_paper: Page) -> None:
    head = on_paper.locator(".case-head")

    style = "each => [getComputedStyle(each).display, getComputedStyle(each).breakInside]"
    assert head.evaluate(style) == ["table-header-group", "avoid"]
    expect(on_paper.locator(".site-footer code")).to_be_visible()
    expect(on_paper.locator(".matrix .fold > summary").first).to_be_visible()
    expect(on_paper.locator(".site-header")).not_to_be_visible()
    expect(on_paper.locator(".tools")).not_to_be_visible()
