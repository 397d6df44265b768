"""Packed answers unpacked as they come, never more at once than is read at a time."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_GZIP = 47
"""How zlib is told to know gzip by its first bytes."""
_PIECE = 1 << 16


def gunzip(packed: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what packed pieces hold, which may be several gzip files one after the other, 64 kB at a time.

    Raises `zlib.error` where they are no gzip, and `EOFError` where they end early.

    >>> import gzip
    >>> b"".join(gunzip([gzip.compress(b"one ") + gzip.compress(b"two")]))
    b'one two'
    """
    file = zlib.decompressobj(wbits=_GZIP)
    for piece in packed:
        rest = piece
        while rest:
            if file.eof:
                rest = rest.lstrip(b"\0")  # some fill up what they pack
                if not rest:
                    break
                file = zlib.decompressobj(wbits=_GZIP)
            yield from _unpacked(file, rest)
            rest = file.unused_data
    if not file.eof:
        raise EOFError


def _unpacked(file: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    """Yield what some bytes of one gzip file hold."""
    while True:
        piece = file.decompress(packed, _PIECE)
        if piece:
            yield piece
        packed = file.unconsumed_tail
        if file.eof or (not packed and len(piece) < _PIECE):
            return
