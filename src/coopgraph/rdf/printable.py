"""Text as it can be shown: nothing in it that a terminal, an editor or XML would obey."""

from __future__ import annotations

import re

_CONTROL = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
"""What would move the cursor, colour or reorder a terminal: shown as an escape instead of being obeyed."""
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""The characters that XML 1.0 cannot hold, not even escaped."""


def visible(text: str) -> str:
    r"""Return text with control and direction-changing characters written as escapes.

    >>> print(visible("a\x1b[31mb"))
    a\x1b[31mb
    """
    return re.sub(_CONTROL, lambda match: match.group().encode("unicode_escape").decode(), text)


def one_line(text: str) -> str:
    r"""Return text on one line, its line ends and control characters written as escapes.

    >>> print(one_line("two\nlines"))
    two\nlines
    """
    return visible(text).replace("\n", "\\n")
