"""Measures of the network of claims: who is central, what hangs together, and who stands between regions.

The network is that of the entities which claims link, seen as `network.collapse` sees it: one link for each pair,
whichever way its claims run, its weight the number of these claims. Concepts are no entities: that two places are both
coastal links nobody. Nodes in and links of a thing with itself count in no measure.

- `degree`: how many others a node is linked with; `claims`: by how many claims.
- `pagerank`: Page, Brin, Motwani and Winograd (1998), links weighted by their claims, damping 0.85.
- `betweenness`: the share of shortest chains between others that a node is on, as Brandes (2001) counts them, estimated
  from `PIVOTS` starting points (Brandes and Pich, 2007); exact where there are no more nodes than that.
- `component`: number of the part of the network that a node is in, the largest is 1.
- `community`: number of the densely linked group, by the method of Louvain (Blondel et al., 2008), the largest is 1.
- `regions`: in how many regions the others lie that a node is linked with. The region of a place is the province or
  special administrative region that it is or lies in, or else the country that it lies in, where the graph knows no
  such unit of that, or else the place itself; that of an organisation, an event or an initiative is the region of its
  seat, the place where it is held or where it is based. Others have none.
- `brokerage`: how many pairs of others, in different regions and not linked with each other, a node is linked with. In
  the terms of Gould and Fernandez (1989), its roles as gatekeeper, representative and liaison taken together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, TypeAlias

from coopgraph.claims.selection import Selection
from coopgraph.rdf.terms import Literal, NamedNode, value
from coopgraph.rdf.vocab import TYPE, XSD, coop, status_iri
from coopgraph.store import class_tree, extracts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import networkx as nx
    import numpy as np
    from numpy.typing import NDArray

    from coopgraph.rdf.terms import Term
    from coopgraph.store.interface import Store

Measures: TypeAlias = "dict[str, dict[Any, float]]"
"""Measure -> node -> value, each as NetworkX's own functions give theirs."""
Pairs: TypeAlias = "dict[tuple[int, int], float]"

NAMES = ("degree", "claims", "pagerank", "betweenness", "component", "community", "regions", "brokerage")
PIVOTS = 512
"""Nodes from which shortest chains are counted. Of the twenty most central of eight thousand they find nineteen."""
_SEED = 1

_LINKS = """
PREFIX coop: <https://w3id.org/coopgraph/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?subject ?object ?status (COUNT(*) AS ?claims)
WHERE { ?claim rdf:subject ?subject ; rdf:object ?object ; coop:status ?status }
GROUP BY ?subject ?object ?status
"""
_SEATS = ("locatedIn", "basedIn", "heldIn")
_UNITS = ("Province", "SpecialAdministrativeRegion")


def network(store: Store, selection: Selection | None = None) -> nx.Graph[str]:
    """Return the collapsed network of the entities that the claims of a selection link.

    Nodes, in order of their IRIs, have `label`, `kind`, `kind_iri`, `root` and, where they have one, `region`; edges
    `weight`.
    """
    import networkx as nx

    weights: Counter[tuple[str, str]] = Counter()
    for subject, target, claims in _links(store, selection or Selection()):
        weights[min(subject, target), max(subject, target)] += claims
    terms = extracts.entities(store, {iri for pair in weights for iri in pair})
    entities = {iri: term for iri, term in sorted(terms.items()) if not term.is_concept}
    linked = {pair: claims for pair, claims in sorted(weights.items()) if pair[0] in entities and pair[1] in entities}
    ends = {iri for pair in linked for iri in pair}
    regions = _regions(store, {iri for iri in ends if entities[iri].root == "Place"})
    graph: nx.Graph[str] = nx.Graph()
    for iri, term in entities.items():
        if iri in ends:
            where = {"region": regions[iri]} if iri in regions else {}
            graph.add_node(iri, label=term.label, kind=term.kind, kind_iri=term.kind_iri, root=term.root, **where)
    graph.add_weighted_edges_from((subject, target, claims) for (subject, target), claims in linked.items())
    return graph


def _links(store: Store, selection: Selection) -> Iterator[tuple[str, str, int]]:
    """Yield subject, object and number of claims; what asks for statuses alone need not read the claims one by one."""
    if selection != Selection(statuses=selection.statuses):
        for claim in extracts.extract(store, selection).claims:
            if isinstance(claim.object, str):
                yield claim.subject, claim.object, 1
        return
    wanted = None if selection.statuses is None else {status_iri(name) for name in selection.statuses}
    for subject, target, status, claims in store.select(_LINKS):
        if not isinstance(target, Literal) and (wanted is None or value(status) in wanted):
            yield value(subject), value(target), int(value(claims))


