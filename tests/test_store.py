"""The store: a reader sees one whole generation, whatever builds, dies or fills the disk meanwhile."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from conftest import Run, environment, write_small
from coopgraph.ask.graph import load
from coopgraph.build import build
from coopgraph.claims import workspace
from coopgraph.errors import DataError, QueryError
from coopgraph.rdf.terms import Literal
from coopgraph.store import current, generations

CLAIMS = "SELECT ?claim { ?claim a coop:Claim }"
COMMAND = [sys.executable, "-m", "coopgraph"]


def generation_names(root: Path) -> list[str]:
    """Return the names of the generations in the store of a workspace."""
    return sorted(path.name for path in (root / ".coopgraph").iterdir() if path.is_dir())


def claims(root: Path) -> int:
    """Return the number of claims that the store of a workspace has now, without building it anew."""
    space = workspace.find(root)
    with current.open_store(space.store_folder, space.prefixes) as opened:
        return len(list(opened.select(CLAIMS)))


def rename_a_claim(root: Path) -> None:
    """Change the graph files so that a reading command would build anew."""
    path = root / "graphs" / "note.ttl"
    path.write_text(path.read_text("utf-8").replace("claim:note-2", "claim:note-9"), "utf-8")


def test_a_second_build_replaces_the_first_and_leaves_nothing(small: Path) -> None:
    """After two builds there is one generation, and no file that was written aside."""
    for _ in range(2):
        assert build.build(workspace.find(small)).saved
        assert len(generation_names(small)) == 1
    assert not list((small / ".coopgraph").glob("*.new"))
    assert (small / ".coopgraph" / ".gitignore").read_text() == "*\n"


def test_a_reader_keeps_its_generation_while_others_build(small_built: Path) -> None:
    """What a reader has open stays complete while two builds go by, and is removed by the next build after it."""
    with load(small_built) as first, load(small_built) as second:
        for _ in range(2):
            rename_a_claim(small_built)
            assert build.build(workspace.find(small_built)).saved
        for graph in (first, second):
            assert {row["claim"].rpartition("/")[2] for row in graph.query(CLAIMS)} == {"note-1", "note-2"}
        assert len(generation_names(small_built)) == 2
    build.build(workspace.find(small_built))
    assert len(generation_names(small_built)) == 1


def test_a_store_that_is_let_go_is_let_go(small_built: Path) -> None:
    """A graph that nobody refers to any more holds no generation, closed or not."""
    load(small_built)
    build.build(workspace.find(small_built))
    assert len(generation_names(small_built)) == 1


def test_a_locked_store_is_told_and_the_former_one_answers(small_built: Path, run: Run) -> None:
    """While another build runs, a build is refused, and a question is answered from the former store."""
    rename_a_claim(small_built)
    with generations.building(small_built / ".coopgraph", {}):
        refused = run("build", cwd=small_built)
        assert (refused.code, refused.out) == (3, "")
        assert "another build is running; wait until it ends, then try again" in refused.error
        answered = run("query", "-", "--format", "csv", cwd=small_built, stdin=CLAIMS)
        assert answered.code == 0
        assert "note-2" in answered.out
        assert "another build is running" in answered.err
        assert "answering from the store of" in answered.err
    assert "note-9" in run("query", "-", "--format", "csv", cwd=small_built, stdin=CLAIMS).out


def test_the_first_question_waits_for_the_first_build(small: Path) -> None:
    """Where there is no former store, a reader waits for the build that runs and then answers."""
    with generations.building(small / ".coopgraph", {}):
        waiting = subprocess.Popen(
            [*COMMAND, "query", "-", "--format", "csv"],
            cwd=small,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert waiting.stdin
        waiting.stdin.write(CLAIMS)
        waiting.stdin.close()
        time.sleep(0.5)
        assert waiting.poll() is None
    assert waiting.stdout
    assert "note-1" in waiting.stdout.read()
    waiting.stdout.close()
    assert waiting.wait(20) == 0


@pytest.mark.parametrize("moment", [0.25, 0.5])
def test_a_build_that_is_killed_harms_nobody(small_built: Path, run: Run, moment: float) -> None:
    """After a kill at any moment the former store or the new one answers, the next build succeeds and clears up."""
    rename_a_claim(small_built)
    killed = subprocess.Popen([*COMMAND, "build"], cwd=small_built, stderr=subprocess.DEVNULL)
    time.sleep(moment)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert claims(small_built) == 2
    assert build.build(workspace.find(small_built)).saved
    assert len(generation_names(small_built)) == 1
    assert claims(small_built) == 2


_KILLED = """
import os, signal, sys
from coopgraph.build import build
from coopgraph.claims import workspace
from coopgraph.store import current, folder, generations, integrity, local, name_index

