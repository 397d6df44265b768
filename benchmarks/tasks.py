"""What is measured in a process of its own, so that its peak memory is its own: `python tasks.py TASK FOLDER`.

A folder holds `workspace/` (generated), `all.nq` (every quad of its store), `raw/` (a pyoxigraph store of these). A
task prints one JSON object: `seconds` of what is measured, without imports and opening, and counts.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from coopgraph.rdf import vocab
from coopgraph.rdf.terms import value

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgraph.ask.graph import CoopGraph

Result = dict[str, Any]

LINKS = """
PREFIX coop: <https://w3id.org/coopgraph/ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?claim ?subject ?object ?predicate ?status ?from ?passage ?source ?gist WHERE {
  ?claim a coop:Claim ; rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ; coop:status ?status ;
    prov:wasDerivedFrom ?passage .
  ?passage oa:hasSource ?source ; coop:gist ?gist .
  FILTER(LANG(?gist) = "en")
  OPTIONAL { ?claim coop:validFrom ?from }
}
"""


def build(folder: Path) -> Result:
    """Build the workspace from nothing."""
    from coopgraph.build import build
    from coopgraph.claims import workspace

    shutil.rmtree(folder / "workspace" / ".coopgraph", ignore_errors=True)
    start = perf_counter()
    report = build.build(workspace.find(folder / "workspace"))
    seconds, used = perf_counter() - start, os.times()
    assert report.saved, report.findings[:3]
    assert not report.findings, report.findings[:3]
    cpu = used.user + used.system + used.children_user + used.children_system
    return {"seconds": seconds, "cpu": cpu, "triples": report.triples, "derived": sum(report.derived.values())}


def rebuild(folder: Path) -> Result:
    """Change one source, and build again."""
    from coopgraph.build import build
    from coopgraph.claims import workspace

    path = max(folder.glob("workspace/graphs/**/s0*.ttl"))
    text = path.read_text(encoding="utf-8")
    former, new = ("day", "month") if 'issuedPrecision "day"' in text else ("month", "day")
    path.write_text(text.replace(f'issuedPrecision "{former}"', f'issuedPrecision "{new}"'), encoding="utf-8")
    start = perf_counter()
    assert build.build(workspace.find(folder / "workspace")).saved
    return {"seconds": perf_counter() - start}


def dump(folder: Path) -> Result:
    """Write every quad of the workspace's store to `all.nq`, for the other engines."""
    import pyoxigraph as ox

    with _graph(folder) as graph:
        start = perf_counter()
        ox.serialize(graph.store.quads(), str(folder / "all.nq"), format=ox.RdfFormat.N_QUADS)
        return {"seconds": perf_counter() - start}


def raw_build(folder: Path) -> Result:
    """Load the quads into a pyoxigraph store, in bulk and from one file."""
    import pyoxigraph as ox

    shutil.rmtree(folder / "raw", ignore_errors=True)
    start = perf_counter()
    store = ox.Store(str(folder / "raw"))
    store.bulk_load(path=str(folder / "all.nq"), format=ox.RdfFormat.N_QUADS)
    store.flush()
    return {"seconds": perf_counter() - start}


def networkx(folder: Path) -> Result:
    """Make the network of all claims."""
    from coopgraph.network import network

    assert network  # imported before the time is taken, as in the task that this is compared with
    with _graph(folder) as graph:
        start = perf_counter()
        made = graph.to_networkx()
        return {"seconds": perf_counter() - start, "edges": made.number_of_edges()}


def raw_networkx(folder: Path) -> Result:
    """Make a network of the rows of one query."""
    import networkx as nx
    import pyoxigraph as ox

    store = ox.Store.read_only(str(folder / "raw"))
    start = perf_counter()
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    made.add_edges_from(map(_edge, store.query(LINKS, use_default_graph_as_union=True)))  # type: ignore[arg-type]
    return {"seconds": perf_counter() - start, "edges": made.number_of_edges()}


