"""What differs between two graphs, claim by claim: new, gone, under another name, or with other things said of it.

As rows for people and programs, and as an RDF Patch that makes the export of one graph that of the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import IO, TYPE_CHECKING, NamedTuple

from coopgraph.claims import dates
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal, NamedNode, curie
from coopgraph.store import dump, extracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgraph.ask.results import Row
    from coopgraph.claims.model import Claim, Extract, Quantity
    from coopgraph.rdf.terms import Term
    from coopgraph.store.interface import Store

COLUMNS = ("change", "claim", "subject", "relation", "object", "what", "before", "after")
"""What a row of a difference says; of a new claim it says the status after, of one that is gone that before."""
NEW, GONE, RENAMED, CHANGED = "new", "gone", "renamed", "changed"
_PATCH = "https://afs.github.io/rdf-delta/rdf-patch.html"


class Difference(NamedTuple):
    """What differs of one claim, and the claim as it is now, or as it was where it is gone."""

    change: str
    claim: Claim
    what: str
    before: str
    after: str


class Comparison(NamedTuple):
    """What differs between two graphs, in the order of the claims' IRIs, and all that they have."""

    before: Extract
    after: Extract
    differences: list[Difference]


class _Side(NamedTuple):
    """The claims of a graph by their IRIs, and what is needed to tell of them."""

    extract: Extract
    prefixes: Mapping[str, str]
    claims: Mapping[str, Claim]

    def told(self, claim: Claim) -> dict[str, str]:
        """Return what is said of a claim, apart from its ends: what it is called -> as text."""
        return {
            "status": claim.status,
            "since": dates.period(claim.valid_from, claim.valid_from_precision),
            "until": dates.period(claim.valid_to, claim.valid_to_precision),
            "as of": dates.period(claim.as_of, claim.as_of_precision),
            "due by": dates.period(claim.due_by, claim.due_by_precision),
            "field": self._names(claim.fields),
            "stated by": self._names(claim.speakers),
            "stated at": self._names(claim.occasions),
            "relayed by": self._names(claim.relayers),
            "kind of change": self._names((claim.change,) if claim.change else ()),
            "reported": claim.reported or "",
            "names": "; ".join(claim.names),
            "passage": "; ".join(map(self._passage, claim.passages)),
            "gist": "; ".join(map(self._gist, claim.passages)),
        }

    def ends(self, claim: Claim) -> dict[str, str]:
        """Return what a claim links, as text."""
        value = claim.object
        target = value if isinstance(value, str) else " ".join(map(str, filter(None, _figure(value))))
        return {"subject": claim.subject, "relation": claim.predicate, "object": target}

    def _names(self, iris: Iterable[str]) -> str:
        return "; ".join(curie(iri, self.prefixes) or iri for iri in iris)

    def _passage(self, iri: str) -> str:
        passage = self.extract.passages.get(iri)
        if passage is None:
            return iri
        source = vocab.local_name(passage.source)
        return (
            f"{source} paragraph {passage.paragraph}, {passage.start} to {passage.end} ({(passage.sha256 or '')[:8]})"
        )

    def _gist(self, iri: str) -> str:
        passage = self.extract.passages.get(iri)
        return "" if passage is None else "; ".join(text for _, text in sorted(passage.gist.items()))


def _figure(value: Quantity) -> tuple[str | None, ...]:
    return value.value, value.unit, value.as_of, value.share_of, value.measure, value.counterpart, value.approximation


def differences(before: Store, after: Store) -> list[Difference]:
    """Return what differs between the claims of two graphs, in the order of the claims' IRIs."""
    return compare(before, after).differences


