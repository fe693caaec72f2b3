"""The drawing for paper: flat, grey, and with all its words."""

import re
from itertools import pairwise
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from riskfactors.drawing import Saying, sheet_of, svg_file
from riskfactors.drawing.flat import flat
from tests.drawing.courses import all_courses

LETTERS = "{http://www.w3.org/2000/svg}text"


class Drawn(NamedTuple):
    """A drawing as a page or a file has it, and for paper."""

    before: str
    flat: str


@pytest.fixture(scope="module")
def drawn() -> dict[str, Drawn]:
    """Every course; drawn for the tests that ask, not wherever tests are collected."""
    before = {name: svg_file(sheet_of(c), Saying("A-1", "")) for name, c in all_courses().items()}
    return {name: Drawn(drawing, flat(drawing)) for name, drawing in before.items()}


def letters(drawing: str) -> list[ElementTree.Element]:
    return [*ElementTree.fromstring(drawing).iter(LETTERS)]  # noqa: S314 - drawn by ourselves


def test_none_has_shares_a_drawing_within_or_an_arc_without_radius(drawn: dict[str, Drawn]) -> None:
    found = {
        name: (
            re.findall(r'"[^"]*%"', made.partition("<g")[2]),
            made.count("<svg"),
            "a0 0 " in made,
            "paint-order" in made,
        )
        for name, (_before, made) in drawn.items()
    }

    assert found == dict.fromkeys(drawn, ([], 1, False, False))


def test_the_colours_of_each_are_greys(drawn: dict[str, Drawn]) -> None:
    colours = {
        name: re.findall(r'"#(..)(..)(..)"', made) for name, (_before, made) in drawn.items()
    }

    kinds = {name: {len({*colour}) for colour in found} for name, found in colours.items()}
    assert kinds == {name: {1} for name in drawn}


def test_each_says_every_word_and_paints_what_lies_under_letters_first(
    drawn: dict[str, Drawn],
) -> None:
    said, painted = {}, {}
    for name, (before, made) in drawn.items():
        said[name], painted[name] = [each.text for each in letters(before)], letters(made)

    over = {
        name: [each.text for each in found if "stroke" not in each.attrib]
        for name, found in painted.items()
    }
    unlike = {
        name: [
            (under.text, over.text)
            for under, over in pairwise([*found, ElementTree.Element("none")])
            if "stroke" in under.attrib and under.text != over.text
        ]
        for name, found in painted.items()
    }
    assert over == said
    assert unlike == {name: [] for name in drawn}
