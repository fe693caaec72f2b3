"""Translates texts into the active language, each once."""

from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as translate


def gettext(text: str) -> str:
    """What `gettext` of Django gives, remembered: it looks a text up in several tables."""
    return _in(get_language(), text)


@lru_cache(maxsize=4096)
def _in(_language: str, text: str) -> str:
    return translate(text)
