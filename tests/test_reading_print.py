"""PDFs that a browser prints give the paragraphs that were printed, in one column and in two, English and Chinese."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from coopgraph.reading import documents
from papers import CHINESE, PARAGRAPHS

_STYLES = {
    "one column": "font: 12pt serif",
    "two columns": "font: 10pt serif; column-count: 2; text-align: justify",
    "indented": "font: 11pt sans-serif; --gap: 0; text-align: justify; text-indent: 2em",
}
_MARGINS = {"top": "2cm", "bottom": "2cm", "left": "2cm", "right": "2cm"}


@pytest.fixture(scope="module")
def browser(browser_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("paragraphs", [PARAGRAPHS * 5, CHINESE * 8], ids=["English", "Chinese"])
@pytest.mark.parametrize("style", _STYLES)
def test_printed_paragraphs_are_read_whole(
    browser: Browser, tmp_path: Path, paragraphs: tuple[str, ...], style: str
) -> None:
    """Nineteen in twenty paragraphs are read letter by letter; no radical is a character, and no header is text."""
    numbered = [f"{text[:-1]} ({number}){text[-1]}" for number, text in enumerate(paragraphs, 1)]
    body = "".join(f"<p>{html.escape(text)}</p>" for text in numbered)
    rule = "p { margin: var(--gap, 1em) 0 }"
    page = browser.new_page()
    page.set_content(f"<html lang=en><style>{rule} body {{ {_STYLES[style]} }}</style><body>{body}</body></html>")
    path = tmp_path / "printed.pdf"
    page.pdf(
        path=str(path),
        format="A4",
        margin=_MARGINS,
        display_header_footer=True,
        header_template="<p style='font-size: 8px'>The Gazette</p>",
        footer_template="<p style='font-size: 8px'><span class=pageNumber></span></p>",
    )
    page.close()
    document = documents.read(path)
    lines = {paragraph.text for paragraph in document.paragraphs}
    assert len(lines & set(numbered)) >= 0.95 * len(numbered), sorted(set(numbered) - lines)
    assert not [letter for letter in document.text if "\u2e80" <= letter <= "\u2fdf"]
    assert "The Gazette" not in document.text
