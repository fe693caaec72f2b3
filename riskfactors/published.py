"""The published catalogue, and the glossary, as this version of the product carries them: the only
file access."""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path

from msgspec import Struct, convert

from riskfactors.domain.catalogue import Catalogue, CatalogueError, read_catalogue

EVIDENCE = Path(__file__).parent / "evidence"
GLOSSARY = EVIDENCE / "glossary" / "terms.toml"
"""In a folder of its own: what explains the words of the screen is no evidence."""


class Explanation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A term of the field in short sentences.

    What it `explains` are codes, such as `milestone.day_28`; the first names it, unless it has a
    `term` of its own.
    """

    group: str
    means: str
    term: str = ""
    explains: tuple[str, ...] = ()
    short: str = ""
    also: tuple[str, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        if not self.term and not self.explains:
            raise ValueError("term: an explanation has a term, or explains something")


@cache
def catalogue() -> Catalogue:
    """The catalogue, read once. Raises CatalogueError where it is not fit for use."""
    return catalogue_in(EVIDENCE)


@cache
def explanations() -> tuple[Explanation, ...]:
    """The terms of the glossary, read once, as their file has them."""
    return convert(tomllib.loads(GLOSSARY.read_text("utf-8"))["term"], tuple[Explanation, ...])


def catalogue_in(folder: Path) -> Catalogue:
    """The catalogue in a folder of TOML files; numbers keep the digits that were printed."""
    files = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            files[path.stem] = tomllib.loads(path.read_text("utf-8"), parse_float=_finite)
        except (OSError, ValueError) as error:
            raise CatalogueError(f"{path.name}: it does not parse: {error}") from error
    return read_catalogue(files)


def _finite(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(f"{text} is not a number")
    return number
