"""Terms: prefixed names stand for what they shorten, and values are made of valid literals alone."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal, NamedNode, Triple, compact, curie, expand, python_value
from coopgraph.rdf.vocab import XSD
from hostile import iris, triples

PREFIXES = vocab.prefixes("https://example.org/id/")


@given(iris)
def test_a_prefixed_name_expands_to_its_iri(iri: NamedNode) -> None:
    """Where an IRI has a prefixed name, that name expands to the IRI, and has no character that Turtle would escape."""
    name = curie(iri.value, PREFIXES)
    if name is not None:
        assert expand(name, PREFIXES) == iri.value
        assert not re.search(r"[~.!$&'()*+,;=/?#@%\\]$|[~!$&'()*+,;=/?#@%\\]", name.partition(":")[2])


@given(triples)
def test_every_term_has_a_value_and_a_text(triple: Triple) -> None:
    """No term is without a Python value or a text to show."""
    for term in triple:
        assert isinstance(compact(term, PREFIXES), str)
        assert python_value(term) is not None


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("13", "integer", 13),
        ("-0007", "long", -7),
        ("1_0", "integer", "1_0"),
        ("５", "integer", "５"),
        (" 5", "integer", " 5"),
        ("9" * 5000, "integer", "9" * 5000),
        ("0.10", "decimal", Decimal("0.10")),
        ("NaN", "decimal", "NaN"),
        ("1e3", "decimal", "1e3"),
        ("1e3", "double", 1000.0),
        ("-INF", "double", float("-inf")),
        ("infinity", "double", "infinity"),
        ("2014-01-01", "date", date(2014, 1, 1)),
        ("20140101", "date", "20140101"),
        ("2014-02-30", "date", "2014-02-30"),
        ("-0044-03-15", "date", "-0044-03-15"),
        ("1", "boolean", True),
        ("yes", "boolean", "yes"),
        ("x", "string", "x"),
    ],
)
def test_only_a_valid_literal_has_a_value_of_its_kind(text: str, kind: str, wanted: object) -> None:
    """A literal gives a number, date or boolean where it is valid by its datatype, and else stays the text it is."""
    got = python_value(Literal(text, datatype=NamedNode(XSD + kind)))
    assert got == wanted
    assert type(got) is type(wanted)


def test_names_that_are_no_iris_expand_to_nothing() -> None:
    """A text without a known prefix and without a scheme stands for no IRI."""
    assert [expand(text, PREFIXES) for text in ("", ":", "Hong Kong", "nobody:x", "a:b")] == [None] * 5
