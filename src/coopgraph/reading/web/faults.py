"""What is wrong with a form of the review page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


class FaultsError(UsageError):
    """What a form says makes no sense: `faults` has a line for each field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(faults.values()))
        self.faults = dict(faults)
