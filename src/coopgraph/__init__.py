"""A knowledge graph of regional cooperation links in which every link opens the passage that states it.

Load a graph (without a folder, the one that comes with the package), then ask it; things are named by label in any
language, abbreviation, slug, prefixed name or IRI:

>>> import coopgraph
>>> graph = coopgraph.load()
>>> graph
<CoopGraph 'Hong Kong and Northeast China: cooperation links': 1211 claims>
>>> partners = graph.ask("partners", place="Liaoning")
>>> partners[0]["partnerLabel"], partners[0]["realised"], partners[0]["potential"]
('Hong Kong', 18, 12)
>>> graph.query("SELECT ?city ?label { ?city a coop:City ; coop:shownAs ?label } ORDER BY ?label")[0]["label"]
'Changsha'

Every claim has its status and the passages that state it:

>>> extract = graph.extract(field="finance", status="realised", source="hktdc-2023")
>>> extract.claims
(<Claim hktdc-2023-108: hong-kong cooperatesWith liaoning (realised)>,)
>>> [extract.passages[iri] for iri in extract.claims[0].passages]
[<Passage hktdc-2023-p08-2: paragraph 8 of hktdc-2023>]
>>> graph.close()

Further: `graph.questions()` lists the named questions, `graph.search(text)` finds things, `graph.path(a, b)` says how
two are linked, `graph.to_networkx(status=..., group=..., since=...)` gives a NetworkX graph and `collapse` its weighted
form, `graph.measures()` says who is central, `graph.view()` draws, `graph.dataset()` is an rdflib Dataset and
`graph.export(format)` is Turtle, JSON-LD, GraphML, CSV and others. All errors are a `CoopgraphError`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coopgraph.ask.graph import CoopGraph, load, to_networkx
    from coopgraph.ask.results import Results
    from coopgraph.claims.model import Claim, Entity, Extract, Passage, Quantity, Source
    from coopgraph.errors import CoopgraphError
    from coopgraph.network.network import collapse
    from coopgraph.reading.documents import read

_HOMES = {
    "Claim": "claims.model",
    "CoopGraph": "ask.graph",
    "CoopgraphError": "errors",
    "Entity": "claims.model",
    "Extract": "claims.model",
    "Passage": "claims.model",
    "Quantity": "claims.model",
    "Results": "ask.results",
    "Source": "claims.model",
    "collapse": "network.network",
    "load": "ask.graph",
    "read": "reading.documents",
    "to_networkx": "ask.graph",
}

__all__ = [
    "Claim",
    "CoopGraph",
    "CoopgraphError",
    "Entity",
    "Extract",
    "Passage",
    "Quantity",
    "Results",
    "Source",
    "collapse",
    "load",
    "read",
    "to_networkx",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the command line must not pay for what a command does not need."""
    if name in _HOMES:
        return getattr(import_module(f"coopgraph.{_HOMES[name]}"), name)
    message = f"module 'coopgraph' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
