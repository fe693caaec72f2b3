"""A drawing for paper: in greys, with every place in units, for what reads no shares of a width.

WeasyPrint reads neither drawings within drawings, nor percentages within them, nor `paint-order`,
nor arcs without a radius.
"""

import re
from typing import Final
from xml.etree import ElementTree

SVG: Final = "{http://www.w3.org/2000/svg}"
ALONG: Final = ("x", "x1", "x2", "width")
HALO: Final = ("stroke", "stroke-width", "stroke-linejoin", "paint-order")
NO_ARC: Final = re.compile(r"a0 0 0 0 1 -?0 -?0")
LIGHT: Final = (0.2126, 0.7152, 0.0722)
"""How much red, green and blue add to how light a colour is (Rec. 709)."""


def flat(drawing: str) -> str:
    """The file of a drawing (`svg_file`), flat and grey."""
    root = ElementTree.fromstring(drawing)  # noqa: S314 - drawn by ourselves
    _flatten(root, float(root.attrib["width"]))
    # Said here, since others register a prefix of their own for the whole process.
    ElementTree.register_namespace("", SVG.strip("{}"))
    return ElementTree.tostring(root, encoding="unicode")


def _flatten(parent: ElementTree.Element, width: float) -> None:
    """Everything within an element that is so wide."""
    for place, element in reversed(list(enumerate(parent))):
        within = width
        for name in ALONG:
            if (written := element.get(name, "")).endswith("%"):
                element.set(name, f"{float(written[:-1]) * width / 100:.1f}")
        for name in ("fill", "stroke"):
            if (colour := element.get(name, "")).startswith("#"):
                element.set(name, _grey(colour))
        if path := element.get("d"):
            element.set("d", NO_ARC.sub("", path))
        if element.tag == f"{SVG}svg":
            within = float(element.get("width", "0"))
            _become_group(element)
        elif element.tag == f"{SVG}text" and "paint-order" in element.attrib:
            parent.insert(place, _halo(element))
        _flatten(element, within)


def _become_group(element: ElementTree.Element) -> None:
    """A drawing within a drawing, as what is moved to its place."""
    x, y = element.get("x", "0"), element.get("y", "0")
    element.tag = f"{SVG}g"
    element.attrib = {"transform": f"translate({x} {y})"}


def _halo(letters: ElementTree.Element) -> ElementTree.Element:
    """What keeps letters apart from what lies below them, painted before them."""
    halo = ElementTree.Element(letters.tag, {**letters.attrib, "fill": letters.attrib["stroke"]})
    halo.text, halo.tail = letters.text, letters.tail
    for name in HALO:
        letters.attrib.pop(name, None)
    halo.attrib.pop("paint-order")
    return halo


def _grey(colour: str) -> str:
    """A colour of three or six hexadecimal digits as the grey that is as light."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    light = round(sum(share * part for share, part in zip(LIGHT, parts, strict=True)))
    return f"#{light:02x}{light:02x}{light:02x}"