steps, fatal = [], 0

def deadly(thing, name):
    inner = getattr(thing, name)
    def step(*words, **named):
        steps.append(name)
        if len(steps) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return inner(*words, **named)
    setattr(thing, name, step)

for thing, names in (
    (local.Draft, ("load", "add", "add_many", "remove", "close", "snapshot")),
    (local.LocalStore, ("snapshot",)),
    (name_index.TextIndex, ("replace", "commit", "close")),
    (current, ("write_aside",)),
    (generations, ("_sweep",)),
    (folder, ("remove_unread", "_write", "_clear")),
    (folder.OpenFolder, ("remove", "remove_empty")),
    (integrity, ("sealed", "stamp", "sync_folder")),
    (generations.Generation, ("start", "write", "finish", "_let_go")),
    (generations.shutil, ("rmtree",)),
    (os, ("replace",)),
):
    for name in names:
        deadly(thing, name)
for line in sys.stdin:
    fatal = int(line)
    child = os.fork()  # what is imported stays so: a new process would take as long as the build
    if not child:
        build.build(workspace.find("."), full="full" in sys.argv)
        print(*steps, flush=True)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.mark.sampled(1)
@pytest.mark.parametrize("kind", ["first", "incremental", "full"])
def test_a_build_can_be_killed_at_any_step(tmp_path: Path, kind: str) -> None:
    """Killed before any step of a build, the store answers as before or anew, and the next build is right."""
    fast = Path("/dev/shm")  # most of a small build is waiting for the disk
    with TemporaryDirectory(dir=fast if os.access(fast, os.W_OK) else tmp_path) as folder:
        root, former = write_small(Path(folder, "small")), Path(folder, "former")
        if kind != "first":
            assert build.build(workspace.find(root)).saved
            rename_a_claim(root)
        shutil.copytree(root, former)
        command = [sys.executable, "-c", _KILLED, kind]
        with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as builder:
            assert builder.stdin
            assert builder.stdout

            def answer(step: int) -> str:
                assert builder.stdin
                assert builder.stdout
                builder.stdin.write(f"{step}\n")
                builder.stdin.flush()
                return builder.stdout.readline()

            def start_anew() -> None:
                shutil.rmtree(root / ".coopgraph", ignore_errors=True)
                if kind != "first":
                    shutil.copytree(former / ".coopgraph", root / ".coopgraph")

            names = answer(0).split()
            assert builder.stdout.readline() == "0\n"
            assert len(names) > 30
            for step in _telling(names, limit=8 if kind == "first" else len(names)):
                start_anew()
                assert int(answer(step)) == -signal.SIGKILL
                if kind != "first":
                    assert claims(root) == 2
                assert build.build(workspace.find(root)).saved
                assert claims(root) == 2
                assert len(generation_names(root)) == 1
                assert not list((root / ".coopgraph").glob("*.new"))
            builder.stdin.close()


def _telling(names: list[str], limit: int) -> list[int]:
    """Return the steps at which a build is killed: the first and last of each name, counted from 1."""
    places: dict[str, list[int]] = {}
    for step, name in enumerate(names, 1):
        places.setdefault(name, []).append(step)
    return sorted({step for steps in places.values() for step in (steps[0], steps[-1]) if step < limit})


def test_a_build_that_is_killed_with_its_work_half_done_is_cleared_up(small_built: Path) -> None:
    """What a killed build leaves, a generation without a manifest, is never read, and swept by the next build."""
    half = small_built / ".coopgraph" / "0123456789abcdef"
    (half / "db").mkdir(parents=True)
    (half / "db" / "CURRENT").write_text("MANIFEST-000001\n")
    assert claims(small_built) == 2
    assert build.build(workspace.find(small_built)).saved
    assert not half.exists()