def compare(before: Store, after: Store) -> Comparison:
    """Return what differs between the claims of two graphs, with the graphs."""
    prefixes = {**before.prefixes, **after.prefixes}
    old, new = _side(before, prefixes), _side(after, prefixes)
    gone = {iri: claim for iri, claim in old.claims.items() if iri not in new.claims}
    fresh = {iri: claim for iri, claim in new.claims.items() if iri not in old.claims}
    differences = list(_renamed(old, new, gone, fresh))
    differences += [Difference(NEW, claim, "status", "", claim.status) for claim in fresh.values()]
    differences += [Difference(GONE, claim, "status", claim.status, "") for claim in gone.values()]
    for iri in old.claims.keys() & new.claims.keys():
        differences += _changed(old, new, old.claims[iri], new.claims[iri])
    ordered = sorted(differences, key=lambda each: (each.claim.iri, each.change))
    return Comparison(old.extract, new.extract, ordered)


def _side(store: Store, prefixes: Mapping[str, str]) -> _Side:
    extract = extracts.extract(store)
    return _Side(extract, prefixes, {claim.iri: claim for claim in extract.claims})


def _renamed(old: _Side, new: _Side, gone: dict[str, Claim], fresh: dict[str, Claim]) -> Iterator[Difference]:
    """Yield the claims that say the same under another name, and take them out of what is gone and new."""
    by_content: dict[tuple[tuple[str, str], ...], list[Claim]] = defaultdict(list)
    for claim in gone.values():
        by_content[_content(old, claim)].append(claim)
    for claim in list(fresh.values()):
        if same := by_content.get(_content(new, claim)):
            former = same.pop(0)
            del gone[former.iri], fresh[claim.iri]
            yield Difference(RENAMED, claim, "claim", former.iri, claim.iri)


def _content(side: _Side, claim: Claim) -> tuple[tuple[str, str], ...]:
    return (*side.ends(claim).items(), *side.told(claim).items())


def _changed(old: _Side, new: _Side, former: Claim, claim: Claim) -> Iterator[Difference]:
    now = dict(_content(new, claim))
    for what, text in _content(old, former):
        if text != now[what]:
            yield Difference(CHANGED, claim, what, text, now[what])


def row(difference: Difference) -> Row:
    """Return a difference as RDF terms, a column each."""
    claim = difference.claim
    value = claim.object
    target: Term = (
        NamedNode(value) if isinstance(value, str) else Literal(value.value, datatype=NamedNode(value.datatype))
    )
    change, what, before, after = map(
        Literal, (difference.change, difference.what, difference.before, difference.after)
    )
    return (
        change,
        NamedNode(claim.iri),
        NamedNode(claim.subject),
        NamedNode(claim.predicate),
        target,
        what,
        before,
        after,
    )


def summary(differences: Iterable[Difference]) -> Counter[str]:
    """Return how many claims are new, gone, renamed and changed."""
    return Counter(change for change, _ in {(each.change, each.claim.iri) for each in differences})


def write_patch(before: Store, after: Store, out: IO[str]) -> None:
    """Write the RDF Patch (https://afs.github.io/rdf-delta/rdf-patch.html) from one graph's export to another's.

    What is deleted comes first, both sorted: the same graphs give the same bytes. Where one of the graphs is a file of
    triples, these are compared and not the named graphs that they stand in.
    """
    from uuid import NAMESPACE_URL, uuid5

    form = "nquads" if all(map(_has_graphs, (before, after))) else "ntriples"
    old, new = _lines(before, form), _lines(after, form)
    lines = [f"D {line}" for line in sorted(old - new)] + [f"A {line}" for line in sorted(new - old)]
    name = uuid5(NAMESPACE_URL, "\n".join([_PATCH, *lines]))
    out.write(f"H id <urn:uuid:{name}> .\nTX .\n")
    out.writelines(f"{line}\n" for line in lines)
    out.write("TC .\n")


def _has_graphs(store: Store) -> bool:
    return store.graphs() != [dump.GRAPH]


def _lines(store: Store, form: str) -> set[str]:
    """Return the quads or triples of a graph as lines, without what the export says of itself."""
    from coopgraph.export import export

    itself = f"<{store.manifest.get('base', vocab.ID)}dataset"
    return {line for line in export.text(store, form).splitlines() if not line.startswith(itself)}
