"""Answers of a server read as rows, as yes or no, or as triples: the body says what it is, whatever its label says."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from coopgraph.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgraph.rdf.terms import Triple
    from coopgraph.server.body import Body

_UNREADABLE = (SyntaxError, ValueError, MemoryError)
"""What the parsers raise; the last where one text is longer than their buffer."""
_NO_TRIPLES = (b"{", b"[", b"<?xml", b"<rdf:")


def solutions(body: Body, columns: Sequence[str]) -> Iterator[ox.QuerySolution]:
    """Yield the rows of an answer in a SPARQL results format, as they come.

    Raises `ServerError` where it is another answer, or has other columns.
    """
    try:
        answer = _parsed(body)
        if isinstance(answer, ox.QuerySolutions):
            if [variable.value for variable in answer.variables] != list(columns):
                raise ServerError(f"{body.where}: gives other columns than were asked for; look at the server")
            for row in answer:
                body.advance()
                yield row
            return
    except _UNREADABLE as error:
        raise body.damaged(error) from error
    finally:
        body.close()
    raise ServerError(f"{body.where}: answers yes or no where rows are asked for; check the address")


def boolean(body: Body) -> ox.QueryBoolean:
    """Return the answer to an ASK query; rows mean yes where there are any, as Virtuoso answers in a table."""
    try:
        answer = _parsed(body)
        if isinstance(answer, ox.QueryBoolean):
            return answer
        truth = b"true" if next(answer, None) else b"false"
    except _UNREADABLE as error:
        raise body.damaged(error) from error
    finally:
        body.close()
    said = ox.parse_query_results(b'{"head":{},"boolean":%s}' % truth, format=ox.QueryResultsFormat.JSON)
    return cast("ox.QueryBoolean", said)


def triples(body: Body) -> Iterator[Triple]:
    """Yield the triples of an answer in Turtle, N-Triples or a form of these, as they come."""
    if body.head.startswith(_NO_TRIPLES):
        raise body.unexpected()
    form = {"application/n-triples": ox.RdfFormat.N_TRIPLES, "application/n-quads": ox.RdfFormat.N_QUADS}
    try:
        for quad in ox.parse(cast("IO[bytes]", body), format=form.get(body.media_type, ox.RdfFormat.TRIG)):
            body.advance()
            yield quad.triple
    except _UNREADABLE as error:
        raise body.damaged(error) from error
    finally:
        body.close()


def _parsed(body: Body) -> ox.QuerySolutions | ox.QueryBoolean:
    """Return rows, or yes or no, in whichever results format they come. Raises `ServerError` where it is none."""
    forms = {b"{": ox.QueryResultsFormat.JSON, b"<": ox.QueryResultsFormat.XML}
    form = forms.get(body.head[:1])
    if form is None:
        raise body.unexpected()
    return ox.parse_query_results(cast("IO[bytes]", body), format=form)