def _edge(row: Any) -> tuple[str, str, str, dict[str, str]]:
    claim, subject, target, predicate, status, begin, passage, source, gist = row
    attributes = {
        "predicate": predicate.value, "status": status.value, "passage": passage.value, "source": source.value,
        "gist": gist.value, **({"from": begin.value} if begin else {}),
    }  # fmt: skip
    return subject.value, target.value, claim.value, attributes


def turtle(folder: Path) -> Result:
    """Export the graph as sorted Turtle."""
    return _export(folder, "turtle")


def nquads(folder: Path) -> Result:
    """Export the graph as N-Quads."""
    return _export(folder, "nquads")


def _export(folder: Path, form: str) -> Result:
    from coopgraph.export import export

    with _graph(folder) as graph, (folder / "export").open("w", encoding="utf-8") as out:
        start = perf_counter()
        export.export(graph.store, form, out)
        return {"seconds": perf_counter() - start}


def raw_nquads(folder: Path) -> Result:
    """Dump the store as N-Quads."""
    import pyoxigraph as ox

    store = ox.Store.read_only(str(folder / "raw"))
    start = perf_counter()
    store.dump(str(folder / "export"), format=ox.RdfFormat.N_QUADS)
    return {"seconds": perf_counter() - start}


def rdflib_forms(folder: Path) -> Result:
    """Make rdflib's network, in which every triple is an edge, and serialise the graph by rdflib's Turtle writer."""
    from rdflib.extras.external_graph_libs import rdflib_to_networkx_multidigraph

    graph = _rdflib_graph(folder)
    start = perf_counter()
    edges = rdflib_to_networkx_multidigraph(graph).number_of_edges()
    made = perf_counter()
    for prefix, namespace in vocab.prefixes().items():
        graph.bind(prefix, namespace)
    written = perf_counter()
    graph.serialize(folder / "export", format="turtle")
    return {"seconds": perf_counter() - written, "networkx_seconds": made - start, "edges": edges}


def _rdflib_graph(folder: Path) -> Any:
    from rdflib import Graph

    graph = Graph()
    plain = folder / "all.nt"
    if not plain.exists():
        import pyoxigraph as ox

        parsed = ox.parse(path=str(folder / "all.nq"), format=ox.RdfFormat.N_QUADS)
        ox.serialize((quad.triple for quad in parsed), str(plain), format=ox.RdfFormat.N_TRIPLES)
    return graph.parse(plain, format="nt")


def check_texts(folder: Path) -> Result:
    """Verify every passage against the texts: in one process from the store's sheets, and as `check` when all are new.

    `whole` is the time of all that `check` does then, on as many cores as there are.
    """
    from coopgraph.build import batches, build
    from coopgraph.build.context import BuildContext
    from coopgraph.claims import workspace
    from coopgraph.store import current, local
    from coopgraph.store.sheet_file import SheetFile

    space = workspace.find(folder / "workspace")
    context = BuildContext(space, space.texts(folder / "workspace" / "texts"))
    kept = SheetFile(current.generation(space.store_folder) / local.SHEETS)
    held = [kept.of(file.graph) for file in space.graph_files()]
    start = perf_counter()
    found = batches.compare(context, held)
    seconds = perf_counter() - start
    assert not any(outcome.faults or outcome.absent for outcome in found)
    size = sum(stamp[0] for outcome in found for stamp in outcome.texts.values())
    passages = sum(outcome.passages for outcome in found)
    for path in (folder / "workspace" / "texts").glob("*.txt"):
        os.utime(path)
    start = perf_counter()
    report = build.check(space, sources=folder / "workspace" / "texts")
    assert (report.verified, report.findings) == (passages, ())
    return {"seconds": seconds, "bytes": size, "passages": passages, "whole": perf_counter() - start}


