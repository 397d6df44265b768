"""Where passages stand, in the form in which Web Annotation has it: a selector beside the positions of graph files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.rdf.vocab import STANDARD, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OA = STANDARD["oa"]
_SOURCE = f"<{_OA}hasSource> "
_PLACE = (_SOURCE, f"<{_OA}start> ", f"<{_OA}end> ")
_IS_SELECTOR = f"<{TYPE}> <{_OA}TextPositionSelector>"


def added(subjects: Iterable[tuple[str, list[str]]]) -> Iterator[tuple[str, list[str]]]:
    """Yield subjects with what is stated of them, and after each passage the selector that its source and bounds make.

    All are as N-Triples has them.
    """
    for subject, statements in subjects:
        place = [statement for statement in statements if statement.startswith(_PLACE)]
        if not place or subject.endswith("#position>"):
            yield subject, statements
            continue
        selector = f"<{name(subject[1:-1])}>"
        bounds = [statement for statement in place if not statement.startswith(_SOURCE)]
        if len(bounds) < len(place):
            yield subject, [*statements, f"<{_OA}hasSelector> {selector}"]
            yield selector, [*bounds, _IS_SELECTOR]
        else:
            yield subject, statements
            yield selector, bounds


def name(passage: str) -> str:
    """Return the IRI of a passage's selector; an IRI has one # at the most, and the base may have it."""
    return f"{passage}{'-' if '#' in passage else '#'}position"
