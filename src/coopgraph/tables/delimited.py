"""Tables as text with delimiters, CSV and its kin: how they are written is noticed, never guessed at."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.errors import DataError
from coopgraph.files import MOST
from coopgraph.tables.encodings import decode
from coopgraph.tables.records import MOST_ROWS, Found, Record, refuse_long

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgraph.tables.table import Settings

_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
_SAMPLE = 200
"""Records that are looked at to notice the delimiter."""
_START = 1 << 20
"""Characters in which these are looked for."""
_ALIKE = 0.9
"""Share of records that have as many cells as the header where a delimiter is the right one."""
_ENDS = {"\r\n": "CR LF", "\r": "CR", "\n": "LF"}


class Dialect(NamedTuple):
    """How a table is written: the character between cells, and that around a cell, or "" where there is none."""

    delimiter: str
    quote: str


def found(data: bytes, settings: Settings) -> Found:
    """Return what a table in bytes holds. Raises `DataError` where it is none, or may be read in two ways."""
    text, noticed = decode(data, settings.encoding)
    dialect, said = _dialect(text, settings)
    first = _first(settings)
    records = [each for each in _records(text, dialect) if each[0] >= first]
    media_type = "text/tab-separated-values" if dialect.delimiter == "\t" else "text/csv"
    return Found(media_type, records, noticed=[*noticed, *said, *_line_ends(text)])


def _dialect(text: str, settings: Settings) -> tuple[Dialect, list[str]]:
    """Return how a text is written, and what to say of it."""
    quote = _quote(text) if settings.quote is None else settings.quote
    said = [f"quoted with {quote}"] if quote and (settings.quote or quote in text) else []
    if settings.delimiter is not None:
        return Dialect(settings.delimiter, quote), [f"delimiter {_called(settings.delimiter)}, as set", *said]
    delimiter, several = _delimiter(text, quote, _first(settings) - 1)
    kind = f"delimiter {_called(delimiter)}" if several else "no delimiter: one column"
    return Dialect(delimiter, quote), [kind, *said]


def _first(settings: Settings) -> int:
    """Return the number of the first row that is read."""
    return settings.header_rows[0] if settings.header_rows else 1


def _called(delimiter: str) -> str:
    return _DELIMITERS.get(delimiter, repr(delimiter))


def _quote(text: str) -> str:
    """Return the quotation mark of a text: an apostrophe where each name of the header is in apostrophes."""
    header = text.lstrip().partition("\n")[0].strip()
    names = re.split(r"[,;\t|]", header)
    is_apostrophe = all(len(name) > 2 and name[0] == name[-1] == "'" for name in map(str.strip, names))
    return "'" if is_apostrophe else '"'


def _delimiter(text: str, quote: str, skipped: int) -> tuple[str, bool]:
    """Return the delimiter of a text, and whether it has several columns. Raises `DataError` where two may be it."""
    counts = {each: _counts(text, Dialect(each, quote), skipped) for each in _DELIMITERS}
    share = {each: numbers.count(numbers[0]) / len(numbers) for each, numbers in counts.items() if numbers}
    able = [each for each in share if counts[each][0] > 1]
    if not able:
        _refuse_title(counts)
        return _unused(text), False
    alike = [each for each in able if share[each] >= _ALIKE] or able
    whole = [each for each in alike if share[each] == 1]
    chosen = whole or alike
    if len(chosen) > 1:
        said = [f"{_called(each)} ({counts[each][0]} columns)" for each in chosen]
        raise DataError(f"may be parted by {' or '.join(said)}; set delimiter in [table]")
    return chosen[0], True


def _refuse_title(counts: Mapping[str, Sequence[int]]) -> None:
    """Raise `DataError` where what stands first is one cell above rows of several, as a title does."""
    for delimiter, numbers in counts.items():
        width, share = Counter(numbers[1:]).most_common(1)[0] if numbers[1:] else (1, 0)
        if width > 1 and share >= _ALIKE * len(numbers[1:]):
            what = f"one name above rows of {width} cells, parted by {_called(delimiter)}"
            raise DataError(f"has {what}; set header_row in [table] to the row with the names, or delimiter")


def _unused(text: str) -> str:
    """Return a character that a text of one column does not have, and so no delimiter of it."""
    return next(each for each in "\x1f\x1e\x1d\t|;," if each not in text or each == ",")


def _counts(text: str, dialect: Dialect, skipped: int) -> list[int]:
    """Return how many cells the first records have that show something, as far as a dialect can read them."""
    numbers: list[int] = []
    with _long_cells(), suppress(csv.Error):
        chosen = islice(_reader(text[:_START], dialect), skipped, skipped + _SAMPLE)
        numbers.extend(len(record) for record in chosen if any(map(str.strip, record)))
    is_cut = len(text) > _START and len(numbers) < _SAMPLE
    return numbers[: len(numbers) - is_cut]


def _reader(text: str, dialect: Dialect) -> Iterator[list[str]]:
    return csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        skipinitialspace=True,
        strict=True,
    )


def _records(text: str, dialect: Dialect) -> list[Record]:
    try:
        with _long_cells():
            records: list[Record] = list(enumerate(islice(_reader(text, dialect), MOST_ROWS + 1), 1))
    except csv.Error as error:
        raise DataError(_mistake(text, dialect)) from error
    refuse_long(len(records))
    return records


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let cells be as long as files are, which Python reads up to 131,072 characters only."""
    limit = csv.field_size_limit(MOST)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def _mistake(text: str, dialect: Dialect) -> str:
    """Return what is wrong with the quotes of a text that is no CSV."""
    advice = 'close it, write quotes inside as two, or set quote = "" in [table]'
    for at, end, is_closed in _quoted(text, dialect):
        if not is_closed:
            return f"opens a quote in line {_line(text, at)} that never closes; {advice}"
        if end < len(text) and text[end] not in f"{dialect.delimiter}\r\n":
            where = f"line {_line(text, at)} that closes in line {_line(text, end - 1)} before the end of its cell"
            return f"opens a quote in {where}; {advice}"
    return f"has quotes that do not fit; {advice}"


def _quoted(text: str, dialect: Dialect) -> Iterator[tuple[int, int, bool]]:
    """Yield where cells in quotes begin and end, and whether they are closed."""
    quote, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    cell = re.compile(
        f" *(?P<opened>{quote})[^{quote}]*(?:{quote}{quote}[^{quote}]*)*(?P<closed>{quote})?|[^{delimiter}\r\n]*"
    )
    at = 0
    while at < len(text):
        match = cell.match(text, at)
        if match is None:  # pragma: no cover - the pattern matches nothing too
            return
        if match["opened"]:
            yield match.start("opened"), match.end(), bool(match["closed"])
        at = match.end() + 1


def _line(text: str, at: int) -> int:
    return len(re.findall(r"\r\n|\r|\n", text[:at])) + 1


def _line_ends(text: str) -> Iterable[str]:
    kinds = [name for end, name in _ENDS.items() if end in (text if end == "\r\n" else text.replace("\r\n", ""))]
    return [f"line ends {' and '.join(kinds)}"] if kinds not in ([], ["LF"], ["CR LF"]) else []
