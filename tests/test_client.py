"""The client of SPARQL servers: what goes wrong is noticed, repeated where that is safe, and told in one line."""

from __future__ import annotations

import gzip
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from hashlib import md5
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.errors import CoopgraphError, DataError, QueryError, ServerError, UsageError
from coopgraph.server import credentials, transport
from coopgraph.server.client import ROWS, Server
from coopgraph.server.credentials import PASSWORD, TOKEN, USER, Credentials
from coopgraph.server.traits import SERVERS, recognised
from servers import Handler, Proxy, free_port, proxy

NOWHERE = "http://127.0.0.1:9/query"
NONE = json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": []}}).encode()
ASK = "ASK { ?s ?p ?o }"
Fault = Callable[[Handler, int], bool]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's credentials or proxies play a part, and repetitions do not wait."""
    for name in (USER, PASSWORD, TOKEN):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setattr(transport, "_DELAYS", (0.01, 0.01, 0.01))


def told(call: Callable[[], object]) -> str:
    """Return the one line of the error that a call raises."""
    with pytest.raises(CoopgraphError) as caught:
        call()
    text = str(caught.value)
    assert "\n" not in text
    assert "; " in text, f"no advice: {text}"
    return text


@pytest.fixture
def behaving() -> Iterator[Callable[..., tuple[Proxy, Server]]]:
    """Start a server that answers as a function says, and give it and a client of it."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def start(fault: Fault, **options: object) -> tuple[Proxy, Server]:
            made = stack.enter_context(proxy(NOWHERE, fault))
            return made, stack.enter_context(Server(made.address, kind="oxigraph", **options))  # type: ignore[arg-type]

        yield start


def always(status: int, body: bytes = b"", kind: str = "text/plain", **more: str) -> Fault:
    """Return what answers every request in the same way."""

    def fault(handler: Handler, _: int) -> bool:
        handler.reply(status, body, kind, **more)
        return True

    return fault


def once(first: Fault) -> Fault:
    """Return what answers the first request in some way and all others with no rows."""

    def fault(handler: Handler, number: int) -> bool:
        return (first if number == 1 else always(200, NONE, ROWS))(handler, number)

    return fault


def drops(handler: Handler, _: int) -> bool:
    """Close the connection without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True
    return True


