"""The files of a site that are about all of the graph: downloads, indexes, the feed, and what machines look for."""

from __future__ import annotations

import json
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from coopgraph.ask.view import View
from coopgraph.claims.model import best_label
from coopgraph.export import rdf_formats, sorted_rdf
from coopgraph.network import reduce
from coopgraph.rdf.printable import for_xml
from coopgraph.rdf.terms import Literal, NamedNode, Quad
from coopgraph.rdf.vocab import CONCEPT_CLASSES, KIND_CLASSES, LANGUAGES, STANDARD, TYPE
from coopgraph.site import downloads, facts, hosts, question_pages, runs
from coopgraph.site.addresses import DOWNLOADS, MAIN, Place
from coopgraph.site.view import View as PageView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from coopgraph.claims.model import Claim, Entity, Extract, Labels
    from coopgraph.site.content import Content

_FEED = 50
"""Claims in the feed."""
_WHOLE, _DRAWN = 2_000, 300
"""Links up to which all are drawn, and in the picture of a larger network: those of the strongest pairs."""


def files(site: Content) -> Mapping[str, Callable[[], bytes]]:
    """Return path -> what gives the bytes of the file there."""
    made: dict[str, Callable[[Content], bytes]] = {
        "-/search.json.gz": _search,
        "-/terms.json": _terms,
        "-/questions.json.gz": lambda site: _packed(_json(question_pages.bound_texts(site))),
        "-/network.html": _network,
        "-/network.svg": _picture,
        "feed.atom": _feed,
        "robots.txt": _robots,
        "void.ttl": void,
        ".well-known/void": void,
        ".nojekyll": lambda _: b"",
        **hosts.FILES,
    }
    for path in (downloads.STORE, *(path for path, _, _ in DOWNLOADS)):
        made[path] = partial(_download, path=path)
    return {path: partial(make, site) for path, make in made.items()}


def _download(site: Content, path: str) -> bytes:
    with site.packed() as made:
        return made.file(path)


def _packed(content: bytes) -> bytes:
    return runs.packed([runs.run("", content)])


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _search(site: Content) -> bytes:
    """Return the index of names: stem of the page, kind, and all names of each thing and source; of gists; of meanings.

    Beside all texts of one stands which of them readers of each language are shown, where that is not always the first.
    """
    things = [
        [site.addresses.stem(iri), _kind(site, iri), names, *_shown(entity.labels, names)]
        for iri, entity in site.things.items()
        for names in [list(dict.fromkeys((*_labels(entity), *entity.alt_labels)))]
    ]
    sources = [[site.addresses.stem(iri), "source", [source.title]] for iri, source in site.sources.items()]
    gists = [
        [*_where(site, iri), gists, *_shown(passage.gist, gists)]
        for iri, passage in site.extract.passages.items()
        for gists in [list(dict.fromkeys(passage.gist.values()))]
    ]
    definitions = [
        [texts, *_shown(labels, texts)]
        for labels in (facts.definitions(iri, site) for iri in sorted(site.terms_of_ontology))
        for texts in [list(dict.fromkeys(labels.values()))]
        if texts
    ]
    return _packed(_json({"names": [*things, *sources], "gists": gists, "definitions": definitions}))


def _kind(site: Content, iri: str) -> str:
    """Return the kind of parameters that a thing can be given for."""
    if iri in site.terms_of_ontology:
        return "relation" if iri in site.relations else "class"
    root = site.things[iri].root
    return _KINDS.get(root, "concept" if root in CONCEPT_CLASSES else "entity")


_KINDS = {root: kind for kind, (root, *more) in KIND_CLASSES.items() if root in CONCEPT_CLASSES and not more}


def _shown(labels: Labels, texts: list[str]) -> list[list[int]]:
    """Return which of some texts readers of each language are shown, chosen as on pages."""
    if not labels:
        return []
    shown = [texts.index(best_label(labels, "", language)) for language in LANGUAGES]
    return [shown] if any(shown) else []


def _labels(entity: Entity) -> list[str]:
    """Return the labels of a thing, the ones for readers of the three languages first."""
    known = [entity.labels[tag] for tag in ("en", "zh-hans", "zh-hant") if tag in entity.labels]
    return list(dict.fromkeys((*known, *entity.labels.values())))


def _where(site: Content, iri: str) -> list[Any]:
    stem, page, anchor = site.place_of_passage(site.extract.passages[iri])
    return [stem, page, anchor]


