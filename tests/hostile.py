"""Texts, names and terms that try every reader and writer, as strategies for property tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import strategies as st

from coopgraph.rdf.terms import BlankNode, Literal, NamedNode, Quad, Triple
from coopgraph.rdf.vocab import XSD

TEXTS = (
    "",
    " ",
    '"quoted" \'twice\' """thrice""" \'\'\'',
    "line\nbreak\r\nand\rreturn\ttab\x0bvertical\x0cfeed",
    "back\\slash \\n \\u0041 \\",
    "</script><script>alert(1)</script><!-- ]]> &amp; <b>",
    "a | b \\| `code` *bold* _it_ [x](y) # ~~no~~",
    "=cmd|' /C calc'!A0",
    "🚢 emoji 👩‍👩‍👧 astral \U00010ffd",
    "שלום עולם \u202eright to left\u202c \u2066isolated\u2069",
    "香港与辽宁 ＦＵＬＬ　ｗｉｄｔｈ e\u0301 é",
    "control \x01\x02\x1b[31m\x7f\x80\x85\x9f\ufeff\u2028\u2029\u00a0",
    "comma, semicolon; colon: 'x', {y} <z> %41 $ne",
    'xml:lang="zh-hans" <?php ?> &#13;',
)
texts = st.one_of(
    st.sampled_from(TEXTS), st.text(max_size=12), st.tuples(st.sampled_from(TEXTS), st.text(max_size=5)).map("".join)
)
"""Unicode text of every kind, line ends, controls and markup included."""

languages = st.sampled_from(["en", "zh-Hans", "zh-Hant", "en-GB", "de-CH-1996", "x-klingon", "sr-Latn-RS", "ar"])

_LEXICAL = {
    "integer": ["1", "-7", "+0", "007", "12345678901234567890123", "abc", ""],
    "decimal": ["1.5", "-.5", "1.", "0.10", "1", "NaN"],
    "double": ["1e5", "1.0E-7", "INF", "NaN", "2"],
    "boolean": ["true", "false", "1", "0", "TRUE"],
    "date": ["2014-01-01", "2014-02-30", "-0044-03-15", "2014-01-01Z", "soon"],
    "dateTime": ["2014-01-01T00:00:00Z", "x"],
    "anyURI": ["http://x/a b", ""],
    "hexBinary": ["0aFF"],
}
_typed = st.one_of(
    [
        st.sampled_from(forms).map(lambda form, kind=kind: Literal(form, datatype=NamedNode(XSD + kind)))
        for kind, forms in _LEXICAL.items()
    ]
)

_LOCAL = (
    "Place",
    "a.b",
    "a.",
    "-a",
    "",
    "1998",
    "a%20b",
    "a'b(c)",
    "香港",
    "x/y",
    "a:b",
    "a·b",
    "·b",
    "e\u0301",
    "a~b!c$d",
)
_OTHER = (
    "http://www.w3.org/2001/XMLSchema#integer", "urn:x:y", "mailto:a@b", "geo:41.8,123.4", "place:x", "a:b",
    "http://x/?q=1&r=2#f", "http://x/𐍈",
)  # fmt: skip
_IRIS = (*(f"https://schema.org/{name}" for name in _LOCAL), *_OTHER)
_NOT_IN_IRI = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=:@/\u00a1-\ud7ff-]")


def _iri(text: str) -> NamedNode:
    return NamedNode("https://schema.org/" + _NOT_IN_IRI.sub("", text))


iris = st.one_of(st.sampled_from(_IRIS).map(NamedNode), st.text(max_size=8).map(_iri))
"""IRIs, most in a namespace that has a prefix and with an end that tries what a prefixed name can hold."""

literals = st.one_of(
    texts.map(Literal), st.builds(lambda text, tag: Literal(text, language=tag), texts, languages), _typed
)
blank = st.sampled_from("abc").map(BlankNode)
triples = st.builds(Triple, st.one_of(iris, blank), iris, st.one_of(iris, blank, literals))
ground = st.builds(Triple, iris, iris, st.one_of(iris, literals))
"""Triples without blank nodes."""


def quads(found: list[Triple], graph: str) -> Iterator[Quad]:
    """Yield triples as quads of one graph."""
    return (Quad(t.subject, t.predicate, t.object, NamedNode(graph)) for t in found)
