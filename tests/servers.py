"""Real servers for the tests, on loopback and ended at the end, and a proxy that does to answers what networks do."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from coopgraph.server.client import Server
from coopgraph.server.credentials import Credentials
from coopgraph.server.transport import Transport

DBA = Credentials("dba", "dba")
"""Who a Virtuoso that was never told otherwise obeys; ours listens on loopback alone and is thrown away."""

_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 8000
MaxDirtyBuffers = 6000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
[SPARQL]
ResultSetMaxRows = 10000
MaxQueryExecutionTime = 60
"""


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _lacking(what: str) -> None:
    """Skip what a reader's machine may lack, but not where all tests are demanded."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@contextmanager
def _running(command: list[str], address: str, folder: Path) -> Iterator[str]:
    """Run a server until the block ends, from when it answers."""
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + 60
            while not _answers(address):
                assert process.poll() is None, (folder / "output.log").read_text("utf-8", "replace")
                assert time.monotonic() < deadline, f"{command[0]} does not start"
                time.sleep(0.05)
            yield address
        finally:
            process.kill()
            process.wait()


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, trust_env=False, timeout=5).status_code < 500
    except httpx.TransportError:
        return False


class Remembered:
    """What sends the requests of a `Server` (`transport`), which asks everything once and then gives the same bytes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._answers: dict[object, tuple[int, httpx.Headers, bytes]] = {}

    def send(self, method: str, address: str, **how: object) -> httpx.Response:
        """Send a request that changes nothing, or give the answer that it had before."""
        assert how["is_safe"]
        asked = (method, address, repr(how))
        if asked not in self._answers:
            with closing(self._transport.send(method, address, **how)) as response:  # type: ignore[arg-type]
                self._answers[asked] = response.status_code, response.headers, b"".join(response.iter_raw())
        status, headers, body = self._answers[asked]
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """Run Oxigraph's server with an empty store in memory, and give the address that answers queries."""
    program = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if not program:
        _lacking("there is no oxigraph; pip install oxigraph")
    port = free_port()
    command = [str(program), "serve", "--bind", f"127.0.0.1:{port}"]
    with _running(command, f"http://127.0.0.1:{port}/query", folder) as address:
        yield address


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Run an empty Virtuoso, and give the address that answers queries."""
    program = shutil.which("virtuoso-t")
    if not program:
        _lacking("there is no virtuoso-t; Debian: apt-get install virtuoso-opensource")
    http = free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(folder=folder, sql=free_port(), http=http), encoding="utf-8")
    command = [str(program), "-f", "-c", "virtuoso.ini"]
    with _running(command, f"http://127.0.0.1:{http}/sparql", folder) as address:
        yield address


_CA = """
[ca]
default_ca = tests
[tests]
database = index.txt
rand_serial = yes
new_certs_dir = .
default_md = sha256
policy = names
copy_extensions = copy
[names]
commonName = supplied
"""


def certified(folder: Path) -> dict[str, Path]:
    """Make a certificate authority `ca`, and what it signs: `good` for 127.0.0.1, `elsewhere` for another, `expired`.

    Each has its key beside it.
    """
    program = shutil.which("openssl")
    if not program:
        _lacking("there is no openssl; Debian: apt-get install openssl")

    def openssl(*arguments: str) -> None:
        subprocess.run([str(program), *arguments], cwd=folder, check=True, capture_output=True)

    (folder / "ca.cnf").write_text(_CA, encoding="utf-8")
    (folder / "index.txt").write_text("", encoding="utf-8")
    new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl(*new, "-x509", "-days", "2", "-subj", "/CN=Tests", "-keyout", "ca.key", "-out", "ca.pem",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")  # fmt: skip
    for name, host, end in (
        ("good", "IP:127.0.0.1", "20490101000000Z"),
        ("elsewhere", "DNS:elsewhere.example", "20490101000000Z"),
        ("expired", "IP:127.0.0.1", "20200102000000Z"),
    ):
        openssl(*new, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr",
                "-addext", f"subjectAltName={host}")  # fmt: skip
        openssl("ca", "-batch", "-notext", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-startdate",
                "20200101000000Z", "-enddate", end, "-in", f"{name}.csr", "-out", f"{name}.pem")  # fmt: skip
    return {name: folder / f"{name}.pem" for name in ("ca", "good", "elsewhere", "expired")}


RUNNING: dict[str, Callable[[Path], contextmanager[str]]] = {"oxigraph": oxigraph, "virtuoso": virtuoso}  # type: ignore[type-arg]


def connected(kind: str, address: str) -> Server:
    """Return the server at an address, with the rights to change it."""
    return Server(address, credentials=DBA if kind == "virtuoso" else None)


@dataclass
class Proxy:
    """A proxy in front of a server that answers as `fault` says, or passes the request on where that is None.

    `fault` is asked with the handler of each request and its number, from 1, and returns True where it has answered.
    """

    target: str
    fault: Callable[[Handler, int], bool] | None = None
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0
    scheme: str = "http"
    calls: int = 0
    """How often somebody has connected, whether or not a request came of it."""

    @property
    def address(self) -> str:
        """Where the proxy answers queries."""
        return f"{self.scheme}://127.0.0.1:{self.port}{urlsplit(self.target).path}"


class Handler(BaseHTTPRequestHandler):
    """One request to the proxy."""

    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def do_GET(self) -> None:
        """Answer a request as the proxy is told."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.proxy.seen.append((self.command, self.path, dict(self.headers), body))
        try:
            if not (self.proxy.fault and self.proxy.fault(self, len(self.proxy.seen))):
                self.pass_on(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - named so by the base class

    def pass_on(self, body: bytes) -> None:
        """Let the server behind answer."""
        answer = self.fetched(body)
        self.reply(
            answer.status_code, answer.content, answer.headers.get("Content-Type", ""), answer.headers.get("Server")
        )

    def fetched(self, body: bytes = b"") -> httpx.Response:
        """Return the answer of the server behind."""
        parts = urlsplit(self.proxy.target)
        headers = {name: text for name, text in self.headers.items() if name.lower() not in ("host", "accept-encoding")}
        address = f"{parts.scheme}://{parts.netloc}{self.path}"
        return httpx.request(self.command, address, headers=headers, content=body, trust_env=False, timeout=60)

    def reply(
        self, status: int, body: bytes = b"", kind: str = "text/plain", server: str | None = None, **more: str
    ) -> None:
        """Send an answer with a length."""
        self.send_response_only(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Server": server or "", **more}
        for name, text in headers.items():
            if text:
                self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(body)

    def break_off(self, *, chunked: bool, packed: bool = False) -> None:
        """Send one half of the true answer, as what looks whole until it ends."""
        answer = self.fetched()
        body = gzip.compress(answer.content) if packed else answer.content
        half = body[: len(body) // 2]
        self.send_response_only(200)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        if packed:
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(half)))
        else:
            self.send_header(*(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(body)))))
        self.end_headers()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(half), half) if chunked else half)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Write nothing."""


class _Listening(ThreadingHTTPServer):
    """Counts who calls, and says nothing of those who hang up on its certificate."""

    daemon_threads = True
    proxy: Proxy

    def verify_request(self, *_: object) -> bool:
        """Let everybody in."""
        self.proxy.calls += 1
        return True

    def handle_error(self, *_: object) -> None:
        """Write nothing."""


@contextmanager
def proxy(
    target: str, fault: Callable[[Handler, int], bool] | None = None, certificate: Path | None = None
) -> Iterator[Proxy]:
    """Run a proxy in front of a server, over TLS with a certificate (`certified`)."""
    made = Proxy(target, fault)
    handler = type("ProxyHandler", (Handler,), {"proxy": made})
    server = _Listening(("127.0.0.1", 0), handler)
    server.proxy = made
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        made.scheme = "https"
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
