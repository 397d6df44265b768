"""A knowledge graph of regional cooperation links in which every link opens the passage that states it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coopgraph.ask.graph import CoopGraph, load, to_networkx
    from coopgraph.ask.results import Results
    from coopgraph.claims.model import Claim, Entity, Extract, Passage, Quantity, Source
    from coopgraph.errors import CoopgraphError
    from coopgraph.network.network import collapse

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
