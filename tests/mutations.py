"""Files of a workspace spoilt at random, the same way for the same seed: bytes, words, lines and numbers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Mutation = Callable[[bytes, random.Random], bytes]
_WORD = re.compile(rb'"(?:[^"\\\n]|\\.)*"(?:\^\^[\w:]+|@[\w-]+)?|<[^>\n]*>|[\w:.?#$-]+|\S')
_WORDS = [
    *rb'''
. ; , [] [ ] () _:x a <> <x> <urn:x> "" "x"@en "x"@xx-YY "x"@ "x"^^xsd:date "-0044-03-15"^^xsd:date
"1"^^xsd:integer -1 0 1e999 99999999999999999999999999 "NaN"^^xsd:double "INF"^^xsd:double true
"maybe"^^xsd:boolean 1.5 "1"^^<http://x/own> rdf:nil rdf:type rdfs:subClassOf owl:sameAs coop:Claim coop:City
sh:path sh:property sh:node sh:not sh:or sh:sparql sh:js sh:targetNode place:eastport <<( )>> { } SELECT ASK *
?x $ SERVICE FILTER UNION LIMIT BIND GRAPH INSERT DELETE FROM = [x] ' """ % %zz - -- .. ../../etc/passwd
/dev/zero @prefix @base PREFIX 2014-02-30 0x1F violation graph inferred tallies
'''.split(),
    b'', b'( 1 )', b'"\\u0000"', b'#+ ', b'#+ x', b'\\', b'\xff', b'\xfe\xff', b'\x00', b'\r',
    b'\xe2\x80\x8f', b'\xed\xa0\x80', b'\xe9\xa6\x99\xe6\xb8\xaf', b'e\xcc\x81', b'\\u0020', b'\\uD800',
    b"1" * 5000, b"x" * 70000, b"[" * 300, b"{" * 300, b"(" * 300,
]  # fmt: skip
"""What a word is replaced by: whatever some reader has stumbled over, or could."""


def _byte(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]


def _cut(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] + content[at + rng.choice((1, 2, 7, 50)) :]


def _truncate(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content))]


def _word(content: bytes, rng: random.Random) -> bytes:
    match = rng.choice(list(_WORD.finditer(content)))
    return content[: match.start()] + rng.choice(_WORDS) + content[match.end() :]


def _other_word(content: bytes, rng: random.Random) -> bytes:
    matches = list(_WORD.finditer(content))
    match, other = rng.choice(matches), rng.choice(matches)
    return content[: match.start()] + other[0] + content[match.end() :]


def _insert(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] + b" " + rng.choice(_WORDS) + b" " + content[at:]


def _lines(content: bytes, rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    choice = rng.randrange(3)
    if choice == 0:
        lines[one], lines[other] = lines[other], lines[one]
    elif choice == 1:
        lines.insert(one, lines[other])
    else:
        del lines[one]
    return b"\n".join(lines)


MUTATIONS: tuple[Mutation, ...] = (
    _byte, _cut, _truncate, _word, _word, _other_word, _other_word, _insert, _lines, _lines,
)  # fmt: skip


def mutated(content: bytes, seed: int) -> bytes:
    """Return a file's content, spoilt in one to three places.

    >>> mutated(b"a b c d", 1) == mutated(b"a b c d", 1) != mutated(b"a b c d", 2)
    True
    """
    rng = random.Random(seed)
    for _ in range(rng.choice((1, 1, 2, 3))):
        content = rng.choice(MUTATIONS)(content, rng) or b" "
    return content