def labels(folder: Path) -> Result:
    """Find things by their whole names, English and Chinese, and by parts of these.

    `seconds` is the median of a name looked up, `searched` that of a part of a name searched in names and gists.
    """
    from coopgraph.ask import names
    from coopgraph.rdf.vocab import PREF_LABEL

    with _graph(folder) as graph:
        named = (quad for quad in graph.store.quads(predicate=PREF_LABEL) if "/place/" in value(quad.subject))
        known = [value(quad.object) for quad in islice(named, 0, 4000, 200)]
        whole = [_timed(lambda: names.resolve(graph.store, label, "any")) for label in known]  # noqa: B023 - run at once
        parts = [_timed(lambda: names.search(graph.store, label[:3], 20)) for label in known]  # noqa: B023
        return {
            "seconds": median(whole), "slowest": max(whole), "searched": median(parts), "slowest_searched": max(parts)
        }  # fmt: skip


def _timed(do: Callable[[], object]) -> float:
    start = perf_counter()
    do()
    return perf_counter() - start


def measures(folder: Path) -> Result:
    """Measure the network of all claims: PageRank, betweenness, components, communities, brokers."""
    with _graph(folder) as graph:
        start = perf_counter()
        found = graph.measures()
        return {"seconds": perf_counter() - start, "entities": len(found["pagerank"])}


def landmarks(folder: Path) -> Result:
    """Choose what the questions ask about, by the names of their parameters.

    `a` is the most linked place and `b` one that a dozen claims link with it; the others are of middling degree (50).
    """
    import pyoxigraph as ox

    store = ox.Store.read_only(str(folder / "raw"))
    rows = list(store.query(LINKS, use_default_graph_as_union=True))  # type: ignore[arg-type]
    pairs = [(row["subject"].value, row["object"].value) for row in rows]
    degree = Counter(iri for pair in pairs for iri in pair if "/id/" in iri)
    hub = max((iri for iri in degree if "/place/" in iri), key=lambda iri: (degree[iri], iri))
    with_hub = Counter(iri for pair in pairs if hub in pair for iri in pair if iri != hub and "/place/" in iri)
    stated_by = ox.NamedNode(vocab.coop("statedBy"))
    spoken = Counter(
        value(quad.object) for quad in store.quads_for_pattern(None, stated_by, None) if "/person/" in str(quad)
    )
    owners = {row["object"].value for row in rows if row["predicate"].value == vocab.coop("officeOf")}
    place = _middling(degree, "/place/")
    published = store.quads_for_pattern(None, ox.NamedNode(vocab.STANDARD["dcterms"] + "publisher"), None)
    publishers = sorted({value(quad.object) for quad in published})
    return {
        "a": hub,
        "b": _middling(with_hub, "", 12),
        "entity": place,
        "place": place,
        "region": min(iri for iri in degree if iri.endswith("-republic")),
        "organisation": _middling(Counter({iri: degree[iri] for iri in owners}), ""),
        "initiative": _middling(degree, "/initiative/"),
        "speaker": _middling(spoken, ""),
        "source": rows[0]["source"].value,
        "passage": rows[0]["passage"].value,
        "field": f"{vocab.ID}field/trade",
        "relation": vocab.coop("hasOfficeIn"),
        "publisher": publishers[0],
        "other": publishers[-1],
        "post": _middling(degree, "/post/"),
        "about": place,
        "date": "2015-06-30",
        "text": vocab.local_name(place)[1:6],
    }


def _middling(counted: Counter[str], kind: str, wanted: int = 50) -> str:
    """Return the thing of a kind whose count is nearest to the wanted one."""
    return min((abs(count - wanted), iri) for iri, count in counted.items() if kind in iri)[1]


def _graph(folder: Path) -> CoopGraph:
    from coopgraph.ask import graph

    return graph.load(folder / "workspace")


TASKS: dict[str, Callable[[Path], Result]] = {
    task.__name__: task
    for task in (
        build, rebuild, dump, raw_build, landmarks, networkx, raw_networkx, turtle, rdflib_forms, nquads, raw_nquads,
        check_texts, labels, measures,
    )
}  # fmt: skip


if __name__ == "__main__":
    result = TASKS[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps(result | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
