"""Servers that only a workspace names are not asked; credentials go to those alone that the person named or allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import coopgraph
from conftest import Run
from coopgraph.claims import workspace
from coopgraph.claims.workspace import STORE
from coopgraph.errors import DataError, ServerError, UsageError
from coopgraph.server import allowed_hosts
from coopgraph.server.allowed_hosts import origin
from coopgraph.server.client import ROWS, Server
from coopgraph.server.credentials import PASSWORD, TOKEN, USER, Credentials
from coopgraph.server.remote import server_of
from servers import Handler, Proxy, proxy

NOWHERE = "http://127.0.0.1:9/query"
NONE = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
ASK = "SELECT ?s { ?s ?p ?o }"
SECRETS = {TOKEN: {TOKEN: "s3cret"}, USER: {USER: "me", PASSWORD: "s3cret"}, "netrc": {}}
Start = Callable[..., Proxy]


def answers(handler: Handler, _: int) -> bool:
    """Give no rows to whoever says who he is, and ask the others."""
    if "Authorization" in handler.headers:
        handler.reply(200, NONE, ROWS, server="Oxigraph/0.5")
    else:
        handler.reply(401, WWW_Authenticate="Basic")
    return True


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a server that answers as a function says."""
    with ExitStack() as stack:
        yield lambda fault=answers: stack.enter_context(proxy(NOWHERE, fault))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's own settings, and no credentials but those that a test sets."""
    for name in (STORE, USER, PASSWORD, TOKEN):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "coopgraph").mkdir(parents=True)
    return tmp_path / "config"


def names(folder: Path, **settings: str) -> Path:
    """Have a workspace's settings name servers."""
    with (folder / "coopgraph.toml").open("a", encoding="utf-8") as out:
        out.writelines(f'{key} = "{value}"\n' for key, value in settings.items())
    return folder


def allow(home: Path, *entries: str) -> None:
    """Have the user's own settings allow hosts."""
    listed = ", ".join(f'"{entry}"' for entry in entries)
    (home / "coopgraph" / "config.toml").write_text(f"allowed_hosts = [{listed}]\n", encoding="utf-8")


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("command", [("query", "classes"), ("show", "Eastport"), ("push",), ("stats",), ("export",)])
def test_a_server_that_only_a_workspace_names_is_not_asked(
    secret: str, command: tuple[str, ...], small_built: Path, home: Path, run: Run, start: Start
) -> None:
    """Whatever is asked and whatever credentials are at hand, nobody connects, and a line says how to allow it."""
    evil = start()
    (home.parent / "netrc").write_text("machine 127.0.0.1 login me password s3cret\n", encoding="utf-8")
    env = {**SECRETS[secret], "NETRC": str(home.parent / "netrc"), "XDG_CONFIG_HOME": str(home)}
    outcome = run("-w", names(small_built, store=evil.address), *command, env=env)
    assert (outcome.code, outcome.out, evil.calls) == (3, "", 0)
    assert f"add 'http://127.0.0.1:{evil.port}' to allowed_hosts in {home}/coopgraph/config.toml" in outcome.error
    assert "--store" in outcome.error
    assert "s3cret" not in outcome.err


@pytest.mark.parametrize("how", ["--store", STORE, "allowed_hosts"])
def test_a_server_that_the_person_names_or_allows_is_told(
    how: str, small: Path, home: Path, run: Run, start: Start
) -> None:
    """The command line, the environment and the user's own settings each let a server know who we are."""
    mine = start()
    env = {TOKEN: "s3cret", "XDG_CONFIG_HOME": str(home), **({STORE: mine.address} if how == STORE else {})}
    if how == "allowed_hosts":
        names(small, store=mine.address)
        allow(home, f"http://127.0.0.1:{mine.port}")
    given = ("--store", mine.address) if how == "--store" else ()
    outcome = run("-w", small, *given, "query", "-", stdin=ASK, env=env)
    assert outcome.code == 0, outcome.err
    assert mine.seen[-1][2]["Authorization"] == "Bearer s3cret"


def test_python_names_a_server_by_argument(small: Path, home: Path, start: Start) -> None:
    """`load` does not ask whom the workspace alone names either, and asks whom it is given."""
    mine = start(lambda handler, _: handler.reply(200, NONE, ROWS, server="Oxigraph/0.5") or True)
    names(small, store=mine.address)
    with pytest.raises(ServerError, match="only the workspace names it"):
        coopgraph.load(small)
    assert mine.calls == 0
    with coopgraph.load(small, store=mine.address) as graph:
        assert len(graph.query(ASK)) == 0


