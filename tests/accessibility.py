"""Rules of accessibility, as axe knows them."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script
RUN = "axe.run({ resultTypes: ['violations'] }).then(all => all.violations.map(one => one.id))"


def broken_rules(page: Page) -> list[str]:
    """The rules that a page breaks as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    broken: list[str] = page.evaluate(RUN)
    return broken
