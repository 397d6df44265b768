"""coopgraph beside rdflib, pyoxigraph and, where it is installed, Virtuoso: one command, one table.

`python benchmarks/bench.py` measures 100,000 and 1,000,000 triples, writes benchmarks/results.json and prints Markdown;
`--full` goes on to 10,000,000; `--report docs/performance.md` makes the page and its plot from the latest results.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import generate
import report
import virtuoso
from engines import Worker
from memory import watched

from coopgraph.ask import questions
from coopgraph.claims import workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.claims.query_file import QueryFile

HERE = Path(__file__).parent
TASKS = ("rebuild", "networkx", "raw_networkx", "turtle", "nquads", "raw_nquads", "check_texts", "labels", "measures")
"""What is measured beside the build, in turn, each once a round."""
PLAIN = {path.stem: path.read_text(encoding="utf-8") for path in sorted((HERE / "plain").glob("*.rq"))}
"""Questions that count -> how one would simply ask them of the claims themselves; Virtuoso is asked these two ways."""
RDFLIB_HOLDS = 1_200_000
"""Triples beyond which rdflib's memory store is left out: it takes about a gigabyte and half a minute a million."""
Measured = dict[str, Any]


def main() -> None:
    """Measure, or report what was measured."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    if not options.report:
        results: Measured = {
            "when": _now(),
            "machine": _machine(),
            "note": options.note,
            "sizes": [],
        }
        kept: list[Measured] = []
        if options.add and options.results.exists():
            kept = json.loads(options.results.read_text(encoding="utf-8"))["sizes"]
        for size in options.sizes:
            former = next((each for each in kept if options.only and each["size"] == size), {})
            measured: Measured = {**former, "size": size, "when": _now(), "load": os.getloadavg()[0]}
            kept = sorted([each for each in kept if each["size"] != size] + [measured], key=lambda each: each["size"])
            results["sizes"] = kept
            for found in _at(size, options):
                measured |= found
                text = json.dumps(results, indent=1, ensure_ascii=False) + "\n"
                options.results.write_text(text, encoding="utf-8")
        print(report.table(results))
    else:
        report.write(json.loads(options.results.read_text(encoding="utf-8")), options.report)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", metavar="TRIPLES", default=[100_000, 1_000_000])
    parser.add_argument("--full", action="store_true", help="10k, 100k, 1M and 10M triples")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; above 200,000 triples, one of what takes long")
    parser.add_argument("--limit", type=float, default=10, help="seconds that one question may take")
    parser.add_argument("--rdflib-limit", type=float, default=1, help="seconds that one question may take in rdflib")
    parser.add_argument("--engines", nargs="+", default=["coopgraph", "pyoxigraph", "rdflib", "virtuoso"])
    parser.add_argument("--only", nargs="+", choices=["tasks", "processes", "questions"], help="leave out the others")
    parser.add_argument("--add", action="store_true", help="keep what the results have of other sizes and parts")
    parser.add_argument("--results", type=Path, default=HERE / "results.json")
    parser.add_argument("--note", default="", help="what is to be said of this run, for the page")
    parser.add_argument("--folder", type=Path, help="where workspaces are made; a temporary folder without it")
    parser.add_argument("--report", type=Path, metavar="FILE.md", help="write this page and its plot, measure nothing")
    options = parser.parse_args()
    options.sizes = [10_000, 100_000, 1_000_000, 10_000_000] if options.full else options.sizes
    return options


def _machine() -> dict[str, str]:
    names = ("pyoxigraph", "rdflib", "networkx", "pyshacl", "click")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB",
        **{name: version(name) for name in names},
    }


def _at(size: int, options: argparse.Namespace) -> Iterator[Measured]:
    """Yield what is measured at one size, part by part."""
    with ExitStack() as stack:
        root = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="coopgraph-bench-")))
        folder = root / str(size)
        if not folder.exists():
            _tell(f"{size:,} triples: generating")
            generate.write(folder / "workspace", size)
        rounds = range(options.rounds), options.rounds if size <= 200_000 else 1
        with_rdflib = "rdflib" in options.engines and size <= RDFLIB_HOLDS
        wanted = options.only or ["tasks", "processes", "questions"]
        tasks = _tasks(folder, *rounds, "tasks" in wanted, with_rdflib)
        if "tasks" in wanted:
            yield {"tasks": tasks}
        landmarks = _task("landmarks", folder)
        if "processes" in wanted:
            yield {"processes": _processes(folder, landmarks["entity"], 3 * options.rounds)}
        if "questions" in wanted:
            yield _questions(folder, landmarks, options, with_rdflib)


def _tell(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def _task(name: str, folder: Path) -> Measured:
    """Run a task in a process of its own and say so; peak memory is that of the process and all that it starts."""
    command = [sys.executable, str(HERE / "tasks.py"), name, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output, errors, peak = watched(process)
    if process.returncode:
        _tell(f"{name} failed: {errors.decode(errors='replace').strip().splitlines()[-1:]}")
        return {}
    result: Measured = json.loads(output.decode().splitlines()[-1])
    result["peak_mb"] = max(result["peak_mb"], peak)
    _tell(f"{folder.name}: {name} {result.get('seconds', 0):.3f} s, {result['peak_mb']:,.0f} MB")
    return result


def _tasks(folder: Path, rounds: range, slow: int, whole: bool, with_rdflib: bool) -> Measured:
    """Build, so that there is a store at all, and run what else is measured, in rounds, fewer of what is slow."""
    taken: dict[str, list[Measured]] = defaultdict(list)
    if whole or not (folder / "raw").exists():
        for name in ["build", "dump", "raw_build"] + ["build", "raw_build"] * (slow - 1) * whole:
            taken[name].append(_task(name, folder))
    for turn in rounds if whole else ():
        for name in (*TASKS, *(["rdflib_forms"] if with_rdflib else [])):
            if turn < slow or all(result.get("seconds", 9) < 3 for result in taken[name]):
                taken[name].append(_task(name, folder))
    return {name: _middle(results) for name, results in taken.items()}


def _middle(results: list[Measured]) -> Measured:
    """Return the median of each number over the rounds, and the highest peak."""
    good = [result for result in results if result]
    if not good:
        return {}
    return {key: (max if key == "peak_mb" else median)(result[key] for result in good) for key in good[0]}


_BARE = """
import sys
import click
import pyoxigraph as ox
store = ox.Store.read_only(sys.argv[1])
text = open(sys.argv[2], encoding="utf-8").read()
bound = {ox.Variable("entity"): ox.NamedNode(sys.argv[3])}
rows = store.query(text, use_default_graph_as_union=True, substitutions=bound)
rows.serialize(sys.stdout.buffer, format=ox.QueryResultsFormat.JSON)
"""


def _processes(folder: Path, entity: str, rounds: int) -> Measured:
    """Return CPU and wall seconds of whole processes, in turn, after one round in which Python compiles its modules."""
    text = next(path for path in workspace.bundled().glob("queries/claims-about.rq"))
    script = Path(sys.executable).with_name("coopgraph")
    ours = [str(script)] if script.exists() else [sys.executable, "-m", "coopgraph"]
    commands = {
        "query": [*ours, "--workspace", str(folder / "workspace"), "query", text.stem, "-p", f"entity={entity}"],
        "bare query": [sys.executable, "-c", _BARE, str(folder / "raw"), str(text), entity],
        "help": [*ours, "--help"],
        "bare help": [sys.executable, "-c", "import click"],
    }
    taken: dict[str, list[Measured]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as compiled:
        for _ in range(1 + rounds):
            for name, command in commands.items():
                taken[name].append(_process(command, compiled))
    return {name: _middle(results[1:]) for name, results in taken.items()}


def _process(command: list[str], compiled: str) -> Measured:
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    errors = process.stderr.read().decode() if process.stderr else ""
    if process.returncode:
        _tell(f"{command[0]} failed: {errors.strip()[:300]}")
        return {}
    return {"cpu": usage.ru_utime + usage.ru_stime, "wall": wall, "peak_mb": usage.ru_maxrss / 1024}


def _questions(folder: Path, landmarks: Measured, options: argparse.Namespace, with_rdflib: bool) -> Measured:
    """Ask every question of the library of every engine, turn by turn."""
    with ExitStack() as stack:
        names = [name for name in ("coopgraph", "pyoxigraph") if name in options.engines]
        engines: Measured = {}
        if "virtuoso" in options.engines and virtuoso.installed():
            server = stack.enter_context(virtuoso.Server(folder))
            engines["virtuoso"] = {"load": server.load_seconds}
            names.append("virtuoso")
        workers = [Worker(name, folder) for name in [*names, *(["rdflib"] if with_rdflib else [])]]
        for worker in workers:
            stack.callback(worker.close)
            _tell(f"{folder.name}: {worker.engine} open after {worker.opened:.1f} s")
        asked = {}
        for question in questions.library(workspace.find(folder / "workspace")):
            values = {p.name: landmarks[p.name] for p in question.parameters if not p.optional}
            limits = {w.engine: options.rdflib_limit if w.engine == "rdflib" else options.limit for w in workers}
            asked[question.name] = _ask(workers, question, values, limits, 2 * options.rounds - 1)
        for worker in workers:
            if worker.engine != "virtuoso":  # whose memory is that of a server
                engines[worker.engine] = {"load": worker.opened, "peak_mb": worker.peak_mb}
        return {"questions": asked, "engines": engines}


def _ask(workers: list[Worker], question: QueryFile, values: Measured, limits: dict[str, float], most: int) -> Measured:
    """Return engine -> median seconds and rows of one question, or the error; slow ones are asked once.

    Virtuoso is asked what counts, in the words of the library and, as `plain`, in those of `PLAIN`.
    """
    taken: dict[str, list[Measured]] = defaultdict(list)
    turns = [(worker.engine, worker, question.sparql) for worker in workers]
    turns = [turn for turn in turns if turn[0] != "virtuoso" or question.name in PLAIN]
    turns += [("plain", worker, PLAIN[question.name]) for engine, worker, _ in turns if engine == "virtuoso"]
    for turn in range(most):
        for name, worker, text in turns:
            former = taken[name]
            if former and ("error" in former[-1] or sum(one["seconds"] for one in former) > 1):
                continue
            former.append(worker.ask(question.name, text, values, limits[worker.engine]))
        if turn == 0:
            first = {name: round(one[0].get("seconds", -1), 4) for name, one in taken.items() if one}
            _tell(f"{question.name} {first}")
    found = {}
    for name, worker, _ in turns:
        results = taken[name]
        if "error" in results[-1]:
            found[name] = {"error": results[-1]["error"], "limit": limits[worker.engine]}
        else:
            found[name] = _middle(results)
    return found


if __name__ == "__main__":
    main()
