"""What an extractor of documents gives: blocks of text in reading order, and what the document says of itself."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.claims import matching
from coopgraph.claims.passages import normalise
from coopgraph.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST = 200_000_000
"""Bytes of a document at most."""
LONGEST = 20_000_000
"""Characters of a text at most."""


class Block(NamedTuple):
    """A paragraph of a document as it was found, its kind, and its page from 1, or 0 where there are none."""

    text: str
    kind: str = "text"
    page: int = 0


class Facts(NamedTuple):
    """What a document says of itself; `issued` is an ISO day, exact to its precision, `language` a BCP 47 tag,
    and `license` the address of the licence that allows to quote it.
    """

    title: str | None = None
    publisher: str | None = None
    issued: str | None = None
    issued_precision: str | None = None
    language: str | None = None
    address: str | None = None
    license: str | None = None


NOTHING = Facts()
"""What a document says that says nothing of itself."""


class Content(NamedTuple):
    """What was found in a document: its media type, what read it (with version), blocks and facts.

    `text` is the text as it is where nothing has to be put together from blocks.
    """

    media_type: str
    extractor: str
    blocks: list[Block]
    facts: Facts = NOTHING
    text: str | None = None


_RADICALS = dict(
    zip(
        "⺁⺇⺌⺎⺐⺒⺓⺔⺖⺘⺙⺛⺝⺟⺠⺡⺢⺣⺤⺥⺧⺨⺩⺪⺬⺭⺯⺰⺱⺳⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
        "厂几小兀尢巳幺彑忄扌攵旡月母民氵氺灬爫爫牛犭王疋示礻糸纟罓罒羊羊羋耂肀聿月臼艹艹艹虎衤覀西见角角讠贝车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
        strict=True,
    )
)
"""Radicals of the supplement, which fonts put in place of the characters, and the characters."""
_FORMS = re.compile("[\u2e80-\u2fdf\ufb00-\ufb06\uf900-\ufaff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")


def tidy(text: str) -> tuple[str, int]:
    r"""Return the text of a block as one line, and how many characters were repaired: controls and forms of fonts.

    >>> tidy(" A\x07 \u2f9e\ufb01t\n of  two ")
    ('A 車fit of two', 3)
    """
    text, controls = _CONTROLS.subn("", text)
    text, forms = _FORMS.subn(_letters, text)
    return normalise(_BLANKS.sub(" ", text)).strip(), controls + forms


def _letters(match: re.Match[str]) -> str:
    return _RADICALS.get(match.group()) or unicodedata.normalize("NFKC", match.group())


def as_text(blocks: Iterable[Block]) -> tuple[str, list[Block], int]:
    """Return blocks as text, one a line, the blocks that show something, and how many characters were repaired.

    Raises `DataError` where the text is too long.
    """
    lines, repaired, length = [], 0, 0
    for block in blocks:
        text, number = tidy(block.text)
        if matching.is_blank(text):
            continue
        lines.append(block._replace(text=text))
        repaired += number
        length += len(text) + 1
        if length > LONGEST:
            raise DataError(f"has more than {LONGEST // 1_000_000} million characters; take a part of it")
    return "".join(f"{line.text}\n" for line in lines), lines, repaired
