"""A store that is brought up to date is the store that would be made anew, after whatever has changed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgraph.build import build
from coopgraph.build.report import Report
from coopgraph.claims import workspace
from coopgraph.store import current, local
from coopgraph.store.sheet_file import SheetFile
from layers import examples

_HEAD = """\
@prefix coop: <https://w3id.org/coopgraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix field: <https://w3id.org/coopgraph/id/field/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix schema: <https://schema.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix status: <https://w3id.org/coopgraph/id/status/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_TEXT = "The port and the hill work together. They hope for more.\n"
BASE = """
i:place/a a coop:Region ; skos:prefLabel "A"@en .
i:place/b a coop:City ; skos:prefLabel "B"@en .
i:place/c a coop:City ; skos:prefLabel "C"@en .
i:organisation/d a coop:Organisation ; skos:prefLabel "D"@en .
i:organisation/e a coop:Office ; skos:prefLabel "E"@en .
"""
THINGS = ["i:place/c", "i:organisation/d", "i:place/f", "i:place/g", "i:place/h"]
CLASSES = ["coop:City", "coop:Region", "coop:Organisation", "coop:Actor", "coop:Office"]
GOOD = [
    "i:place/b coop:partOf i:place/a", "i:place/c coop:partOf i:place/b", "i:place/a coop:hasPart i:place/c",
    "i:place/b coop:principalCityOf i:place/a", "i:place/b coop:cooperatesWith i:place/c",
    "i:place/c coop:cooperatesWith i:place/b", "i:place/a coop:signedWith i:place/c",
    "i:organisation/e coop:officeOf i:organisation/d", "i:organisation/e coop:locatedIn i:place/b",
    "i:organisation/d coop:hasOfficeIn i:place/b", "i:organisation/e coop:locatedIn i:place/c",
    "i:place/a coop:tradesWith i:place/b", "i:place/b coop:hasAdvantageIn field:finance",
]  # fmt: skip
BAD = ["i:place/a coop:partOf i:place/b", "i:place/a coop:officeOf i:place/b", "i:place/f coop:nowhere i:place/a"]

entities = st.tuples(
    st.sampled_from(THINGS),
    st.sampled_from(["coop:City", *CLASSES]),
    st.sampled_from(["Port", "Hill", "Lake", "Isle", "Moor"]),
    st.sampled_from(["", "", " ; schema:sameAs <http://www.wikidata.org/entity/Q1>"]),
)
claims = st.tuples(
    st.sampled_from([*GOOD * 12, *BAD]),
    st.sampled_from(["realised", "realised", "realised", "planned", "ended"]),
    st.sampled_from(["", "", " ; coop:field field:finance", " ; coop:field field:trade, field:finance"]),
)
sources = st.tuples(
    st.integers(0, 19), st.sampled_from(["2001", "2020"]), st.booleans(), st.lists(claims, min_size=1, max_size=5)
)
files = st.one_of(
    *[sources.map(lambda each: ("source", each))] * 6,
    st.lists(entities, max_size=3, unique_by=lambda each: each[0]).map(lambda each: ("entities", each)),
)
NAMES = ["one", "two", "three", "four", "five", "six"]
beginnings = st.fixed_dictionaries(dict.fromkeys(NAMES[:4], files))
edits = st.dictionaries(st.sampled_from(NAMES), st.one_of(st.none(), files), min_size=1, max_size=2)


def written(kind: str, content: Any, name: str) -> str:
    """Return a graph file of a kind; a source has one passage of its own, and may name one of another file."""
    if kind == "entities":
        blocks = [f'{iri} a {of} ; skos:prefLabel "{label}"@en{more} .' for iri, of, label, more in content]
        return _HEAD + "\n".join([*blocks, f'i:place/{name} a coop:City ; skos:prefLabel "{name}"@en .\n'])
    kept, year, licensed, stated = content
    source = name if kept else "shared"
    blocks = [
        f'i:source/{source} a coop:Source ; dcterms:title "{source}"@en ; dcterms:issued "{year}-01-01"^^xsd:date ; '
        f'coop:issuedPrecision "year" ; coop:textFile "{source}.txt" ; coop:textSha256 "{"0" * 64}"'
        + (" ; dcterms:license <https://example.org/l> ." if licensed else " ."),
        (
            f"i:passage/{name} a coop:Passage ; oa:hasSource i:source/{source} ; oa:start 0 ; oa:end 8 ; "
            f'coop:paragraph 1 ; coop:textSha256 "{"1" * 64}" ; coop:gist "They work together."@en .'
        ),
    ]
    for number, (link, status, more) in enumerate(stated):
        subject, predicate, target = link.split()
        blocks.append(
            f"i:claim/{name if kept != 1 else 'any'}-{number} a coop:Claim ; rdf:subject {subject} ; "
            f"rdf:predicate {predicate} ; rdf:object {target} ; coop:status status:{status} ; "
            f"prov:wasDerivedFrom i:passage/{name}{more} ."
        )
    return _HEAD + "\n".join(blocks) + "\n"


