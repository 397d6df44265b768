"""A served graph beside Oxigraph's own server and rdflib-endpoint: `python benchmarks/serve.py`.

All answer the same queries from the same quads on this machine's disk, asked over eight connections that are kept open.
The servers take turns, round by round, so that a busy moment of the machine is nobody's alone; the median counts.
rdflib-endpoint takes part where it is installed. Needs `oxigraph` and `coopgraph[serve]`.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import cycle
from pathlib import Path
from time import perf_counter
from urllib.parse import quote, urlsplit

import generate
import httpx
import psutil
import tasks
from virtuoso import free_port

from coopgraph.ask import graph

CONNECTIONS = 8
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a = ?e && ?b = ?d) } ORDER BY ?a"
_ENDPOINT = """
import sys, uvicorn, oxrdflib, pyoxigraph
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
data = Dataset(store=oxrdflib.OxigraphStore(store=pyoxigraph.Store.read_only(sys.argv[1])), default_union=True)
uvicorn.run(SparqlEndpoint(graph=data, path="/sparql"), port=int(sys.argv[2]), log_level="error")
"""
Ask = Callable[[str], str]
"""Query -> path with which a server is asked."""


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each server and query, each round")
    parser.add_argument("--kills", type=int, default=200, help="queries that are stopped")
    parser.add_argument("--folder", type=Path, help="where the workspace is made; a temporary folder without it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coopgraph-bench-") as aside:
        folder = (options.folder or Path(aside)) / str(options.triples)
        if not (folder / "raw").exists():
            generate.write(folder / "workspace", options.triples)
            tasks.build(folder)
            tasks.dump(folder)
            tasks.raw_build(folder)
        queries = _queries(folder)
        print("\n".join(_servers(folder, queries, options.rounds, options.seconds)))
        print("\n".join(_pages(folder, options.seconds, options.kills)))


_CLAIMS = """
PREFIX coop: <https://w3id.org/coopgraph/ontology#> PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?claim ?subject ?predicate ?object ?status ?gist {
  ?passage oa:hasSource <%s> ; coop:gist ?gist . FILTER(LANG(?gist) = "en")
  ?claim prov:wasDerivedFrom ?passage ; rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ;
    coop:status ?status .
} ORDER BY ?claim LIMIT 12
"""
_KINDS = 200
"""Different queries of a kind."""


def _queries(folder: Path) -> dict[str, list[str]]:
    """Return queries of one entity each, and queries whose rows are about 10 kB as JSON."""
    with graph.load(folder / "workspace") as here:
        cities = here.query("SELECT ?s { ?s a coop:Place } ORDER BY ?s", limit=_KINDS)
        sources = here.query("SELECT ?s { ?s a coop:Source } ORDER BY ?s", limit=_KINDS)
        one = [f"SELECT ?p ?o {{ <{row['s']}> ?p ?o }}" for row in cities]
        claims = [_CLAIMS % row["s"] for row in sources]
        return {
            "one entity": one,
            "10 kB": claims,
            "one entity again": one[:1],
            "10 kB again": claims[:1],
        }


# ---------------------------------------------------------------- servers


@contextmanager
def _running(command: list[str], address: str) -> Iterator[psutil.Process]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                httpx.get(f"{address}?query=ASK%7B%7D", trust_env=False, timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        else:
            sys.exit(f"{command[0]} does not start")
        yield psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _oxigraph(folder: Path, *more: str) -> tuple[list[str], str]:
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if not program:
        sys.exit("there is no oxigraph; pip install oxigraph")
    at = f"127.0.0.1:{free_port()}"
    where = ["--location", str(folder / "raw"), "--bind", at, "--union-default-graph"]
    return [program, "serve-read-only", *where, *more], f"http://{at}/query"


def _coopgraph(folder: Path, *more: str) -> tuple[list[str], str]:
    port = str(free_port())
    command = [sys.executable, "-m", "coopgraph", "-w", str(folder / "workspace"), "serve", "--port", port, *more]
    return command, f"http://127.0.0.1:{port}/sparql"


def _endpoint(folder: Path) -> tuple[list[str], str]:
    port = str(free_port())
    return [sys.executable, "-c", _ENDPOINT, str(folder / "raw"), port], f"http://127.0.0.1:{port}/sparql"


def _servers(folder: Path, queries: dict[str, list[str]], rounds: int, seconds: float) -> Iterator[str]:
    """Yield the table of requests a second, ratio to the first server's, slowest and fastest round, and CPU time."""
    kinds = {
        "Oxigraph's server, read only": _oxigraph(folder),
        "the same with `--timeout-s 10`": _oxigraph(folder, "--timeout-s", "10"),
        "`coopgraph serve`": _coopgraph(folder, "--quiet"),
        "the same, a log line a request": _coopgraph(folder),
    }
    if importlib.util.find_spec("rdflib_endpoint"):
        kinds["rdflib-endpoint with oxrdflib"] = _endpoint(folder)
    rates: dict[tuple[str, str], list[float]] = {}
    costs: dict[tuple[str, str], list[float]] = {}
    with ExitStack() as servers:
        processes = [servers.enter_context(_running(command, address)) for command, address in kinds.values()]
        _compare([address for _, address in kinds.values()], queries)
        for _ in range(rounds):
            for (name, (_, address)), process in zip(kinds.items(), processes, strict=True):
                for what, some in queries.items():
                    new = "again" not in what
                    before = _used([process])
                    rate = requests_a_second([f"{address}?query={quote(query)}" for query in some], seconds, new=new)
                    costs.setdefault((name, what), []).append((_used([process]) - before) / max(1, rate * seconds))
                    rates.setdefault((name, what), []).append(rate)
                    _settle(processes)
    yield f"| requests a second | {' | '.join(queries)} |"
    yield f"| --- |{' --- |' * len(queries)}"
    first = next(iter(kinds))
    for name in kinds:
        cells = []
        for what in queries:
            median, best = statistics.median(rates[name, what]), statistics.median(rates[first, what])
            cost = statistics.median(costs[name, what]) * 1000
            low, high = min(rates[name, what]), max(rates[name, what])
            cells.append(f"{median:,.0f} ({median / best:.2f}; {low:,.0f} to {high:,.0f}), {cost:.2f} ms")
        yield f"| {name} | {' | '.join(cells)} |"


