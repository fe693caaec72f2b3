"""A sealed stream says nothing without its key, and nothing once it was touched."""

from io import BytesIO

import pytest

from cartapp.backup.sealing import MARK, PIECE, NotTheKey, opened, sealed

KEY = "invented for a backup"


def seal(content: bytes) -> bytes:
    return b"".join(sealed(BytesIO(content), KEY))


def open_(content: bytes, key: str = KEY) -> bytes:
    return b"".join(opened(BytesIO(content.removeprefix(MARK)), key))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
def test_what_was_sealed_is_opened_at_every_size(size: int) -> None:
    content = bytes(number % 251 for number in range(size))

    assert open_(seal(content)) == content


def test_the_same_content_is_never_sealed_alike() -> None:
    first, second = seal(b"a patient"), seal(b"a patient")

    assert first != second
    assert b"patient" not in first


def test_another_key_opens_nothing() -> None:
    with pytest.raises(NotTheKey):
        open_(seal(b"a patient"), "another key")


PIECES = seal(b"a" * PIECE + b"b" * PIECE + b"c")
FIRST = len(MARK) + 32
SECOND, LAST = FIRST + PIECE + 16, FIRST + 2 * (PIECE + 16)


@pytest.mark.parametrize(
    "touched",
    [
        PIECES[:-1],
        PIECES[:LAST],
        PIECES[:SECOND],
        PIECES[:FIRST],
        PIECES + b"d",
        PIECES[:FIRST] + PIECES[SECOND:LAST] + PIECES[FIRST:SECOND] + PIECES[LAST:],
        PIECES[:FIRST] + bytes([PIECES[FIRST] ^ 1]) + PIECES[FIRST + 1 :],
        PIECES[: len(MARK)] + bytes(32) + PIECES[FIRST:],
    ],
    ids=["cut", "last", "half", "head", "added", "exchanged", "changed", "salt"],
)
def test_what_was_cut_exchanged_or_changed_is_not_opened(touched: bytes) -> None:
    with pytest.raises(NotTheKey):
        open_(touched)
