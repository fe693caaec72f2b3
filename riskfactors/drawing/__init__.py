"""The timeline as a picture: one sheet of places, drawn as SVG here and by Plotly in figures."""

from riskfactors.drawing.parts import Sheet
from riskfactors.drawing.sheet import DEFAULT_TRACKS, sheet_of
from riskfactors.drawing.svg import svg

__all__ = ["DEFAULT_TRACKS", "Sheet", "sheet_of", "svg"]
