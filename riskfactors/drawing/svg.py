"""A sheet as SVG: attributes and classes only, since the page's policy allows no inline style."""

from collections.abc import Iterator
from html import escape

from django.utils.safestring import SafeString, mark_safe

from riskfactors.drawing.parts import WIDTH, Gutter, Item, Rule, Sheet, Text
from riskfactors.drawing.scales import EDGE

TICK_TEXT = 4.5
NAME = 14.0
"""The height of a name."""


def svg(sheet: Sheet, *, label: str) -> SafeString:
    """The picture, named for those who do not see it; a table beside it says the same."""
    parts = [
        f'<svg class="tl" viewBox="0 0 {WIDTH:g} {sheet.height:g}" role="img" '
        f'aria-label="{escape(label)}" xmlns="http://www.w3.org/2000/svg">',
        *map(_rule, sheet.rules),
        *(
            f'<polyline class="tl-line" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in line)}"/>'
            for line in sheet.lines
            if len(line) > 1
        ),
        *map(_gutter, sheet.gutters),
        *map(_text, sheet.texts),
        *(part for item in sheet.items for part in _item(item)),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 - every text in it was escaped above


def names_svg(sheet: Sheet) -> SafeString:
    """The names of the rows and the numbers of their axes again, to stay where days scroll."""
    top = min((gutter.y for gutter in sheet.gutters), default=0.0) - NAME
    parts = [
        f'<svg class="tl" viewBox="0 {top:.1f} {EDGE:g} {sheet.height - top:.1f}" '
        'aria-hidden="true" xmlns="http://www.w3.org/2000/svg">',
        *map(_gutter, sheet.gutters),
        *(_text(text) for text in sheet.texts if text.kind == "tick"),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 - every text in it was escaped above


def _gutter(gutter: Gutter) -> str:
    return (
        f'<text class="tl-name{"" if gutter.strong else " tl-unit"}" x="0" y="{gutter.y:.1f}">'
        f"{escape(gutter.text)}</text>"
    )


def _text(text: Text) -> str:
    return (
        f'<text class="tl-{text.kind}-text" x="{text.x:.1f}" y="{text.y:.1f}" '
        f'text-anchor="{text.anchor}">{escape(text.text)}</text>'
    )


def _rule(rule: Rule) -> str:
    if rule.kind == "window":
        return (
            f'<rect class="tl-window" x="{rule.x0:.1f}" y="{rule.y0:.1f}" '
            f'width="{rule.x1 - rule.x0:.1f}" height="{rule.y1 - rule.y0:.1f}"/>'
        )
    return (
        f'<line class="tl-{rule.kind}" x1="{rule.x0:.1f}" y1="{rule.y0:.1f}" '
        f'x2="{rule.x1:.1f}" y2="{rule.y1:.1f}"/>'
    )


def _item(item: Item) -> Iterator[str]:
    """The mark of an item with its full words as a title, and its short text."""
    x, y = item.x, item.y
    title = f"<title>{escape(item.words)}</title>"
    beside = 9.0
    match item.shape:
        case "bar":
            yield (
                f'<rect class="tl-bar tl-{escape(item.kind)}" x="{x:.1f}" y="{y - 6:.1f}" '
                f'width="{item.end - x:.1f}" height="12" rx="2">{title}</rect>'
            )
            beside += item.end - x - 3
        case "mark":
            yield (
                f'<path class="tl-mark" d="M{x:.1f} {y - 6.5:.1f}l6.5 6.5-6.5 6.5-6.5-6.5z">'
                f"{title}</path>"
            )
        case "label":
            yield f'<circle class="tl-code" cx="{x:.1f}" cy="{y:.1f}" r="4">{title}</circle>'
        case "value" | "open":
            shape = "tl-dot tl-open" if item.shape == "open" else "tl-dot"
            yield f'<circle class="{shape}" cx="{x:.1f}" cy="{y:.1f}" r="4.5">{title}</circle>'
            if item.text:
                at = y - 8 if item.above else y + 18
                yield (
                    f'<text class="tl-value" x="{x:.1f}" y="{at:.1f}" text-anchor="middle">'
                    f"{escape(item.text)}</text>"
                )
            return
    if item.text:
        at, anchor = (x + beside, "start") if item.above else (x - 9, "end")
        yield (
            f'<text class="tl-text" x="{at:.1f}" y="{y + TICK_TEXT:.1f}" text-anchor="{anchor}">'
            f"{escape(item.text)}</text>"
        )
