"""The timeline as a picture: one sheet of places, drawn as SVG in a page and as a file."""

from riskfactors.drawing.parts import Sheet
from riskfactors.drawing.sheet import DEFAULT_TRACKS, sheet_of
from riskfactors.drawing.svg import FILE_WIDTH, LEAST_WIDTH, Saying, svg, svg_file
from riskfactors.drawing.tracks import has_values

__all__ = [
    "DEFAULT_TRACKS",
    "FILE_WIDTH",
    "LEAST_WIDTH",
    "Saying",
    "Sheet",
    "has_values",
    "sheet_of",
    "svg",
    "svg_file",
]
