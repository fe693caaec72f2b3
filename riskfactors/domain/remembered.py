"""Remembers what a function gave: for values that many patients share."""

from collections.abc import Callable
from typing import Final, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

MOST: Final = 8192
"""Values remembered; then it starts anew, so that no input can fill the memory."""


class Remembered(dict[Key, Value]):
    """A table that makes what it lacks; looking up what it has is as quick as in any table."""

    def __init__(self, make: Callable[[Key], Value]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Key) -> Value:
        if len(self) >= MOST:
            self.clear()
        value = self[key] = self._make(key)
        return value
