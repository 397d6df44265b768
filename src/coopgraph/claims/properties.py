"""The properties of claims and passages: which there are, and in which order values in Python have them."""

from __future__ import annotations

from coopgraph.rdf.vocab import RDF, STANDARD, coop

OBJECT, GIST = RDF + "object", coop("gist")
DERIVED_FROM, HAS_SOURCE = STANDARD["prov"] + "wasDerivedFrom", STANDARD["oa"] + "hasSource"
START, END, EXACT = (STANDARD["oa"] + name for name in ("start", "end", "exact"))
PARAGRAPH, SHA256, FILE = map(coop, ("paragraph", "textSha256", "textFile"))

SPAN = ("validFrom", "validFromPrecision", "validTo", "validToPrecision")
MORE = ("asOf", "asOfPrecision", "dueBy", "dueByPrecision", "change", "reported")
"""Properties that a `Claim` has in this order, behind its span and behind all others."""
FIGURE = (
    "unit", "asOf", "asOfPrecision", "shareOf", "measure", "counterpart", "approximation", "periodFrom", "periodTo"
)  # fmt: skip
"""Properties that a `Quantity` has in this order."""
MANY = ("field", "statedBy", "statedAt", "relayedBy")
"""Properties that a `Claim` has in this order, each with any number of values."""
NAMES = "nameInSource"
_OWN = dict.fromkeys(("status", *SPAN, *FIGURE, *MORE, *MANY, NAMES))
CLAIMS = (RDF + "subject", RDF + "predicate", OBJECT, *map(coop, _OWN), DERIVED_FROM)
POSITIONS = (HAS_SOURCE, PARAGRAPH, START, END, SHA256, EXACT)
