"""What all figures for Plotly share: their colours, their type and what they offer."""

from typing import Any, Final, TypeAlias

Figure: TypeAlias = dict[str, Any]
"""What Plotly draws: data, layout and config, of plain lists and dictionaries."""

# Colours are tokens of static/tokens.css: look.js puts those of the page in their places.
INK: Final = "--ink"
INK_SOFT: Final = "--ink-soft"
GRID: Final = "--grid"
MARK: Final = "--link"
DOUBTFUL: Final = "--field-line"
FONT: Final = (
    'system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", Arial, sans-serif'
)

CONFIG: Final = {
    "displayModeBar": False,
    "displaylogo": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
    "showSendToCloud": False,
}
"""Nothing that zooms by accident, and nothing that sends."""
