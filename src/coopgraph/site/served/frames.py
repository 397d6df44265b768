"""What the server and its workers say to each other: a head in JSON and a body of bytes, each with its length."""

from __future__ import annotations

import json
import struct
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LENGTHS = struct.Struct(">II")
"""The lengths of head and body, which a frame begins with."""


def frame(head: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return a frame as bytes.

    >>> frame({"a": 1}, b"text")[8:]
    b'{"a":1}text'
    """
    start = json.dumps(head, separators=(",", ":")).encode()
    return LENGTHS.pack(len(start), len(body)) + start + body


def read(stream: IO[bytes]) -> dict[str, Any] | None:
    """Return the head of the next frame of a stream, which has no body; None at its end."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    head: dict[str, Any] = json.loads(stream.read(LENGTHS.unpack(lengths)[0]))
    return head
