"""Claims as tables and networks: CSV, and the network that the page draws, for programs that draw and measure such."""

from __future__ import annotations

import json
import re
from typing import IO, TYPE_CHECKING, Any

from coopgraph.export import claim_table
from coopgraph.rdf.printable import for_xml, safe_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import networkx as nx

    from coopgraph.claims.model import Extract


def _graphml(extracted: Extract, out: IO[str]) -> None:
    from networkx.readwrite.graphml import GraphMLWriter

    writer = GraphMLWriter(prettyprint=True)
    writer.add_graph_element(_flat(extracted))
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(str(writer).replace("\r", "&#13;") + "\n")  # a reader takes a bare carriage return for a line feed


def _gexf(extracted: Extract, out: IO[str]) -> None:
    import networkx as nx

    lines = "\n".join(nx.generate_gexf(_flat(extracted), version="1.3"))
    text = re.sub(r' lastmodifieddate="[^"]*"', "", lines, count=1)  # NetworkX writes today's date
    text = re.sub(r"<gexf[^>]*>", f"<gexf {_GEXF}>", text, count=1)  # and an instance namespace that is none
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(re.sub(r'(<graph [^>]*?) name="[^"]*"', r"\1", text, count=1) + "\n")


_GEXF = 'xmlns="http://gexf.net/1.3" version="1.3"'
"""GEXF 1.3 is the first version in which several edges may link two nodes."""


def _node_link(extracted: Extract, out: IO[str]) -> None:
    import networkx as nx

    from coopgraph.network import network

    linked = nx.node_link_data(network.to_networkx(extracted), edges="edges")
    out.writelines(json.JSONEncoder(ensure_ascii=False, indent=1).iterencode(linked))
    out.write("\n")


def _flat(extracted: Extract) -> nx.MultiDiGraph[str]:
    """Return the network with each tuple as one text, for formats without lists, and text that XML can hold."""
    from coopgraph.network import network

    graph = network.to_networkx(extracted)
    for _, _, claim, attributes in graph.edges(keys=True, data=True):
        attributes["claim"] = claim
    for attributes in (*(data for _, data in graph.nodes(data=True)), *(data for *_, data in graph.edges(data=True))):
        for name, cell in attributes.items():
            attributes[name] = _xml_text(" | ".join(map(str, cell)) if isinstance(cell, tuple) else cell)
    graph.graph = {name: _xml_text(cell) for name, cell in graph.graph.items()}
    return graph


def _xml_text(cell: Any) -> Any:
    return for_xml(cell, "\ufffd") if isinstance(cell, str) else cell


def _csv(extracted: Extract, out: IO[str]) -> None:
    """Write one row a claim, observations included."""
    claim_table.write(extracted, out)


def safe_csv(extracted: Extract, out: IO[str]) -> None:
    """Write the same without a cell that begins as a formula of a spreadsheet."""
    claim_table.write(extracted, out, safe_cell)


def _excel_csv(extracted: Extract, out: IO[str]) -> None:
    """Write the same as Excel wants it: with a byte order mark, and no cell that begins as a formula."""
    out.write("\ufeff")
    safe_csv(extracted, out)


WRITERS: Mapping[str, Callable[[Extract, IO[str]], None]] = {
    "graphml": _graphml,
    "gexf": _gexf,
    "csv": _csv,
    "excel-csv": _excel_csv,
    "node-link": _node_link,
}
