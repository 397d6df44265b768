"""Invented workspaces of any size in the real data model: the same size and seed give the same files.

`python benchmarks/generate.py DIR --triples 1000000 --seed 1` writes coopgraph.toml, graphs/ and texts/.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import batched, chain
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from world import BASE, World

_PREFIXES = (
    *((kind, f"{BASE}{kind}/") for kind in ("agreement", "claim", "event", "initiative", "organisation", "passage", "person",
                                            "place", "post", "source")),
    *((kind, f"https://w3id.org/coopgraph/id/{kind}/") for kind in ("feature", "field", "function", "status")),
    ("coop", "https://w3id.org/coopgraph/ontology#"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("oa", "http://www.w3.org/ns/oa#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("unit", "http://qudt.org/vocab/unit/"),
    ("wgs84", "http://www.w3.org/2003/01/geo/wgs84_pos#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
)  # fmt: skip
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in _PREFIXES) + "\n"
