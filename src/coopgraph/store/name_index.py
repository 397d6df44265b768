"""An index of names and gists, so that a part of one is found without reading all of them.

Two tables in one SQLite file, `names` (labels, titles, codes) and `gists`. Beside each stands the list of the rows that
have a trigram of the folded text; two marks at the end make every character of a text the first of a trigram, so that
texts of one or two characters, which say much in Chinese, are found as beginnings of trigrams.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.rdf.terms import Literal, NamedNode
from coopgraph.rdf.vocab import ALT_LABEL, LABEL, PREF_LABEL, STANDARD, coop
from coopgraph.store.sqlite_file import SqlFile

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from coopgraph.rdf.terms import Triple

Row = tuple[str, str, str]
"""IRI of a thing, kind of the text, text."""

GIST = "gist"
KINDS = {
    PREF_LABEL: "prefLabel",
    ALT_LABEL: "altLabel",
    LABEL: "label",
    STANDARD["dcterms"] + "title": "title",
    coop("iso3166"): "iso3166",
    coop("gist"): GIST,
}
"""The properties whose texts are indexed, and how a hit calls each; all but a gist are names of the thing."""


class Hit(NamedTuple):
    """A thing that was found, and the name or gist that has the text."""

    iri: str
    kind: str
    text: str


def fold(text: str) -> str:
    """Return a text as it is compared: case, accents, width, ligatures, hidden signs and runs of blanks do not matter.

    >>> fold("ＨＫＴＤＣ  Office"), fold("São Tomé"), fold("Łódź–Straße"), fold("İzmir") == fold("ızmır")
    ('hktdc office', 'sao tome', 'lodz-strasse', True)
    """
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFC", text.translate(_FOLDED)).split())


class _Folded(dict[int, str]):
    """Code point -> the letters that it counts as, worked out when a letter is first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = letters = letter.lower() if letter.isascii() else _letters(letter)
        return letters


_FOLDED = _Folded()
_LIKE_LATIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that Unicode does not take apart, and that people without the keyboard for them type so."""
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
"""Marks that can be left out in writing: accents, and the vowels of Hebrew and Arabic; those of India are letters."""


def _letters(letter: str) -> str:
    category = unicodedata.category(letter)
    if (category in _CONTROLS and not letter.isspace()) or letter in _HIDDEN:
        return ""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    plain = _ACCENTS.sub("", parts).translate(_LIKE_LATIN)
    if any(unicodedata.category(each) not in _WORDS for each in plain):
        from coopgraph.claims.matching import ALIKE

        plain = "".join(ALIKE.get(each, each) for each in plain)
    return unicodedata.normalize("NFC", plain)


_CONTROLS = ("Cc", "Cf")
_WORDS = ("Lo", "Ll", "Lu", "Mn", "Nd")
"""Categories of Unicode in which there are no quotation marks and no dashes."""
_HIDDEN = frozenset(
    map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0, *range(0x180B, 0x1810)))
) | frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000))))
"""Characters that show nothing, besides controls and signs of format."""


def matches(wanted: str, folded: str) -> bool:
    """Say whether a folded text has what is wanted, which is folded too; an empty text is in none.

    >>> matches(fold("Kong"), fold("Hong Kong")), matches(fold("港"), fold("香港")), matches("", "hong kong")
    (True, True, False)
    """
    return bool(wanted) and wanted in folded


def ranked(rows: Iterable[Row], text: str, limit: int) -> list[Hit]:
    """Return the things of which a text in `rows` matches, each once, as the index does: the measure of every search.

    The name itself comes first, then names that begin with the text, names that have it, and gists; within these by
    folded text and IRI.

    >>> hits = ranked([("x:a", "label", "Export"), ("x:b", "label", "port"), ("x:c", "gist", "A port.")], "Port", 2)
    >>> [hit.iri for hit in hits]
    ['x:b', 'x:a']
    """
    wanted = fold(text)
    best: dict[str, tuple[int, str, str, str, str]] = {}
    for iri, kind, name in rows:
        folded = fold(name)
        if matches(wanted, folded):
            place = 2 if kind == GIST else 0 if folded.startswith(wanted) else 1
            key = (place, folded, iri, name, kind)
            best[iri] = min(best.get(iri, key), key)
    return [Hit(iri, kind, name) for _, _, iri, name, kind in sorted(best.values())[:limit]]


def rows(triples: Iterable[Triple]) -> Iterator[Row]:
    """Yield what is indexed of a graph's triples."""
    kinds = KINDS
    for triple in triples:
        kind = kinds.get(triple.predicate.value)
        if kind is not None:
            thing, text = triple.subject, triple.object
            if isinstance(thing, NamedNode) and isinstance(text, Literal):
                yield thing.value, kind, text.value


