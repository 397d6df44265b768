"""Somebody at a terminal is asked who they are when a server wants to know, and the password is seen nowhere."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import Run, environment
from coopgraph.server.client import ROWS
from coopgraph.server.credentials import PASSWORD, TOKEN, USER
from servers import Handler, Proxy, proxy
from test_client import NOWHERE

ASK = "ASK { ?s ?p ?o }"
NONE = b'{"head":{"vars":["property","value"]},"results":{"bindings":[]}}'
RIGHT = "Basic bWU6cGE1NXdvcmQ="  # me:pa55word
SETTLE = f"set {USER} and {PASSWORD}, or {TOKEN}, or"
_OWN_TERMINAL = (
    "import os, sys; os.close(os.open(os.ttyname(0), os.O_RDWR)); "
    "os.execv(sys.executable, [sys.executable, '-m', 'coopgraph', *sys.argv[1:]])"
)
"""The command line as the first of a session, whose terminal its standard input becomes."""


@dataclass(frozen=True)
class Talk:
    """What stood on the terminal and on standard output, how the command ended, and whether the terminal echoes."""

    screen: str
    out: str
    code: int
    echoes: bool


Conversation = Callable[[Sequence[str], Sequence[tuple[str, str]]], Talk]


@pytest.fixture
def talk(tiny: Path, tmp_path: Path) -> Iterator[Conversation]:
    """Run the command line on a terminal: `talk(arguments, [(what appears, what is typed then), ...])`."""
    with ExitStack() as stack:

        def run(arguments: Sequence[str], answers: Sequence[tuple[str, str]]) -> Talk:
            ours, theirs = pty.openpty()
            stack.callback(os.close, ours)
            stack.callback(os.close, theirs)
            process = subprocess.Popen(
                [sys.executable, "-c", _OWN_TERMINAL, *arguments],
                cwd=tiny, env=environment(tmp_path), stdin=theirs, stderr=theirs, stdout=subprocess.PIPE,
                start_new_session=True,
            )  # fmt: skip
            stack.enter_context(process)
            stack.callback(process.kill)
            screen = b""
            for appears, typed in answers:
                screen += _read(ours, process, appears.encode())
                time.sleep(0.05)  # what is typed before the echo is off is thrown away
                os.write(ours, typed.encode())
            out, _ = process.communicate(timeout=30)
            screen += _read(ours, process)
            echoes = bool(termios.tcgetattr(theirs)[3] & termios.ECHO)
            return Talk(screen.decode().replace("\r\n", "\n"), out.decode(), process.returncode, echoes)

        yield run


def _read(terminal: int, process: subprocess.Popen[bytes], until: bytes | None = None) -> bytes:
    """Return what appears on a terminal until certain words, or else all that is there once the process has ended."""
    seen, deadline = b"", time.monotonic() + 30
    while until is None or until not in seen:
        ready = select.select([terminal], [], [], 0.05)[0]
        if ready:
            seen += os.read(terminal, 4096)
        elif process.poll() is not None:
            assert until is None, seen
            return seen
        assert time.monotonic() < deadline, seen
    return seen


@pytest.fixture
def server() -> Iterator[Proxy]:
    """A server that answers those alone who say that they are `me`."""

    def fault(handler: Handler, _: int) -> bool:
        if handler.headers.get("Authorization") == RIGHT:
            asked = "ASK" in handler.path
            handler.reply(200, b'{"head":{},"boolean":true}' if asked else NONE, ROWS, "Oxigraph/0.5")
        else:
            handler.reply(401, b"go away", WWW_Authenticate='Basic realm="x"')
        return True

    with proxy(NOWHERE, fault) as made:
        yield made


@pytest.fixture
def question(server: Proxy, tiny: Path) -> list[str]:
    """The arguments that ask the server a question."""
    (tiny / "ask.rq").write_text(ASK, encoding="utf-8")
    return ["--store", server.address, "query", "ask.rq"]


PROMPTS = ("User: ", "Password: ")


def test_the_right_password_is_let_in_and_seen_nowhere(talk: Conversation, question: list[str], server: Proxy) -> None:
    """User and password are asked for on standard error, once, and standard output has the answer alone."""
    done = talk(question, [("User: ", "me\n"), ("Password: ", "pa55word\n")])
    assert (done.code, done.out, done.echoes) == (0, '{"head":{},"boolean":true}\n', True), done
    assert done.screen == f"{server.address} asks who you are\nUser: me\nPassword: \n"


def test_a_wrong_password_ends_with_a_line(talk: Conversation, question: list[str], server: Proxy) -> None:
    """A wrong password is not asked for again, and in no line."""
    done = talk(question, [("User: ", "me\n"), ("Password: ", "wr0ng\n")])
    assert (done.code, done.out, done.echoes) == (3, "", True)
    assert done.screen == (
        f"{server.address} asks who you are\nUser: me\nPassword: \n"
        f"coopgraph: {server.address}: does not accept who you say you are (go away); "
        f"mend {USER} and {PASSWORD}, or {TOKEN}, or netrc\n"
    )


@pytest.mark.parametrize("before", [(), ("me\n",)])
def test_ctrl_c_at_the_prompt_ends_it(before: tuple[str, ...], talk: Conversation, question: list[str]) -> None:
    """Ctrl-C instead of the user's name or the password interrupts the command and leaves the terminal as it was."""
    done = talk(question, list(zip(PROMPTS, [*before, "\x03"], strict=False)))
    assert (done.code, done.out, done.echoes) == (130, "", True), done
    assert done.screen.endswith("coopgraph: interrupted\n")
    assert done.screen.count("coopgraph: ") == 1


