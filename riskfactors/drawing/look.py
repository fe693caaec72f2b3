"""What all figures for Plotly share: their colours, their type and what they offer."""

from typing import Any, Final, TypeAlias

Figure: TypeAlias = dict[str, Any]
"""What Plotly draws: data, layout and config, of plain lists and dictionaries."""

INK: Final = "#16222c"
INK_SOFT: Final = "#47555f"
GRID: Final = "#dfe5ea"
MARK: Final = "#0b5a8a"
DOUBTFUL: Final = "#6b7a85"
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
