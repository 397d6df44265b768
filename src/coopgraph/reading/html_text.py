"""The article of a page of HTML: its paragraphs, without menus, notices and scripts."""

from __future__ import annotations

import json
import logging
import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from coopgraph.claims import matching
from coopgraph.errors import DataError
from coopgraph.reading.content import Block, Content, Facts
from coopgraph.reading.dates import written_date
from coopgraph.reading.plain_text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding=["']([\w.-]+)""", re.IGNORECASE
)
_KINDS = {
    "head": "heading",
    "item": "list",
    "row": "table",
    "figcaption": "caption",
    "caption": "caption",
    "li": "list",
}
_KINDS |= {f"h{level}": "heading" for level in range(1, 7)} | {"tr": "table"}
_BLOCKS = ("p", "head", "item", "row", "quote", "code", "list", "table", "div", "ul", "ol", "li", "tr", "td", "section")
_CONTAINERS = "//article|//main|//*[@role='main']|//*[@itemprop='articleBody']"
_PLAIN = ".//p|.//li|.//h1|.//h2|.//h3|.//h4|.//h5|.//h6|.//tr|.//figcaption|.//blockquote[not(.//p)]"
_NOISE = "//script|//style|//noscript|//template|//nav|//footer|//aside|//form|//button|//iframe|//comment()"
_ENOUGH = 0.8
"""Share of the plain paragraphs of the article that the extraction must give; below, these are taken."""
_TOO_MUCH = 1.25
"""The same from which it has taken in the rest of the page."""
_MOST = 0.5
"""Share of the text in one element with line breaks from which these part the paragraphs of the article."""
_LARGEST = 20_000_000
"""Bytes of a page at most: its tree takes twenty times as much memory."""
_LITTLE = 400
"""Characters below which a page that asks for a password is taken for nothing else."""
_LOG_IN = "//input[translate(@type, 'PASWORD', 'pasword') = 'password']"
_DATES = (
    "//meta[@property='article:published_time' or @itemprop='datePublished']/@content",
    "//meta[@name='date' or @name='Date' or @name='pubdate' or @name='PubDate' or @name='publishdate']/@content",
    "//meta[@name='DC.date' or @name='DC.date.issued' or @name='dcterms.issued']/@content",
    "//meta[@name='citation_publication_date']/@content",
    "//time[@itemprop='datePublished' or @pubdate or contains(@class,'publish')]/@datetime",
    "//*[@itemprop='datePublished']/@content",
    "//article//time/@datetime",
)


def read(data: bytes) -> Content:
    """Return the content of a page. Raises `DataError` where it has no text of its own."""
    from lxml import etree, html

    if len(data) > _LARGEST:
        raise DataError(f"is HTML of {len(data) // 1_000_000} MB; save the article alone")
    declared = _DECLARED.search(data[:4096])
    text, _ = decode(data, next((name.decode() for name in declared.groups() if name), None) if declared else None)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\0", "")
    try:
        tree = html.document_fromstring(text)
    except (etree.ParserError, ValueError) as error:
        raise DataError("is HTML without any content; save the page anew from a browser") from error
    scripted = bool(tree.xpath("//script"))
    facts = _facts(tree)
    for element in tree.xpath("//noscript|//script|//style|//template"):
        element.drop_tree()
    blocks = _article(tree)
    _refuse_empty(tree, blocks, scripted)
    return Content("text/html", f"trafilatura {version('trafilatura')}", blocks, facts)


def _article(tree: Any) -> list[Block]:
    """Return the blocks of the article, by what finds it among the rest or, where that drops much, by plain tags."""
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    plain, broken = list(_plain_blocks(tree)), list(_broken_blocks(tree))
    extracted: Any = bare_extraction(tree, include_comments=False, favor_recall=True)
    blocks = list(_blocks(extracted.body)) if extracted is not None else []
    if _length(broken) > _MOST * _length(blocks):
        return broken
    same = {_own(block) for block in plain} == {_own(block) for block in blocks}
    share = _length(blocks) / max(_length(plain), 1)
    return plain if plain and (same or not _ENOUGH <= share <= _TOO_MUCH) else blocks


def _own(block: Block) -> str:
    return "".join(block.text.split())


def _length(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks if block.kind != "heading")


def _blocks(body: Any) -> Iterator[Block]:
    """Yield the blocks of what was extracted."""
    for element in body.iter(*_BLOCKS):
        kind = _KINDS.get(element.tag, "text")
        row = element if element.tag == "row" else next(element.iterancestors("row"), None)
        if row is not None and element is row and not _is_layout(row):
            yield Block(" | ".join(_words(cell) for cell in element.iter("cell")), kind)
        elif row is None or (_is_layout(row) and element is not row):
            for lines in _own_lines(element):
                yield Block(lines, kind)
        if element.tail and element.tail.strip() and element.getparent() is body:
            yield Block(element.tail)


def _is_layout(row: Any) -> bool:
    """Say whether a row of a table only places paragraphs on the page: one of its cells has several."""
    return any(len(cell.findall("p")) > 1 for cell in row.iter("cell"))


def _own_lines(element: Any) -> Iterator[str]:
    """Yield the text of an element without that of blocks within it, parted where line breaks follow one another."""
    pieces: list[str] = []
    _gather(element, pieces)
    yield from _parted("".join(pieces))


