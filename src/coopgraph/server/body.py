"""The body of a server's answer as a file to read from: unpacked on the way, bounded, never short without a word."""

from __future__ import annotations

import io
import re
import time
import zlib
from itertools import chain
from typing import TYPE_CHECKING, NoReturn

import httpx

from coopgraph.errors import QueryError, ServerError, short
from coopgraph.server.failures import explain
from coopgraph.server.gzip_stream import gunzip

if TYPE_CHECKING:
    from typing import Self

MOST_BYTES = 1 << 24
"""Bytes of one row or triple at most, and of what stands before the first; parsing takes up to forty times as much."""
_MOST_OBJECTS, _MOST_TERMS = 500, 5_000
"""How many objects of JSON, or triple terms, one row or triple may have: nested too deep, they end the process."""
_HEAD = 1_024
_SLOW_SECONDS, _SLOW_BYTES = 300, 1_000
"""A server that sends less in so many seconds is not waited for."""
_PAGE = re.compile(
    rb"\s*(<\?xml.*?\?>\s*|<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|title)\b", re.DOTALL | re.IGNORECASE
)
_NESTED_OBJECT = re.compile(rb'(?<!\\)"\s*:\s*\{')


class Body(io.RawIOBase):
    """A readable binary stream over an answer; close it, or use it in a `with` statement.

    `most` bounds the bytes between two calls of `advance`. Raises `ServerError` where the answer breaks off, is a web
    page or is beyond a bound, and `QueryError` where the server says that it is not whole.
    """

    def __init__(self, response: httpx.Response, where: str, accept: str, most: int = MOST_BYTES) -> None:
        super().__init__()
        self.headers, self.where, self._accept, self._most = response.headers, where, accept, most
        self._response = response
        self._pieces = iter(response.iter_raw())
        self._check_whole()
        packing = response.headers.get("Content-Encoding", "").strip().lower()
        if packing in ("gzip", "x-gzip"):
            self._pieces = gunzip(self._pieces)
        elif packing not in ("", "identity"):
            self._fail("packs its answer in a way that was not asked for; check what stands between")
        self._rest = memoryview(b"")
        self._window = (time.monotonic(), 0)
        self._total = 0
        self.advance()
        self.head = self._read_head()
        if _PAGE.match(self.head):
            raise self.unexpected("a web page")

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
            return b"".join(iter(lambda: self.read(1 << 16), b""))
        if not self._rest:
            self._rest = memoryview(self._next())
        piece, self._rest = bytes(self._rest[:size]), self._rest[size:]
        self._spend(piece)
        return piece

    def advance(self) -> None:
        """Note that a row or triple has been read whole, so that the next has all the room again."""
        self._bytes = self._opened = self._objects = 0

    def close(self) -> None:
        """Let go of the connection."""
        if not self.closed:
            self._response.close()
            self._pieces = iter(())
        super().close()

    @property
    def media_type(self) -> str:
        """What the server says that the answer is, in small letters and without parameters; empty where it does not."""
        return str(self.headers.get("Content-Type", "")).partition(";")[0].strip().lower()

    def damaged(self, error: BaseException) -> ServerError:
        """Return what to raise where the answer cannot be read."""
        self.close()
        what = short(" ".join(str(error).split()), 120)
        return ServerError(f"{self.where}: gives a damaged answer ({what}); try again, or look at the server")

    def unexpected(self, what: str = "") -> ServerError:
        """Return what to raise where the answer is something else than was asked for."""
        self.close()
        wanted = self._accept.partition(";")[0]
        what = what or self._first_words() or "nothing"
        if self.media_type not in ("", wanted) and what != "a web page":
            what = self.media_type
        advice = "check that the address is that of the SPARQL endpoint"
        return ServerError(f"{self.where}: answers with {what} and not {wanted}; {advice}")

    def _first_words(self) -> str:
        return short(" ".join(self.head.decode("utf-8", "replace").split()), 60)

    def _read_head(self) -> bytes:
        """Return the first bytes, without a byte order mark, and leave them to be read."""
        head = b""
        while len(head) < _HEAD and (piece := self._next()):
            head += piece
        head = head.removeprefix(b"\xef\xbb\xbf")
        self._pieces = chain([head] if head else [], self._pieces)
        return head.lstrip()[:_HEAD]

    def _next(self) -> bytes:
        """Return the next piece of the answer, nothing at its end."""
        try:
            piece = next(filter(None, self._pieces), b"")
        except zlib.error:
            self._fail("the packed answer is damaged")
        except EOFError:
            self._fail("the packed answer has no end")
        except httpx.TransportError as error:
            self.close()
            raise ServerError(f"{self.where}: {explain(error)}") from error
        if not piece:
            self.close()
        self._check_pace(len(piece))
        return piece

    def _check_pace(self, size: int) -> None:
        now, (begun, before) = time.monotonic(), self._window
        self._total += size
        if now - begun > _SLOW_SECONDS:
            if self._total - before < _SLOW_BYTES:
                self._fail("sends its answer too slowly; narrow the query, or look at the server")
            self._window = now, self._total

    def _spend(self, piece: bytes) -> None:
        """Take account of what is about to be parsed. Raises `ServerError` where it is more than parsing may take."""
        self._bytes += len(piece)
        if self._bytes > self._most:
            self._fail(f"gives a single row of more than {self._most / 1e6:.0f} MB; narrow the query")
        if self.head[:1] != b"{":
            self._opened += piece.count(b"<<")
            too_deep = self._opened > _MOST_TERMS
        else:
            self._opened += piece.count(b"{")
            if self._opened > _MOST_OBJECTS:  # they may stand in texts, of which only a longer look can tell
                self._objects += len(_NESTED_OBJECT.findall(piece))
            too_deep = self._objects > _MOST_OBJECTS
        if too_deep:
            self._fail("gives terms that are nested too deep; look at the server")

    def _check_whole(self) -> None:
        is_cut = "Coopgraph-Cut" in self.headers and "X-SPARQL-MaxRows" not in self.headers  # and there are no pages
        # Virtuoso gives what it has in time.
        if is_cut or self._response.status_code == 206 or "X-SQL-State" in self.headers:
            self._response.close()
            raise QueryError(
                f"{self.where}: stopped before it had all rows; narrow the query, or raise the server's limit"
            )

    def _fail(self, what: str) -> NoReturn:
        self.close()
        raise ServerError(f"{self.where}: {what if ';' in what else what + '; try again'}")
