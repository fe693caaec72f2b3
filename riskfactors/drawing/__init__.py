"""The timeline as a picture: one sheet of places, drawn as SVG here and by Plotly in figures."""

from riskfactors.drawing.parts import Sheet
from riskfactors.drawing.sheet import DEFAULT_TRACKS, sheet_of
from riskfactors.drawing.svg import names_svg, svg

__all__ = ["DEFAULT_TRACKS", "Sheet", "names_svg", "sheet_of", "svg"]