@pytest.mark.parametrize("key", ["store_update", "store_graphs"])
def test_a_workspace_sends_changes_of_a_named_server_nowhere_else(
    key: str, small: Path, home: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the person names the store and the workspace another host for its changes, that host is not asked."""
    monkeypatch.setenv(TOKEN, "s3cret")
    mine, evil = start(), start()
    space = workspace.find(names(small, store=mine.address, **{key: evil.address}))

    def change(server: Server) -> None:
        server.query(ASK).close()
        server.update("CLEAR ALL") if key == "store_update" else server.replace_graph("http://x/g", [b""])

    with server_of(space, mine.address) as server, pytest.raises(ServerError, match=f"'http://127.0.0.1:{evil.port}'"):
        change(server)
    assert evil.calls == 0
    allow(home, f"http://127.0.0.1:{evil.port}")
    with server_of(space, mine.address) as server:
        change(server)
    assert evil.seen[-1][2]["Authorization"] == "Bearer s3cret"


def test_netrc_is_read_for_each_host(small: Path, home: Path, start: Start) -> None:
    """What netrc has for the host of queries is not told to the host of changes, though both are allowed."""
    mine, other = start(), start()
    (home.parent / "netrc").write_text("machine 127.0.0.1 login me password s3cret\n", encoding="utf-8")
    with Server(mine.address, kind="oxigraph", update=f"http://localhost:{other.port}/update") as server:
        server.query(ASK).close()
        with pytest.raises(ServerError, match="asks who you are"):
            server.update("CLEAR ALL")
    assert "Authorization" in mine.seen[-1][2]
    assert all("Authorization" not in headers for _, _, headers, _ in other.seen)


def test_credentials_do_not_come_back_from_another_server(home: Path, start: Start) -> None:
    """A server that may not know who we are cannot send our query on, credentials added, to one that may."""
    mine = start(lambda handler, _: handler.reply(200, NONE, ROWS) or True)
    to = f"http://127.0.0.1:{mine.port}/query?query=x"
    evil = start(lambda handler, _: handler.reply(307, Location=to) or True)
    first = start(lambda handler, _: handler.reply(307, Location=f"http://localhost:{evil.port}/") or True)
    allowed = {origin(first.address), origin(mine.address)}
    who = Credentials(token="s3cret")
    with Server(first.address, kind="oxigraph", allowed=allowed, credentials=who) as server:
        server.query(ASK).close()
    assert "Authorization" in first.seen[0][2]
    assert [["Authorization" in headers for _, _, headers, _ in each.seen] for each in (evil, mine)] == [
        [False],
        [False],
    ]


def test_somebody_at_a_terminal_is_asked_for_no_other_server(home: Path, start: Start) -> None:
    """Nobody is asked for a password that another server than the named one wants."""
    evil = start()
    mine = start(lambda handler, _: handler.reply(307, Location=f"http://localhost:{evil.port}/q") or True)
    with (
        Server(mine.address, kind="oxigraph", ask=lambda _: pytest.fail("asked")) as server,
        pytest.raises(ServerError, match="asks who you are and is not told"),
    ):
        server.query(ASK)


SAME = [
    ("http://example.org/a", "HTTP://EXAMPLE.org:80/b?c#d"),
    ("https://example.org", "https://example.org:443/"),
    ("http://b\u00fccher.example/", "http://xn--bcher-kva.example/"),
    ("http://[::1]:7878/", "http://[0:0:0:0:0:0:0:1]:7878/x"),
]
OTHER = [
    "http://example.org/", "https://example.org:8443/", "https://example.org.evil.test/", "https://evil.test/example.org",
    "https://example.org./", "https://example.org:80/", "https://evil.test#@example.org/", "https://evil.test?@example.org/",
    "https://www.example.org/", "https://examp1e.org/", "https://ex\u0430mple.org/", "https://evil.test\\.example.org/",
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_an_origin_has_many_spellings(one: str, other: str) -> None:
    """Case, default ports, other alphabets' ASCII form and zeros of an address are one origin."""
    assert origin(one) == origin(other)


@pytest.mark.parametrize("address", OTHER)
def test_what_looks_like_a_host_is_another(address: str, home: Path, small: Path) -> None:
    """Scheme, port and every letter count: what resembles an allowed host is none."""
    allow(home, "example.org")
    space = workspace.find(small)._replace(server=(("store", address),))
    with pytest.raises((ServerError, UsageError)):
        server_of(space, None)
    server_of(space._replace(server=(("store", "https://example.org/sparql"),)), None).close()


@given(st.text())
def test_any_text_has_an_origin_or_none(text: str) -> None:
    """Whatever stands for a host, it is one origin or refused with a line."""
    try:
        assert origin(str(origin(f"http://{text}/"))) == origin(f"http://{text}/")
    except UsageError:
        return


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("allowed_hosts = ", "config.toml: is not TOML"),
        ("allowed_host = []", "did you mean allowed_hosts"),
        ("allowed_hosts = 'example.org'", "is no list of texts"),
        ("allowed_hosts = [1]", "is no list of texts"),
        ("allowed_hosts = ['*.example.org']", "stands for many hosts"),
        ("allowed_hosts = ['https://me:s3cret@example.org']", "holds a user's name"),
        ("allowed_hosts = ['ftp://example.org']", "no http"),
        ("allowed_hosts = ['']", "no http"),
        (f"a = {'[' * 5000}", "config.toml: is not TOML"),
    ],
)
def test_settings_that_cannot_be_used_are_told(settings: str, message: str, home: Path) -> None:
    """The user's own settings are told with their place where they cannot be used, and no password is repeated."""
    (home / "coopgraph" / "config.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        allowed_hosts.configured()
    assert str(caught.value).startswith(str(home))
    assert "\n" not in str(caught.value)


def test_settings_in_the_workspace_do_not_count(
    small: Path, home: Path, monkeypatch: pytest.MonkeyPatch, start: Start
) -> None:
    """A folder of settings that is named from where we stand is not looked into: we may stand in the workspace."""
    evil = start()
    allow(home, evil.address)
    monkeypatch.chdir(home.parent)
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    with pytest.raises(ServerError):
        server_of(workspace.find(names(small, store=evil.address)), None)
    assert evil.calls == 0
