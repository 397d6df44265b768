"""How far a build is: steps that are done, of a total that grows as it becomes known what has to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Progress: TypeAlias = "Callable[[int, int, str], None]"
"""Called with the number of steps done, of all steps, and the name of the file that the step was about."""


class Steps:
    """Is called with the name of each file that is read, and again when it is checked, and once when all is derived."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress, self._done, self._total = progress, 0, 0

    def expect(self, number: int) -> None:
        """Add steps to come to the total."""
        self._total += number

    def __call__(self, name: str) -> None:
        """Count a step that is done."""
        self._done += 1
        if self._progress:
            self._progress(self._done, self._total, name)