@pytest.mark.parametrize("typed", [("\x04",), ("\n",), ("me\n", "\x04")])
def test_who_does_not_answer_is_told_how_else(
    typed: tuple[str, ...], talk: Conversation, question: list[str], server: Proxy
) -> None:
    """The end of the input, and an empty name, end with one line that says what can be set."""
    done = talk(question, list(zip(PROMPTS, typed, strict=False)))
    assert (done.code, done.out, done.echoes) == (3, "", True), done
    assert done.screen.endswith(f"\ncoopgraph: {server.address}: asks who you are; answer, or {SETTLE} use netrc\n")
    assert all("Authorization" not in headers for _, _, headers, _ in server.seen)


def test_nobody_is_hurried_at_the_prompt(talk: Conversation, question: list[str]) -> None:
    """The time limit of a query does not run while a password is looked up."""
    slow = [("User: ", "me\n"), ("Password: ", "")]
    began = time.monotonic()
    done = talk([*question, "--timeout", "1"], [*slow, *[("", "")] * 30, ("", "pa55word\n")])
    assert time.monotonic() - began > 1.5
    assert (done.code, done.out, done.echoes) == (0, '{"head":{},"boolean":true}\n', True), done


def test_a_push_asks_before_it_shows_how_far_it_is(talk: Conversation, server: Proxy, tiny: Path) -> None:
    """A server that anybody may read asks who wants to change it before there is a bar on the terminal."""
    strict = server.fault

    def fault(handler: Handler, number: int) -> bool:
        if handler.command == "GET":
            columns = [name.encode() for name in dict.fromkeys(re.findall(r"%3F(\w+)", handler.path.split("WHERE")[0]))]
            wanted = b",".join(b'"%s"' % name for name in columns)
            handler.reply(200, b'{"head":{"vars":[%s]},"results":{"bindings":[]}}' % wanted, ROWS, "Oxigraph/0.5")
            return True
        return bool(strict and strict(handler, number))

    server.fault = fault
    done = talk(["--store", server.address, "push"], [("User: ", "me\n"), ("Password: ", "pa55word\n")])
    update = server.address.replace("/query", "/update")
    before, _, after = done.screen.partition(f"{update} asks who you are\nUser: me\nPassword: \n")
    assert after, done
    assert "sending" not in before
    assert "asks who you are" not in after
    assert done.echoes
    assert "pa55word" not in done.screen + done.out


def test_without_a_terminal_nobody_is_asked(run: Run, question: list[str], tiny: Path) -> None:
    """Where nobody sits at a terminal, one line says what to set."""
    done = run(*question, cwd=tiny)
    assert (done.code, done.out) == (3, "")
    assert done.err.count("\n") == 1
    assert done.error.endswith(f"/query: asks who you are; {SETTLE} netrc")
