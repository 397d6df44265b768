"""Packed files that consist of runs, each packed by itself: a later file takes over those that say the same."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""Of a gzip file (RFC 1952) without a name and a time."""
_END = b"\x03\0"
"""An empty last block (RFC 1951)."""
_POLYNOMIAL, _ONE = 0xEDB88320, 1 << 31
"""That of CRC-32, and 1, both with the lowest power first."""


class Run(NamedTuple):
    """A part of a packed file: what it is made of, nothing where it is always made anew, and CRC and length of it."""

    key: str
    packed: bytes
    crc: int
    length: int

    def content(self) -> bytes:
        """Return what has been packed."""
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(self.packed)


def run(key: str, content: bytes) -> Run:
    """Return bytes packed so that what comes before and after them does not matter."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Run(key, packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH), zlib.crc32(content), len(content))


def packed(runs: Iterable[Run]) -> bytes:
    """Return runs as one gzip file with one member, which is all that browsers read of it."""
    parts, crc, length = [_HEAD], 0, 0
    for each in runs:
        parts.append(each.packed)
        crc = _times(crc, _power(8 * each.length)) ^ each.crc
        length += each.length
    return b"".join((*parts, _END, crc.to_bytes(4, "little"), (length & 0xFFFFFFFF).to_bytes(4, "little")))


def noted(body: bytes, told: Iterable[Sequence[Any]]) -> list[Run]:
    """Return the runs of a file of which that is known."""
    runs, at = [], len(_HEAD)
    for key, size, crc, length in told:
        runs.append(Run(key, body[at : at + size], crc, length))
        at += size
    return runs


class Runs:
    """The runs of packed files by path: those of a former publication, and those that have been made since."""

    def __init__(self, former: Mapping[str, Sequence[Run]] | None = None) -> None:
        self._former = {path: {each.key: each for each in several} for path, several in (former or {}).items()}
        self._made: dict[str, list[Run]] = {}

    def known(self, path: str, key: str) -> Run | None:
        """Return the run that a file had of the same."""
        return self._former.get(path, {}).get(key) if key else None

    def file(self, path: str, runs: Iterable[Run]) -> bytes:
        """Return the packed file that runs make up, and remember them."""
        self._made[path] = list(runs)
        return packed(self._made[path])

    def notes(self) -> dict[str, list[list[Any]]]:
        """Return what has to be known of the runs of files to find them there: key, packed length, CRC and length."""
        return {
            path: [[each.key, len(each.packed), each.crc, each.length] for each in made]
            for path, made in self._made.items()
        }


def _times(one: int, other: int) -> int:
    """Return the product of two polynomials over GF(2), modulo that of CRC-32."""
    product = 0
    while one:
        if one & _ONE:
            product ^= other
        one = one << 1 & 0xFFFFFFFF
        other = other >> 1 ^ (_POLYNOMIAL if other & 1 else 0)
    return product


def _power(number: int) -> int:
    """Return that power of x, modulo the polynomial of CRC-32."""
    product, square = _ONE, _ONE >> 1
    while number:
        if number & 1:
            product = _times(product, square)
        square = _times(square, square)
        number >>= 1
    return product