def _regions(store: Store, places: Collection[str]) -> dict[str, str]:
    """Return the region of each thing that has one: of places, and of what has its seat in a place."""
    units, countries = _of_class(store, *_UNITS), _of_class(store, "Country")
    wholes: dict[str, list[str]] = defaultdict(list)
    parts = [(value(quad.subject), value(quad.object)) for quad in store.quads(predicate=coop("partOf"))]
    countries -= {whole for place, whole in parts if place in units}  # a country with units is told apart by these
    for place, whole in parts:
        if whole in units or whole in countries:
            wholes[place].append(whole)

    def around(place: str) -> str:
        return place if place in units else min(wholes[place], default=place) if place in wholes else place

    seats: dict[str, list[str]] = defaultdict(list)
    for name in _SEATS:
        for quad in store.quads(predicate=coop(name)):
            seats[value(quad.subject)].append(around(value(quad.object)))
    return {thing: min(regions) for thing, regions in seats.items()} | {place: around(place) for place in places}


def _of_class(store: Store, *names: str) -> set[str]:
    classes = class_tree.classes(store, *names)
    return {value(quad.subject) for name in classes for quad in store.quads(predicate=TYPE, target=NamedNode(name))}


def measure(graph: nx.Graph[Any]) -> Measures:
    """Return all measures of a NetworkX graph of any kind, in the order of its nodes.

    Parallel links and both directions of one are taken together, their `weight` (1 where there is none) added up. The
    node attribute `region` says where a node is. Each of the dicts can be given to `networkx.set_node_attributes`.
    """
    nodes = list(graph)
    if not nodes:
        return {name: {} for name in NAMES}
    place = {node: number for number, node in enumerate(nodes)}
    pairs = _pairs(graph, place)
    beside: list[set[int]] = [set() for _ in nodes]
    claims = [0.0] * len(nodes)
    for (one, other), weight in pairs.items():
        beside[one].add(other)
        beside[other].add(one)
        claims[one] += weight
        claims[other] += weight
    regions, brokerage = _brokerage(beside, pairs, [graph.nodes[node].get("region") for node in nodes])
    values: dict[str, Sequence[float]] = {
        "degree": [len(others) for others in beside],
        "claims": [int(number) if number == int(number) else number for number in claims],
        "pagerank": _pagerank(len(nodes), pairs),
        "betweenness": _betweenness(len(nodes), pairs),
        "component": _components(len(nodes), pairs),
        "community": _communities(len(nodes), pairs),
        "regions": regions,
        "brokerage": brokerage,
    }
    return {name: dict(zip(nodes, values[name], strict=True)) for name in NAMES}


def _pairs(graph: nx.Graph[Any], place: Mapping[Any, int]) -> Pairs:
    """Return the weight of each pair of nodes, by their numbers, the lower first, in sorted order."""
    weights: dict[tuple[int, int], float] = defaultdict(float)
    for subject, target, weight in graph.edges(data="weight", default=1):
        one, other = place[subject], place[target]
        if one != other:
            weights[min(one, other), max(one, other)] += weight
    return dict(sorted(weights.items()))


def _pagerank(size: int, pairs: Pairs) -> list[float]:
    import rustworkx as rx

    links = rx.PyDiGraph[int, float]()
    links.add_nodes_from(range(size))
    links.add_edges_from([(one, other, weight) for (one, other), weight in pairs.items()])
    links.add_edges_from([(other, one, weight) for (one, other), weight in pairs.items()])
    ranks = rx.pagerank(links, weight_fn=float, tol=1e-12, max_iter=1_000)
    return [ranks[number] for number in range(size)]


def _components(size: int, pairs: Pairs) -> list[int]:
    import rustworkx as rx

    links = rx.PyGraph[int, None]()
    links.add_nodes_from(range(size))
    links.add_edges_from_no_data(list(pairs))
    return _numbered(size, rx.connected_components(links))


def _communities(size: int, pairs: Pairs) -> list[int]:
    import networkx as nx

    links: nx.Graph[int] = nx.Graph()
    links.add_nodes_from(range(size))
    links.add_weighted_edges_from((one, other, weight) for (one, other), weight in pairs.items())
    return _numbered(size, nx.community.louvain_communities(links, seed=_SEED))


