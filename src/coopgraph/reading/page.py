"""What an extractor is handed: a document, the vocabulary of the graph, and the names that stand in the text."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from coopgraph.claims.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgraph.reading.mentions import Names
    from coopgraph.reading.model import Document, Draft, Mention, Paragraph, Refusal
    from coopgraph.reading.vocabulary import Vocabulary


class Page:
    """A document with the names in it; language is a tag such as `en` or `zh-Hans`, empty where it is not known."""

    def __init__(self, document: Document, names: Names) -> None:
        self.document = document
        self.names = names

    @property
    def vocabulary(self) -> Vocabulary:
        """What the graph can speak of."""
        return self.names.vocabulary

    @property
    def text(self) -> str:
        """The text of the document."""
        return self.document.text

    @property
    def language(self) -> str:
        """The language of the text."""
        return self.document.origin.language or ""

    @cached_property
    def mentions(self) -> list[Mention]:
        """The names in the text, from left to right."""
        return self.names.mentions(self.text)

    @cached_property
    def mention_at(self) -> dict[tuple[int, int], Mention]:
        """The names in the text by their bounds."""
        return {(each.start, each.end): each for each in self.mentions}

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs of the text."""
        return self.document.paragraphs

    def sentences(self) -> Iterator[tuple[Paragraph, int, int]]:
        """Yield each sentence with its paragraph, by its bounds in the text; headings have none."""
        for paragraph in self.paragraphs:
            if paragraph.kind != "heading":
                yield from (
                    (paragraph, start, end) for start, end in sentences(self.text, paragraph.start, paragraph.end)
                )


Extractor: TypeAlias = "Callable[[Page], Iterator[Draft | Refusal]]"
"""What proposes claims: a function from a page to drafts, and to what it could not draft, in a module of its own."""
