"""What the tests of the evidence library share."""

import html
import re
import tomllib
from pathlib import Path
from typing import Any

from django.test import Client

from riskfactors.library.list_page import LibraryPage, library_page
from riskfactors.published import catalogue

EVIDENCE = Path(__file__).resolve().parents[2] / "riskfactors" / "evidence"
FACTORS = [factor.key for factor in catalogue().factors]
PAGES = ["library", "references", "variables", "about"]


def printed_factors() -> dict[str, dict[str, Any]]:
    """The factors as their files say it, with every number as the text that stands there."""
    return {
        factor["key"]: factor
        for name in ("pre_infusion", "post_infusion", "post_relapse")
        for factor in tomllib.loads(
            (EVIDENCE / f"{name}.toml").read_text("utf-8"), parse_float=str
        )["factor"]
    }


PRINTED = printed_factors()


def text_of(page: str) -> str:
    """What a page says, without its markup and without the data of its figures."""
    main = page.partition("<main")[2].partition("</main>")[0].partition(">")[2]
    without_data = re.sub(r"<script.*?</script>", " ", main, flags=re.DOTALL)
    return as_read(html.unescape(re.sub(r"<[^>]+>", " ", without_data)))


def as_read(words: str) -> str:
    """Words with plain spaces, without what only keeps them on one line."""
    return re.sub(r"\s+", " ", words.replace("\N{WORD JOINER}", ""))


def read(reader: Client, address: str) -> str:
    response = reader.get(address)
    assert response.status_code == 200
    return text_of(response.content.decode())


def keys_in(page: LibraryPage) -> list[str]:
    rows = "".join(row for group in page.groups for row in group.rows)
    return re.findall(r"/evidence/factors/(\w+)/", rows)


def found(**asked: str) -> list[str]:
    return keys_in(library_page(asked))
