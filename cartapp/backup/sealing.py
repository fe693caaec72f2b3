"""Seals a stream: without its key it says nothing, and no part of it can be cut or exchanged.

Pieces of a mebibyte are encrypted one by one (AES-256-GCM, in the construction named STREAM), each
with its number and whether it is the last, under a key of their own for each file.
"""

import os
from collections.abc import Iterator
from itertools import count
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK: Final = b"cartapp-sealed/1\n"
SALT: Final = 32
PIECE: Final = 1 << 20
TAG: Final = 16


class NotTheKey(Exception):
    """The key is another one, or the file is not as it was written."""


def sealed(source: IO[bytes], key: str) -> Iterator[bytes]:
    """What is to be written for all that the source holds."""
    salt = os.urandom(SALT)
    yield MARK + salt
    cipher = _cipher(key, salt)
    for nonce, piece in _numbered(source, PIECE):
        yield cipher.encrypt(nonce, piece, None)


def opened(source: IO[bytes], key: str) -> Iterator[bytes]:
    """What was sealed; the source stands behind the mark. Raises NotTheKey."""
    cipher = _cipher(key, source.read(SALT))
    for nonce, piece in _numbered(source, PIECE + TAG):
        try:
            yield cipher.decrypt(nonce, piece, None)
        except InvalidTag as other:
            raise NotTheKey from other


def _cipher(key: str, salt: bytes) -> AESGCM:
    derived = HKDF(SHA256(), length=32, salt=salt, info=MARK).derive(key.encode())
    return AESGCM(derived)


def _numbered(source: IO[bytes], size: int) -> Iterator[tuple[bytes, bytes]]:
    """Pieces with their nonces: the number in eleven bytes, and one for the last."""
    piece = source.read(size)
    for number in count():
        following = source.read(size)
        yield number.to_bytes(11, "big") + bytes([not following]), piece
        if not following:
            return
        piece = following
