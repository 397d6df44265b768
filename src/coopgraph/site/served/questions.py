"""The named questions as an interface for programs: an address each, with parameters, in the forms that rows have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from coopgraph.ask import names, row_formats
from coopgraph.errors import UsageError, near, short
from coopgraph.site.addresses import file_name
from coopgraph.site.served import endpoint, forms, requests
from coopgraph.site.served.content import ROWS, Bytes
from coopgraph.site.served.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from starlette.requests import Request

    from coopgraph.ask.results import Prefixes, Row
    from coopgraph.claims.query_file import QueryFile
    from coopgraph.site.served.live import LiveGraph
    from coopgraph.site.served.pool import Answer
    from coopgraph.site.served.requests import Parameters

SUFFIXES = forms.endings(*forms.FORMS)
"""How the address of a question ends that answers programs."""
FEW = 20
_MOST_HITS = 1_000
"""Things that a search gives, unless told otherwise, and at most."""


def find(library: Iterable[QueryFile], name: str) -> QueryFile:
    """Return the question that is called so in addresses, or by its name. Raises `Problem` (404)."""
    listed = list(library)
    by_name = {question.name: question for question in listed}
    by_name |= {file_name(question.name): question for question in listed}
    if name not in by_name:
        hint = near(name, by_name) or "; /questions/ lists them"
        raise Problem(404, f"no question is called {short(name)!r}{hint}")
    return by_name[name]


def values(given: Parameters, question: QueryFile) -> dict[str, str]:
    """Return the parameters of a question; what is empty, as forms send it, is not given. Raises `Problem` (400)."""
    refused = [name for name, _ in given if name not in (*(each.name for each in question.parameters), "timeout")]
    if refused:
        there = [parameter.name for parameter in question.parameters]
        listed = f"; it takes {', '.join(there)}" if there else "; it takes none"
        raise Problem(400, f"{question.name} has no parameter {short(refused[0])!r}{near(refused[0], there) or listed}")
    named = {name: requests.once(given, name) for name in dict.fromkeys(name for name, _ in given if name != "timeout")}
    return {name: value.strip() for name, value in named.items() if value and value.strip()}


async def answer(
    request: Request, live: LiveGraph, question: QueryFile, given: Parameters, written: Mapping[str, str]
) -> Answer:
    """Return the answer to a question, in the form for its kind. Raises `Problem`."""
    job = {
        "text": question.sparql,
        "name": question.name,
        "parameters": question.parameters,
        "values": values(given, question),
        "forms": dict(written),
    }
    return await endpoint.answered(live, job, requests.seconds(given, live.limits.seconds), request.receive)


async def respond(request: Request, live: LiveGraph, name: str, suffix: str) -> Response:
    """Return the answer to a question, its form as the address says."""
    with live.reading() as opened:
        question = find(await live.in_thread(opened.graph.questions), name)
    given = requests.of(request)
    choices = forms.choices("", suffix)
    written = {kind: choice.form for kind, choice in choices.items()}
    return endpoint.response(await answer(request, live, question, given, written), choices)


async def search(request: Request, live: LiveGraph) -> Response | None:
    """Return what has a text in a name or gist, None where somebody wants to see it as a page."""
    given = requests.of(request)
    requests.refuse_unknown(given, ("q", "limit", "format"))
    header = ", ".join(request.headers.getlist("accept"))
    choice = forms.choices(header, requests.once(given, "format") or None, (ROWS,)).get(ROWS)
    if choice is None:
        raise forms.not_acceptable(ROWS)
    if choice.form == forms.HTML.name:
        return None
    text, limit = requests.once(given, "q") or "", _limit(requests.once(given, "limit"))
    with live.reading() as opened:
        store = opened.graph.store
        try:
            rows = await live.in_thread(lambda: names.search(store, text, limit + 1))
        except UsageError as error:
            raise Problem(400, f"q: {error}") from None
        content = written(choice.form, names.FOUND, rows[:limit], store.prefixes)
    response = Response(content, headers={"Content-Type": choice.media_type, "Vary": "Accept"})
    if len(rows) > limit:
        response.headers[endpoint.CUT] = f"after {limit} rows; there is more"
    return response


def written(form: str, columns: Sequence[str], rows: Iterable[Row], prefixes: Prefixes) -> bytes:
    """Return rows in a form."""
    out = Bytes()
    row_formats.row_writer(form)(columns, rows, out, prefixes)  # type: ignore[arg-type]
    return out.whole()


def _limit(text: str | None) -> int:
    if not text:
        return FEW
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:9]) <= _MOST_HITS:
        raise Problem(400, f"limit={short(text)} is no number from 1 to {_MOST_HITS}; give one")
    return int(text)