_SCHEMA = """
CREATE TABLE IF NOT EXISTS texts (id INTEGER PRIMARY KEY, iri TEXT, kind TEXT, text TEXT, folded TEXT);
CREATE VIRTUAL TABLE IF NOT EXISTS texts_grams USING fts5(
  folded, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1');
CREATE VIRTUAL TABLE IF NOT EXISTS texts_terms USING fts5vocab(texts_grams, instance);
"""
_GRAPHS = "CREATE TABLE IF NOT EXISTS graphs (number INTEGER PRIMARY KEY, iri TEXT UNIQUE);"
_ORDER = "CREATE INDEX IF NOT EXISTS by_name ON names (folded, iri);"

_SPAN = 32
"""Bits of a row's number that count within its graph; the graph's number stands above them."""
_COMMON = 2_000
"""Rows beyond which all texts are read in order instead of those with the trigrams: that many are soon met."""
_GRAMS = 3
_MOST_GRAMS = 32
"""Trigrams of a long text that are looked up; the text itself is compared anyway."""
_PICKED = 500
"""Rows that share most pieces with a text, of which those are taken that have few others beside them."""
_LAST = "\U0010ffff"
_END = "\n"
"""The mark after a text, which a folded text cannot hold; it also stands for NUL, at which SQLite's tokeniser stops."""


def _marked(folded: str) -> str:
    return folded.replace("\0", _END) + _END * (_GRAMS - 1)


