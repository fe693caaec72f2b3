"""What pages say, read from their markup."""

import re
from html import unescape
from typing import Any


def words(page: Any) -> str:
    """What a page says, in one line."""
    main = page.content.decode().partition("<main")[2].partition("</main>")[0].partition(">")[2]
    said = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))
    return said.replace("\N{NO-BREAK SPACE}", " ").strip()


def case_ids(page: Any) -> list[str]:
    """The pseudonyms in the rows of a list."""
    return re.findall(r'<th scope="row"><a href="[^"]+">(.*?)</a>', page.content.decode())
