"""Terms: prefixed names stand for what they shorten, and values are made of valid literals alone."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given

from coopgraph.ask import row_formats
from coopgraph.export import rdf_formats, sorted_rdf
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


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [
        ("EN-gb", "en-GB"),
        ("zh-hant-hk", "zh-Hant-HK"),
        ("en-a-bbb-x-yy", "en-a-bbb-x-yy"),
        ("X-YY-Four", "x-yy-four"),
        ("de-ch-1996", "de-CH-1996"),
        ("sl-Rozaj-BISKE-1994", "sl-rozaj-biske-1994"),
        ("en-u-Latn-CA-x-1", "en-u-latn-ca-x-1"),
    ],
)
def test_language_tags_have_one_case_everywhere(tag: str, wanted: str) -> None:
    """In all results and exports a tag is written as BCP 47 recommends, private and extension parts in lower case."""
    term = Literal("a", language=tag)
    for write in (row_formats.write_json, row_formats.write_tsv, row_formats.write_xml):
        out = StringIO()
        write(["t"], [[term]], out, {})
        assert re.findall(r'(?:xml:lang": ?"|xml:lang="|"a"@)([\w-]+)', out.getvalue()) == [wanted]
    node = NamedNode("http://x/a")
    for form in rdf_formats.WRITERS.values():
        out = StringIO()
        sorted_rdf.write(form({}, frozenset()), [("", [Triple(node, node, term)])], out)
        assert re.findall(r'(?:@language": ?"|xml:lang="|"a"@)([\w-]+)', out.getvalue()) == [wanted]