def _gather(element: Any, pieces: list[str]) -> None:
    pieces.append(element.text or "")
    for child in element:
        if child.tag in ("lb", "br"):
            pieces.append("\v")
        elif child.tag not in _BLOCKS and isinstance(child.tag, str):
            _gather(child, pieces)
        pieces.append(child.tail or "")


_BREAKS = re.compile(r"\v\s*\v[\s\v]*|\v[ \t\r\n]*(?=[\u3000\xa0]{2})")


def _parted(text: str) -> Iterator[str]:
    """Yield the paragraphs of a text with line breaks: two in a row part them, or one that an indent follows."""
    parts = _BREAKS.split(text)
    if (
        len(parts) == 1
        and text.count("\v") >= 2
        and all(len(line) > 60 for line in text.split("\v")[:-1] if line.strip())
    ):
        parts = text.split("\v")
    for part in parts:
        if not matching.is_blank(part):
            yield part.replace("\v", " ")


def _broken_blocks(tree: Any) -> Iterator[Block]:
    """Yield the paragraphs of the element whose own text, parted by line breaks, is the longest."""
    noise = set(tree.xpath(_NOISE))
    elements = [each for each in tree.xpath("//*[count(br) >= 2]") if noise.isdisjoint((each, *each.iterancestors()))]
    parts = (list(_own_lines(element)) for element in elements)
    longest = max(parts, key=lambda lines: sum(map(len, lines)), default=[])
    yield from map(Block, longest if len(longest) > 1 else ())


def _plain_blocks(tree: Any) -> Iterator[Block]:
    """Yield the paragraphs by their tags in the article or main part of a page, the one with the most text."""
    containers = [element for element in tree.xpath(_CONTAINERS) if not element.xpath("ancestor::nav|ancestor::footer")]
    best = max(containers, key=lambda element: len(_words(element)), default=None)
    if best is None:
        return
    noise = set(best.xpath(_NOISE.replace("//", ".//")))
    for element in best.xpath(_PLAIN):
        inner = element.xpath(".//p|.//li|.//ul") if element.tag == "li" else ()
        if inner or not noise.isdisjoint(element.iterancestors()):
            continue
        kind = _KINDS.get(element.tag, "text")
        if element.tag == "tr":
            yield Block(" | ".join(_words(cell) for cell in element.xpath("./td|./th")), kind)
        elif (
            not any(parent.tag in ("tr", "li", "blockquote") for parent in element.iterancestors())
            or element.tag == "li"
        ):
            yield from (Block(text, kind) for text in _own_lines(element))


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _refuse_empty(tree: Any, blocks: list[Block], scripted: bool) -> None:
    """Raise `DataError` where a page has no article, saying what it is instead."""
    length = sum(len(block.text.strip()) for block in blocks)
    if length < _LITTLE and tree.xpath(_LOG_IN):
        raise DataError("is a page that asks to log in; log in with a browser, and save the article itself")
    if not any(not matching.is_blank(block.text) for block in blocks):
        if scripted:
            raise DataError("has no text until its scripts run; open it in a browser, and save or copy what you read")
        raise DataError("is HTML without text; save the page anew from a browser")


def _facts(tree: Any) -> Facts:
    """Return what the head of a page says; no date is guessed from its text."""
    from trafilatura import extract_metadata

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    linked = list(_linked_data(tree))
    metadata = extract_metadata(tree, extensive=False)
    issued = next(filter(None, map(written_date, (*_texts(linked, "datePublished"), *_values(tree, _DATES)))), None)
    publisher = next(_texts(linked, "publisher"), None) or _first(tree, "//meta[@property='og:site_name']/@content")
    address = _first(tree, "//link[@rel='canonical']/@href") or _first(tree, "//meta[@property='og:url']/@content")
    return Facts(
        title=metadata.title if metadata else None,
        publisher=publisher,
        issued=issued.day if issued else None,
        issued_precision=issued.precision if issued else None,
        language=_language(tree),
        address=address if address and re.match(r"https?://", address) else None,
    )


def _language(tree: Any) -> str | None:
    tag = _first(tree, "/html/@lang") or _first(
        tree, "//meta[@http-equiv='content-language' or @http-equiv='Content-Language']/@content"
    )
    return tag if tag and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag) else None


def _values(tree: Any, paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        yield from map(str, tree.xpath(path))


def _first(tree: Any, path: str) -> str | None:
    return next((" ".join(text.split()) for text in map(str, tree.xpath(path)) if text.strip()), None)


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the records of JSON-LD that a page has, those in lists and graphs too."""
    waiting: list[Any] = []
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            waiting.append(json.loads(str(script)))
        except (ValueError, RecursionError):
            continue
    while waiting:
        record = waiting.pop(0)
        if isinstance(record, list):
            waiting += record
        elif isinstance(record, dict):
            yield record
            waiting += [record["@graph"]] if "@graph" in record else []


def _texts(records: list[dict[str, Any]], name: str) -> Iterator[str]:
    for record in records:
        value = record.get(name)
        value = value.get("name") if isinstance(value, dict) else value
        if isinstance(value, str) and value.strip():
            yield value.strip()
