"""A workspace is brought to a server: all of it, only what has changed, safely however it breaks off."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import doc_examples
import servers
from conftest import ROOT, Run, environment
from coopgraph.build.up_to_date import current_store
from coopgraph.claims import workspace
from coopgraph.claims.workspace import STORE
from coopgraph.errors import ServerError
from coopgraph.rdf import vocab
from coopgraph.server.client import Server
from coopgraph.server.credentials import PASSWORD, USER
from coopgraph.server.ledger import DESCRIPTION, Ledger
from coopgraph.server.push import Plan, Push
from coopgraph.server.remote import RemoteStore

FOREIGN = "https://example.net/somebody-else"
BASE = "https://example.org/id/graph/"
MADE = {vocab.ONTOLOGY_GRAPH, *vocab.DERIVED}


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server of each kind, as the environment variables that lead to it."""
    kind = request.param
    with servers.RUNNING[kind](tmp_path_factory.mktemp(kind)) as address:
        known = {USER: servers.DBA.user, PASSWORD: servers.DBA.password} if kind == "virtuoso" else {}
        yield {STORE: address, **known}


on_oxigraph = pytest.mark.parametrize("running", ["oxigraph"], indirect=True)
"""Marks what the kind of server has no part in."""


@pytest.fixture
def access(running: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What leads to a server, set in our environment too; the server is empty."""
    for name, text in running.items():
        monkeypatch.setenv(name, text)
    with Server(running[STORE]) as server:
        for graph in [*RemoteStore(server, {}).graphs(), vocab.MANIFEST]:
            server.delete_graph(graph)
    return running


@pytest.fixture
def address(access: dict[str, str]) -> str:
    """The address of an empty server, whose credentials are in the environment."""
    return access[STORE]


@pytest.fixture
def small(small_built: Path) -> Path:
    """A fresh copy of the smallest workspace, with its store."""
    return small_built


@pytest.fixture
def oxigraph(tmp_path: Path) -> Iterator[str]:
    """The address of an Oxigraph server of the test's own."""
    (tmp_path / "oxigraph").mkdir()
    with servers.oxigraph(tmp_path / "oxigraph") as address:
        yield address


@pytest.fixture
def server(address: str) -> Iterator[Server]:
    """An empty server."""
    with Server(address) as server:
        yield server


def pushed(folder: Path, server: Server, **how: bool) -> Plan:
    """Push a workspace and return what was done."""
    space = workspace.find(folder)
    with current_store(space) as store:
        push = Push(space, store, server, **how)
        push.run()
    return push.plan


def planned(folder: Path, server: Server, **how: bool) -> Plan:
    """Return what a push would do."""
    space = workspace.find(folder)
    with current_store(space) as store:
        return Push(space, store, server, **how).plan


def held(server: Server) -> set[Any]:
    """Return all quads of a server but the ledger and those of its own."""
    return set(RemoteStore(server, vocab.prefixes()).quads())


def here(folder: Path) -> set[Any]:
    """Return all quads of a workspace's store."""
    with current_store(workspace.find(folder)) as store:
        return set(store.quads())


def change(folder: Path) -> None:
    """Change one file so that all derived graphs change with it."""
    note = folder / "graphs" / "note.ttl"
    note.write_text(note.read_text("utf-8").replace("status:potential", "status:realised"), "utf-8")


class Breaking(Server):
    """A server that cannot be reached any more from the so-manieth change on, before or after it has arrived."""

    left = 0
    arrives = False

    def _send_to_graphs(self, *given: Any, **more: Any) -> None:
        self._until(lambda: Server._send_to_graphs(self, *given, **more))

    def update(self, *given: Any, **more: Any) -> None:
        self._until(lambda: Server.update(self, *given, **more))

    def delete_graph(self, iri: str) -> None:
        self._until(lambda: Server.delete_graph(self, iri))

    def _until(self, call: Callable[[], None]) -> None:
        self.left -= 1
        if self.left < 0 and not (self.arrives and self.left == -1):
            raise ServerError("broken")
        call()
        if self.left < 0:
            raise ServerError("broken")


def test_a_server_comes_to_hold_the_same_quads(tiny: Path, server: Server) -> None:
    """After a push the server's graphs are those of the workspace, the derived ones included."""
    plan = pushed(tiny, server)
    assert held(server) == here(tiny)
    assert set(plan.send) > MADE
    assert plan.triples == len(here(tiny))


@pytest.mark.sampled(1)
def test_only_what_has_changed_is_sent(small: Path, server: Server) -> None:
    """What the server has is not sent again; one changed file sends its graph and the derived ones that change."""
    first = pushed(small, server)
    assert pushed(small, server) == Plan({}, (), len(first.send), (), ())
    change(small)
    plan = pushed(small, server)
    assert BASE + "note" in plan.send
    assert not {BASE + "places", vocab.ONTOLOGY_GRAPH} & set(plan.send)
    assert held(server) == here(small)


@on_oxigraph
def test_a_file_written_anew_with_the_same_content_is_not_sent(small: Path, server: Server) -> None:
    """Contents are compared, not times."""
    pushed(small, server)
    note = small / "graphs" / "note.ttl"
    note.write_bytes(note.read_bytes())
    assert not pushed(small, server).send


@pytest.mark.sampled(1)
def test_little_that_has_changed_in_a_large_graph_is_sent_alone(
    small: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a large graph only the difference is sent, and the result is the same."""
    monkeypatch.setattr("coopgraph.server.push._LARGE", 1)
    pushed(small, server)
    change(small)
    sent: list[str] = []
    replace = Server.replace_graph
    monkeypatch.setattr(
        Server, "replace_graph", lambda self, iri, chunks: (sent.append(iri), replace(self, iri, chunks))
    )
    pushed(small, server)
    assert held(server) == here(small)
    assert bool(sent) == (not server.traits.loads)


@pytest.mark.sampled(1)
def test_graphs_go_in_pieces_where_they_are_large(small: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph too large for one request goes in several."""
    monkeypatch.setattr("coopgraph.server.push._PIECE", 10)
    monkeypatch.setattr("coopgraph.server.push._TRIPLES", 25)
    pushed(small, server)
    assert held(server) == here(small)
    pushed(small, server, full=True)
    assert held(server) == here(small)


@pytest.mark.sampled(1)
def test_a_removed_file_is_listed_and_goes_with_prune(small: Path, server: Server) -> None:
    """A graph whose file is gone stays and is listed, until --prune takes it away."""
    extra = small / "graphs" / "more.ttl"
    extra.write_text((small / "graphs" / "places.ttl").read_text("utf-8").replace("port", "haven"), "utf-8")
    pushed(small, server)
    extra.unlink()
    plan = pushed(small, server)
    assert plan.gone == (BASE + "more",)
    assert {quad.graph_name.value for quad in held(server)} - {quad.graph_name.value for quad in here(small)} == {
        BASE + "more"
    }
    assert pushed(small, server, prune=True).remove == (BASE + "more",)
    assert held(server) == here(small)
    assert pushed(small, server, prune=True) == planned(small, server)


@pytest.mark.sampled(1)
def test_derived_graphs_that_become_empty_go_by_themselves(small: Path, server: Server) -> None:
    """Where no claim is realised any more, the server has no direct triples either."""
    pushed(small, server)
    note = small / "graphs" / "note.ttl"
    note.write_text(note.read_text("utf-8").replace("status:realised", "status:planned"), "utf-8")
    assert vocab.DIRECT in pushed(small, server).remove
    assert held(server) == here(small)


@pytest.mark.sampled(1)
def test_graphs_of_others_are_left_alone(small: Path, server: Server) -> None:
    """What coopgraph has never pushed is listed, and not even --prune takes it away."""
    server.replace_graph(FOREIGN, [b"<http://x/s> <http://x/p> <http://x/o> .\n"])
    plan = pushed(small, server, prune=True)
    assert plan.foreign == (FOREIGN,)
    assert {quad for quad in held(server) if quad.graph_name.value != FOREIGN} == here(small)
    assert len(held(server)) == len(here(small)) + 1


@on_oxigraph
def test_a_server_with_another_graph_is_refused(small: Path, tiny: Path, server: Server) -> None:
    """Two workspaces of different bases cannot share a server: they share the names of the derived graphs."""
    pushed(small, server)
    settings = tiny / "coopgraph.toml"
    settings.write_text(settings.read_text("utf-8").replace("example.org", "example.com"), "utf-8")
    for path in (tiny / "graphs").glob("*.ttl"):
        path.write_text(path.read_text("utf-8").replace("example.org", "example.com"), "utf-8")
    with pytest.raises(ServerError, match="holds another graph, 'Small' of"):
        pushed(tiny, server)
    assert held(server) == here(small)


@pytest.mark.sampled(1)
def test_the_ledger_describes_what_is_there(small: Path, server: Server) -> None:
    """Title, licence, base and number of claims by status stand in the ledger; quotes and line ends survive."""
    settings = small / "coopgraph.toml"
    settings.write_text(
        'description = "A \\"quoted\\" text\\nof $rows two lines"\n' + settings.read_text("utf-8"), "utf-8"
    )
    pushed(small, server)
    about = Ledger(server).about()
    assert about[DESCRIPTION["title"]] == "Small"
    assert about[DESCRIPTION["base"]] == "https://example.org/id/"
    assert about[DESCRIPTION["description"]] == 'A "quoted" text\nof $rows two lines'
    assert {entry.triples for entry in Ledger(server).entries().values()} >= {
        len([quad for quad in here(small) if quad.graph_name.value == BASE + "note"])
    }


@pytest.mark.thorough
@pytest.mark.parametrize("arrives", [False, True], ids=["lost", "answer lost"])
def test_a_push_that_breaks_off_anywhere_is_gone_on_with(
    small: Path, tmp_path: Path, address: str, arrives: bool
) -> None:
    """Wherever a push breaks off, each graph is as it was or as it will be, and the next push goes on with it."""
    former = shutil.copytree(small, tmp_path / "former")
    places = (former / "graphs" / "places.ttl").read_text("utf-8")
    (former / "graphs" / "more.ttl").write_text(places.replace("port", "haven"), "utf-8")
    (small / "graphs" / "new.ttl").write_text(places.replace("port", "bridge"), "utf-8")
    change(small)
    before, after = by_graph(here(former)), by_graph(here(small))
    with Server(address) as server:
        steps = range(100) if server.traits.loads else range(10 if arrives else 1, 100, 18)  # Virtuoso takes its time
    for step in steps:
        with Server(address) as server:
            pushed(former, server, prune=True)
            assert held(server) == here(former)
        with Breaking(address) as breaking:
            breaking.left, breaking.arrives = step, arrives
            ended = not broken(lambda breaking=breaking: pushed(small, breaking, prune=True))
        with Server(address) as server:
            found = by_graph(held(server))
            for graph in before.keys() | after.keys():
                assert found.get(graph, set()) in (before.get(graph, set()), after.get(graph, set()))
            pushed(small, server, prune=True)
            assert by_graph(held(server)) == after
        if ended:
            break
    assert step > 5


def by_graph(quads: set[Any]) -> dict[str, set[Any]]:
    """Return quads by the name of their graph."""
    found: dict[str, set[Any]] = {}
    for quad in quads:
        found.setdefault(quad.graph_name.value, set()).add(quad)
    return found


def broken(call: Callable[[], object]) -> bool:
    """Say whether a push broke off."""
    try:
        call()
    except ServerError as error:
        assert str(error) == "broken"  # noqa: PT017 - any other is a failure
        return True
    return False


@pytest.mark.sampled(1)
def test_of_two_pushes_the_earlier_one_stops(small: Path, address: str) -> None:
    """A push that another one has overtaken says so and writes no more into the ledger."""
    space = workspace.find(small)
    with Server(address) as one, Server(address) as other, current_store(space) as store:
        first = Push(space, store, one)
        take = Ledger.take
        first._ledger.take = lambda base: (take(first._ledger, base), pushed(small, other))  # type: ignore[method-assign]
        with pytest.raises(ServerError, match="another push has begun"):
            first.run()
        assert held(other) == here(small)


@on_oxigraph
def test_a_dry_run_sends_nothing(small: Path, access: dict[str, str], server: Server, run: Run) -> None:
    """--dry-run says on standard output what would be done, and does nothing."""
    outcome = run("-w", small, "push", "--dry-run", env=access)
    assert f"send {BASE}note " in outcome.out
    assert not held(server)
    assert not Ledger(server).about()


@on_oxigraph
def test_the_command_says_what_it_did(small: Path, access: dict[str, str], run: Run) -> None:
    """The summary goes to standard error, and standard output stays empty."""
    outcome = run("-w", small, "push", env=access)
    assert (outcome.code, outcome.out) == (0, "")
    assert "coopgraph: sent " in outcome.err
    assert "sent 0 graphs of 0 triples" in run("-w", small, "push", env=access).err


@on_oxigraph
def test_a_workspace_that_does_not_build_is_not_pushed(small: Path, access: dict[str, str], run: Run) -> None:
    """Where the graph files break a rule, the server keeps what it has."""
    run("-w", small, "push", env=access)
    note = small / "graphs" / "note.ttl"
    note.write_text(note.read_text("utf-8").replace("coop:status status:potential ;", ""), "utf-8")
    outcome = run("-w", small, "push", env=access)
    assert outcome.code == 1
    assert "nothing is pushed" in outcome.error


@pytest.mark.parametrize("running", ["virtuoso"], indirect=True)
def test_wrong_credentials_are_told_and_change_nothing(small: Path, access: dict[str, str], run: Run) -> None:
    """Where the server wants to know who we are, a wrong password gives one line, without the password."""
    outcome = run("-w", small, "push", env={**access, PASSWORD: "wrong-password"})
    assert outcome.code == 3
    assert "does not accept who you say you are" in outcome.error
    assert "wrong-password" not in outcome.err
    with Server(access[STORE]) as server:
        assert not held(server)


def test_a_dropped_connection_is_overcome(small: Path, oxigraph: str) -> None:
    """Where the connection breaks once at every request, the push still makes the server hold the same."""
    seen: set[tuple[str, str, int]] = set()

    def drops(handler: servers.Handler, _: int) -> bool:
        request = (handler.command, handler.path, hash(handler.proxy.seen[-1][3]))
        first = request not in seen
        seen.add(request)
        if first:
            handler.close_connection = True
        return first

    with servers.proxy(oxigraph, drops) as proxy, Server(proxy.address, kind="oxigraph") as server:
        pushed(small, server)
    with Server(oxigraph) as server:
        assert held(server) == here(small)


def test_a_server_that_may_only_be_read_is_told(small: Path, oxigraph: str, run: Run) -> None:
    """A server that takes no changes gives one line."""

    def refuses(handler: servers.Handler, _: int) -> bool:
        if handler.command == "GET":
            return False
        handler.reply(403, b"this server is read-only")
        return True

    with servers.proxy(oxigraph, refuses) as proxy:
        outcome = run("-w", small, "push", "--store", proxy.address)
    assert outcome.code == 3
    assert "does not let you do this (this server is read-only)" in outcome.error


def test_an_interrupted_push_stops_at_once_and_can_be_repeated(small: Path, oxigraph: str, tmp_path: Path) -> None:
    """Ctrl-C ends a push while the server is still busy with what it was sent, and the next one goes on with it."""
    sent, over = threading.Event(), threading.Event()

    def stalls(handler: servers.Handler, _: int) -> bool:
        if handler.command == "POST" and "/store" in handler.path:
            sent.set()
            over.wait(60)
        return False

    with current_store(workspace.find(small)), servers.proxy(oxigraph, stalls) as proxy:
        command = [sys.executable, "-m", "coopgraph", "-w", str(small), "push", "--store", proxy.address]
        process = subprocess.Popen(command, env=environment(tmp_path), stderr=subprocess.PIPE, text=True)
        assert sent.wait(30)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
        over.set()
    assert (process.returncode, told) == (130, "coopgraph: interrupted\n")
    with Server(oxigraph) as server:
        pushed(small, server)
        assert held(server) == here(small)


def test_the_steps_of_the_documentation(oxigraph: str, tmp_path: Path, run: Run) -> None:
    """The commands that docs/servers.md shows work as they stand there, on the bundled graph."""
    page = (ROOT / "docs" / "servers.md").read_text("utf-8")
    commands = re.findall(r"^coopgraph (.*localhost:7878.*)$", page, re.MULTILINE)
    assert len(commands) == 4
    folder = doc_examples.workspace(tmp_path)
    for command in commands:
        outcome = run(*shlex.split(command.replace("http://localhost:7878/query", oxigraph)), cwd=folder, timeout=120)
        assert outcome.code == 0, outcome.err
        assert outcome.out or command.startswith("push")


def test_no_server_is_named(small: Path, run: Run) -> None:
    """Without an address there is one line that says how to give one."""
    outcome = run("-w", small, "push")
    assert outcome.code == 2
    assert "--store" in outcome.error


def test_nothing_listens(small: Path, run: Run) -> None:
    """A server that is down gives one line."""
    outcome = run("-w", small, "push", "--store", "http://127.0.0.1:9/sparql")
    assert outcome.code == 3
    assert "nothing listens there" in outcome.error
