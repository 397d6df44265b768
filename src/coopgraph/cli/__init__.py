"""The command line: a verb for each arrow of the data's way; opens, calls, prints."""

from __future__ import annotations

import gc
from typing import NoReturn

from coopgraph.sandbox.supervisor import supervise

__all__ = ["main"]

_YOUNG = 50_000
"""Objects made before garbage is looked for, more than the imports of a question make: modules are none."""


def main() -> NoReturn:
    """Run the command line, watched by a process that ends it where it takes too much."""
    gc.set_threshold(_YOUNG)
    supervise(_run)


def _run() -> NoReturn:
    from coopgraph.cli import process  # in the fork: what is there before it is paid for twice

    process.run()
