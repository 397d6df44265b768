"""Claims as a NetworkX graph whose edge keys are claim IRIs, and its collapsed view, one edge a pair."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx

from coopgraph.claims.collector import without_collector
from coopgraph.claims.model import Claim, Extract, gist
from coopgraph.rdf.vocab import local_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


def to_networkx(extracted: Extract) -> nx.MultiDiGraph[str]:
    """Return the claims that link two IRIs as a `MultiDiGraph`: nodes are IRIs, edge keys claim IRIs.

    Nodes have `label, kind, root, names` (the other names); edges `predicate, label, group, status, fields, speakers,
    occasions, relayers, sources, roots, passages, paragraphs` (tuples), `gist`, and where dated `valid_from, valid_to,
    first_year, last_year`. The roots of sources are the documents that these repeat, themselves where they repeat none.
    Concepts (fields, functions, features) are nodes too: `root` tells them apart. Observations have no second node, so
    they are not in.
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title=extracted.title)
    links = [claim for claim in extracted.claims if isinstance(claim.object, str)]
    nodes = sorted({iri for claim in links for iri in (claim.subject, str(claim.object))})
    for iri in nodes:
        term = extracted.terms[iri]
        graph.add_node(iri, label=term.label, kind=term.kind, root=term.root, names=term.other_names)
    label_of = {iri: term.label for iri, term in extracted.terms.items()}
    evidence_of = {iri: (passage.paragraph, gist(passage)) for iri, passage in extracted.passages.items()}
    roots_of = {iri: extracted.roots(iri) for iri, source in extracted.sources.items() if source.origins}
    with without_collector():
        for claim in links:
            attributes = _edge(claim, label_of, evidence_of)
            attributes["roots"] = _roots(claim.sources, roots_of) if roots_of else claim.sources
            graph.add_edge(claim.subject, str(claim.object), claim.iri, **attributes)
    return graph


def _roots(sources: tuple[str, ...], roots_of: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    return tuple(sorted({root for iri in sources for root in roots_of.get(iri, (iri,))}))


def _edge(
    claim: Claim, label_of: Mapping[str, str], evidence_of: Mapping[str, tuple[int | None, str]]
) -> dict[str, Any]:
    """Return the attributes of a claim, given the label of each term, and paragraph and gist of each passage."""

    def labels(iris: tuple[str, ...]) -> tuple[str, ...]:
        return tuple([label_of[iri] for iri in iris])

    evidence = [evidence_of[iri] for iri in claim.passages]
    attributes: dict[str, Any] = {
        "predicate": claim.predicate,
        "label": label_of[claim.predicate],
        "group": claim.group,
        "status": claim.status,
        "fields": labels(claim.fields) if claim.fields else (),
        "speakers": labels(claim.speakers) if claim.speakers else (),
        "occasions": labels(claim.occasions) if claim.occasions else (),
        "relayers": labels(claim.relayers) if claim.relayers else (),
        "sources": claim.sources,
        "passages": claim.passages,
        "paragraphs": tuple([paragraph for paragraph, _ in evidence if paragraph is not None]),
        "gist": " / ".join([text for _, text in evidence if text]),
    }
    if claim.valid_from or claim.valid_to:
        first, last = claim.years
        dated = {"valid_from": claim.valid_from, "valid_to": claim.valid_to, "first_year": first, "last_year": last}
        attributes |= {name: value for name, value in dated.items() if value is not None}
    return attributes


def collapse(graph: nx.MultiDiGraph[str], *, directed: bool = False) -> nx.Graph[str]:
    """Return one weighted edge for each pair of nodes: an undirected `Graph`, or a `DiGraph` when `directed`.

    Edges have `weight` (= `n_claims`), `n_claims`, `n_sources`, `n_independent` (sources that repeat one another
    count once), `statuses` (sorted tuple) and, where any is dated, `first_year` and `last_year`.
    """
    collapsed: nx.Graph[str] = nx.DiGraph(**graph.graph) if directed else nx.Graph(**graph.graph)
    collapsed.add_nodes_from(graph.nodes(data=True))
    pairs: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for subject, target, data in graph.edges(data=True):
        pairs[(subject, target) if directed or subject <= target else (target, subject)].append(data)
    for (subject, target), claims in pairs.items():
        collapsed.add_edge(subject, target, **_summary(claims))
    return collapsed


def _summary(claims: Collection[Mapping[str, Any]]) -> dict[str, Any]:
    years = [year for claim in claims for name in ("first_year", "last_year") if (year := claim.get(name)) is not None]
    return {
        "weight": len(claims),
        "n_claims": len(claims),
        "n_sources": len({source for claim in claims for source in claim["sources"]}),
        "n_independent": len({root for claim in claims for root in claim["roots"]}),
        "statuses": tuple(sorted({claim["status"] for claim in claims})),
        **({"first_year": min(years), "last_year": max(years)} if years else {}),
    }


class Step(NamedTuple):
    """One link of a path: the IRIs of its two ends, and the claims between these in either direction."""

    start: str
    goal: str
    claims: tuple[Claim, ...]

    def __repr__(self) -> str:
        return f"<Step {local_name(self.start)} – {local_name(self.goal)}: {len(self.claims)} claims>"


class Path(tuple[Step, ...]):
    """How two entities are linked: steps from the one to the other."""

    __slots__ = ()

    def __repr__(self) -> str:
        stations = [self[0].start, *(step.goal for step in self)] if self else []
        return f"<Path {' – '.join(map(local_name, stations))}>"


def chains(extracted: Extract, start: str, goal: str) -> Iterator[Path]:
    """Yield the paths that link two entities, the shortest first.

    Paths of equal length come in the order of their nodes' IRIs. Concepts are no stations: that two places are both
    coastal links nobody.
    """
    between: dict[frozenset[str], list[Claim]] = defaultdict(list)
    for claim in extracted.claims:
        ends = frozenset((claim.subject, str(claim.object))) if isinstance(claim.object, str) else frozenset()
        if len(ends) == 2 and not any(extracted.terms[iri].is_concept for iri in ends):
            between[ends].append(claim)
    graph: nx.Graph[str] = nx.Graph([(min(ends), max(ends)) for ends in sorted(between, key=sorted)])
    if start not in graph or goal not in graph or not nx.has_path(graph, start, goal):
        return
    for nodes in nx.shortest_simple_paths(graph, start, goal):
        steps = pairwise(nodes)
        yield Path(Step(one, other, tuple(between[frozenset((one, other))])) for one, other in steps)
