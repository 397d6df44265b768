"""Where each thing has its page: IRIs to paths of files, and links that lead from one path to another."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from coopgraph.rdf.vocab import CONCEPT_KINDS, COOP, ENTITY_KINDS, ID, LANGUAGES, RECORD_KINDS, local_name

MAIN = LANGUAGES[0]
"""The language of the pages whose paths name none."""
DOWNLOADS = (
    ("download/graph.trig.gz", "trig", "application/trig"),
    ("download/graph.ttl.gz", "turtle", "text/turtle"),
    ("download/claims.csv.gz", "csv", "text/csv"),
)
"""Path, form and media type of each file with the whole graph, all of them packed."""
_LONGEST = 150
"""Bytes of a name: with its ending, the number of its page and its language it stays below 200."""
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
)
"""What no file on Windows can be called."""
_STEMS = 1 << 16
"""Stems that are remembered: pages name the same things again and again."""
_KINDS = frozenset((*ENTITY_KINDS, *RECORD_KINDS, *CONCEPT_KINDS))


def file_name(slug: str) -> str:
    """Return the name of a file that stands for a text, another for each text, without an ending.

    Small letters, digits, hyphens and signs that have no cases (Chinese ones) stay; a capital becomes `_` and its small
    letter. Whatever else there is, what is too long and what Windows keeps for itself ends in `~` and a checksum.

    >>> file_name("hong-kong"), file_name("hasOfficeIn"), file_name("香港")
    ('hong-kong', 'has_office_in', '香港')
    >>> file_name("con"), file_name("a/b")
    ('con~1143da2bc54c495c4be3', 'a-b~c14cddc033f64b9dea80')
    """
    name = "".join(map(_letter, slug))
    if name and "~" not in name and len(name.encode()) <= _LONGEST and name not in _DEVICES and name != "index":
        return name
    digest = sha256(slug.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    readable = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")[:60].strip("-")
    return f"{readable}~{digest}"


def _letter(letter: str) -> str:
    if letter in "abcdefghijklmnopqrstuvwxyz0123456789-":
        return letter
    if letter == "_":
        return "__"
    if letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        return f"_{letter.lower()}"
    return letter if unicodedata.category(letter) == "Lo" and _is_stable(letter) else "~"


def _is_stable(letter: str) -> bool:
    """Say whether no file system takes a letter for another."""
    return all(unicodedata.normalize(form, letter) == letter for form in ("NFC", "NFD", "NFKC", "NFKD"))


def slug(name: str) -> str | None:
    """Return the text that a name of a file stands for, None where only its checksum is left of it.

    >>> slug("has_office_in"), slug("a__b"), slug("con~1143da2bc54c495c4be3")
    ('hasOfficeIn', 'a_b', None)
    """
    text = re.sub(r"_(.)", lambda match: "_" if match[1] == "_" else match[1].upper(), name)
    return text if file_name(text) == name else None


class Addresses:
    """The stems of the pages of things: paths without language, page number and ending.

    `base` is that of the workspace's own identifiers; the bundled concepts and terms stand in the same tree.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self.stem = lru_cache(_STEMS)(self._stem)

    def _stem(self, iri: str) -> str:
        """Return the stem of a thing's page, another for each IRI.

        >>> here = Addresses("https://example.org/id/")
        >>> here.stem("https://example.org/id/place/hong-kong")
        'id/place/hong-kong'
        >>> here.stem("https://w3id.org/coopgraph/id/field/trade")
        'id/field/trade'
        >>> here.stem("https://w3id.org/coopgraph/ontology#City")
        'ontology/_city'
        """
        if iri.startswith(COOP):
            return f"ontology/{file_name(iri.removeprefix(COOP))}"
        for base in (self._base, ID):
            kind, parted, rest = iri.removeprefix(base).partition("/")
            if iri.startswith(base) and parted and kind in _KINDS and base == self._namespace(kind):
                return f"id/{kind}/{file_name(rest)}"
        return f"id/other/{_unlike_others(iri)}"

    def iri(self, stem: str) -> str | None:
        """Return the IRI of the thing that would have its page there; None where the path itself does not tell."""
        folder, _, name = stem.rpartition("/")
        text = slug(name)
        if text is None:
            return None
        if folder == "ontology":
            return COOP + text
        kind = folder.removeprefix("id/")
        return f"{self._namespace(kind)}{kind}/{text}" if folder == f"id/{kind}" and kind in _KINDS else None

    def _namespace(self, kind: str) -> str:
        return ID if kind in CONCEPT_KINDS else self._base


def _unlike_others(iri: str) -> str:
    """Return a name that says how an IRI ends, and that no other IRI has."""
    readable = re.sub(r"[^a-z0-9]+", "-", local_name(iri).lower()).strip("-")[:60].strip("-")
    return f"{readable}~{sha256(iri.encode()).hexdigest()[:20]}"


@dataclass(frozen=True, slots=True)
class Place:
    """A path taken apart: stem, number of the page, language and ending."""

    stem: str
    page: int = 1
    language: str = MAIN
    ending: str = "html"

    @property
    def path(self) -> str:
        """The path of the file, without a slash before it."""
        number = f".{self.page}" if self.page > 1 else ""
        language = f".{self.language}" if self.language != MAIN else ""
        return f"{self.stem}{number}{language}.{self.ending}"


_PATH = re.compile(
    rf"(?P<stem>[^.]+)(?:\.(?P<page>[2-9]|[1-9][0-9]+))?(?:\.(?P<language>{'|'.join(LANGUAGES[1:])}))?\.(?P<ending>[a-z]+)"
)


def place(path: str) -> Place | None:
    """Return a path taken apart, None where no page of a thing can be there.

    >>> place("id/place/liaoning.2.zh-Hans.html")
    Place(stem='id/place/liaoning', page=2, language='zh-Hans', ending='html')
    """
    match = _PATH.fullmatch(path)
    if match is None or len(match["page"] or "") > 6:
        return None
    return Place(match["stem"], int(match["page"] or 1), match["language"] or MAIN, match["ending"])


def steps_up(path: str) -> str:
    """Return what leads from a path to the root of the site.

    >>> steps_up("id/place/liaoning.html"), steps_up("index.html")
    ('../../', '')
    """
    return "../" * path.count("/")


def relative(start: str, goal: str) -> str:
    """Return the link that leads from one path to another, percent-encoded; both without a slash before them.

    It is the same from all paths in a folder, and among the things of all kinds, so that a claim once written can stand
    on many pages.

    >>> relative("id/place/liaoning.html", "id/source/note.html#claim-1"), relative("index.html", "id/place/香港.html")
    ('../source/note.html#claim-1', 'id/place/%E9%A6%99%E6%B8%AF.html')
    >>> relative("search/index.html", "search/index.html")
    '../search/index.html'
    """
    up = steps_up(start)
    if start.startswith(_THINGS) and goal.startswith(_THINGS):
        up, goal = up.removeprefix("../"), goal.removeprefix(_THINGS)
    return up + quote(goal, safe="/~#")


_THINGS = "id/"
"""The folder of entities, concepts and records, with a folder for each kind."""