def _used(processes: list[psutil.Process]) -> float:
    """Return the seconds of the processor that processes and those that they started have taken."""
    seconds = 0.0
    for each in [each for process in processes for each in (process, *process.children(recursive=True))]:
        with suppress(psutil.NoSuchProcess):
            seconds += sum(each.cpu_times()[:2])
    return seconds


def _settle(processes: list[psutil.Process]) -> None:
    """Wait until no server works any more: some go on with queries whose clients have gone."""
    for _ in range(300):
        before = _used(processes)
        time.sleep(0.1)
        if _used(processes) - before < 0.02:
            return


def _compare(addresses: list[str], queries: dict[str, list[str]]) -> None:
    """See that all give the same number of rows."""
    accept = {"Accept": "application/sparql-results+json"}
    for query in (some[0] for some in queries.values()):
        answers = [httpx.get(f"{at}?query={quote(query)}", headers=accept, trust_env=False) for at in addresses]
        assert len({len(answer.json()["results"]["bindings"]) for answer in answers}) == 1, answers


# ---------------------------------------------------------------- a client that costs next to nothing


class _Client(asyncio.Protocol):
    """A connection that sends requests in turn, again and again, and counts the answers."""

    def __init__(self, requests: list[bytes], name: str) -> None:
        self._requests, self._rest, self._name = cycle(requests), b"", name
        self.times: list[float] = []
        self.statuses: set[bytes] = set()
        self._begin = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._send()

    def _send(self) -> None:
        self._begin = perf_counter()
        request = next(self._requests)
        self._transport.write(request.replace(b"NUMBER", f"{self._name}-{len(self.times)}".encode()))

    def data_received(self, data: bytes) -> None:
        self._rest += data
        head, parted, body = self._rest.partition(b"\r\n\r\n")
        if not parted:
            return
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        chunked = b"chunked" in head.lower()
        is_whole = body.endswith(b"0\r\n\r\n") if chunked else len(body) >= int(length[1] if length else 0)
        if is_whole:
            self.statuses.add(head.split(b" ", 2)[1])
            self.times.append(perf_counter() - self._begin)
            self._rest = b""
            self._send()

    def close(self) -> None:
        self._transport.abort()


def measured(
    addresses: list[str], seconds: float, connections: int = CONNECTIONS, headers: str = "", *, new: bool = False
) -> list[float]:
    """Return how long each request took of those that were answered in that time; `new` queries were never asked."""
    more, run_name = "%20%23NUMBER" if new else "", str(time.time_ns())
    at = urlsplit(addresses[0])
    accept = "" if "Accept" in headers else "Accept: application/sparql-results+json\r\n"
    requests = [
        f"GET {address.partition(at.netloc)[2]}{more} HTTP/1.1\r\nHost: {at.netloc}\r\n{accept}{headers}\r\n".encode()
        for address in addresses
    ]

    async def run() -> list[float]:
        loop = asyncio.get_running_loop()
        made = []
        for number in range(connections):
            start = number * len(requests) // connections
            turned = requests[start:] + requests[:start]
            made.append(
                (await loop.create_connection(partial(_Client, turned, f"{run_name}-{number}"), at.hostname, at.port))[
                    1
                ]
            )
        await asyncio.sleep(seconds)
        for client in made:
            client.close()
        statuses = set().union(*(client.statuses for client in made))
        assert statuses <= {b"200", b"304"}, statuses
        return [each for client in made for each in client.times]

    return asyncio.run(run())


