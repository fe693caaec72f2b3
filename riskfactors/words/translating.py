"""Translates texts into the active language, each once."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as translate

_KEPT: ContextVar[str | None] = ContextVar("kept language", default=None)


@contextmanager
def one_language() -> Iterator[str]:
    """Keeps the language while a page is made or a command runs: there are thousands of words, and
    to look the language up anew for each took a tenth of a page's time."""
    kept = get_language()
    token = _KEPT.set(kept)
    try:
        yield kept
    finally:
        _KEPT.reset(token)


def language() -> str:
    """The active language."""
    return _KEPT.get() or get_language()


def gettext(text: str) -> str:
    """What `gettext` of Django gives, remembered: it looks a text up in several tables."""
    return _in(language(), text)


@lru_cache(maxsize=4096)
def _in(_language: str, text: str) -> str:
    return translate(text)
