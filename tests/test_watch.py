"""The process that watches a command: it ends it in time and memory, at Ctrl-C, and cleans up after it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from conftest import Run
from coopgraph.sandbox import limits, supervisor

PROGRAM = """
import os, sys, time
import pyoxigraph as ox
from coopgraph.cli import interrupt
from coopgraph.errors import CoopgraphError
from coopgraph.files import text_to
from coopgraph.sandbox import limits
from coopgraph.sandbox.supervisor import supervise

def work():
    try:
        interrupt.listen()
        limits.set_limits({seconds}, {gigabytes})
        with limits.limited("the query"), text_to(sys.argv[1]) as out:
            out.write("half")
            out.flush()
            print("started", os.getpid(), flush=True)
            {task}
    except KeyboardInterrupt:
        os._exit(130)
    os._exit(0)

supervise(work)
"""
DEAF = """
            store = ox.Store()
            store.extend(ox.Quad(*[ox.NamedNode(f"http://x/{i}")] * 3) for i in range(500))
            list(store.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"))
"""
GREEDY = "kept = [bytes(1 << 20) + os.urandom(1) for _ in range(3000)]; time.sleep(60)"


def start(target: Path, task: str, seconds: float = 60, gigabytes: float = 2) -> tuple[subprocess.Popen[bytes], int]:
    """Start a watched program that runs a task, and return its process with the number of the watched one."""
    text = PROGRAM.replace("{seconds}", str(seconds)).replace("{gigabytes}", str(gigabytes)).replace("{task}", task)
    command = [sys.executable, "-c", text, str(target)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    word, number = process.stdout.readline().split()
    assert word == b"started"
    return process, int(number)


def is_gone(number: int) -> bool:
    """Say whether a process ends in the next seconds."""
    for _ in range(200):
        if not psutil.pid_exists(number) or psutil.Process(number).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("task", ["time.sleep(60)", DEAF])
def test_time_ends_a_process_that_hears_nothing(tmp_path: Path, task: str) -> None:
    """When the time is over the process ends with 4 and one line, and the half-written file is gone."""
    process, number = start(tmp_path / "out", task, seconds=0.3)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (4, b"")
    assert err == b"coopgraph: the query ran longer than 0.3 s and was stopped; narrow it or raise --timeout\n"
    assert list(tmp_path.iterdir()) == []
    assert is_gone(number)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not say how much memory is used")
def test_memory_ends_a_process(tmp_path: Path) -> None:
    """A process that takes more memory than it may ends with 4 and one line, and the half-written file is gone."""
    process, number = start(tmp_path / "out", GREEDY, gigabytes=0.1)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 4
    assert err == b"coopgraph: the query took more than 0.1 GB of memory and was stopped; narrow it or raise --memory\n"
    assert list(tmp_path.iterdir()) == []
    assert is_gone(number)


@pytest.mark.parametrize("task", ["time.sleep(60)", DEAF])
def test_ctrl_c_ends_a_process(tmp_path: Path, task: str) -> None:
    """Ctrl-C ends a process, in the engine or not, with 130, and the half-written file is gone."""
    process, number = start(tmp_path / "out", task)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err == (b"coopgraph: interrupted\n" if task == DEAF else b"")
    assert list(tmp_path.iterdir()) == []
    assert is_gone(number)


FINISHING = """
import os, signal, time
from coopgraph.sandbox import limits, supervisor

def finish(*_):
    limits.note_interrupt()
    time.sleep(0.8)
    os._exit(0)

def work():
    signal.signal(signal.SIGINT, finish)
    print("started", flush=True)
    time.sleep(60)

supervisor._GRACE = 0.2
supervisor.supervise(work)
"""


def test_a_process_that_hears_ctrl_c_may_finish() -> None:
    """One that says that it has heard, as a server does, is left more time than one that says nothing."""
    process = subprocess.Popen([sys.executable, "-c", FINISHING], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"started\n"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_process_ends_with_the_one_that_watches_it(tmp_path: Path, number: int) -> None:
    """Whoever ends the watching process ends the one that runs the query."""
    process, watched = start(tmp_path / "out", DEAF)
    process.send_signal(number)
    process.communicate(timeout=20)
    assert process.returncode in (143, -signal.SIGKILL)
    assert is_gone(watched)


def test_a_process_that_the_engine_breaks_is_told(tmp_path: Path) -> None:
    """A process that is ended by the system while it runs a query leaves one line and no file."""
    process, number = start(tmp_path / "out", "time.sleep(60)")
    os.kill(number, signal.SIGSEGV)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 4
    assert err == b"coopgraph: the query broke the engine (SIGSEGV); ask in smaller parts, with more memory free\n"
    assert list(tmp_path.iterdir()) == []


def test_limits_hold_for_the_innermost_block_and_end_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run is told when it begins and ends; while somebody is asked, the clock stands still."""
    reading, writing = os.pipe()
    monkeypatch.setenv(limits.WATCH, str(writing))
    with limits.limited("one"), limits.paused():
        pass
    watch = supervisor._Watch(os.getpid(), reading, reading)
    words: list[str] = []
    monkeypatch.setattr(
        supervisor._Watch, "_note", lambda _, said: words.append(next(k for k in ("run", "end") if k in said))
    )
    assert watch._hear()
    assert words == ["run", "end", "run", "end"]
    os.close(reading)
    os.close(writing)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forbids a process its sockets")
def test_a_process_that_runs_queries_opens_no_socket(small: Path) -> None:
    """Sockets are closed to the command line before the engine sees a query, and to what it starts."""
    code = (
        "import os, socket, subprocess, sys\nfrom coopgraph.cli.group import run\n"
        "os.environ['COOPGRAPH_WATCH'] = str(os.open(os.devnull, os.O_WRONLY))\n"
        "run(['query', 'classes', '--format', 'csv'])\n"
        "try:\n    socket.socket()\nexcept PermissionError:\n    print('closed')\n"
        "command = [sys.executable, '-c', 'import socket; socket.socket()']\n"
        "print(subprocess.run(command, capture_output=True).returncode)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=small, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2:] == ["closed", "1"]
    with socket.socket():
        pass  # this process, which only started the other, may


ENDLESS = """\
#+ summary: Counts for ever
#+ description: It never ends.
{header}{head} { {
  SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }
} BIND(<http://x/g> AS ?graph) BIND(<http://x/f> AS ?focus) FILTER(?n < 0) }
"""


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("file", "header", "head"),
    [
        ("queries/checks/endless.rq", "", "SELECT ?graph ?focus"),
        ("queries/checks/endless.rq", "#+ scope: graph\n", "SELECT ?graph ?focus"),
        ("queries/derive/endless.rq", "#+ graph: inferred\n", "CONSTRUCT { ?graph a ?focus } WHERE"),
        ("queries/derive/endless.rq", "#+ graph: direct\n", "CONSTRUCT { ?graph a ?focus } WHERE"),
    ],
)
def test_a_rule_that_takes_too_long_is_named_and_the_former_store_answers(
    small_built: Path, run: Run, file: str, header: str, head: str
) -> None:
    """A stranger's rule is ended like a query, by name; a question is then answered from the store that there was."""
    path = small_built / file
    path.parent.mkdir(parents=True)
    path.write_text(ENDLESS.replace("{header}", header).replace("{head}", head))
    built = run("build", "--timeout", "0.5", cwd=small_built)
    assert built.code == 4
    assert built.error == f"{file} ran longer than 0.5 s and was stopped; narrow it or raise --timeout"
    answered = run("query", "classes", "--timeout", "0.5", "--format", "csv", cwd=small_built)
    assert answered.code == 0
    assert answered.out.startswith("class,")
    assert f"{file} ran longer than 0.5 s" in answered.err
    assert "answering from the store of" in answered.err


def test_a_rule_that_asks_a_server_is_refused(small: Path, run: Run) -> None:
    """A rule is guarded as a query is."""
    path = small / "queries" / "checks" / "asks.rq"
    path.parent.mkdir(parents=True)
    query = "PREFIX q: <http://x/> SELECT * { ?s ?p q:.SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }"
    path.write_text(f"#+ summary: Asks a server\n{query}")
    refused = run("build", cwd=small)
    assert refused.code == 3
    assert refused.error.startswith("queries/checks/asks.rq:2:43: SERVICE would ask another server")