def test_readers_never_see_half_a_store(small_built: Path) -> None:
    """Two processes that read all the time while builds replace the store always see all claims."""
    code = (
        "import sys, time\nfrom coopgraph.store import current; from coopgraph.claims import workspace\n"
        "space = workspace.find('.')\nend = time.monotonic() + 1.2\nreads = 0\n"
        "while time.monotonic() < end:\n"
        "    with current.open_store(space.store_folder, space.prefixes) as opened:\n"
        f"        assert len(list(opened.select({CLAIMS!r}))) == 2\n"
        "    reads += 1\nprint(reads)"
    )
    readers = [
        subprocess.Popen([sys.executable, "-c", code], cwd=small_built, stdout=subprocess.PIPE) for _ in range(2)
    ]
    builds = 0
    while any(reader.poll() is None for reader in readers):
        assert build.build(workspace.find(small_built)).saved
        builds += 1
    assert [reader.wait() for reader in readers] == [0, 0]
    assert all(int(reader.communicate()[0]) > 5 for reader in readers)
    assert builds > 1
    build.build(workspace.find(small_built))
    assert len(generation_names(small_built)) == 1


@pytest.mark.sampled(2)
@pytest.mark.parametrize("part", ["manifest.json", "db", "in-use", "db/CURRENT"])
def test_a_damaged_store_is_told_or_built_anew(small_built: Path, part: str) -> None:
    """A store that was damaged from outside is told in one line or built anew, and the next build succeeds."""
    path = small_built / ".coopgraph" / generation_names(small_built)[0] / part
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.write_bytes(b"")
    try:
        with load(small_built) as graph:
            assert len(graph.query(CLAIMS)) == 2
    except DataError as error:
        assert re.fullmatch(r".+; run coopgraph build", str(error))  # noqa: PT017 - both outcomes are right
    assert build.build(workspace.find(small_built)).saved
    assert claims(small_built) == 2


@pytest.mark.parametrize("content", ["[1]", "\xff", '{"graphs/places.ttl": 5}'])
def test_damaged_notes_of_former_builds_do_no_harm(small_built: Path, content: str) -> None:
    """What former builds noted may be damaged: the files are checked and built again."""
    folder = small_built / ".coopgraph"
    (folder / "checked.json").write_text(content, "latin-1")
    (folder / generation_names(small_built)[0] / "manifest.json").write_text(content, "latin-1")
    with load(small_built) as graph:
        assert len(graph.query(CLAIMS)) == 2


