"""Rules of accessibility, as axe knows them."""

from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FIELDS: Final = """class {
  at = Symbol();
  has(object) { return this.at in object; }
  get(object) { return object[this.at]; }
  set(object, value) { object[this.at] = value; return this; }
  delete(object) { return delete object[this.at]; }
}"""
"""Stands for WeakMap, in which axe keeps each field of each colour: what is a field of the object
itself is found sooner."""

READ_ONCE: Final = """(({ prototype }) => {
  const read = prototype.parseString, known = new Map();
  prototype.parseString = function (text) {
    if (known.has(text)) return Object.assign(this, known.get(text));
    const { r, g, b, alpha } = read.call(this, text);
    known.set(text, { r, g, b, alpha });
    return this;
  };
})(axe.commons.color.Color)"""
"""To read each colour anew of all that lies below each text is half of what axe does."""

SCRIPT: Final = f"(WeakMap => {{ {Axe().axe_script} }})({FIELDS});{READ_ONCE}"
RUN: Final = """axe.run({ resultTypes: ['violations'] })
  .then(all => all.violations.map(one => one.id))"""


def broken_rules(page: Page) -> list[str]:
    """The rules that a page breaks as it stands, once all of it is there."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    broken: list[str] = page.evaluate(RUN)
    return broken


def faults(page: Page) -> list[str]:
    """Rules of accessibility that are broken, and a page that is wider than a phone."""
    broken = broken_rules(page)
    page.set_viewport_size({"width": 390, "height": 844})
    wide = page.evaluate("document.documentElement.scrollWidth") > 390
    page.set_viewport_size({"width": 1280, "height": 720})
    return [*broken, *(["wide"] if wide else [])]
