"""The drawing for paper: flat, grey, and with all its words."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from riskfactors.drawing import Saying, sheet_of, svg_file
from riskfactors.drawing.flat import flat
from tests.drawing.courses import all_courses

DRAWINGS = {name: svg_file(sheet_of(c), Saying("A-1", "")) for name, c in all_courses().items()}
each_drawing = pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS)
LETTERS = "{http://www.w3.org/2000/svg}text"


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)  # noqa: S314 - drawn by ourselves


@each_drawing
def test_it_has_no_shares_no_drawing_within_and_no_arc_without_radius(drawing: str) -> None:
    made = flat(drawing)

    within = re.findall(r'"[^"]*%"', made.partition("<g")[2])
    assert (within, made.count("<svg"), "a0 0 " in made, "paint-order" in made) == (
        [],
        1,
        False,
        False,
    )


@each_drawing
def test_its_colours_are_greys(drawing: str) -> None:
    colours = re.findall(r'"#(..)(..)(..)"', flat(drawing))

    assert colours
    assert [colour for colour in colours if len({*colour}) != 1] == []


@each_drawing
def test_it_says_every_word_and_paints_what_lies_under_letters_first(drawing: str) -> None:
    before, painted = ([*parsed(made).iter(LETTERS)] for made in (drawing, flat(drawing)))

    assert [each.text for each in painted if "stroke" not in each.attrib] == [
        each.text for each in before
    ]
    assert [
        under.text == over.text for under, over in pairwise(painted) if "stroke" in under.attrib
    ] == [True] * sum("stroke" in each.attrib for each in painted)
