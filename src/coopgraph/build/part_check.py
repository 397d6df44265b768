"""A part of a graph file that has changed, checked beside the store as it is: a fraction of the work of a check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.build import batches, up_to_date, whole_store
from coopgraph.build.context import BuildContext
from coopgraph.check import shapes
from coopgraph.check.findings import VIOLATION
from coopgraph.rdf import turtle, vocab
from coopgraph.rdf.terms import NamedNode, value
from coopgraph.rdf.vocab import RDF
from coopgraph.store import current, local

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from pathlib import Path

    from coopgraph.claims.workspace import Workspace
    from coopgraph.rdf.terms import Triple
    from coopgraph.store.local import LocalStore


def passes(workspace: Workspace, path: Path, part: str, gone: Iterable[str] = ()) -> bool:
    """Say whether a graph file of which only a part (Turtle) will be other than now breaks nothing that must hold.

    The part has whole descriptions, and with them those of what they name in the file; `gone` are the things (IRIs)
    that the file will not describe any more, nor name. False means that a check of all has to tell: something is
    broken, the store is not that of the files as they are, or a rule looks at more.
    """
    if workspace.has_own_rules() or not up_to_date.is_current(workspace):
        return False
    context = BuildContext(workspace, None)
    triples = list(turtle.triples(part.encode(), workspace.name_of(path)))
    if whole_store.have_rules(context) or _has_related(context, triples):
        return False
    if any(severity == VIOLATION for each in shapes.broken([triples], context.shapes) for _, _, severity, _ in each):
        return False
    graph = workspace.graph_iri(path)
    with current.open_store(workspace.store_folder, workspace.prefixes) as store:
        if any(_is_named(thing, store, {graph, *vocab.MADE}) for thing in gone):
            return False
        return not batches.check_rules(context, [local.nquads(graph, triples)], store, None, advice=False)


def _is_named(thing: str, store: LocalStore, own: Container[str]) -> bool:
    """Say whether a graph of others names a thing (IRI)."""
    return any(value(quad.graph_name) not in own for quad in store.quads(target=NamedNode(thing)))


def _has_related(context: BuildContext, triples: Iterable[Triple]) -> bool:
    """Say whether there are claims that a rule looks at beside all others with the same relations."""
    relations = {relation for rule in context.checks for relation in rule.relations}
    return any(triple.predicate.value == RDF + "predicate" and value(triple.object) in relations for triple in triples)
