"""Who somebody at a terminal is to a server, asked without click, which a question does not import."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from coopgraph.server.credentials import Credentials

if TYPE_CHECKING:
    from collections.abc import Callable


def asker() -> Callable[[str], Credentials] | None:
    """Return what asks for user and password on the terminal; None where nobody sits at one."""
    return _ask if sys.stdin.isatty() and sys.stderr.isatty() else None


def _ask(address: str) -> Credentials:
    from getpass import getpass

    sys.stderr.write(f"{address} asks who you are\nUser: ")
    sys.stderr.flush()
    user = sys.stdin.readline().strip()
    return Credentials(user, getpass("Password: ", stream=sys.stderr))