def _numbered(size: int, groups: Iterable[Collection[int]]) -> list[int]:
    """Return the number of the group of each node, from 1, the largest first, then that with the first node."""
    number = [0] * size
    for rank, group in enumerate(sorted(groups, key=lambda group: (-len(group), min(group))), 1):
        for node in group:
            number[node] = rank
    return number


def _brokerage(beside: Sequence[set[int]], pairs: Pairs, region: Sequence[Any]) -> tuple[list[int], list[int]]:
    """Return in how many regions a node's neighbours are, and how many unlinked pairs of different ones it joins."""
    regions, joined = [], []
    for others in beside:
        counted = Counter(region[other] for other in others if region[other] is not None)
        regions.append(len(counted))
        joined.append((counted.total() ** 2 - sum(number**2 for number in counted.values())) // 2)
    for one, other in pairs:
        if region[one] is not None and region[other] is not None and region[one] != region[other]:
            for between in beside[one] & beside[other]:
                joined[between] -= 1
    return regions, joined


def _betweenness(size: int, pairs: Pairs) -> list[float]:
    """Return the share of shortest chains that each node is on, estimated from `PIVOTS` nodes."""
    import numpy as np

    ends = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    ends = np.concatenate([ends, ends[:, ::-1]])
    ends = ends[np.argsort(ends[:, 0], kind="stable")]
    first = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends[:, 0], minlength=size), out=first[1:])
    pivots = range(size) if size <= PIVOTS else np.random.default_rng(_SEED).choice(size, PIVOTS, replace=False)
    total = np.zeros(size)
    for pivot in pivots:
        total += _dependencies(int(pivot), first, ends[:, 1])
    others = (size - 1) * (size - 2)
    shares: list[float] = (total * (size / len(pivots) / others if others else 0.0)).tolist()
    return shares


def _dependencies(start: int, first: NDArray[np.int64], target: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what share of the shortest chains from a node to each other one each node is on, summed (Brandes).

    `first` has for each node the place in `target` where its neighbours begin. All links between two distances from the
    start are looked at together.
    """
    import numpy as np

    size = len(first) - 1
    reached = np.zeros(size, dtype=bool)
    reached[start] = True
    chains = np.zeros(size)
    chains[start] = 1
    front = np.array([start])
    steps = []
    while len(front):
        degrees = first[front + 1] - first[front]
        places = np.arange(degrees.sum()) + np.repeat(first[front] - np.cumsum(degrees) + degrees, degrees)
        near, far = np.repeat(front, degrees), target[places]
        new = ~reached[far]
        near, far = near[new], far[new]
        chains += np.bincount(far, weights=chains[near], minlength=size)
        front = np.unique(far)
        reached[front] = True
        steps.append((near, far))
    share = np.zeros(size)
    for near, far in reversed(steps):
        share += np.bincount(near, weights=chains[near] / chains[far] * (1 + share[far]), minlength=size)
    share[start] = 0
    return share


COLUMNS = ("entity", "label", "class", *NAMES)


def rows(graph: nx.Graph[str], measured: Measures, by: str) -> list[list[Term]]:
    """Return a row for each node of a network, as `COLUMNS` has them, the highest value of one measure first.

    Components and communities come in the order of their numbers. Shares are rounded to six digits.
    """
    falling = by not in ("component", "community")
    values = {name: {node: float(f"{number:.6g}") for node, number in each.items()} for name, each in measured.items()}
    ordered = sorted(graph, key=lambda node: (-values[by][node] if falling else values[by][node], node))
    return [[*_named(node, graph.nodes[node]), *(_number(measured[name][node]) for name in NAMES)] for node in ordered]


def _named(node: str, attributes: Mapping[str, str]) -> tuple[Term, ...]:
    return NamedNode(node), Literal(attributes["label"]), NamedNode(attributes["kind_iri"])


def _number(number: float) -> Term:
    kind, text = ("integer", str(number)) if isinstance(number, int) else ("double", f"{number:.6g}")
    return Literal(text, datatype=NamedNode(XSD + kind))


def summary(graph: nx.Graph[Any], measured: Measures) -> dict[str, float]:
    """Return how many nodes, links, components and communities there are, and the modularity of the communities."""
    import networkx as nx

    groups: dict[float, set[Any]] = defaultdict(set)
    for node, number in measured["community"].items():
        groups[number].add(node)
    links = graph.number_of_edges()
    return {
        "nodes": len(graph),
        "links": links,
        "components": len(set(measured["component"].values())),
        "communities": len(groups),
        "modularity": round(nx.community.modularity(graph, groups.values()), 6) if links else 0.0,
    }
