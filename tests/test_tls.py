"""A server is spoken with over TLS only where its certificate holds, and whom to trust can be said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Run
from coopgraph.errors import ServerError
from coopgraph.server import transport
from coopgraph.server.client import ROWS, Server
from coopgraph.server.credentials import Credentials
from servers import Handler, certified, proxy
from test_client import ASK, NONE, NOWHERE, always, told

SIGNERS = "SSL_CERT_FILE"
ANSWER = b'{"head":{},"boolean":true}'


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Certificates by what they are."""
    return certified(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's trust plays a part, and repetitions do not wait."""
    for name in (SIGNERS, "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setattr(transport, "_DELAYS", (0.01, 0.01, 0.01))


WRONG = {
    "good": "nobody known here has signed its certificate (unable to get local issuer certificate); "
    "where you trust who has, set SSL_CERT_FILE to a file with the certificate of theirs",
    "elsewhere": "its certificate is for another name (IP address mismatch, certificate is not valid for '127.0.0.1'); "
    "write the address with the name that it is for",
    "expired": "its certificate has expired; have it renewed, or set the clock of this machine right",
}
"""What is said of a certificate; of the good one where nobody says that its signer is trusted."""


@pytest.mark.parametrize("name", WRONG)
def test_a_certificate_that_does_not_hold_ends_with_a_line(
    name: str, certificates: dict[str, Path], tiny: Path, run: Run
) -> None:
    """Who is unknown, somebody else or expired is named with what to do, asked once, and sent nothing."""
    trust = {} if name == "good" else {SIGNERS: str(certificates["ca"])}
    with proxy(NOWHERE, always(200, ANSWER, ROWS), certificates[name]) as made:
        for command in (["query", "relations"], ["push"]):
            done = run("--store", made.address, *command, cwd=tiny, env=trust)
            assert (done.code, done.out) == (3, "")
            assert done.error == f"{made.address}: {WRONG[name]}"
        assert (made.calls, made.seen) == (2, [])


def test_a_signer_of_ones_own_is_trusted(
    certificates: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tiny: Path, run: Run
) -> None:
    """With SSL_CERT_FILE naming who signed it, a certificate holds: for queries, updates and the command line."""
    monkeypatch.setenv(SIGNERS, str(certificates["ca"]))
    with proxy(NOWHERE, always(200, NONE, ROWS), certificates["good"]) as made:
        with Server(made.address, kind="oxigraph", credentials=Credentials(token="t")) as server:
            assert server.query(ASK).read() == NONE
            server.update("CLEAR ALL")
        assert made.seen[-1][2]["Authorization"] == "Bearer t"
        made.fault = always(200, ANSWER, ROWS, server="Oxigraph/0.5")
        done = run("--store", made.address, "query", "-", cwd=tiny, stdin=ASK, env={SIGNERS: str(certificates["ca"])})
        assert (done.code, done.out) == (0, f"{ANSWER.decode()}\n"), done


@pytest.mark.parametrize("text", [None, "", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"])
def test_a_file_of_signers_that_cannot_be_read_is_named(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is missing or holds no certificate is told by its name."""
    signers = tmp_path / "signers.pem"
    if text is not None:
        signers.write_text(text, encoding="utf-8")
    monkeypatch.setenv(SIGNERS, str(signers))
    with Server("https://127.0.0.1:9/query", kind="oxigraph") as server:
        message = told(lambda: server.query(ASK))
    assert message.startswith(f"{signers}: cannot be read as certificates (")
    assert message.endswith("; mend or unset SSL_CERT_FILE, which names it")


def test_what_speaks_no_tls_is_told(certificates: dict[str, Path]) -> None:
    """An address of https where plain HTTP is spoken ends with a line, after one call."""
    with proxy(NOWHERE, always(200, NONE, ROWS)) as made:
        with Server(made.address.replace("http:", "https:"), kind="oxigraph") as server:
            assert "cannot be spoken with over TLS" in told(lambda: server.query(ASK))
        assert made.calls == 1


def test_who_hangs_up_is_asked_again(certificates: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection over TLS that is dropped midway is tried again for a query, as without TLS."""

    def drops(handler: Handler, number: int) -> bool:
        handler.close_connection = True
        if number > 1:
            handler.reply(200, NONE, ROWS)
        return True

    monkeypatch.setenv(SIGNERS, str(certificates["ca"]))
    with proxy(NOWHERE, drops, certificates["good"]) as made:
        with Server(made.address, kind="oxigraph") as server:
            assert server.query(ASK).read() == NONE
        assert made.calls == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "change", [lambda server: server.query(ASK), lambda server: server.update("CLEAR ALL", is_idempotent=True)]
)
def test_encryption_is_not_left(
    status: int, change: Callable[[Server], object], certificates: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that sends from https to http is not followed, so nobody there learns who we are."""
    monkeypatch.setenv(SIGNERS, str(certificates["ca"]))
    with proxy(NOWHERE, always(200, NONE, ROWS)) as plain, proxy(NOWHERE, None, certificates["good"]) as made:
        made.fault = always(status, Location=plain.address)
        for who in (Credentials(token="secret"), Credentials("me", "secret")):
            with Server(made.address, kind="oxigraph", credentials=who) as server, pytest.raises(ServerError) as caught:
                change(server)
            assert f"sends on to {plain.address}, which is not encrypted; check the address" in str(caught.value)
            assert "secret" not in str(caught.value)
        assert (plain.calls, bool(made.seen)) == (0, True)


def test_who_is_sent_to_encryption_is_told_where_credentials_go(
    certificates: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Credentials for http are not told to https, another origin, and the message says which address to give."""
    monkeypatch.setenv(SIGNERS, str(certificates["ca"]))
    with proxy(NOWHERE, always(401), certificates["good"]) as made:
        with proxy(NOWHERE, always(301, Location=made.address)) as plain:
            with Server(plain.address, kind="oxigraph", credentials=Credentials("me", "secret")) as server:
                message = told(lambda: server.query(ASK))
            assert message == (
                f"{plain.address}: sends on to {made.address}, which asks who you are and is not told; "
                "give that address where it is the one you mean"
            )
        assert "Authorization" not in made.seen[0][2]
