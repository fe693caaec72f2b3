"""Data dictionaries that differ from the published one: what they declare stands there alone."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from patients.entry import cells
from riskfactors import published

LIMITED_CREATININE = """
needs = "upper_limit"
upper_limit_impossible_outside = [0.5, 3]
upper_limit_unusual_outside = [0.9, 1.3]
"""


@contextmanager
def dictionary(folder: Path, change: Callable[[str], str]) -> Iterator[None]:
    """The site with variables.toml changed."""
    kept = published.EVIDENCE
    published.EVIDENCE = Path(shutil.copytree(kept, folder / "evidence"))
    variables = published.EVIDENCE / "variables.toml"
    variables.write_text(change(variables.read_text("utf-8")), "utf-8")
    _forget()
    try:
        yield
    finally:
        published.EVIDENCE = kept
        _forget()


def _forget() -> None:
    published.catalogue.cache_clear()
    cells.forget()


def with_limited_creatinine(text: str) -> str:
    """Creatinine has an upper limit of normal too."""
    head, name, tail = text.partition('name = "creatinine"\n')
    return head + name + LIMITED_CREATININE + tail