def _terms(site: Content) -> bytes:
    """Return what the editor of queries completes: prefixes, and all that the index of names has, in its order."""
    short = PageView(site, Place("sparql")).short
    terms = [[short(iri), entity.label, entity.kind] for iri, entity in site.things.items()]
    terms += [[short(iri), source.title, "Source"] for iri, source in site.sources.items()]
    questions = [[q.name, q.summary, q.sparql] for q in site.questions.values() if not q.parameters]
    return _json({"prefixes": dict(sorted(site.store.prefixes.items())), "terms": terms, "questions": questions})


def _network(site: Content) -> bytes:
    return drawn(site).html().encode()


def _picture(site: Content) -> bytes:
    return drawn(site).svg().encode()


def drawn(site: Content) -> View:
    """Return the picture of the network: of a large one the strongest pairs."""
    return site.once(("picture",), lambda: _chosen(site))


def _chosen(site: Content) -> View:
    links = _links(site.extract)
    if links <= _WHOLE:
        return View(site.extract, site.workspace.own_file("story.toml"), MAIN, fates=site.fates)
    chosen = reduce.strongest(site.extract, _DRAWN)
    return View(chosen, None, MAIN, fates=site.fates, part=(_links(chosen), links))


def _links(extract: Extract) -> int:
    return sum(map(extract.is_link, extract.claims))


def _feed(site: Content) -> bytes:
    """Return the claims of the latest sources as an Atom feed (RFC 4287)."""
    newest = next((s.issued for s in site.sources.values() if s.issued), None)
    head = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        f"<title>{_text(site.workspace.title)}</title>",
        f"<id>{_text(site.address)}feed.atom</id>",
        f"<updated>{_moment(newest)}</updated>",
        f"<author><name>{_text(site.workspace.title)}</name></author>",
        f'<link rel="self" href={quoteattr(f"{site.address}feed.atom")}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(site.address)}/>',
    ]
    entries = [line for claim in site.latest[:_FEED] for line in _entry(site, claim)]
    return ("\n".join((*head, *entries, "</feed>")) + "\n").encode()


def _entry(site: Content, claim: Claim) -> Iterator[str]:
    from coopgraph.ask import sentences

    stem, page, anchor = site.place_of(claim)
    link = f"{site.address}{Place(stem, page).path}#{anchor}"
    source = site.sources[claim.sources[0]] if claim.sources else None
    yield "<entry>"
    yield f"<title>{_text(sentences.triple(claim, site.extract))}</title>"
    yield f"<id>{_text(claim.iri)}</id>"
    yield f"<updated>{_moment(source.issued if source else None)}</updated>"
    yield f'<link rel="alternate" type="text/html" href={quoteattr(link)}/>'
    yield f"<summary>{_text(sentences.line(claim, site.extract))}</summary>"
    yield "</entry>"


def _moment(day: str | None) -> str:
    """Return a day as Atom wants a moment; without one, the beginning of an era."""
    return f"{day}T00:00:00Z" if day and len(day) == 10 else "1970-01-01T00:00:00Z"


def _text(text: str) -> str:
    return escape(for_xml(text, "\ufffd"))


def _robots(site: Content) -> bytes:
    lines = ("User-agent: *", "Disallow: /*?", f"Sitemap: {site.address}sitemap.xml")
    return ("\n".join(lines) + "\n").encode()


def void(site: Content, endpoint: str = "") -> bytes:
    """Return what VoID and DCAT say of the graph, where its files are, and what address answers SPARQL, if one does."""
    quads = list(site.description)
    node = NamedNode(f"{site.workspace.base}dataset")
    for path, _, kind in DOWNLOADS:
        quads += _distribution(node, f"{site.address}{path}", kind)
    quads.append(Quad(node, NamedNode(STANDARD["dcat"] + "landingPage"), NamedNode(site.address)))
    if endpoint:
        quads.append(Quad(node, NamedNode(STANDARD["void"] + "sparqlEndpoint"), NamedNode(endpoint)))
    out = StringIO()
    prefixes = {name: space for name, space in site.store.prefixes.items() if "." not in name}
    sorted_rdf.write(rdf_formats.WRITERS["turtle"](prefixes), [("", quads)], out)
    return out.getvalue().encode()


def _distribution(dataset: NamedNode, address: str, kind: str) -> list[Quad]:
    dcat, node = STANDARD["dcat"], NamedNode(address)
    return [
        Quad(dataset, NamedNode(dcat + "distribution"), node),
        Quad(dataset, NamedNode(STANDARD["void"] + "dataDump"), node),
        Quad(node, NamedNode(TYPE), NamedNode(dcat + "Distribution")),
        Quad(node, NamedNode(dcat + "downloadURL"), node),
        Quad(node, NamedNode(dcat + "mediaType"), Literal(kind)),
    ]