def small_disk() -> None:
    """Let this process write no file beyond 100 kB, as on a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def test_a_full_disk_leaves_the_former_store(small_built: Path, run: Run) -> None:
    """A build that cannot write is told in one line, the former store answers, and with room a build succeeds."""
    places = small_built / "graphs" / "places.ttl"
    former = places.read_text("utf-8")
    noise = Random(0)  # what can be compressed would fit
    notes = (f'place:eastport skos:note "{noise.randbytes(600).hex()}" .\n' for _ in range(500))
    places.write_text(former + "".join(notes), "utf-8")
    options = {"cwd": small_built, "env": environment(small_built), "stderr": subprocess.PIPE, "preexec_fn": small_disk}
    done = subprocess.run([*COMMAND, "build"], check=False, timeout=30, **options)  # type: ignore[call-overload]
    assert done.returncode == 3, done
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("coopgraph: ")
    assert "the store cannot be written" in line
    assert claims(small_built) == 2
    assert len(generation_names(small_built)) == 1
    assert build.build(workspace.find(small_built)).saved


@pytest.fixture
def tight(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes, of which a store takes two."""
    folder = tmp_path / "tight"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(path: Path) -> None:
    """Write a file until the disk is full."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        while os.write(descriptor, b"x" * 4096):
            pass
    except OSError as error:
        assert error.errno == errno.ENOSPC  # noqa: PT017 - the loop has no other end
    finally:
        os.close(descriptor)


def test_a_disk_that_runs_full_is_told(tight: Path, small: Path, run: Run) -> None:
    """On a disk that is really full, build and export say so in one line and leave nothing half written."""
    root, filled = tight / "small", tight / "filled"
    shutil.copytree(small, root)
    fill(filled)
    refused = run("build", cwd=root)
    assert refused.code == 3
    assert "No space left on device" in refused.error
    filled.unlink()
    assert run("build", cwd=root).code == 0
    fill(filled)
    refused = run("export", "-o", tight / "out.ttl", cwd=root)
    assert refused.code == 3
    assert "out.ttl: cannot be written (No space left on device)" in refused.error
    assert sorted(path.name for path in tight.iterdir()) == ["filled", "small"]


def test_a_read_only_workspace_has_its_store_in_the_cache(small: Path, tmp_path: Path, run: Run) -> None:
    """Where the workspace cannot be written, the store is built in the user's cache folder, and found there again."""
    shared = tmp_path / "shared"
    shared.mkdir()
    if os.geteuid() != 0:
        shutil.copytree(small, shared, dirs_exist_ok=True)
        shared.chmod(0o555)
    elif subprocess.run(["mount", "--bind", "-o", "ro", small, shared], check=False).returncode:
        pytest.skip("root may write anywhere, and may not mount here")
    try:
        for _ in range(2):
            asked = run(
                "-w", shared, "query", "-", "--format", "csv", stdin=CLAIMS, env={"XDG_CACHE_HOME": str(tmp_path / "c")}
            )
            assert (asked.code, asked.err) == (0, "")
            assert "note-1" in asked.out
        assert not (shared / ".coopgraph").exists()
        (folder,) = (tmp_path / "c" / "coopgraph").iterdir()
        assert (folder / "current").exists()
    finally:
        if os.geteuid() == 0:
            subprocess.run(["umount", "-l", shared], check=True)
        else:
            shared.chmod(0o755)


def test_no_place_for_a_store_is_told(small: Path, run: Run) -> None:
    """Where the store's folder is a file, the line says so and what to do."""
    (small / ".coopgraph").write_text("")
    refused = run("build", cwd=small)
    assert refused.code == 3
    assert ".coopgraph: is a file, and a store is kept in a folder of its own; remove it" in refused.error


def test_parameters_must_be_projected(small_built: Path) -> None:
    """A bound variable that SELECT leaves out, or GROUP BY, is told by name."""
    with (
        load(small_built) as graph,
        pytest.raises(QueryError, match=r"parameter \?claim is not projected; add \?claim to SELECT"),
    ):
        graph.store.query("SELECT ?x { ?claim a ?x }", {"claim": Literal("x")})


def test_where_there_is_no_store_it_is_said(tmp_path: Path) -> None:
    """Opening a store that was never built says what to do."""
    with pytest.raises(DataError, match="there is no store yet; run coopgraph build"):
        current.open_store(tmp_path, {})


def test_a_workspace_is_copied_and_moved_with_its_store(small_built: Path, tmp_path: Path) -> None:
    """Where a workspace with its store comes to another place, the store answers there; what has changed is seen."""
    made = generation_names(small_built)
    copy, moved = tmp_path / "copy", tmp_path / "moved"
    shutil.copytree(small_built, copy)
    rename_a_claim(small_built)
    small_built.rename(moved)
    for root, claim in ((copy, "note-2"), (moved, "note-9")):
        with load(root) as graph:
            assert claim in str(graph.query(CLAIMS).to_dicts())
        assert (generation_names(root) == made) == (root == copy)


def test_the_manifest_tells_what_a_store_was_made_from(small_built: Path) -> None:
    """A generation names every input with size, time and checksum, and its manifest is JSON."""
    with load(small_built) as graph:
        inputs = current.state(small_built / ".coopgraph", "inputs.json")
        stamps = inputs["graphs"] | inputs["shared"]
        assert {"coopgraph.toml", "graphs/note.ttl"} <= set(stamps)
        assert all(len(stamp) == 5 and len(stamp[4]) == 64 for stamp in stamps.values())
        assert json.loads(json.dumps(graph.store.manifest)) == graph.store.manifest
