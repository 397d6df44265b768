"""The W3C's tests of RDF and SPARQL, read from its manifests; where they lie is said in COOPGRAPH_W3C."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

SITE = "https://w3c.github.io/rdf-tests/"
"""Where the tests are published, which relative IRIs in them start from."""
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DEVIATIONS = tomllib.loads((Path(__file__).parent / "w3c_deviations.toml").read_text("utf-8"))
"""Folder -> name of a test -> why the outcome is another here."""
FORMATS = {
    ".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS, ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A test: its kind is the local name of its class; files are given by name of their property."""

    name: str
    kind: str
    root: Path
    action: Path
    result: Path | None = None
    data: tuple[Path, ...] = ()
    graphs: tuple[Path, ...] = ()
    lax: bool = False
    """Whether rows may come as often as they like."""

    def iri(self, path: Path) -> str:
        """Return the IRI at which a file of the tests is published."""
        return SITE + path.relative_to(self.root).as_posix()


def cases(root: Path, folder: str) -> Iterator[Case]:
    """Yield the tests of a folder in the order of their manifest; one with no class of test, or withdrawn, is none."""
    manifest = root / folder / "manifest.ttl"
    base = SITE + manifest.relative_to(root).as_posix()
    said = Store()
    said.extend(parse(path=manifest, format=RdfFormat.TURTLE, base_iri=base))

    def objects(subject: object, name: str) -> list[object]:
        return [quad.object for quad in said.quads_for_pattern(subject, NamedNode(name), None)]  # type: ignore[arg-type]

    def items(head: object) -> Iterator[object]:
        while objects(head, f"{RDF}first"):
            yield objects(head, f"{RDF}first")[0]
            (head,) = objects(head, f"{RDF}rest")

    def files(subject: object, *names: str) -> tuple[Path, ...]:
        found = [each for name in names for each in objects(subject, name) if isinstance(each, NamedNode)]
        return tuple(root / each.value.removeprefix(SITE) for each in found)

    heads = [quad.object for quad in said.quads_for_pattern(None, NamedNode(f"{MF}entries"), None)]
    for entry in (entry for head in heads for entry in items(head)):
        kinds = [each.value.rpartition("#")[2] for each in objects(entry, f"{RDF}type") if isinstance(each, NamedNode)]
        (name, *_) = (each.value for each in objects(entry, f"{MF}name") if isinstance(each, Literal))
        actions = objects(entry, f"{MF}action")
        query = [path for action in actions for path in files(action, f"{QT}query")]
        if kinds and actions and (query or isinstance(actions[0], NamedNode)):
            yield Case(
                name, kinds[0], root, query[0] if query else root / actions[0].value.removeprefix(SITE),  # type: ignore[union-attr]
                next(iter(files(entry, f"{MF}result")), None), files(actions[0], f"{QT}data"),
                files(actions[0], f"{QT}graphData"), bool(objects(entry, f"{MF}resultCardinality")),
            )  # fmt: skip


def quads(case: Case, path: Path) -> set[Quad]:
    """Return what a file of RDF says, its blank nodes other ones than those of any other file."""
    parser = parse(path=path, format=FORMATS[path.suffix], base_iri=case.iri(path), rename_blank_nodes=True)
    return set(parser)