def _cut(text: str, size: int = _GRAMS) -> list[str]:
    """Return the pieces of `size` characters in a text, of a long one some that are spread over it."""
    pieces = list(dict.fromkeys(text[start : start + size] for start in range(len(text) - size + 1)))
    return pieces[:: -(-len(pieces) // _MOST_GRAMS) or 1]


def _quoted(pieces: Iterable[str]) -> str:
    return " ".join('"{}"'.format(piece.replace('"', '""')) for piece in pieces)


class _Table:
    """One of the two tables, with its trigrams."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._name = name

    def _run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        return self._connection.execute(statement.replace("texts", self._name), values)

    def add(self, first: int, rows: Iterable[Row]) -> None:
        """Add rows, numbered from `first`."""
        numbered = [(number, *row, fold(row[2])) for number, row in enumerate(rows, first)]
        self._many("INSERT INTO texts VALUES (?, ?, ?, ?, ?)", numbered)
        self._many(
            "INSERT INTO texts_grams (rowid, folded) VALUES (?, ?)", ((row[0], _marked(row[4])) for row in numbered)
        )

    def remove(self, first: int, last: int) -> None:
        """Remove the rows with these numbers and those between them."""
        rows = self._run("SELECT id, folded FROM texts WHERE id BETWEEN ? AND ?", first, last).fetchall()
        self._many(
            "INSERT INTO texts_grams (texts_grams, rowid, folded) VALUES ('delete', ?, ?)",
            ((number, _marked(folded)) for number, folded in rows),
        )
        self._run("DELETE FROM texts WHERE id BETWEEN ? AND ?", first, last)

    def _many(self, statement: str, values: Iterable[tuple[Any, ...]]) -> None:
        self._connection.executemany(statement.replace("texts", self._name), values)

    def called(self, folded: str) -> list[str]:
        """Return the things that have exactly this folded text."""
        return [iri for (iri,) in self._run("SELECT DISTINCT iri FROM texts WHERE folded = ? ORDER BY iri", folded)]

    def beginning(self, wanted: str) -> Iterator[Hit]:
        """Yield the rows whose folded text begins so, in order."""
        rows = self._run(
            "SELECT iri, kind, text, folded FROM texts WHERE folded >= ? ORDER BY folded, iri, text, kind", wanted
        )
        for iri, kind, text, folded in rows:
            if not folded.startswith(wanted):
                return
            yield Hit(iri, kind, text)

    def having(self, wanted: str) -> Iterator[Hit]:
        """Yield the rows whose folded text has what is wanted, in order."""
        candidates = self._candidates(wanted)
        if len(candidates) > _COMMON:
            rows = self._run(
                "SELECT iri, kind, text FROM texts WHERE instr(folded, ?) ORDER BY folded, iri, text, kind", wanted
            )
        else:
            rows = self._run(
                "SELECT iri, kind, text FROM texts WHERE id IN (SELECT value FROM json_each(?))"
                " AND instr(folded, ?) ORDER BY folded, iri, text, kind",
                json.dumps(candidates),
                wanted,
            )
        return map(Hit._make, rows)

    def _candidates(self, wanted: str) -> list[int]:
        """Return the numbers of rows that may have what is wanted; of very many some, but more than `_COMMON`."""
        plain = wanted.replace("\0", _END)
        if len(plain) < _GRAMS:
            statement = "SELECT DISTINCT doc FROM texts_terms WHERE term BETWEEN ? AND ? LIMIT ?"
            rows = self._run(statement, *_span(plain), _COMMON + 1)
        else:
            statement = "SELECT rowid FROM texts_grams WHERE texts_grams MATCH ? LIMIT ?"
            rows = self._run(statement, _quoted(_cut(plain)), _COMMON + 1)
        return [number for (number,) in rows]

    def similar(self, folded: str, limit: int) -> list[Hit]:
        """Return the rows that share the largest part of their pieces with a folded text, the most alike first."""
        size = _GRAMS if folded.isascii() else _GRAMS - 1  # one sign is a larger part of a name than one letter
        pieces = _cut(_marked(folded.replace("-", " ")), size)
        shared: Counter[int] = Counter()
        for piece in pieces:
            documents = self._run("SELECT DISTINCT doc FROM texts_terms WHERE term BETWEEN ? AND ?", *_span(piece))
            shared.update(number for (number,) in documents)
        numbers = json.dumps([number for number, _ in shared.most_common(_PICKED)])
        rows = self._run(
            "SELECT id, folded, iri, kind, text FROM texts WHERE id IN (SELECT value FROM json_each(?))", numbers
        )
        alike = sorted((-shared[row[0]] / (len(pieces) + len(row[1])), *row[1:]) for row in rows)
        return [Hit(*row[2:]) for row in alike[:limit]]


def _span(start: str) -> tuple[str, str]:
    """Return the first and the last trigram that begin so."""
    return start, start + _LAST * (_GRAMS - len(start))


class TextIndex(SqlFile):
    """The index of a graph's names and gists, open to read or in the making."""

    table = "graphs"
    what = "the index of names"
    schema = "".join((_GRAPHS, *(_SCHEMA.replace("texts", name) for name in ("names", "gists")), _ORDER))

    def __init__(self, path: Path | None, *, make: bool = False) -> None:
        super().__init__(path, make=make)
        self._names, self._gists = _Table(self._connection, "names"), _Table(self._connection, "gists")

    def replace(self, graph: str, rows: Iterable[Row]) -> None:
        """Let a graph have these rows and no others."""
        names: dict[Row, None] = {}
        gists: dict[Row, None] = {}
        for row in rows:
            (gists if row[1] == GIST else names)[row] = None
        self.remove(graph)
        with self._as_data_error():
            number = self._connection.execute("INSERT INTO graphs (iri) VALUES (?)", (graph,)).lastrowid or 0
            self._names.add(number << _SPAN, names)
            self._gists.add(number << _SPAN, gists)

    def remove(self, graph: str) -> None:
        """Remove a graph's rows, if it has any."""
        with self._as_data_error():
            numbers = self._connection.execute("DELETE FROM graphs WHERE iri = ? RETURNING number", (graph,)).fetchall()
            for (number,) in numbers:
                self._names.remove(number << _SPAN, (number + 1 << _SPAN) - 1)
                self._gists.remove(number << _SPAN, (number + 1 << _SPAN) - 1)

    def named(self, text: str) -> list[str]:
        """Return the IRIs of the things that have exactly this name, sorted."""
        folded = fold(text)
        with self._as_data_error():
            return self._names.called(folded) if _writable(folded) else []

    def search(self, text: str, limit: int) -> list[Hit]:
        """Return the things that have a text in a name or gist, as `ranked` has them."""
        wanted = fold(text)
        if not wanted or not _writable(wanted):
            return []
        steps = (self._names.beginning, self._names.having, self._gists.having)
        with self._as_data_error():
            hits = (hit for step in steps for hit in step(wanted))
            best: dict[str, Hit] = {}
            while len(best) < limit and (hit := next(hits, None)):
                best.setdefault(hit.iri, hit)
        return list(best.values())

    def similar(self, text: str, limit: int) -> list[Hit]:
        """Return names that share much with a text, the most alike first: candidates for what a misspelt one means."""
        folded = fold(text)
        with self._as_data_error():
            return self._names.similar(folded, limit) if folded and _writable(folded) else []


def _writable(text: str) -> bool:
    """Say whether UTF-8 can hold a text: no text in a graph has half a character, as typed ones may."""
    try:
        return bool(text.encode()) or True
    except UnicodeEncodeError:
        return False
