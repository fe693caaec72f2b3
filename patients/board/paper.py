"""Paper of a board: tagged PDF in black and white, each case on one sheet if it can be read."""

from pathlib import Path
from typing import Any, Final

from django.template.loader import render_to_string

STYLES: Final = Path(__file__).with_name("paper.css")
SIZES: Final = (8.0, 7.4, 6.8, 6.2)
"""Sizes of letters in points, of which the first is taken with which a case fits on one sheet;
none is smaller, and nothing is cut: what does not fit goes on."""
UNIVERSAL: Final = "pdf/ua-1"


def pdf_of(template: str, page: Any, *, sheets: int | None = None) -> bytes:
    """A page as tagged PDF/UA-1, in so many sheets where letters stay large enough.

    It fetches nothing: whatever it shows is in it.
    """
    # Only who prints needs its libraries, and waits for them.
    from weasyprint import CSS, HTML, URLFetcher  # noqa: PLC0415

    within = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    source = HTML(string=render_to_string(template, {"page": page}), url_fetcher=within)
    sizes = list(SIZES if sheets else SIZES[:1])
    while True:
        size = sizes.pop(0)
        styles = [CSS(string=f"{STYLES.read_text('utf-8')} html {{ font-size: {size}pt }}")]
        document = source.render(stylesheets=styles, pdf_variant=UNIVERSAL, pdf_tags=True)
        if not sizes or sheets is None or len(document.pages) <= sheets:
            made: bytes = document.write_pdf(pdf_variant=UNIVERSAL, pdf_tags=True)
            return made
