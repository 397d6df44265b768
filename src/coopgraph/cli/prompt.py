"""Who somebody at a terminal is to a server, asked without click, which a question does not import."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from coopgraph.errors import ServerError
from coopgraph.sandbox.limits import paused
from coopgraph.server.credentials import PASSWORD, TOKEN, USER, Credentials

if TYPE_CHECKING:
    from collections.abc import Callable


def asker() -> Callable[[str], Credentials] | None:
    """Return what asks for user and password on the terminal; None where nobody sits at one."""
    return _ask if sys.stdin.isatty() and sys.stderr.isatty() else None


def _ask(address: str) -> Credentials:
    """Return who somebody says to be to the server at an address. Raises `ServerError` where nobody does."""
    from getpass import getpass

    with paused():  # whoever looks a password up takes longer than a query may
        sys.stderr.write(f"{address} asks who you are\nUser: ")
        sys.stderr.flush()
        try:
            if user := sys.stdin.readline().strip():
                return Credentials(user, getpass("Password: ", stream=sys.stderr))
        except EOFError:
            pass
        sys.stderr.write("\n")
        raise ServerError(
            f"{address}: asks who you are; answer, or set {USER} and {PASSWORD}, or {TOKEN}, or use netrc"
        )
