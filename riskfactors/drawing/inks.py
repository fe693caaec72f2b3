"""How each look is inked in a file: attributes, with the tokens of a page as colours by day."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from django.contrib.staticfiles import finders

Attributes: TypeAlias = Mapping[str, str]

TOKEN: Final = re.compile(r"(--[a-z-]+): (?:light-dark\()?(#[0-9a-f]+)")
SHORT: Final = 3

INK: Final = "--ink"
SOFT: Final = "--ink-soft"
GROUND: Final = "--ground"
LINK: Final = "--link"
NOTICE: Final = "--notice"
CAUTION: Final = "--caution"
ADVERSE: Final = "--adverse"
FAVOURABLE: Final = "--favourable"
WRONG: Final = "--wrong"
PAPER: Final = "--paper"


def _letters(fill: str = INK, **more: str) -> Attributes:
    return {"fill": fill, **more}


def _tile(fill: str, stroke: str, **more: str) -> Attributes:
    return {"fill": fill, "stroke": stroke, **more}


STRONG: Final = {"font-weight": "650"}
PALE: Final = {"stroke": "none", "fill": PAPER, **STRONG}
DARK: Final = {"stroke": "none", "fill": INK, **STRONG}
UNSURE: Final = _tile(PAPER, ADVERSE, **{"stroke-dasharray": "2 1"})

INKS: Final[Mapping[str, Attributes]] = {
    # Letters
    "letters": {
        "fill": INK,
        "stroke": PAPER,
        "stroke-width": "3",
        "stroke-linejoin": "round",
        "paint-order": "stroke",
    },
    "name": STRONG,
    **dict.fromkeys(("unit", "tick", "day", "date", "caption"), _letters(SOFT)),
    "title": _letters(**STRONG, **{"font-size": "14"}),
    # Under everything
    "paper": {"fill": PAPER},
    "earlier": {"fill": GROUND},
    "window": {"fill": CAUTION},
    "left-out": {"fill": "--grid"},
    "gap": {"fill": "none", "stroke": SOFT},
    "visit": {"stroke": "--rule", "stroke-dasharray": "1 3"},
    "infusion": {"stroke": INK, "stroke-width": "1.5"},
    "floor": {"stroke": "--grid"},
    "limit": {"stroke": INK, "stroke-dasharray": "7 3"},
    "trace": {"stroke": LINK, "stroke-width": "1.75"},
    "broken": {"stroke-dasharray": "2 4"},
    # Treatments
    "bar": _tile(GROUND, SOFT),
    "bridging": {"fill": NOTICE, "stroke-dasharray": "4 2"},
    "lymphodepletion": {"fill": SOFT},
    "salvage": _tile(PAPER, ADVERSE, **{"stroke-width": "2"}),
    "mark": {"fill": INK},
    # Tiles
    "tile": _tile(PAPER, SOFT),
    "several": _tile(NOTICE, LINK),
    "grade-1": _tile("--adverse 10%", ADVERSE),
    "grade-2": _tile("--adverse 26%", ADVERSE),
    "grade-3": _tile("--adverse 88%", ADVERSE),
    **dict.fromkeys(("grade-4", "grade-5"), _tile(ADVERSE, INK, **{"stroke-width": "2"})),
    "response-cr": _tile("--favourable 24%", FAVOURABLE),
    "response-pr": _tile("--favourable 8%", FAVOURABLE),
    "response-pd": _tile(WRONG, WRONG),
    "response-ne": {"stroke-dasharray": "3 2"},
    "deauville": _tile("none", "none"),
    "ctdna-detectable": _tile(SOFT, SOFT),
    # Values
    "dot": _tile(LINK, LINK, **{"stroke-width": "1.5"}),
    "second": {"fill": PAPER},
    **dict.fromkeys(("moved", "unknown"), UNSURE),
    "cut-off": {
        "fill": "none",
        "stroke": ADVERSE,
        "stroke-width": "2",
        "stroke-dasharray": "5 3",
    },
}
"""The attributes of each look; those named later go before those named earlier."""

OF_LETTERS: Final[Mapping[str, Attributes]] = {
    "visit": {"font-weight": "600"},
    "limit": {"font-weight": "600"},
    **dict.fromkeys(("expected", "gap", "second"), _letters(SOFT)),
    "cut-off": _letters(ADVERSE),
    "in-bar": {"stroke": "none"},
    **dict.fromkeys((f"on-response-{code}" for code in ("cr", "pr", "sd")), DARK),
    **dict.fromkeys(("on-response-pd", "on-ctdna-detectable"), PALE),
    **dict.fromkeys((f"on-grade-{grade}" for grade in (3, 4, 5)), PALE),
}
OF_TRACES: Final[Mapping[str, Attributes]] = {"second": {"stroke-width": "1"}}
"""Where the same name looks otherwise than on a mark."""


def attributes_of(look: str) -> Attributes:
    """The attributes of a part: those of its kind, which is named first, then of what it is."""
    kind, *names = look.split()
    own = {"letters": OF_LETTERS, "trace": OF_TRACES}.get(kind, {})
    found = dict(INKS.get(kind, {}))
    for name in names:
        found |= own.get(name, INKS.get(name, {}))
    return {name: _coloured(value) for name, value in found.items()}


@cache
def _coloured(value: str) -> str:
    """A token by its colour, thinned by so much paper where it has a share; else as it is."""
    name, _space, share = value.partition(" ")
    if not name.startswith("--"):
        return value
    colour = by_day()[name]
    if not share:
        return colour
    part = int(share.removesuffix("%")) / 100
    mixed = (
        round(part * one + (1 - part) * other)
        for one, other in zip(_channels(colour), _channels(by_day()[PAPER]), strict=True)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _channels(colour: str) -> tuple[int, ...]:
    digits = colour.removeprefix("#")
    if len(digits) == SHORT:
        digits = "".join(digit * 2 for digit in digits)
    return tuple(bytes.fromhex(digits))


@cache
def by_day() -> Mapping[str, str]:
    """The tokens of the pages, as they are by day and on paper."""
    found = finders.find("tokens.css")
    return dict(TOKEN.findall(Path(str(found)).read_text("utf-8")))
