"""The text of a table's bytes: by its byte order mark, as UTF-8, or in the one encoding that is likely."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgraph.errors import DataError
from coopgraph.reading.plain_text import MARKS, WIDER, without_mark

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

_SAMPLE = 100_000
_MOST_NULS = 0.05
_MIXED = 0.2
"""Share of the lines beyond ASCII that are UTF-8, from which the others are no accident."""
_NEAR = 0.1
"""Difference of measures of chaos up to which two encodings are about equally likely."""
_OF_TWO_BYTES = frozenset(("gb18030", "big5", "big5hkscs", "cp932", "shift_jis", "cp949", "euc_kr", "euc_jp", "johab"))
"""Encodings in which a short line may be UTF-8 by accident."""
_MAINFRAME = ["cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140"]
"""Encodings in which a comma is no comma."""
_BEYOND = re.compile(rb"[\x80-\xff]")
_NEIGHBOURHOOD = 1000
_EASTERN = re.compile("[ŠšŽžŸÐÝÞðýþª]|[^\\W\\d_][£¥¯³¹¾¿º¼]|[£¥¯³¹¾¿][^\\W\\d_]")
"""What Central European and Turkish letters look like in the Western encoding, and Western words hardly have."""
_SET = "set encoding in [table]"


def decode(data: bytes, given: str | None = None) -> tuple[str, list[str]]:
    """Return the text of a table and what was noticed of its encoding; letters that cannot be read are U+FFFD.

    Raises `DataError` where it is no text, or about equally likely in two encodings.
    """
    if given is not None:
        return _replaced(data, given), [f"encoding {given}, as set"]
    mark = next(((mark, encoding) for mark, encoding in MARKS if data.startswith(mark)), None)
    if mark is not None:
        return _replaced(data, mark[1]), [f"encoding {mark[1].removesuffix('-sig')}, by its byte order mark"]
    if (data.count(0) > _MOST_NULS * len(data)) and (wide := without_mark(data)):
        return _replaced(data, wide), [f"encoding {wide}, by its line ends; it has no byte order mark"]
    if data.count(0) > _MOST_NULS * len(data):
        raise DataError(f"holds NUL bytes, the first in line {_line(data, data.index(0))}; give a table as text")
    try:
        return data.decode("utf-8"), ["encoding utf-8"]
    except UnicodeDecodeError as error:
        return _other(data, error.start)


def _replaced(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace").removeprefix("\ufeff")
    except (UnicodeError, LookupError, ValueError) as error:
        raise DataError(f"cannot be read as {encoding} ({error}); {_SET} to another") from error


def _line(data: bytes, at: int) -> int:
    return len(data[:at].splitlines()) + (data[at - 1 : at] in {b"\n", b"\r"}) if at else 1


def _other(data: bytes, first: int) -> tuple[str, list[str]]:
    """Return the text of bytes that are not all UTF-8."""
    lines = [line for line in data.splitlines() if not line.isascii()]
    others = [line for line in lines if _is_not_utf8(line)]
    right, where = len(lines) - len(others), f"{len(lines)} lines beyond ASCII"
    if right >= len(others):
        said = f"encoding utf-8, but for {len(others)} of {where}, the first line {_line(data, first)}"
        return _replaced(data, "utf-8"), [said]
    sample = b"\n".join(map(_around, others[:_SAMPLE]))[:_SAMPLE]
    if right > _MIXED * len(lines) or (right and not _is_of_two_bytes(sample)):
        said = f"{right} of {where} are UTF-8, line {_line(data, first)} is not"
        raise DataError(f"mixes encodings: {said}; make it one, or {_SET}")
    encoding, word = _likeliest(sample)
    return _replaced(data, encoding), [f"encoding {encoding}, the likeliest; it reads {word!r}, else {_SET}"]


def _around(line: bytes) -> bytes:
    """Return the part of a line around its first byte beyond ASCII."""
    match = _BEYOND.search(line)
    at = match.start() if match else 0
    return line[max(at - _NEIGHBOURHOOD, 0) : at + _NEIGHBOURHOOD]


def _is_of_two_bytes(sample: bytes) -> bool:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_exclusion=_MAINFRAME).best()
    return best is not None and WIDER.get(best.encoding, best.encoding) in _OF_TWO_BYTES


def _is_not_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _likeliest(sample: bytes) -> tuple[str, str]:
    """Return the encoding that lines beyond ASCII are in, and a word of them in it."""
    from charset_normalizer import from_bytes

    matches = list(from_bytes(sample, cp_exclusion=_MAINFRAME))
    if not matches:
        raise DataError(f"is text in no encoding that is known; save it as UTF-8, or {_SET}")
    best = matches[0]
    western = next((each for each in matches if "cp1252" in each.could_be_from_charset), None)
    if western and western.chaos <= best.chaos + 0.02 and not _EASTERN.search(str(western)):
        return "cp1252", _word(str(western), ())
    near = [each for each in matches if each.chaos <= best.chaos + _NEAR and each.coherence >= best.coherence / 2]
    texts = [str(each) for each in near]
    if len(near) > 1:
        said = [f"{_name(each)} ({_word(str(each), texts)})" for each in near[:3]]
        raise DataError(f"may be in {', '.join(said[:-1])} or {said[-1]}; {_SET}, or save it as UTF-8")
    return _name(best), _word(texts[0], ())


def _name(match: CharsetMatch) -> str:
    usual = ("cp1252", "cp1250", "cp1251", "gb18030", "big5", "cp932")
    name = next((each for each in usual if each in match.could_be_from_charset), match.encoding)
    return WIDER.get(name, name)


def _word(text: str, others: tuple[str, ...] | list[str]) -> str:
    """Return a word of a text beyond ASCII, one that tells it from other readings of the same bytes."""
    words = re.findall(r"[^\s,;|\"]{0,30}[^\x00-\x7f][^\s,;|\"]{0,30}", text)
    telling = [word for word in words if all(word not in other for other in others if other != text)]
    return next(iter(telling or words), "")[:30]
