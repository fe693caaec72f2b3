"""A sheet as SVG: in a page without a style of its own, and as a file with all of it."""

import re
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from riskfactors.drawing import Saying, sheet_of, svg, svg_file
from riskfactors.drawing.inks import attributes_of
from tests.drawing.courses import all_courses, of_a_vignette
from tests.patients.screens import NAMES

SVG: Final = "{http://www.w3.org/2000/svg}"
TOLD_APART: Final = (
    *("grade-1", "grade-2", "grade-3", "grade-4"),
    *("response-cr", "response-pr", "response-pd", "response-ne", "ctdna-detectable"),
    *("bridging", "lymphodepletion", "salvage", "several", "moved", "unknown", "second"),
    *("cut-off", "limit", "infusion", "earlier", "left-out", "window", "broken"),
)
"""Looks by which one thing is known from another."""

UNSEEN: Final = {"tl-response-ne"}
"""Those that none of the courses has."""

STATIC: Final = Path(__file__).resolve().parents[2] / "static"


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing


def test_a_page_gets_classes_and_no_style() -> None:
    drawing = svg(sheet_of(of_a_vignette(NAMES[0])), label="A course")

    assert re.findall(r'style=|fill="|stroke="|<style', drawing) == []
    assert 'aria-label="A course"' in drawing
    assert len(parsed(f"<div>{drawing}</div>")) == 2


def test_every_mark_has_its_words_as_a_name() -> None:
    sheet = sheet_of(of_a_vignette(NAMES[0]))

    marks = parsed(f"<div>{svg(sheet, label='')}</div>").iter(f"{SVG}g")

    assert [re.sub(r"\s+", " ", mark.attrib["aria-label"]) for mark in marks] == [
        re.sub(r"\s+", " ", " ".join(item.words)) for item in sheet.items
    ]


def test_what_is_told_apart_is_clothed_in_the_page_and_inked_in_a_file() -> None:
    styles = (STATIC / "drawing.css").read_text()
    drawings = "".join(svg_file(sheet_of(c), Saying("", "")) for c in all_courses().values())
    drawn = set(re.findall(r"tl-[a-z0-9-]+", " ".join(re.findall(r'class="([^"]*)"', drawings))))

    looks = {f"tl-{look}" for look in TOLD_APART}

    assert looks - drawn == UNSEEN
    assert [look for look in looks if f".{look}" not in styles] == []
    assert [look for look in TOLD_APART if not attributes_of(look)] == []


def test_a_file_needs_nothing_else_and_says_of_which_case_it_is() -> None:
    sheet = sheet_of(of_a_vignette(NAMES[0]))

    drawing = svg_file(sheet, Saying("Case A-1 as known on 3 May 2024", "catalogue abc"))

    root = parsed(drawing)
    assert root.attrib["viewBox"].startswith("0 0 1280 ")
    assert re.findall(r"style=|<style|href|url\(|var\(", drawing) == []
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert [texts[0], texts[-1]] == ["Case A-1 as known on 3 May 2024", "catalogue abc"]


def test_a_file_has_days_or_dates() -> None:
    sheet = sheet_of(of_a_vignette(NAMES[0]))

    days = svg_file(sheet, Saying("", ""))
    dates = svg_file(sheet, Saying("", ""), dates=True)

    assert ["tl-day" in days, "tl-date" in days] == [True, False]
    assert ["tl-day" in dates, "tl-date" in dates] == [False, True]
