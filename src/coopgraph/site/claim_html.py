"""Names and claims as HTML: most of a site consists of these few pieces, so no template is run for them.

They are as short as HTML allows: attributes without quotes, and no end tags where the next tag ends an element.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coopgraph.site.claim_rows import Citation, ClaimRow
    from coopgraph.site.view import Name
    from coopgraph.site.words import Words


_BARE = re.compile(r"[\w.~/#:%-]+", re.ASCII)
"""What may stand as the value of an attribute without quotes."""


_TURNS = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]"
)
"""What runs from right to left, or has its neighbours do so."""


def isolated(text: str) -> Markup:
    """Return a text in HTML, kept from turning its neighbours round where it runs from right to left."""
    if text.isascii() or not _TURNS.search(text):
        return escape(text)
    return Markup(f"<bdi>{escape(text)}</bdi>")  # noqa: S704 - all is escaped


def name(it: Name) -> Markup:
    """Return a name, as a link where it leads to something."""
    if not it.href:
        return plain(it)
    return Markup(f"<a href={_value(it.href)}{_lang(it.lang)}>{isolated(it.text)}</a>")  # noqa: S704


def _value(text: str) -> str:
    """Return a text as the value of an attribute."""
    return text if _BARE.fullmatch(text) else f'"{escape(text)}"'


def plain(it: Name) -> Markup:
    """Return the text of a name."""
    if not it.lang:
        return isolated(it.text)
    return Markup(f"<span{_lang(it.lang)}>{isolated(it.text)}</span>")  # noqa: S704


def _lang(tag: str) -> str:
    return f" lang={_value(tag)}" if tag else ""


def names(several: Iterable[Name], t: Words) -> Markup:
    """Return names parted by commas."""
    return Markup(t("comma")).join([name(it) for it in several])  # noqa: S704 - a text of our own


def status(mark: str, label: Name) -> Markup:
    """Return a status, as word and mark."""
    return Markup(f"<b class={mark}{_lang(label.lang)}>{isolated(label.text)}</b>")  # noqa: S704


def says(sentence: Sequence[Name]) -> Markup:
    """Return the sentence of a claim, its names as links."""
    return Markup(f"<p class=says>{_sentence(sentence)}")  # noqa: S704


def _sentence(sentence: Sequence[Name]) -> str:
    return "".join([name(part) for part in sentence])


def facts(it: ClaimRow, t: Words) -> Markup:
    """Return what is known of a claim beside what it says: status, time, speakers, and how it stands among others."""
    return Markup(f"<p class=facts>{_known(it, t)}")  # noqa: S704


def _known(it: ClaimRow, t: Words) -> str:
    parts: list[str] = [status(it.mark, it.status)]
    parts += [plain(it.change)] if it.change.text else []
    parts += [isolated(text) for text in (it.times, *it.notes) if text]
    parts += [names(it.fields, t)] if it.fields else []
    for word, several in (("statedBy", it.speakers), ("statedAt", it.occasions), ("relayedBy", it.relayers)):
        parts += [f"{escape(t(word))} {names(several, t)}"] if several else []
    parts += [_standing(it)] if it.standing else []
    return " · ".join(parts)


def _standing(it: ClaimRow) -> str:
    """Return how a claim stands among others; that it stands alone, as most do, looks like all else."""
    text = escape(it.standing_text)
    return text if it.standing == "single" else f"<span class={it.standing}>{text}</span>"


def gist(cited: Citation) -> Markup:
    """Return what a passage says: its words where the graph has them, else their gist."""
    if cited.quotation:
        return Markup(f"<q>{isolated(cited.quotation)}</q>")  # noqa: S704
    text = cited.gist
    return Markup(f"<span class=gist{_lang(text.lang)}>{isolated(text.text)}</span>" if text.text else "")  # noqa: S704


def cited(citations: Iterable[Citation], t: Words) -> Markup:
    """Return where a claim is stated: a paragraph for each passage."""
    return Markup("".join(f"\n<p class=cited>{_evidence(it, t)}" for it in citations))  # noqa: S704


def _evidence(it: Citation, t: Words) -> str:
    where = f"{name(it.source)}{escape(t('comma') + it.paragraph) if it.paragraph else ''}"
    return f"{gist(it) if it.quotation else plain(it.gist)} <cite>{where}</cite>"


def body(it: ClaimRow, t: Words) -> Markup:
    """Return what a claim says, and what is known of it: the first two paragraphs of an item of a list of claims."""
    return Markup(f"<p>{_sentence(it.sentence)}\n<p>{_known(it, t)}")  # noqa: S704


def evidence(citations: Iterable[Citation], t: Words) -> Markup:
    """Return where a claim is stated: the further paragraphs of such an item."""
    return Markup("".join(f"\n<p>{_evidence(it, t)}" for it in citations))  # noqa: S704


def brief(it: ClaimRow) -> Markup:
    """Return a claim in one line, which leads to where it is stated."""
    sentence = "".join([plain(part) for part in it.sentence])
    said = " · ".join([status(it.mark, it.status), *([escape(it.times)] if it.times else [])])
    return Markup(f"<li><a href={_value(it.href)}>{sentence}</a> <small>{said}</small>\n")  # noqa: S704