def put(root: Path, folder: dict[str, tuple[str, Any]]) -> None:
    """Let a workspace have these graph files and no others."""
    graphs = root / "graphs"
    graphs.mkdir(parents=True, exist_ok=True)
    (root / "coopgraph.toml").write_text('title = "Changing"\nbase = "https://example.org/id/"\n')
    for path in graphs.glob("*.ttl"):
        if path.stem not in {*folder, "base"}:
            path.unlink()
    texts = {name: written(kind, content, name) for name, (kind, content) in folder.items()}
    for name, short in {**texts, "base": _HEAD + BASE}.items():
        text = re.sub(r"\bi:(\w+/[\w-]+)", r"<https://example.org/id/\1>", short)
        path = graphs / f"{name}.ttl"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


def told(report: Report) -> tuple[Any, ...]:
    """Return what a report says of the workspace, but for how it came to know it."""
    return (report.files, report.triples, report.claims, report.entities, report.verified, report.findings,
            report.absent, report.saved, report.derived)  # fmt: skip


def held(root: Path) -> tuple[Any, ...]:
    """Return all that the store of a workspace holds: quads, state and index."""
    space = workspace.find(root)
    folder = space.store_folder
    known = current.state(folder, "state.json")
    for name in ("alone", "beside", "across"):
        known[name] = {key: sorted(found) for key, found in known[name].items() if found}
    with current.open_store(folder, space.prefixes) as store:
        quads = {str(quad) for quad in store.quads()}
        names = [store.search(text, 100) for text in ("port", "they", "s")]
        kept = SheetFile(current.generation(folder) / local.SHEETS)
        columns = {graph: kept.of(graph) for graph in store.graphs()}
        return quads, store.graphs(), known, names, columns


def anew(root: Path, aside: Path) -> tuple[Report, tuple[Any, ...] | None]:
    """Return the report and the store of a build of the same files from nothing."""
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(root, aside, ignore=shutil.ignore_patterns(".coopgraph"))
    report = build.build(workspace.find(aside))
    return report, held(aside) if report.saved else None


@settings(max_examples=examples(5))
@given(beginnings, st.lists(edits, min_size=1, max_size=4))
def test_a_store_brought_up_to_date_is_that_made_anew(
    tmp_path_factory: pytest.TempPathFactory,
    folder: dict[str, tuple[str, Any]],
    history: list[dict[str, tuple[str, Any] | None]],
) -> None:
    """After any edits the findings, graphs, derived triples, tallies, counts and index are those of a new build."""
    root, aside = tmp_path_factory.mktemp("history"), tmp_path_factory.mktemp("anew") / "w"
    for edit in [{}, *history]:
        folder = {name: each for name, each in (folder | edit).items() if each is not None}
        put(root, folder)
        report = build.build(workspace.find(root))
        fresh, store = anew(root, aside)
        assert told(report) == told(fresh)
        if store is not None:
            assert held(root) == store


def test_a_pair_is_counted_while_two_claims_stand_between_its_ends(tmp_path: Path) -> None:
    """A pair has a tally from its second claim on, whichever way round and file that is in, until one is left."""
    one, other = "i:place/b coop:cooperatesWith i:place/c", "i:place/c coop:tradesWith i:place/b"
    for stated, number in (("", None), ("r", None), ("rp", 2), ("rpp", 3), (" pp", 2), (" p", None), ("r r", 2)):
        links = {"r": (one, "realised", ""), "p": (other, "planned", "")}
        names = {name: links[kind] for name, kind in zip(NAMES, stated, strict=False) if kind != " "}
        put(tmp_path, {name: ("source", (2, "2020", False, [claim])) for name, claim in names.items()})
        assert build.build(workspace.find(tmp_path)).saved
        assert counted_pairs(tmp_path) == ({number} if number else set())
    assert held(tmp_path) == anew(tmp_path, tmp_path.with_name("anew"))[1]


def counted_pairs(root: Path) -> set[int]:
    """Return how many claims the tallies of pairs count."""
    space = workspace.find(root)
    with current.open_store(space.store_folder, space.prefixes) as store:
        text = '?tally coop:tallyBy "pair" ; coop:tallyClaims ?claims'
        return {int(row[0].value) for row in store.select(f"SELECT ?claims {{ {text} }}")}
