"""Reading on the command line: data to standard output, what was read and what is missing to standard error."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from conftest import Run
from coopgraph.ask.graph import CoopGraph
from coopgraph.errors import DataError
from coopgraph.reading import documents
from coopgraph.reading.mentions import Names
from coopgraph.reading.vocabulary import vocabulary
from papers import PARAGRAPHS, docx, page, pdf


def test_text_prints_paragraphs_and_says_what_is_missing(run: Run, tmp_path: Path) -> None:
    """One paragraph a line goes to standard output; what the document does not say is asked for."""
    (tmp_path / "Ports.html").write_text(page(), "utf-8")
    done = run("text", "Ports.html", cwd=tmp_path)
    assert (done.code, done.out.splitlines()) == (0, list(PARAGRAPHS))
    assert "Ports.html: 5 paragraphs, en, by trafilatura" in done.err
    assert "does not give its publisher, issued; add --publisher, --issued" in done.err


def test_text_writes_a_file_with_its_origin_beside_it(run: Run, tmp_path: Path) -> None:
    """With -o the text is a file, and where it came from stands beside it, with what was given."""
    (tmp_path / "p.html").write_text(page(), "utf-8")
    options = ("--issued", "2020-05", "--publisher", "The Gazette", "--extract", "-o", "out.txt")
    done = run("text", "p.html", *options, cwd=tmp_path)
    assert (done.code, done.out) == (0, "")
    assert (tmp_path / "out.txt").read_text("utf-8").splitlines() == list(PARAGRAPHS)
    origin = json.loads((tmp_path / "out.origin.json").read_text("utf-8"))
    assert (origin["issued"], origin["issued_precision"], origin["extent"]) == ("2020-05-01", "month", "extract")


def test_a_document_comes_from_standard_input(run: Run, tmp_path: Path) -> None:
    """`-` is standard input, whatever kind of document comes there."""
    assert run("text", "-", stdin=page(), cwd=tmp_path).out.splitlines() == list(PARAGRAPHS)
    empty = run("text", "-", cwd=tmp_path)
    assert (empty.code, "-: has no text" in empty.err) == (3, True)


def test_what_cannot_be_read_ends_in_one_line(run: Run, tmp_path: Path) -> None:
    """A picture and a folder end with exit code 3, a wrong date with 2, each in one line."""
    (tmp_path / "a.pdf").write_bytes(b"\x89PNG\r\n" + bytes(30))
    picture = run("text", "a.pdf", cwd=tmp_path)
    assert (picture.code, picture.err.count("\n")) == (3, 1)
    assert "a.pdf: is a picture" in picture.err
    folder = run("text", ".", cwd=tmp_path)
    assert (folder.code, folder.err) == (3, "coopgraph: .: is a folder, not a file; name a file, or move it away\n")
    for date in ("soon", "2020-13-01", "2020-05-01x"):
        assert run("text", "a.pdf", "--issued", date, cwd=tmp_path).code == 2


def test_without_the_extra_documents_are_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a library is missing, one line names it and what to install; plain text in UTF-8 is read all the same."""
    papers = {"a.html": page().encode(), "a.docx": docx(), "a.pdf": pdf([[(70, 700, 10, "Text.")]])}
    for library in ("trafilatura", "docx", "pypdfium2"):
        monkeypatch.setitem(sys.modules, library, None)
    for name, data in papers.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(DataError, match=r'that is not here; pip install "\.\[read\]" in the folder of coopgraph'):
            documents.read(tmp_path / name)
    (tmp_path / "a.txt").write_text("Text of a port.", "utf-8")
    assert documents.read(tmp_path / "a.txt").text == "Text of a port."


def test_without_the_extra_names_have_no_near_candidates(
    monkeypatch: pytest.MonkeyPatch, small_graph: CoopGraph
) -> None:
    """Names are found and linked, and what comes near is left out."""
    names = Names(vocabulary(small_graph.store))
    assert names.near("Eastpord")
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    assert names.near("Eastpord") == []
    assert [each.text for each in names.mentions("Eastport grew.")] == ["Eastport"]
