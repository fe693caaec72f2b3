"""Somebody with mouse and keyboard whose every action is counted, and what is asked of them.

How it counts, so that two people come to the same numbers:

- a click is one press of the mouse button: on a field, a button, a link, a choice;
- choosing in a list that opens is two clicks: one opens it, one chooses;
- a key is one key that is pressed: a typed character, Tab, Enter, a digit of a date (eight each,
  since the browser goes from day to month to year by itself);
- a load is one document that the browser shows: a page that is opened, a form that comes back. A
  redirect is none. What a page fetches for itself is none either.

It begins on the form of registration and ends when the last visit is recorded.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from msgspec import Struct
from playwright.sync_api import Locator, Page

NEXT_STOP: Final = """() => {
  const here = document.activeElement;
  if (!here.matches("form.records input")) return "";
  const stops = [...here.form.querySelectorAll("input:not([type=hidden]), select")].filter(
    field => field.tabIndex >= 0 && field.checkVisibility() &&
      (field.type !== "radio" || field.name !== here.name));
  return stops.find(
    field => here.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING)?.name ?? "";
}"""
"""The field that Enter goes to."""


IS_CHOSEN: Final = "field => field.matches('select, [type=radio], [type=checkbox]')"


class Counts(Struct):
    """Clicks, keys and loads."""

    clicks: int = 0
    keys: int = 0
    loads: int = 0


class Hands:
    """Types into fields, chooses, presses buttons; `counts` says how often."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.counts = Counts()
        page.on("domcontentloaded", self._loaded)

    def _loaded(self, _page: Page) -> None:
        self.counts.loads += 1

    def click(self, where: Locator) -> None:
        """One press of the mouse button, at the left: of a day on its month."""
        where.click(position={"x": 14, "y": 10})
        self.counts.clicks += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.counts.keys += 1

    def type(self, text: str) -> None:
        """Into the field that has the focus, whose typed characters are all keys."""
        self.page.keyboard.type(text)
        self.counts.keys += len(text)

    def field(self, name: str) -> Locator:
        return self.page.locator(f"[name='{name}']")

    def fill(self, name: str, text: str) -> None:
        """Go into a field and type: a day in the order of this browser, month first."""
        self.reach(name)
        if self.field(name).get_attribute("type") == "date":
            text = date.fromisoformat(text).strftime("%m%d%Y")
        self.type(text)

    def enter(self, button: str, fields: Mapping[str, str]) -> None:
        """One page: each field by its name, in the order of the page, then the button."""
        for name, value in fields.items():
            chosen = self.field(name).first.evaluate(IS_CHOSEN)
            (self.choose if chosen else self.fill)(name, value)
        self.go(button)

    def reach(self, name: str) -> None:
        """Enter from the field before, where it is the next one; else a click."""
        if self.page.evaluate(NEXT_STOP) == name:
            self.press("Enter")
        else:
            self.click(self.field(name))

    def choose(self, name: str, value: str) -> None:
        """A button of a group, a tick, or an entry of a list."""
        field = self.field(name)
        if field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
            self.counts.clicks += 2
        elif field.first.get_attribute("type") == "checkbox":
            self.click(self.page.locator(f"label:has([name='{name}'])"))
        else:
            self.click(self.page.locator(f".choice:has([name='{name}'][value='{value}'])"))

    def go(self, button: str) -> None:
        """Press a button that leads to another document."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.click(self.page.get_by_role("button", name=button, exact=True))
