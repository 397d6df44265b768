"""The engines that answer the library's questions side by side, each in a process of its own.

A worker reads one JSON object a line (`text`, `name`, `values`, `limit`) and answers with one (`seconds`, `rows` or
`error`), so that a question that takes too long can be ended with its process and peak memory is that of one engine.
"""

from __future__ import annotations

import json
import resource
import select
import signal
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

    import pyoxigraph as ox

ROWS = 100_000
"""The row limit of coopgraph's own front, put upon every engine."""


class Engine(Protocol):
    """An open graph that answers a question; `values` are IRIs, but for `text` and `date`."""

    def ask(self, name: str, text: str, values: Mapping[str, str]) -> int:
        """Return the number of rows, each of them fetched."""


class Coopgraph:
    """coopgraph's Python front over the store of the workspace."""

    def __init__(self, folder: Path) -> None:
        from coopgraph.ask import graph

        self._graph = graph.load(folder / "workspace")

    def ask(self, name: str, text: str, values: Mapping[str, str]) -> int:
        """Ask by name; a CONSTRUCT has no rows, so that its triples are fetched as the command line does."""
        if "CONSTRUCT" not in text:
            return len(self._graph.ask(name, **dict[str, Any](values)))
        from coopgraph.ask import questions

        found = questions.find(self._graph.workspace, name)
        answer = self._graph.store.query(found.sparql, questions.bind(found, values, self._graph.store))
        return len(list(islice(answer, ROWS)))  # type: ignore[arg-type]


class Pyoxigraph:
    """A disk store of the same quads, loaded in bulk, called directly."""

    def __init__(self, folder: Path) -> None:
        import pyoxigraph as ox

        self._ox = ox
        self._store = ox.Store.read_only(str(folder / "raw"))

    def ask(self, _: str, text: str, values: Mapping[str, str]) -> int:
        """Run the text with its variables substituted."""
        ox = self._ox
        bound = {ox.Variable(name): _term(name, value) for name, value in values.items()}
        answer = self._store.query(text, use_default_graph_as_union=True, substitutions=bound)
        return len([tuple(row) for row in islice(answer, ROWS)])  # type: ignore[arg-type]


class Rdflib:
    """rdflib's own engine over its memory store."""

    def __init__(self, folder: Path) -> None:
        from rdflib import Dataset

        self._dataset = Dataset(default_union=True)
        self._dataset.parse(folder / "all.nq", format="nquads")

    def ask(self, _: str, text: str, values: Mapping[str, str]) -> int:
        """Run the text with initial bindings."""
        from rdflib.util import from_n3

        bound = {name: from_n3(str(_term(name, value))) for name, value in values.items()}
        return sum(1 for _ in islice(self._dataset.query(text, initBindings=bound), ROWS))


class Virtuoso:
    """The SPARQL endpoint of a Virtuoso server that `virtuoso.Server` has started."""

    def __init__(self, folder: Path) -> None:
        self._host = urlsplit((folder / "virtuoso" / "address").read_text()).netloc

    def ask(self, _: str, text: str, values: Mapping[str, str]) -> int:
        """Post the text with its values written into it, as coopgraph does for servers, and read every row."""
        import pyoxigraph as ox

        from coopgraph.server.binding import bound
        from coopgraph.server.traits import named

        terms = {name: _term(name, value) for name, value in values.items()}
        columns = [variable.value for variable in ox.Store().query(text).variables]  # type: ignore[union-attr]
        text = bound(named("virtuoso").own_text(text), terms, columns)
        body = urlencode({"query": text, "format": "application/sparql-results+json"})
        with closing(HTTPConnection(self._host, timeout=600)) as connection:
            connection.request("POST", "/sparql", body, {"Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            held = answer.read()
        if answer.status != 200:
            raise ValueError(held.decode(errors="replace"))
        return min(ROWS, len(json.loads(held)["results"]["bindings"]))


ENGINES: dict[str, Callable[[Path], Engine]] = {
    "coopgraph": Coopgraph,
    "pyoxigraph": Pyoxigraph,
    "rdflib": Rdflib,
    "virtuoso": Virtuoso,
}


def _term(name: str, value: str) -> ox.NamedNode | ox.Literal:
    """Return what a parameter of that name stands for."""
    import pyoxigraph as ox

    if name == "date":
        return ox.Literal(value, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    return ox.Literal(value) if name == "text" else ox.NamedNode(value)


def _late(_: int, __: FrameType | None) -> None:
    raise TimeoutError


def serve(engine: str, folder: Path) -> None:
    """Open an engine and answer questions from standard input until it ends."""
    start = perf_counter()
    opened = ENGINES[engine](folder)
    signal.signal(signal.SIGALRM, _late)
    _say(seconds=perf_counter() - start)
    for line in sys.stdin:
        wanted = json.loads(line)
        start = perf_counter()
        signal.setitimer(signal.ITIMER_REAL, wanted["limit"])
        try:
            rows = opened.ask(wanted["name"], wanted["text"], wanted["values"])
            signal.setitimer(signal.ITIMER_REAL, 0)
            _say(seconds=perf_counter() - start, rows=rows)
        except TimeoutError:
            _say(error="late")
        except Exception as error:  # an engine that cannot answer is a row of the table, not the end of the run
            signal.setitimer(signal.ITIMER_REAL, 0)
            _say(error=f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")


def _say(**answer: Any) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**answer, "peak_mb": peak}), flush=True)


class Worker:
    """An engine in a process of its own."""

    def __init__(self, engine: str, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        self.peak_mb = self.opened = 0.0
        self._start()

    def _start(self) -> None:
        command = [sys.executable, __file__, self.engine, str(self.folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.opened = self._answer(3600).get("seconds", 0.0)

    def ask(self, name: str, text: str, values: Mapping[str, str], limit: float) -> dict[str, Any]:
        """Return seconds and rows, or what went wrong: `late` after `limit` seconds, when the process is ended."""
        line = json.dumps({"name": name, "text": text, "values": values, "limit": limit}) + "\n"
        assert self._process.stdin
        self._process.stdin.write(line.encode())
        self._process.stdin.flush()
        answer = self._answer(limit + 2)
        if answer.get("error") in ("late", "ended") and self._process.poll() is not None:
            self._start()
        return answer

    def _answer(self, limit: float) -> dict[str, Any]:
        assert self._process.stdout
        if not select.select([self._process.stdout], [], [], limit)[0]:
            self.close()
            return {"error": "late"}
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            return {"error": "ended"}
        answer: dict[str, Any] = json.loads(line)
        self.peak_mb = max(self.peak_mb, answer.get("peak_mb", 0.0))
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]))
