"""Names and claims as HTML: most of a site consists of these few pieces, so no template is run for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coopgraph.site.claim_rows import Citation, ClaimRow
    from coopgraph.site.view import Name
    from coopgraph.site.words import Words


def name(it: Name) -> Markup:
    """Return a name, as a link where it leads to something."""
    if not it.href:
        return plain(it)
    return Markup(f'<a href="{escape(it.href)}"{_lang(it.lang)}>{escape(it.text)}</a>')  # noqa: S704 - all is escaped


def plain(it: Name) -> Markup:
    """Return the text of a name."""
    if not it.lang:
        return escape(it.text)
    return Markup(f"<span{_lang(it.lang)}>{escape(it.text)}</span>")  # noqa: S704


def _lang(tag: str) -> str:
    return f' lang="{escape(tag)}"' if tag else ""


def names(several: Iterable[Name], t: Words) -> Markup:
    """Return names parted by commas."""
    return Markup(t("comma")).join([name(it) for it in several])  # noqa: S704 - a text of our own


def status(mark: str, label: Name) -> Markup:
    """Return a status, as word and mark."""
    return Markup(f'<b class="{mark}"{_lang(label.lang)}>{escape(label.text)}</b>')  # noqa: S704


def says(sentence: Sequence[Name]) -> Markup:
    """Return the sentence of a claim, its names as links."""
    return Markup(f'<p class="says">{"".join([name(part) for part in sentence])}</p>')  # noqa: S704


def facts(it: ClaimRow, t: Words) -> Markup:
    """Return what is known of a claim beside what it says: status, time, speakers, and how it stands among others."""
    parts = [f"<span>{plain(it.change)}</span>"] if it.change.text else []
    parts += [f"<span>{escape(text)}</span>" for text in (it.times, *it.notes) if text]
    parts += [f"<span>{names(it.fields, t)}</span>"] if it.fields else []
    for word, several in (("statedBy", it.speakers), ("statedAt", it.occasions), ("relayedBy", it.relayers)):
        parts += [f"<span>{escape(t(word))} {names(several, t)}</span>"] if several else []
    parts += [f'<span class="{it.standing}">{escape(it.standing_text)}</span>'] if it.standing else []
    return Markup(f'<p class="facts">{status(it.mark, it.status)} {" ".join(parts)}</p>')  # noqa: S704


def gist(cited: Citation) -> Markup:
    """Return what a passage says: its words where the graph has them, else their gist."""
    if cited.quotation:
        return Markup(f"<q>{escape(cited.quotation)}</q>")  # noqa: S704
    text = cited.gist
    return Markup(f'<span class="gist"{_lang(text.lang)}>{escape(text.text)}</span>' if text.text else "")  # noqa: S704


def cited(citations: Iterable[Citation], t: Words) -> Markup:
    """Return where a claim is stated: a paragraph for each passage."""
    return Markup("").join(
        Markup(  # noqa: S704
            f'\n<p class="cited">{gist(it)} <cite>{name(it.source)}</cite>'
            f"{escape(t('comma') + it.paragraph) if it.paragraph else ''}</p>"
        )
        for it in citations
    )


def body(it: ClaimRow, t: Words) -> Markup:
    """Return what a claim says, and what is known of it."""
    return says(it.sentence) + Markup("\n") + facts(it, t)


def brief(it: ClaimRow) -> Markup:
    """Return a claim in one line, which leads to where it is stated."""
    sentence = "".join([plain(part) for part in it.sentence])
    times = f" <span>{escape(it.times)}</span>" if it.times else ""
    said = f'<span class="facts">{status(it.mark, it.status)}{times}</span>'
    return Markup(f'<li><a href="{escape(it.href)}">{sentence}</a> {said}</li>\n')  # noqa: S704
