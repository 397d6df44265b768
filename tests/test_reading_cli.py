"""Reading on the command line: data to standard output, what was read and what is missing to standard error."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import Run
from papers import PARAGRAPHS, page


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


def test_what_cannot_be_read_ends_in_one_line(run: Run, tmp_path: Path) -> None:
    """A picture ends with exit code 3, a wrong date with 2, each in one line."""
    (tmp_path / "a.pdf").write_bytes(b"\x89PNG\r\n" + bytes(30))
    picture = run("text", "a.pdf", cwd=tmp_path)
    assert (picture.code, picture.err.count("\n")) == (3, 1)
    assert "a.pdf: is a picture" in picture.err
    for date in ("soon", "2020-13-01", "2020-05-01x"):
        assert run("text", "a.pdf", "--issued", date, cwd=tmp_path).code == 2
