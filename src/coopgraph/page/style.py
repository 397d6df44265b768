"""Colours, shapes and measures of the picture, from the file that layout, still picture and script read."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final


@cache
def style() -> dict[str, Any]:
    """Return the colours, shapes, widths and dashes that page and picture share."""
    loaded: dict[str, Any] = json.loads(files("coopgraph").joinpath("page", "style.json").read_text("utf-8"))
    return loaded


MEASURES: Final[dict[str, Any]] = style()["measures"]
"""Pixels at the scale 1: the fan of parallel lines, labels and where they stand, badges, the largest signs."""
