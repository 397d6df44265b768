"""A language model on loopback that answers as it is told: well, badly, slowly, or not at all."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, str], bytes] | Callable[[BaseHTTPRequestHandler], None]


def chat(content: str | None, reason: str = "stop") -> Reply:
    """Return a good response with some content."""
    body = {"choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": reason}]}
    return 200, {"content-type": "application/json"}, json.dumps(body).encode()


def claims(*rows: dict[str, Any]) -> Reply:
    return chat(json.dumps({"claims": list(rows)}))


class Model:
    """The server: `replies` are given in turn, the last again and again; `requests` are the bodies it was sent."""

    def __init__(self, replies: list[Reply]) -> None:
        self.replies = replies
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.address = ""

    def next(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def serving(*replies: Reply) -> Iterator[Model]:
    """Serve replies on loopback."""
    model = Model(list(replies))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            model.requests.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            model.headers.append({name.lower(): value for name, value in self.headers.items()})
            reply = model.next()
            if callable(reply):
                reply(self)
                return
            status, headers, body = reply
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    model.address = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def endless(handler: BaseHTTPRequestHandler) -> None:
    """Answer without end."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        pass


def slow(handler: BaseHTTPRequestHandler) -> None:
    """Answer nothing for a long time."""
    for _ in range(100):
        time.sleep(0.1)
        try:
            handler.connection.getpeername()
        except OSError:
            return