def requests_a_second(addresses: list[str], seconds: float, headers: str = "", *, new: bool = False) -> float:
    """Return how many requests are answered a second."""
    return len(measured(addresses, seconds, headers=headers, new=new)) / seconds


# ---------------------------------------------------------------- pages, and queries that are stopped


def _pages(folder: Path, seconds: float, kills: int) -> Iterator[str]:
    """Yield the table of pages, and of queries over their time."""
    command, address = _coopgraph(folder, "--quiet")
    root = address.removesuffix("/sparql")
    with graph.load(folder / "workspace") as here:
        iris = [row["s"] for row in here.query("SELECT ?s { ?s a coop:City }", limit=1)]
        base = here.workspace.base.removesuffix("id/")
    page = f"{root}/{str(iris[0]).removeprefix(base)}.html"
    html = "Accept: text/html\r\n"
    yield ""
    yield "| | |"
    yield "| --- | --- |"
    with _running(command, address):
        tag = httpx.get(page, trust_env=False).headers["etag"]
        yield f"| pages of an entity a second | {requests_a_second([page], seconds, html):,.0f} |"
        unchanged = requests_a_second([page], seconds, f"{html}If-None-Match: {tag}\r\n")
        yield f"| the same, unchanged (304) | {unchanged:,.0f} |"
        yield f"| p99 of a page while four heavy queries run | {_beside(page, address, html):.0f} ms |"
        late, following = _stopped(address)
        yield f"| a query over its time of 1 s ends after | {late:.2f} s |"
        yield f"| the next one is answered after | {following:.2f} s |"
    command, address = _coopgraph(folder, "--quiet", "--timeout", "0.001")
    with _running(command, address):
        yield f"| {kills} queries that were stopped leave | {_killed(address, kills)} |"


def _beside(page: str, address: str, headers: str) -> float:
    """Return the 99th percentile of a page's milliseconds while heavy queries run."""
    with ExitStack() as heavy:
        for _ in range(4):
            parts = urlsplit(address)
            heavy.enter_context(_asked(parts.netloc, f"{parts.path}?query={quote(ENDLESS)}"))
        time.sleep(1.5)
        times = sorted(measured([page], 4, connections=1, headers=headers))
    return times[int(len(times) * 0.99)] * 1000


@contextmanager
def _asked(netloc: str, target: str) -> Iterator[None]:
    """Have asked something, without waiting for the answer, until the block ends."""
    import socket

    host, _, port = netloc.partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {netloc}\r\n\r\n".encode())
        yield


def _stopped(address: str) -> tuple[float, float]:
    """Return after how many seconds a query of one second ends, and the next one after it is answered."""
    begin = perf_counter()
    httpx.get(f"{address}?query={quote(ENDLESS)}&timeout=1", trust_env=False, timeout=60)
    late = perf_counter() - begin
    begin = perf_counter()
    assert httpx.get(f"{address}?query=ASK%7B%7D", trust_env=False, timeout=60).status_code == 200
    return late, perf_counter() - begin


def _killed(address: str, number: int) -> str:
    """Return what is left of so many queries that were stopped, beside what was there before."""
    port = urlsplit(address).port
    (listening,) = {
        each.pid for each in psutil.net_connections("tcp") if each.laddr.port == port and each.status == "LISTEN"
    }
    process = psutil.Process(listening)

    def there() -> tuple[int, int, int]:
        children = process.children(recursive=True)
        return len(children), sum(each.status() == psutil.STATUS_ZOMBIE for each in children), process.num_fds()

    with httpx.Client(trust_env=False, timeout=60) as client:
        client.get(f"{address}?query=ASK%7B%7D")
        time.sleep(1)
        before = there()
        for _ in range(number):
            assert client.get(f"{address}?query={quote(ENDLESS)}").status_code == 400
        time.sleep(2)
        after = there()
    return f"{after[0]} processes ({before[0]} before), {after[1]} zombies, {after[2]} open files ({before[2]} before)"


if __name__ == "__main__":
    main()
