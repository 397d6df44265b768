"""coopgraph with a SPARQL server beside what it costs without coopgraph: `python benchmarks/server.py`.

Oxigraph's server keeps its store on the disk and listens to this machine alone. Measured are the push of a generated
workspace, the questions of the library beside the same queries sent by a bare httpx client, and `to_networkx` beside
that of the embedded store and the bare transfer of the same answers. Needs `oxigraph` (`pip install oxigraph`).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from math import exp, log
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import generate
import httpx
import tasks
from virtuoso import free_port

from coopgraph.ask import graph, questions
from coopgraph.server import remote
from coopgraph.server.push import Push
from coopgraph.store.interface import Solutions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgraph.ask.graph import CoopGraph
    from coopgraph.server.client import Server

_ROWS = "application/sparql-results+json"
_LONG = 5.0
"""Seconds from which on a question is left out: what takes long takes long in the server."""

Request = tuple[str, list[tuple[str, str]]]
"""The text of a query and the parameters that go with it."""


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each question, of which the median counts")
    parser.add_argument("--folder", type=Path, help="where the workspace is made; a temporary folder without it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coopgraph-bench-") as aside:
        folder = (options.folder or Path(aside)) / str(options.triples)
        if not folder.exists():
            generate.write(folder / "workspace", options.triples)
            tasks.build(folder)
        if not (folder / "raw").exists():
            tasks.dump(folder)
            tasks.raw_build(folder)
        with oxigraph(Path(aside)) as address:
            print("\n".join(_table(folder, address, options.rounds)))


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """Run Oxigraph's server with an empty store on the disk, and give the address that answers queries."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if not program:
        sys.exit("there is no oxigraph; pip install oxigraph")
    at = f"127.0.0.1:{free_port()}"
    command = [program, "serve", "--location", str(folder / "store"), "--bind", at]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://{at}/query")
        yield f"http://{at}/query"
    finally:
        process.kill()
        process.wait()


def _wait(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(address, trust_env=False, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the server does not start")


def _table(folder: Path, address: str, rounds: int) -> Iterator[str]:
    yield "| figure | coopgraph | beside it | goal |"
    yield "| --- | --- | --- | --- |"
    with graph.load(folder / "workspace") as here:
        server = remote.server_of(here.workspace, address)
        triples, seconds = _pushed(here, server)
        yield f"| push of {triples:,} triples | {seconds:.1f} s, {triples / seconds:,.0f} a second | | ≥ 50,000 |"
        yield f"| push again, nothing to send | {_pushed(here, server)[1]:.2f} s | | |"
        with (
            graph.load(folder / "workspace", store=address) as there,
            httpx.Client(trust_env=False, timeout=600) as bare,
        ):
            requests = _recorded(there)
            yield _questions(there, bare, requests, tasks.landmarks(folder), rounds)
            yield _network(here, there, bare, requests)
        server.close()


def _pushed(here: CoopGraph, server: Server) -> tuple[int, float]:
    """Return how many triples were sent, and in what time."""
    start = perf_counter()
    push = Push(here.workspace, here.store, server)
    triples = push.plan.triples
    push.run()
    return triples, perf_counter() - start


def _recorded(there: CoopGraph) -> list[Request]:
    """Return a list to which each query that a store sends is added."""
    server: Any = there.store._server  # type: ignore[attr-defined]  # noqa: SLF001 - what it sends is what is measured
    sent: list[Request] = []
    ask = server.query

    def query(text: str, *, parameters: Any = (), **more: Any) -> Any:
        sent.append((text, list(parameters)))
        return ask(text, parameters=parameters, **more)

    server.query = query
    return sent


def _questions(there: CoopGraph, bare: httpx.Client, sent: list[Request], values: dict[str, str], rounds: int) -> str:
    """Return the row of the questions that give rows: each with what it sends, beside that sent barely."""
    ours, theirs = [], []
    for question in questions.library(there.workspace):
        given = {p.name: values[p.name] for p in question.parameters if not p.optional}
        asked = questions.bind(question, given, there.store)

        def ask(text: str = question.sparql, asked: Any = asked) -> int:
            answer = there.store.query(text, asked)
            return sum(1 for _ in answer) if isinstance(answer, Solutions) else -1

        sent.clear()
        first = perf_counter()
        if ask() < 0 or perf_counter() - first > _LONG:
            continue
        requests = list(sent)
        times = [(_timed(ask), _timed(lambda: _asked(bare, there, requests))) for _ in range(rounds)]  # noqa: B023
        ours.append(median(time[0] for time in times))
        theirs.append(median(time[1] for time in times))
    one, other = _mean(ours), _mean(theirs)
    shown = f"{1000 * one:.1f} ms | {1000 * other:.1f} ms by a bare client"
    return f"| {len(ours)} questions, geometric mean | {shown}: {one / other:.2f} × | ≤ 1.3 × |"


def _asked(client: httpx.Client, there: CoopGraph, requests: list[Request]) -> None:
    """Send the same queries and take their rows out of the answers, as one does who has nothing but httpx."""
    for text, parameters in requests:
        data = dict([("query", text), *parameters])
        answer = client.post(there.store.address or "", data=data, headers={"Accept": _ROWS})
        answer.raise_for_status()
        sum(1 for _ in answer.json()["results"]["bindings"])


def _bare(client: httpx.Client, there: CoopGraph, requests: list[Request]) -> None:
    """Send the same queries and read what comes, without looking at it."""
    for text, parameters in requests:
        data = dict([("query", text), *parameters])
        with client.stream("POST", there.store.address or "", data=data, headers={"Accept": _ROWS}) as answer:
            answer.raise_for_status()
            for _ in answer.iter_bytes():
                pass


def _network(here: CoopGraph, there: CoopGraph, bare: httpx.Client, sent: list[Request]) -> str:
    embedded = median(_timed(here.to_networkx) for _ in range(3))
    sent.clear()
    served = [_timed(there.to_networkx)]
    requests = list(sent)
    transfer = median(_timed(lambda: _bare(bare, there, requests)) for _ in range(3))
    served += [_timed(there.to_networkx) for _ in range(2)]
    beside = f"embedded {embedded:.1f} s, transfer {transfer:.1f} s"
    goal = 1.5 * embedded + transfer
    return f"| `to_networkx` | {median(served):.1f} s | {beside} | ≤ 1.5 × embedded + transfer = {goal:.1f} s |"


def _timed(do: Callable[[], object]) -> float:
    start = perf_counter()
    do()
    return perf_counter() - start


def _mean(numbers: list[float]) -> float:
    return exp(sum(map(log, numbers)) / len(numbers))


if __name__ == "__main__":
    main()
