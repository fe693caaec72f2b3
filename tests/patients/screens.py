"""Cases on the screen: vignettes as cases, and what their pages say, taken apart."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Final, NamedTuple

from django.test import Client

from patients.models import Case, Role, User
from patients.transfer.documents import import_case
from tests.domain.cases import CONTRACT, Json, text
from tests.library.pages import text_of
from tests.patients.courses import centre, person

VIGNETTES: Final = sorted((CONTRACT / "vignettes").glob("*.json"))
NAMES: Final = [path.stem for path in VIGNETTES]


class Shown(NamedTuple):
    """A finding as a card shows it."""

    milestone: str
    factor: str
    verdict: str
    place: str
    words: str


def vignette(name: str) -> Json:
    """The case document of a vignette."""
    path = next(path for path in VIGNETTES if path.stem.startswith(name))
    document: Json = json.loads(path.read_text())["case"]
    return document


def somebody(*roles: Role, name: str = "ines.gil") -> User:
    return User.objects.filter(username=name).first() or person(name, *roles)


def imported(document: Json, by: User | None = None) -> Case:
    """A case of this document."""
    manager = by or somebody(Role.DATA_MANAGER)
    return import_case(text(document), centre=centre(), by=manager).case


def opened(client: Client, case: Case, page: str = "") -> str:
    """The markup of a page of a case."""
    response = client.get(f"/cases/{case.public_id}/{page}")
    assert response.status_code == 200
    return response.content.decode()


def whole(client: Client, case: Case, query: str = "") -> str:
    """The page of a case once its cards have been fetched."""
    head, closed, rest = opened(client, case, query).partition('<div class="cards">')
    fetched = opened(client, case, f"cards/{query}").partition('<div class="cards">')[2]
    after = rest[rest.find('<aside class="fact-panel"') :]
    return head + closed + fetched.partition("</main>")[0] + after if closed else head


_pages: Final[dict[bytes, str]] = {}


def page_of(manager: Client, document: Json) -> str:
    """The whole page of a case of this document, as any data manager sees it: made for the first
    test that reads it, and the same for the others. The case is there for the first alone."""
    told = text(document)
    if told not in _pages:
        _pages[told] = whole(manager, imported(document))
    return _pages[told]


def plain(markup: str) -> str:
    """Words without markup."""
    said = unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\N{WORD JOINER}", "")
    return re.sub(r"\s+", " ", said).strip()


def words(page: str) -> str:
    return text_of(page)


def cards(page: str) -> dict[str, str]:
    """The markup of each card, in the order of the page."""
    parts = re.split(r'<details class="card panel" data-milestone="(\w+)"', page)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def shown(page: str) -> list[Shown]:
    """Every finding of every card."""
    return [
        Shown(milestone, factor, verdict, place, plain(markup))
        for milestone, card in cards(page).items()
        for place, part in _places(card)
        for factor, verdict, markup in _findings(part)
    ]


def _places(card: str) -> list[tuple[str, str]]:
    parts = re.split(r'class="part (?:fold )?(?:part-)?(\w+)"', card)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _findings(part: str) -> list[tuple[str, str, str]]:
    parts = re.split(r'<li class="finding" data-factor="(\w+)" data-verdict="(\w+)">', part)
    return list(zip(parts[1::3], parts[2::3], parts[3::3], strict=True))


class Seen(NamedTuple):
    """A cell of the matrix."""

    verdict: str
    look: str
    words: str


NAMED = re.compile(r'<span[^>]*? aria-label="([^"]*)"[^>]*>')
"""A shape that has a name for whom it says nothing."""


def cells(page: str) -> dict[tuple[str, str], Seen]:
    """The cells of the matrix by milestone and factor."""
    found = re.findall(
        r'<td class="cell cell-([\w-]+)[^"]*" data-factor="(\w+)" data-milestone="(\w+)" '
        r'data-verdict="(\w+)" data-at="[^"]+">(.*?)</td>',
        page,
    )
    seen = {
        (at, key): Seen(verdict, look, plain(NAMED.sub(r"\1 ", of)))
        for look, key, at, verdict, of in found
    }
    assert len(seen) == len(found)
    return seen


def row_figures(page: str) -> dict[str, str]:
    """What the matrix says was published, by factor."""
    found = re.findall(r'<div data-figures="(\w+)">(.*?)</div>', page, flags=re.DOTALL)
    figures = {key: plain(markup) for key, markup in found}
    assert len(figures) == len(found)
    return figures


def folded(card: str) -> str:
    """What stands in the folded parts of a card."""
    return " ".join(re.findall(r'<details class="part fold.*', card, flags=re.DOTALL))


def path_of(name: str) -> Path:
    return next(path for path in VIGNETTES if path.stem == name)
