"""Rules of accessibility, as axe knows them."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def broken_rules(page: Page) -> list[str]:
    """The rules that a page breaks as it stands."""
    return [violation["id"] for violation in Axe().run(page).response["violations"]]
