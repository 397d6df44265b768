"""The body of a server's answer as a file to read from: unpacked on the way, and never short without a word."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, NoReturn

import httpx

from coopgraph.errors import QueryError, ServerError, short
from coopgraph.server.failures import explain

if TYPE_CHECKING:
    from typing import Self


_GZIP = 47
"""How zlib is told to know gzip by its first bytes."""


class Body(io.RawIOBase):
    """A readable binary stream over an answer; close it, or use it in a `with` statement.

    Raises `ServerError` where the answer is not of the media type asked for, or breaks off, and `QueryError` where the
    server says that it is not whole.
    """

    def __init__(self, response: httpx.Response, where: str, accept: str) -> None:
        super().__init__()
        self.headers = response.headers
        self.where = where
        self._response = response
        self._pieces = response.iter_raw()
        self._packing = response.headers.get("Content-Encoding", "").strip().lower()
        self._unpack = zlib.decompressobj(wbits=_GZIP) if self._packing in ("gzip", "x-gzip") else None
        self._left = memoryview(b"")
        self._check_type(accept)
        if response.status_code == 206 or "X-SQL-State" in response.headers:  # Virtuoso gives what it has in time
            self._response.close()
            raise QueryError(f"{where}: stopped before it had all rows; narrow the query, or raise the server's limit")

    def __enter__(self) -> Self:
        return self

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer with what comes next and return how much that is; 0 at the end."""
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, or all that is left; nothing at the end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        while not self._left:
            piece = self._next()
            if piece is None:
                self.close()
                return b""
            self._left = memoryview(piece)
        given, self._left = self._left[:size], self._left[size:]
        return bytes(given)

    def close(self) -> None:
        """Let go of the connection."""
        if not self.closed:
            self._response.close()
            self._pieces = iter(())
        super().close()

    def damaged(self, error: Exception) -> ServerError:
        """Return what to raise where the answer cannot be read."""
        what = short(" ".join(str(error).split()), 120)
        return ServerError(f"{self.where}: gives a damaged answer ({what}); try again, or look at the server")

    def _next(self) -> bytes | None:
        """Return the next piece of the answer, unpacked, or None at its end."""
        try:
            piece = next(self._pieces, None)
            if self._unpack is None:
                return piece
            if piece is None:
                return None if self._unpack.eof else self._broken("the packed answer has no end")
            return self._unpacked(piece)
        except zlib.error:
            self._broken("the packed answer is damaged")
        except httpx.TransportError as error:
            self.close()
            raise ServerError(f"{self.where}: {explain(error)}") from error

    def _unpacked(self, piece: bytes) -> bytes:
        """Return what a piece of a packed answer holds, which may be packed in several parts, one after the other."""
        whole = b""
        while piece and self._unpack:
            if self._unpack.eof:
                piece = piece.lstrip(b"\0")  # some fill up what they pack
                if not piece:
                    break
                self._unpack = zlib.decompressobj(wbits=_GZIP)
            whole += self._unpack.decompress(piece)
            piece = self._unpack.unused_data if self._unpack.eof else b""
        return whole

    def _check_type(self, accept: str) -> None:
        found = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if found and found != accept.partition(";")[0]:
            page = "a web page" if "html" in found else found
            self._broken(f"answers with {page} and not {accept}; check that the address is that of the SPARQL endpoint")
        if self._packing not in ("", "identity") and not self._unpack:
            self._broken("packs its answer in a way that was not asked for; check what stands between")

    def _broken(self, what: str) -> NoReturn:
        self.close()
        raise ServerError(f"{self.where}: {what if ';' in what else what + '; try again'}")
