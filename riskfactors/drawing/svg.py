"""A sheet as SVG: in a page, where classes and the page's colours clothe it, and as a file alone.

Along the days every place is a share of the width, so that a wider page has wider days and letters
of the same size. Everything beside a place, and every height, is as it stands on the sheet.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from django.utils.safestring import SafeString
from msgspec import Struct

from riskfactors.drawing.inks import attributes_of
from riskfactors.drawing.parts import (
    BAR,
    CUT_OFF,
    DAYS,
    GUTTER,
    TILE,
    Item,
    Label,
    Rule,
    Sheet,
    Trace,
)
from riskfactors.markup import rendered

FILE_WIDTH: Final = 1280.0
MARGIN: Final = 16.0
LEAST_WIDTH: Final = GUTTER + DAYS + 2 * MARGIN
"""Of a file: on a narrower one labels would come closer than they were laid."""

TITLE: Final = 30.0
CAPTION: Final = 28.0
UNDERLINE: Final = 3.0

SQUARE: Final = "M-4 -4h8v8h-8z"
CIRCLE: Final = "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z"
DIAMOND: Final = "M0 -6.5l6.5 6.5l-6.5 6.5l-6.5 -6.5z"
ARROW: Final = "M0 -7h4l6 7l-6 7h-4z"
ZIGZAG: Final = "M-5 6l4 -12M1 6l4 -12"
ROUNDED: Final[Mapping[str, float]] = {
    "response-cr": TILE / 2,
    "response-pr": 4.0,
    "ctdna-detectable": TILE / 2,
    "ctdna-undetectable": TILE / 2,
    "several": TILE / 2,
    "given": 3.0,
}
"""How round the corners of a tile are: shapes tell responses apart where there is no colour."""


class Place(Struct, frozen=True):
    """A place as it is written: a share of the width, or units."""

    x: str
    y: str
    dx: str = "0"
    width: str = ""
    height: str = ""
    x1: str = ""
    y1: str = ""


Ink: TypeAlias = Mapping[str, str]
"""How a part looks: its classes, and in a file the attributes that they stand for."""


class Drawn(Struct, frozen=True, kw_only=True):
    """A part of the sheet as it is written."""

    place: Place
    ink: Ink
    path: str = ""
    area: Place | None = None
    label: "Drawn | None" = None
    text: str = ""
    anchor: str = ""
    words: str = ""


class Picture(Struct, frozen=True, kw_only=True):
    """All parts of a sheet, in the order in which they cover each other."""

    height: str
    areas: tuple[Drawn, ...]
    lines: tuple[Drawn, ...]
    texts: tuple[Drawn, ...]
    items: tuple[Drawn, ...]
    names: tuple[Drawn, ...]


Inked: TypeAlias = Callable[[str], Ink]


class Saying(Struct, frozen=True):
    """What stands over and under a drawing that is a file of its own."""

    title: str
    caption: str


def svg(sheet: Sheet, *, label: str) -> SafeString:
    """The drawing in a page; its names are one of their own, which stays where days scroll."""
    picture = _picture(sheet, _classes)
    return rendered("riskfactors/drawing/page.jinja", picture=picture, label=label, gutter=GUTTER)


def svg_file(
    sheet: Sheet, saying: Saying, *, dates: bool = False, width: float = FILE_WIDTH
) -> SafeString:
    """The drawing as a file that needs nothing else, with days or dates under it."""
    left_out = "day" if dates else "date"
    return rendered(
        "riskfactors/drawing/file.jinja",
        picture=_picture(sheet, _attributes, left_out=left_out),
        saying=saying,
        caption=_attributes("caption"),
        title=_attributes("title"),
        paper=_attributes("paper"),
        width=_written(width),
        height=_written(TITLE + sheet.height + CAPTION),
        margin=_written(MARGIN),
        top=_written(TITLE),
        days=_written(MARGIN + GUTTER),
        wide=_written(width - 2 * MARGIN - GUTTER),
        caption_y=_written(TITLE + sheet.height + CAPTION / 2 + 4),
    )


def _classes(look: str) -> Ink:
    return {"class": " ".join(f"tl-{name}" for name in look.split())}


def _attributes(look: str) -> Ink:
    return {**_classes(look), **attributes_of(look)}


def _picture(sheet: Sheet, inked: Inked, left_out: str = "") -> Picture:
    areas = [rule for rule in sheet.rules if rule.kind in ("earlier", "window", "left-out")]
    lines = [rule for rule in sheet.rules if rule not in areas]
    return Picture(
        height=_written(sheet.height),
        areas=tuple(_area(rule, inked) for rule in areas),
        lines=(*(_line(r, inked) for r in lines), *(_trace(t, inked) for t in sheet.traces)),
        texts=tuple(_text(text, inked) for text in sheet.texts if text.look != left_out),
        items=tuple(_item(item, inked) for item in sheet.items),
        names=tuple(_name(name, inked) for name in sheet.names),
    )


def _area(rule: Rule, inked: Inked) -> Drawn:
    place = Place(
        _share(rule.x0),
        _written(rule.y0),
        width=_share(rule.x1 - rule.x0),
        height=_written(rule.y1 - rule.y0),
    )
    return Drawn(place=place, ink=inked(rule.kind))


def _line(rule: Rule, inked: Inked) -> Drawn:
    place = Place(_share(rule.x0), _written(rule.y0), x1=_share(rule.x1), y1=_written(rule.y1))
    return Drawn(place=place, ink=inked(rule.kind))


def _trace(trace: Trace, inked: Inked) -> Drawn:
    place = Place(_share(trace.x0), _written(trace.y0), x1=_share(trace.x1), y1=_written(trace.y1))
    return Drawn(place=place, ink=inked(f"trace {trace.look}{' broken' * trace.broken}"))


def _text(label: Label, inked: Inked) -> Drawn:
    return Drawn(
        place=Place(_share(label.x), _written(label.y), _written(label.dx)),
        ink=inked(f"letters {label.look}"),
        text=label.text,
        anchor=label.anchor,
    )


def _name(label: Label, inked: Inked) -> Drawn:
    return Drawn(
        place=Place(_written(label.x), _written(label.y)),
        ink=inked(f"letters {label.look}"),
        text=label.text,
        anchor=label.anchor,
    )


def _item(item: Item, inked: Inked) -> Drawn:
    return Drawn(
        place=Place(_share(item.x), _written(item.y)),
        ink=inked(f"{item.shape} {item.look}".strip()),
        path=_path(item),
        area=_lasting(item),
        label=None if item.label is None else _text(item.label, inked),
        words="\n".join(item.words),
    )


def _lasting(item: Item) -> Place | None:
    """The bar of a treatment, or the line under an event that lasts."""
    if item.end is None or (item.shape == "bar" and "open" in item.look.split()):
        return None
    high = BAR if item.shape == "bar" else UNDERLINE
    top = item.y - BAR / 2 if item.shape == "bar" else item.y + TILE / 2
    wide = item.end - item.x
    width = _share(wide) if item.ends() == item.end else _written(item.ends() - item.x)
    return Place(_share(item.x), _written(top), width=width, height=_written(high))


def _path(item: Item) -> str:
    """The outline of a mark around its place."""
    match item.shape:
        case "tile":
            return _tile(item)
        case "bar":
            return ARROW if "open" in item.look.split() else ""
        case "mark":
            return DIAMOND
        case "dot":
            return CIRCLE if "second" in item.look.split() else SQUARE
        case "gap":
            return ZIGZAG
        case "cut-off":
            heights = (_written(height - item.y) for height in item.heights)
            return "".join(f"M{-CUT_OFF:g} {height}h{2 * CUT_OFF:g}" for height in heights)
        case "text":
            return ""


def _tile(item: Item) -> str:
    """A tile: with pointed ends for progression, else with corners as round as its look has."""
    x, wide, half = item.dx, item.width, TILE / 2
    if item.look == "response-pd":
        flat = wide - half
        return (
            f"M{x - half / 2:g} 0l{half / 2 + half / 2:g} {-half:g}h{flat:g}"
            f"l{half:g} {half:g}l{-half:g} {half:g}h{-flat:g}z"
        )
    r = ROUNDED.get(item.look, 0.0)
    h, v = wide - 2 * r, TILE - 2 * r
    return (
        f"M{x + r:g} {-half:g}h{h:g}a{r:g} {r:g} 0 0 1 {r:g} {r:g}v{v:g}"
        f"a{r:g} {r:g} 0 0 1 {-r:g} {r:g}h{-h:g}a{r:g} {r:g} 0 0 1 {-r:g} {-r:g}v{-v:g}"
        f"a{r:g} {r:g} 0 0 1 {r:g} {-r:g}z"
    )


def _share(x: float) -> str:
    return f"{x / DAYS * 100:.2f}".rstrip("0").rstrip(".") + "%"


def _written(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
