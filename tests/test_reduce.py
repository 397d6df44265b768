"""A large extract is made smaller in a way that means something: what lies around an entity, or the strongest pairs."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.claims.model import Claim, Entity, Extract, Passage, Quantity, Source
from coopgraph.errors import UsageError
from coopgraph.network import reduce
from coopgraph.rdf.vocab import relation_iri, status_iri


def claim(number: int, subject: str, target: str | Quantity, group: str = "presence", source: str = "s1") -> Claim:
    predicate, passages = f"x:{group}", (f"x:p-{source}",)
    return Claim(f"x:c{number:02}", subject, predicate, target, "realised", group, passages=passages, sources=(source,))


def extract(*claims: Claim) -> Extract:
    ends = {end for each in claims for end in (each.subject, each.object) if isinstance(end, str)}
    terms = {iri: Entity(iri, "City", "Field" if "field" in iri else "Place", {"en": iri[2:].title()}) for iri in ends}
    groups = {each.group for each in claims}
    known = {f"x:{group}" for group in groups} | {relation_iri(group) for group in groups} | {status_iri("realised")}
    terms |= {iri: Entity(iri, "Property", "Property") for iri in known} | {
        "x:press": Entity("x:press", "City", "Place")
    }
    names = {source for each in claims for source in each.sources}
    passages = {f"x:p-{name}": Passage(f"x:p-{name}", name) for name in names}
    return Extract("Test", claims, terms, passages, {name: Source(name, name, "x:press") for name in names}, {})


def numbers(found: Extract) -> list[int]:
    return [int(each.iri[-2:]) for each in found.claims]


CHAIN = extract(
    claim(1, "x:a", "x:b"), claim(2, "x:b", "x:c"), claim(3, "x:c", "x:d"), claim(4, "x:c", "x:a"),
    claim(5, "x:c", "x:field"), claim(6, "x:d", Quantity("5", "x:d")), claim(7, "x:lone", "x:field"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("focus", "hops", "kept"),
    [
        ("x:a", 0, []),
        ("x:a", 1, [1, 2, 4, 5]),
        ("x:a", 2, [1, 2, 3, 4, 5, 6]),
        ("x:d", 1, [3, 5, 6]),
        ("x:lone", 1, [7]),
        ("x:a", 9, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_what_lies_around_an_entity_is_kept(focus: str, hops: int, kept: list[int]) -> None:
    """Links are followed both ways, so many at most; what is reached keeps its links among itself and its facts."""
    assert numbers(reduce.around(CHAIN, focus, hops)) == kept


@pytest.mark.parametrize("focus", ["x:nowhere", "x:field", "x:press"])
def test_a_focus_that_no_claim_names_is_told(focus: str) -> None:
    """A thing without claims, and a concept, are no focus."""
    with pytest.raises(UsageError, match="no claim of the selection names it; choose another focus or fewer filters"):
        reduce.around(CHAIN, focus)


def test_the_strongest_pairs_have_most_sources_then_claims_then_cooperation() -> None:
    """Pairs come by sources, then claims, then claims of cooperation, then their IRIs, whichever way claims run."""
    pairs = [
        [claim(1, "x:a", "x:b", source="s1"), claim(2, "x:b", "x:a", source="s2")],
        [claim(number, "x:c", "x:d") for number in (3, 4, 5)],
        [claim(6, "x:y", "x:z", "cooperation"), claim(7, "x:z", "x:y")],
        [claim(8, "x:e", "x:f"), claim(9, "x:f", "x:e")],
        [claim(10, "x:g", "x:h"), claim(11, "x:g", "x:h")],
    ]
    whole = extract(*(each for pair in pairs for each in pair))
    kept: list[int] = []
    for pair in pairs:
        kept += [int(each.iri[-2:]) for each in pair]
        assert numbers(reduce.strongest(whole, len(kept))) == kept
        assert numbers(reduce.strongest(whole, len(kept) + 1)) == kept


def test_a_pair_is_kept_whole_and_with_its_facts() -> None:
    """A pair is there with all its claims or not at all, the first one always, and its ends keep their facts."""
    whole = extract(
        *(claim(number, "x:a", "x:b") for number in (1, 2, 3)), claim(4, "x:b", "x:c"), claim(5, "x:a", "x:field"),
        claim(6, "x:c", "x:field"), claim(7, "x:b", Quantity("5", "x:d")),
    )  # fmt: skip
    assert numbers(reduce.strongest(whole, 1)) == [1, 2, 3, 5, 7]
    assert numbers(reduce.strongest(whole, 3)) == [1, 2, 3, 5, 7]
    assert numbers(reduce.strongest(whole, 4)) == [1, 2, 3, 4, 5, 6, 7]


_ENDS = st.sampled_from(["x:a", "x:b", "x:c", "x:d", "x:field"])
_CLAIMS = st.lists(st.tuples(_ENDS, _ENDS, st.sampled_from(["cooperation", "presence"]), st.sampled_from(["s1", "s2"])))


@given(_CLAIMS, st.integers(1, 8))
def test_a_part_is_whole_in_itself(stated: list[tuple[str, str, str, str]], links: int) -> None:
    """What is left out takes with it the terms, passages and sources that nothing left names, and no others."""
    whole = extract(*(claim(number, *each) for number, each in enumerate(stated) if each[0] != "x:field"))
    part = reduce.strongest(whole, links)
    assert set(part.claims) <= set(whole.claims)
    mentioned = {iri for each in part.claims for iri in each.mentions}
    mentioned |= {iri for each in part.claims for iri in (relation_iri(each.group), status_iri(each.status))}
    mentioned |= {"x:press"} if part.claims else set()
    assert part.terms.keys() == mentioned & whole.terms.keys()
    assert part.passages.keys() == {iri for each in part.claims for iri in each.passages}
    assert part.sources.keys() == {iri for each in part.claims for iri in each.sources}
    pairs = Counter(frozenset((each.subject, each.object)) for each in whole.claims if whole.is_link(each))
    kept = Counter(frozenset((each.subject, each.object)) for each in part.claims if whole.is_link(each))
    assert all(pairs[pair] == number for pair, number in kept.items())
    assert sum(kept.values()) <= max(links, max(pairs.values(), default=0))


def test_what_can_be_drawn_is_drawn_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to a number of links all are drawn; beyond it the strongest, and the reader is told how many of how many."""
    assert reduce.drawable(CHAIN) == (CHAIN, "")
    monkeypatch.setattr(reduce, "DRAWABLE", 3)
    monkeypatch.setattr(reduce, "STRONGEST", 2)
    part, message = reduce.drawable(CHAIN)
    assert numbers(part) == [1, 4, 5]
    assert message.startswith("This graph has 4 links, more than one page can draw. Shown are the 2 between")
