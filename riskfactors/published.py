"""The published catalogue as this version of the product carries it: the only file access."""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path

from riskfactors.domain.catalogue import Catalogue, CatalogueError, read_catalogue

EVIDENCE = Path(__file__).parent / "evidence"


@cache
def catalogue() -> Catalogue:
    """The catalogue, read once. Raises CatalogueError where it is not fit for use."""
    return catalogue_in(EVIDENCE)


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