# What is repeated and what is not


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again(status: int, behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """A query that a busy server turns away is sent again, and answered."""
    made, server = behaving(once(always(status)))
    assert server.query(ASK).read() == NONE
    assert len(made.seen) == 2


@pytest.mark.parametrize("status", [400, 404, 500])
def test_what_another_try_would_not_mend_is_sent_once(
    status: int, behaving: Callable[..., tuple[Proxy, Server]]
) -> None:
    """A query that a server calls wrong, does not know or fails at is not sent again."""
    made, server = behaving(always(status, b"because of this\nand that"))
    assert "because of this" in told(lambda: server.query(ASK))
    assert len(made.seen) == 1


def test_a_dropped_connection_is_tried_again_for_queries_alone(
    behaving: Callable[..., tuple[Proxy, Server]],
) -> None:
    """A query whose connection is dropped is sent again; an update is not, as it may have been done."""
    made, server = behaving(once(drops))
    assert server.query(ASK).read() == NONE
    assert len(made.seen) == 2
    made, server = behaving(once(drops))
    assert "broke off" in told(lambda: server.update("DELETE WHERE { ?s ?p ?o }"))
    assert len(made.seen) == 1


def test_an_update_that_may_run_twice_is_tried_again(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """An update that is said to do the same when it is run twice is sent again."""
    made, server = behaving(once(drops))
    server.update("CLEAR ALL", is_idempotent=True)
    assert len(made.seen) == 2


def test_a_graph_is_replaced_whole_though_the_first_try_breaks_off(
    behaving: Callable[..., tuple[Proxy, Server]],
) -> None:
    """Pieces that can be read but once are sent again in full, with their length."""
    made, server = behaving(once(drops))
    server.replace_graph("http://x/g", (b"<http://x/%d> <http://x/p> 1 .\n" % number for number in range(9)))
    first, second = (body for method, _, _, body in made.seen)
    assert first == second
    assert first.count(b"\n") == 9
    assert {method for method, *_ in made.seen} == {"PUT"}


def test_more_is_added_once(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """What adds to a graph is not repeated: blank nodes would be there twice."""
    made, server = behaving(once(always(503)))
    assert "busy" in told(lambda: server.add_to_graph("http://x/g", [b""]))
    assert len(made.seen) == 1


def test_a_graph_that_is_gone_is_deleted(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """Deleting what is not there is no error."""
    made, server = behaving(always(404))
    server.delete_graph("http://x/g?a=b&c")
    assert made.seen[0][1] == "/store?graph=http%3A%2F%2Fx%2Fg%3Fa%3Db%26c"


def test_the_server_says_when_to_come_back(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """Retry-After is waited for, and not where it is too long."""
    made, server = behaving(once(always(503, Retry_After="1")))
    start = time.monotonic()
    assert server.query(ASK).read() == NONE
    assert time.monotonic() - start > 0.9
    made, server = behaving(always(503, Retry_After="86400"))
    assert "try again later" in told(lambda: server.query(ASK))
    assert len(made.seen) == 1


# Answers that are not what they seem


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"chunked": False}, "broke off"),
        ({"chunked": True}, "broke off"),
        ({"chunked": False, "packed": True}, "packed answer has no end"),
    ],
)
def test_half_an_answer_is_no_answer(how: dict[str, bool], message: str) -> None:
    """A body that ends early is noticed, whether it has a length, comes in chunks, or is packed."""
    with proxy(NOWHERE, always(200, NONE * 50, ROWS)) as whole, proxy(whole.address) as broken:

        def fault(handler: Handler, _: int) -> bool:
            handler.break_off(chunked=how["chunked"], packed=how.get("packed", False))
            return True

        broken.fault = fault
        with Server(broken.address, kind="oxigraph") as server:
            assert message in told(lambda: server.query(ASK).read())


def test_a_packed_answer_is_unpacked(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """An answer in gzip is read as what it is, and a damaged one is told."""
    made, server = behaving(always(200, gzip.compress(NONE), ROWS, Content_Encoding="gzip"))
    assert server.query(ASK).read() == NONE
    assert made.seen[0][2]["Accept-Encoding"] == "gzip"
    _, server = behaving(always(200, gzip.compress(NONE)[:10] + b"xxxxxx", ROWS, Content_Encoding="gzip"))
    assert "damaged" in told(lambda: server.query(ASK).read())


@pytest.mark.parametrize("name", ["gzip", "GZIP", "x-gzip"])
@pytest.mark.parametrize("end", [b"", b"\0\0"])
def test_an_answer_packed_in_parts_is_read_whole(
    name: str, end: bytes, behaving: Callable[..., tuple[Proxy, Server]]
) -> None:
    """Several packed parts one after the other are one answer, and what is none behind them is told."""
    packed = gzip.compress(NONE[:9]) + gzip.compress(NONE[9:])
    _, server = behaving(always(200, packed + end, ROWS, Content_Encoding=name))
    assert server.query(ASK).read() == NONE
    _, server = behaving(always(200, packed + end + b"more", ROWS, Content_Encoding=name))
    assert "damaged" in told(lambda: server.query(ASK).read())


def test_a_login_page_is_no_answer(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """A page where rows were asked for is told as such."""
    _, server = behaving(always(200, b"<html><title>Log in</title></html>", "text/html; charset=utf-8"))
    assert "a web page" in told(lambda: server.query(ASK))


def test_a_part_of_the_rows_is_no_answer(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """An answer that the server itself calls incomplete is an error, not fewer rows."""
    for fault in (always(200, NONE, ROWS, X_SQL_State="S1TAT"), always(206, NONE, ROWS)):
        _, server = behaving(fault)
        with pytest.raises(QueryError, match="stopped before it had all rows"):
            server.query(ASK)


def test_a_page_of_html_is_explained_by_its_first_words(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """Of an error in HTML the words are told and not the tags."""
    page = b"<html><head><style>p {}</style><title>Out of\n memory</title></head></html>"
    _, server = behaving(always(500, page, "text/html"))
    assert "(500: Out of)" in told(lambda: server.query(ASK))


def test_a_wrong_query_is_a_wrong_query(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """HTTP 400 for a query has the exit code of a wrong query, and for a graph that of a server."""
    _, server = behaving(always(400, b"error at 1:2"))
    with pytest.raises(QueryError, match="the server says: error at 1:2; mend the query"):
        server.query(ASK)
    with pytest.raises(ServerError, match="refuses the request"):
        server.replace_graph("http://x/g", [b"x"])


def test_a_server_that_sends_nothing_is_left(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """After the time-out the error says so, and a slow query is not sent twice."""

    def sleeps(_: Handler, number: int) -> bool:
        time.sleep(1)
        return True

    made, server = behaving(sleeps, timeout=0.2)
    assert "has sent nothing for too long" in told(lambda: server.query(ASK))
    assert len(made.seen) == 1


def test_where_nobody_listens_or_lives_is_told() -> None:
    """A refused connection and an unknown host are told apart."""
    with Server(f"http://127.0.0.1:{free_port()}/query", kind="oxigraph") as server:
        assert "nothing listens there; start the server" in told(lambda: server.query(ASK))
    with Server("http://nowhere.invalid/query", kind="oxigraph") as server:
        server._transport._client("http://nowhere.invalid/")._mounts.clear()
        assert "no such host" in told(lambda: server.query(ASK))


# Long queries, redirects and credentials


def test_long_queries_go_in_a_body(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """A short query is in the address and a long one in a form; both are read the same."""
    made, server = behaving(always(200, NONE, ROWS))
    server.query(ASK, parameters=[("a", "b&c")]).close()
    server.query(ASK + "#" + "ü" * 3000).close()
    (short, at, _, _), (long, _, headers, body) = made.seen
    assert (short, at) == ("GET", "/query?query=ASK+%7B+%3Fs+%3Fp+%3Fo+%7D&a=b%26c")
    assert long == "POST"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert body.startswith(b"query=ASK")


def test_another_host_is_not_told_who_we_are(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """A query follows a redirect to another host without credentials; an update does not follow it."""
    other, _ = behaving(always(200, NONE, ROWS))
    to = f"http://localhost:{other.port}/elsewhere?query=x"
    mine, server = behaving(always(307, Location=to), credentials=Credentials(token="secret"))
    assert server.query(ASK).read() == NONE
    assert mine.seen[0][2]["Authorization"] == "Bearer secret"
    assert "Authorization" not in other.seen[0][2]
    for change in (lambda: server.update("CLEAR ALL"), lambda: server.replace_graph("http://x/g", [b""])):
        assert f"sends changes on to http://localhost:{other.port}/elsewhere" in told(change)
    assert len(other.seen) == 1


def test_redirects_that_lead_nowhere_are_told(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """A circle of redirects, and one out of the web, end with a line."""
    _, server = behaving(always(302, Location="/query"))
    assert "without end" in told(lambda: server.query(ASK))
    _, server = behaving(always(302, Location="file:///etc/passwd"))
    assert "no address of the web" in told(lambda: server.query(ASK))


@pytest.mark.parametrize(
    "place", ["http://[::1", "http://x:99999/", "http://a..b/", "http://xn--a/", f"http://{'a' * 70}/", "mailto:me"]
)
def test_a_redirect_to_no_address_is_told(
    place: str, behaving: Callable[..., tuple[Proxy, Server]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A redirect to what is no address, or to a host that cannot be, ends with a line."""
    monkeypatch.delenv("HTTP_PROXY")
    made, server = behaving(always(302, Location=place))
    message = told(lambda: server.query(ASK))
    assert re.search("no address of the web|no request can be made|Invalid URL", message)
    assert len(made.seen) <= 4


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_change_is_not_taken_for_done_by_a_page_to_log_in(
    status: int, behaving: Callable[..., tuple[Proxy, Server]]
) -> None:
    """A change follows no redirect that leaves open whether it is meant to go there, even on the same server."""

    def fault(handler: Handler, _: int) -> bool:
        elsewhere = handler.path.startswith("/login")
        handler.reply(200 if elsewhere else status, b"log in", Location="" if elsewhere else "/login")
        return True

    made, server = behaving(fault)
    for change in (
        lambda: server.update("CLEAR ALL", is_idempotent=True),
        lambda: server.replace_graph("http://x/g", [b""]),
        lambda: server.add_quads([b""], is_idempotent=True),
        lambda: server.delete_graph("http://x/g"),
    ):
        assert "sends changes on to" in told(change)
    assert not any(path.startswith("/login") for _, path, _, _ in made.seen)


@pytest.mark.parametrize("status", [307, 308])
def test_a_change_goes_where_the_same_server_sends_it(
    status: int, behaving: Callable[..., tuple[Proxy, Server]]
) -> None:
    """A redirect on one server that says that the same is to be sent there is followed, with all that was sent."""

    def fault(handler: Handler, _: int) -> bool:
        moved = handler.path.startswith("/new")
        handler.reply(204 if moved else status, Location="" if moved else "/new")
        return True

    made, server = behaving(fault)
    server.replace_graph("http://x/g", [b"x"])
    assert [(method, path, body) for method, path, _, body in made.seen] == [
        ("PUT", "/store?graph=http%3A%2F%2Fx%2Fg", b"x"),
        ("PUT", "/new?graph=http%3A%2F%2Fx%2Fg", b"x"),
    ]


def test_no_change_leaves_for_another_host(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """A change that may be repeated is not sent to another host either."""
    other, _ = behaving(always(200, b"", ROWS))
    _, server = behaving(always(307, Location=f"http://localhost:{other.port}/update"))
    assert "sends changes on to" in told(lambda: server.update("CLEAR ALL", is_idempotent=True))
    assert other.seen == []


def test_an_answer_elsewhere_is_fetched(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """After 303 a long query is not sent again, but its answer is fetched."""

    def fault(handler: Handler, number: int) -> bool:
        handler.reply(*((303, b"") if number == 1 else (200, NONE, ROWS)), Location="/answers/1" if number == 1 else "")
        return True

    made, server = behaving(fault)
    assert server.query(ASK + "#" * 3000).read() == NONE
    assert [(method, path, body[:5]) for method, path, _, body in made.seen] == [
        ("POST", "/query", b"query"),
        ("GET", "/answers/1", b""),
    ]


def asks(scheme: str, expected: str) -> Fault:
    """Return what wants to be told who somebody is."""

    def fault(handler: Handler, _: int) -> bool:
        if re.search(expected, handler.headers.get("Authorization", "")):
            handler.reply(200, NONE, ROWS)
        else:
            handler.reply(401, WWW_Authenticate=scheme)
        return True

    return fault


def test_who_we_are_is_told_when_asked(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """Basic and digest are answered as the server asks, and then told unasked; nothing is told before."""
    for scheme, form in (
        ('Basic realm="x"', "^Basic bWU6c2VjcmV0$"),
        ('Digest realm="SPARQL", nonce="abc", qop="auth", algorithm="MD5"', '^Digest username="me".*response='),
    ):
        made, server = behaving(asks(scheme, form), credentials=Credentials("me", "secret"))
        assert server.query(ASK).read() == NONE
        assert server.query(ASK).read() == NONE
        assert ["Authorization" in headers for _, _, headers, _ in made.seen] == [False, True, True]


def test_who_we_are_is_told_unasked_from_the_second_question_on(
    behaving: Callable[..., tuple[Proxy, Server]],
) -> None:
    """What a server has asked once it need not ask again, whatever the next question is."""
    made, server = behaving(asks("Basic", "^Basic"), credentials=Credentials("me", "secret"))
    for text in (ASK, ASK + " ", ASK + "#" * 3000):
        server.query(text).close()
    assert len(made.seen) == 4


@pytest.mark.parametrize(
    "challenge",
    ["Digest", "Digest realm", 'Digest realm="x"', 'Digest realm="x", nonce="n", algorithm="NEW"',
     'Digest realm="x", nonce="n", qop="auth-int"', 'Negotiate, Digest realm="x", nonce="n"'],
)  # fmt: skip
def test_a_digest_that_is_not_known_is_no_failure(
    challenge: str, behaving: Callable[..., tuple[Proxy, Server]]
) -> None:
    """A server that asks for a digest in no known way gets none, nor the password unless it takes that too."""
    made, server = behaving(always(401, WWW_Authenticate=challenge), credentials=Credentials("me", "secret"))
    assert "does not accept who you say you are" in told(lambda: server.query(ASK))
    assert all("Authorization" not in headers for _, _, headers, _ in made.seen)
    made, server = behaving(asks(f'Basic realm="x", {challenge}', "^Basic"), credentials=Credentials("me", "secret"))
    assert server.query(ASK).read() == NONE


def test_a_challenge_that_makes_no_sense_later_is_told(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """A server that asks for a digest in a known way and then in another ends with a line."""
    ways = ['Digest realm="x", nonce="n"', 'Digest realm="x", nonce="n", algorithm="NEW"']

    def fault(handler: Handler, number: int) -> bool:
        handler.reply(401, WWW_Authenticate=ways[number > 1])
        return True

    _, server = behaving(fault, credentials=Credentials("me", "secret"))
    assert "secret" not in told(lambda: server.query(ASK))


@pytest.mark.parametrize(
    "who",
    [{"token": "s3cret\n"}, {"token": "s3 cret"}, {"token": "s3cr\u00e9t"}, {"user": "me\r", "password": "s3cret"}],
)
def test_credentials_that_cannot_be_sent_are_told_and_not_shown(who: dict[str, str]) -> None:
    """A token with the end of a line in it, as from a file, is refused before it is in any header or message."""
    message = told(lambda: Credentials(**who))
    assert message.startswith("COOPGRAPH_STORE_")
    assert "s3" not in message


def test_a_name_that_no_header_takes_is_told(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """A user's name in letters that a digest cannot be asked with ends with a line."""
    _, server = behaving(
        always(401, WWW_Authenticate='Digest realm="x", nonce="n"'), credentials=Credentials("m\u00e9", "s3cret")
    )
    assert "s3cret" not in told(lambda: server.query(ASK))


@pytest.mark.parametrize("proxy_address", ["socks5://me:s3cret@127.0.0.1:9", "smoke://me:s3cret@127.0.0.1:9"])
def test_a_proxy_of_another_kind_is_told(proxy_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that does not speak HTTP is told by its variable, without the password in it."""
    monkeypatch.setenv("HTTP_PROXY", proxy_address)
    with Server("http://nowhere.invalid/query", kind="oxigraph") as server:
        message = told(lambda: server.query(ASK))
    assert "HTTP_PROXY" in message
    assert "s3cret" not in message


def test_digest_proves_the_password_without_sending_it(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """The digest is that of RFC 7616 for the request."""
    scheme = 'Digest realm="r", nonce="n", qop="auth", algorithm="MD5"'
    made, server = behaving(asks(scheme, "Digest"), credentials=Credentials("me", "secret"))
    server.query(ASK).close()
    said = dict(re.findall(r'(\w+)="?([^",]*)"?', made.seen[1][2]["Authorization"].partition(" ")[2]))
    first, second = (md5(text.encode()).hexdigest() for text in ("me:r:secret", f"GET:{made.seen[1][1]}"))
    proof = md5(f"{first}:n:{said['nc']}:{said['cnonce']}:auth:{second}".encode()).hexdigest()
    assert said["response"] == proof


def test_much_is_not_sent_before_the_door_opens(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """A graph is sent once, with credentials, after a small request has learnt how to tell them."""
    made, server = behaving(asks('Basic realm="x"', "^Basic"), credentials=Credentials("me", "secret"))
    server.replace_graph("http://x/g", [b"x"])
    assert [(method, "Authorization" in headers) for method, _, headers, _ in made.seen] == [
        ("GET", False),
        ("PUT", True),
    ]


def test_wrong_or_missing_credentials_are_told(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """A 401 says what to set, or that what is set is wrong, and 403 who to ask; a password is in no line."""
    _, server = behaving(always(401))
    assert f"asks who you are; set {USER} and {PASSWORD}" in told(lambda: server.query(ASK))
    _, server = behaving(always(401), credentials=Credentials("me", "pa55word"))
    message = told(lambda: server.query(ASK))
    assert "does not accept who you say you are" in message
    assert "pa55word" not in message + repr(server) + repr(Credentials("me", "pa55word"))
    _, server = behaving(always(403, b"read only"))
    assert "(read only); ask whoever runs it" in told(lambda: server.query(ASK))


def test_somebody_at_a_terminal_is_asked_once(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """Where no credentials are at hand, the one who asks is asked when the server wants to know, and once."""
    asked: list[str] = []

    def ask(address: str) -> Credentials:
        asked.append(address)
        return Credentials("me", "secret")

    made, server = behaving(asks("Basic", "^Basic bWU6c2VjcmV0$"), ask=ask)
    server.query(ASK).close()
    server.query(ASK).close()
    assert asked == [made.address]


def test_credentials_come_from_the_environment_or_netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token goes before a user, and a user before netrc, which is for its host alone."""
    (tmp_path / "netrc").write_text("machine example.org login net password word\n")
    assert credentials.lookup("https://example.org/sparql") == Credentials("net", "word")
    assert credentials.lookup("https://example.net/sparql") is None
    monkeypatch.setenv(PASSWORD, "secret")
    assert f"{PASSWORD} is set and {USER} is not" in told(lambda: credentials.lookup("https://example.org/"))
    monkeypatch.setenv(USER, "me")
    assert credentials.lookup("https://example.org/sparql") == Credentials("me", "secret")
    monkeypatch.setenv(TOKEN, "t")
    assert credentials.lookup("https://example.org/sparql") == Credentials(token="t")


def test_a_damaged_netrc_is_told(tmp_path: Path) -> None:
    """A netrc that cannot be read is named with its line, not its content."""
    (tmp_path / "netrc").write_text("machin example.org password secret\n")
    with pytest.raises(DataError, match="netrc:1: cannot be read as netrc") as caught:
        credentials.lookup("https://example.org/")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["https://me:secret@example.org/sparql", "me:secret@example.org", "http://secret@[::1"]
)
def test_an_address_with_a_password_is_refused(address: str) -> None:
    """A user in an address is refused in words that do not repeat the password."""
    with pytest.raises(UsageError) as caught:
        Server(address)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("address", ["example.org/sparql", "ftp://example.org/", "http://", "https:///sparql", "/tmp"])
def test_what_is_no_address_is_told(address: str) -> None:
    """What is no http(s) address is refused before anything is sent."""
    assert "no http(s) address" in told(lambda: Server(address))


@pytest.mark.parametrize(
    "address",
    ["http://a..b/q", f"http://{'a' * 70}.org/q", "http://x/\x01", "http://xn--a/q", "http://\u2603.invalid/q"],
)
def test_an_address_that_no_host_can_have_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that looks like one and is none ends with a line when it is asked."""
    monkeypatch.delenv("HTTP_PROXY")
    assert "check the address" in told(lambda: Server(address, kind="oxigraph").query(ASK))


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    """Whatever is given for an address is taken or refused with one line."""
    try:
        taken = credentials.refuse_in(text)
    except UsageError:
        return
    assert taken.startswith("http")
    assert "@" not in taken.split("/")[2]


# Kinds of servers


def test_each_server_has_a_name_of_its_own() -> None:
    """No two rows of the table have the same name, and a misspelt one gets near matches."""
    assert len({row.name for row in SERVERS}) == len(SERVERS)
    assert "did you mean virtuoso" in told(lambda: Server(NOWHERE, kind="virtuso"))


@pytest.mark.parametrize(
    ("address", "header", "name", "update", "graphs"),
    [
        ("http://a/", "Oxigraph/0.5.13", "oxigraph", "http://a/update", "http://a/store"),
        ("http://a/sparql", "Virtuoso/07.20.3229 (Linux)", "virtuoso", "http://a/sparql-auth",
         "http://a/sparql-graph-crud-auth"),
        ("http://a/links/query", "Apache Jena Fuseki (5.1.0)", "fuseki", "http://a/links/update", "http://a/links/data"),
        ("http://a/repositories/links", "", "graphdb", "http://a/repositories/links/statements",
         "http://a/repositories/links/rdf-graphs/service"),
        ("http://a/links/query", "Stardog", "stardog", "http://a/links/update", "http://a/links"),
        ("https://x.neptune.amazonaws.com:8182/sparql", "", "neptune", "https://x.neptune.amazonaws.com:8182/sparql",
         "https://x.neptune.amazonaws.com:8182/sparql/gsp/"),
    ],
)  # fmt: skip
def test_endpoints_follow_from_the_kind_of_server(
    address: str, header: str, name: str, update: str, graphs: str
) -> None:
    """The kind of a server is known by its header or address, and its endpoints by its kind."""
    row = recognised(address, header)
    assert row.name == name
    with Server(address, kind=name) as server:
        assert (server.endpoint("update"), server.endpoint("graphs")) == (update, graphs)


def test_an_unknown_server_is_asked_for_its_endpoint(behaving: Callable[..., tuple[Proxy, Server]]) -> None:
    """Of a server that is not in the table the endpoint for graphs must be set, and can be."""
    made, _ = behaving(always(200, b"", "text/turtle"))
    with Server(made.address) as server:
        assert server.traits.name == "another"
        assert "set store_graphs" in told(lambda: server.delete_graph("http://x/g"))
    with Server(made.address, graphs=f"{made.address}/g") as server:
        server.delete_graph("http://x/g")
    assert made.seen[-1][:2] == ("DELETE", "/query/g?graph=http%3A%2F%2Fx%2Fg")
