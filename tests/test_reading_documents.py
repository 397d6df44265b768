"""Documents: their paragraphs are found whole, and what cannot be read is told in one line."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.claims import passages
from coopgraph.errors import DataError, UsageError
from coopgraph.reading import documents
from coopgraph.reading.content import as_text
from coopgraph.reading.model import Document, Origin
from hostile import texts
from papers import CHINESE, PARAGRAPHS, docx, page, pdf, repacked, set_in_lines


def read(tmp_path: Path, data: bytes | str, name: str = "paper", **options: object) -> Document:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return documents.read(path, **options)  # type: ignore[arg-type]


def lines(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.kind != "heading"]


def refusal(tmp_path: Path, data: bytes | str, name: str = "paper") -> str:
    with pytest.raises(DataError) as error:
        read(tmp_path, data, name)
    message = str(error.value)
    assert "\n" not in message
    return message.removeprefix(f"{tmp_path / name}: ")


@pytest.mark.parametrize("paragraphs", [PARAGRAPHS, CHINESE])
@pytest.mark.parametrize(
    "wrap",
    [
        "<article><h2>At sea</h2>{}</article>",
        "<main><div><div>{}</div></div></main>",
        "<div id='content'><div class='story-body'>{}</div></div>",
        "<div role='main'><section>{}</section></div>",
        "<table><tr><td>{}</td></tr></table>",
    ],
)
def test_every_paragraph_of_an_article_is_found_and_nothing_of_the_site(
    tmp_path: Path, paragraphs: tuple[str, ...], wrap: str
) -> None:
    """Paragraphs stand whole and in order, whatever they are wrapped in; menus, notices and scripts are left out."""
    document = read(tmp_path, page(paragraphs, wrap=wrap))
    assert lines(document) == list(paragraphs)
    assert "never shown" not in document.text


def test_what_a_page_says_of_itself_is_kept(tmp_path: Path) -> None:
    """Title, publisher, date, address and language come from the head of a page, and what is given goes before."""
    head = """<meta property="og:site_name" content="The Gazette"><link rel="canonical" href="https://example.org/ports">
    <script type="application/ld+json">{"@graph": [{"datePublished": "2020-03-05T08:00:00Z"}]}</script>"""
    origin = read(tmp_path, page(head=head, lang="en-GB"), "Ports (1).html").origin
    assert (origin.title, origin.publisher, origin.issued) == ("Ports at work", "The Gazette", "2020-03-05")
    assert (origin.issued_precision, origin.address, origin.language) == ("day", "https://example.org/ports", "en-GB")
    assert (origin.media_type, origin.extent) == ("text/html", "whole")
    mine = read(
        tmp_path,
        page(head=head),
        title="Mine",
        issued="2019",
        extent="extract",
    )
    assert (mine.origin.title, mine.origin.issued, mine.origin.extent) == ("Mine", "2019-01-01", "extract")
    assert read(tmp_path, page(), "Ports (1).html").source == "ports-1"
    bare = read(tmp_path, page()).origin
    assert (bare.issued, bare.publisher) == (None, None)


def test_line_breaks_part_paragraphs_where_they_are_doubled(tmp_path: Path) -> None:
    """A page that parts its paragraphs by two line breaks, as old Chinese pages do, has paragraphs."""
    wrap = "<div class='text'>" + "<br><br>".join(f"　　{text}" for text in CHINESE) + "{}</div>"
    document = read(tmp_path, page((), wrap=wrap, lang="zh"))
    assert lines(document) == list(CHINESE)
    assert document.origin.language == "zh-Hans"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "gbk"])
@pytest.mark.parametrize("declared", ["", "utf-8", "gb2312", "iso-8859-1", "nonsense"])
def test_text_and_pages_are_read_in_any_encoding(tmp_path: Path, encoding: str, declared: str) -> None:
    """Bytes say more than a declaration that is wrong, missing or nonsense."""
    if encoding in ("gb18030", "gbk") and declared == "iso-8859-1":
        pytest.skip("bytes that are valid as declared are what they are declared as")
    text = "\n".join(CHINESE)
    assert read(tmp_path, text.encode(encoding)).text == text
    document = read(tmp_path, page(CHINESE, head=f'<meta charset="{declared}">' if declared else "").encode(encoding))
    assert lines(document) == list(CHINESE)


def test_traditional_and_western_encodings_are_read(tmp_path: Path) -> None:
    """Big5 without and with a declaration, and Windows quotation marks in English, are read as what they are."""
    text = "東港與西港自二零一四年起開展合作，內容包括貿易、培訓及港口管理。雙方每年舉行一次會議。\n"
    assert read(tmp_path, text.encode("big5")).text == text
    assert (
        lines(read(tmp_path, page([text.strip()] * 3, head='<meta charset="big5">').encode("big5")))[0] == text.strip()
    )
    west = "“Eastport’s café – it’s so,” he said of the harbour.\n" * 3
    assert read(tmp_path, west.encode("cp1252")).text == west


def test_a_text_stays_as_it_is(tmp_path: Path) -> None:
    """A plain text is what passages count already: nothing is put together, and blank lines stay."""
    text = "Head\n\n  One.  \nTwo \u202e right to left \x07 <b>markup</b>\n"
    document = read(tmp_path, text)
    assert document.text == passages.normalise(text)
    assert document.origin.text_sha256 == passages.digest(text)


def test_lines_broken_to_a_width_are_joined(tmp_path: Path) -> None:
    """A text whose paragraphs were broken to lines of equal width, with blank lines between, is joined again."""
    import textwrap

    paragraphs = [f"{text} {text}" for text in PARAGRAPHS]
    assert (
        read(tmp_path, "\n\n".join(textwrap.fill(text, 72) for text in paragraphs)).text.split("\n")[:-1] == paragraphs
    )


def test_a_word_document_has_paragraphs_tables_and_headings(tmp_path: Path) -> None:
    """Paragraphs and rows of tables come in their order; headings are told apart."""

    def add(document: object) -> None:
        table = document.add_table(2, 2)  # type: ignore[attr-defined]
        for index, text in enumerate(("Port", "Tons", "Eastport", "5")):
            table.cell(index // 2, index % 2).text = text
        document.add_paragraph("Behind the table.", style="List Bullet")  # type: ignore[attr-defined]
        document.core_properties.title = "The title"  # type: ignore[attr-defined]

    document = read(tmp_path, docx(add))
    assert [(p.kind, p.text) for p in document.paragraphs] == [
        ("heading", "Ports at work"),
        *(("text", text) for text in PARAGRAPHS),
        ("table", "Port | Tons"),
        ("table", "Eastport | 5"),
        ("list", "Behind the table."),
    ]
    assert document.origin.title == "The title"


def test_tracked_deletions_are_no_text_and_insertions_are(tmp_path: Path) -> None:
    """A document reads as if all changes were accepted; content controls, links and hyphens are read too."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        "<w:p><w:r><w:t>Eastport </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t xml:space='preserve'>always </w:t></w:r></w:ins>"
        "<w:hyperlink><w:r><w:t>trades</w:t></w:r></w:hyperlink>"
        "<w:sdt><w:sdtContent><w:r><w:t xml:space='preserve'> well</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:r><w:noBreakHyphen/><w:t>known</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del></w:p>"
    )

    def change(parts: dict[str, bytes]) -> None:
        parts["word/document.xml"] = f"<w:document {w}><w:body>{body}</w:body></w:document>".encode()

    assert lines(read(tmp_path, repacked(docx(), change))) == ["Eastport always trades well‑known", "In a control."]


@pytest.mark.parametrize("indent", [0, 3])
@pytest.mark.parametrize("width", [80, 55])
def test_lines_of_a_pdf_are_joined_to_paragraphs(tmp_path: Path, width: int, indent: int) -> None:
    """Paragraphs that a gap or an indent parts are found whole; words with a hyphen at the end of a line keep it."""
    placed = set_in_lines(PARAGRAPHS, width, gap=0 if indent else 8, indent=indent)
    assert lines(read(tmp_path, pdf([placed]))) == list(PARAGRAPHS)


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    """Of two columns the left comes first, also where the file draws them row by row."""
    left = set_in_lines(PARAGRAPHS[:3], 36, left=50)
    right = set_in_lines(PARAGRAPHS[3:], 36, left=310)
    for placed in (left + right, sorted(left + right, key=lambda line: (-line[1], line[0]))):
        assert lines(read(tmp_path, pdf([placed]))) == list(PARAGRAPHS)


def test_headers_footers_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    """What repeats at the edges of pages goes, and a paragraph goes on over the page."""
    placed = set_in_lines(PARAGRAPHS, 60)
    middle = len(placed) // 2
    below = [(left, base + (770 - placed[middle][1]), size, text) for left, base, size, text in placed[middle:]]
    pages = [
        [(70, 810, 9, f"The Gazette {number}"), *part, (290, 30, 9, str(number))]
        for number, part in enumerate((placed[:middle], below), 1)
    ]
    document = read(tmp_path, pdf(pages, "A title"))
    assert lines(document) == list(PARAGRAPHS)
    assert {paragraph.page for paragraph in document.paragraphs} == {1, 2}
    assert document.origin.title == "A title"


def test_headings_are_told_by_their_size(tmp_path: Path) -> None:
    """A larger line is a heading of its own, though no gap parts it."""
    placed = [(70, 790, 16, "Ports at work"), *set_in_lines(PARAGRAPHS, 80)]
    assert [p.kind for p in read(tmp_path, pdf([placed])).paragraphs] == ["heading", *["text"] * 5]


def test_characters_of_fonts_are_repaired_and_counted() -> None:
    """Radicals, ligatures and compatibility characters become the characters they show, and controls go."""
    from coopgraph.reading.content import Block

    text, blocks, repaired = as_text([Block("⻓⾹港\x07 of\ufb01ce"), Block("\u200b \xa0"), Block(" x\n y ")])
    assert (text, len(blocks), repaired) == ("长香港 office\nx y\n", 2, 4)


_PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "a.html", "is empty"),
        (b" \n\n", "a.txt", "is empty"),
        ("\u200b\n\u200b".encode(), "a.txt", "has no text"),
        (_PNG, "a.pdf", "is a picture; run text recognition"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "scan.jpg", "is a picture"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a.webp", "is a picture"),
        (pdf([[], []]), "scan.pdf", "is a PDF without a text layer (2 pages of pictures); run text recognition"),
        (pdf([[(70, 700, 10, "x")]])[:200], "a.pdf", "is a broken PDF"),
        (b"%PDF-1.7\ngarbage", "a.pdf", "is a broken PDF"),
        (b"{\\rtf1 hello}", "a.rtf", "is RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx", "is an old or an encrypted Word document"),
        (b"\x1f\x8b\x08" + bytes(20), "a.gz", "is a compressed file"),
        (b"PK\x03\x04broken", "a.docx", "is a broken DOCX"),
        (bytes(range(256)) * 4, "a.txt", "is no text and no document"),
        ("<html><script>app()</script><body><div id=root></div></body></html>", "a.html", "has no text until its"),
        ("<html><body><noscript>Enable it.</noscript><script>x</script></body></html>", "a", "has no text until its"),
        ("<html><body><article><p>For you.</p></article><input type='PASSWORD'></body></html>", "a", "asks to log in"),
        ("<html><body></body></html>", "a.html", "is HTML without"),
        ("<html></html>", "a.html", "is HTML without"),
        ("<html><body><form><p>Please log in.</p><input type='password'></form></body></html>", "a", "log in"),
        ("<?xml version='1.0'?><feed><entry/></feed>", "a.xml", "is XML"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related", "a.mht", "saved as one web archive"),
    ],
)  # fmt: skip
def test_what_is_no_readable_document_is_told_in_one_line(
    tmp_path: Path, data: bytes | str, name: str, told: str
) -> None:
    """A file that holds no text is named for what it is, with what to do, whatever its name pretends."""
    assert told in refusal(tmp_path, data, name)


def test_packages_that_are_no_plain_word_documents_are_told(tmp_path: Path) -> None:
    """Macros, bombs, other packages, empty and damaged ones are told for what they are."""
    good = docx()

    def macros(parts: dict[str, bytes]) -> None:
        main = b"wordprocessingml.document.main+xml"
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"application/vnd.openxmlformats-officedocument." + main,
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )

    def no_body(parts: dict[str, bytes]) -> None:
        parts["word/document.xml"] = b"<x/>"

    def cut(parts: dict[str, bytes]) -> None:
        parts["word/document.xml"] = parts["word/document.xml"][:300]

    def bomb(parts: dict[str, bytes]) -> None:
        parts["word/media/a.bin"] = bytes(250_000_000)

    def entities(parts: dict[str, bytes]) -> None:
        declared = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 20}">' for i in range(1, 12))
        parts["word/document.xml"] = (
            f'<!DOCTYPE w [<!ENTITY e0 "ha">{declared}]><w:document xmlns:w="http://schemas.openxmlformats.org/'
            'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&e11;</w:t></w:r></w:p></w:body></w:document>'
        ).encode()

    for change, told in (
        (macros, "with macros"),
        (no_body, "is a broken DOCX"),
        (cut, "is a broken DOCX"),
        (bomb, "unfolds to 250 MB"),
        (entities, "DOCX"),
    ):
        assert told in refusal(tmp_path, repacked(good, change), "a.docx")
    assert "without text" in refusal(tmp_path, docx(paragraphs=(), change=lambda d: d.paragraphs[0].clear()), "a.docx")  # type: ignore[attr-defined]
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as package:
        package.writestr("a.txt", "hello")
    assert "is a package of files" in refusal(tmp_path, other.getvalue(), "a.zip")
    for length in range(30, len(good), len(good) // 12):
        assert "DOCX" in refusal(tmp_path, good[:length], "a.docx")


def test_an_encrypted_pdf_is_told(tmp_path: Path) -> None:
    """A PDF that asks for a password is told, with what to do."""
    data = pdf([[(70, 700, 10, "x")]])
    locked = data.replace(
        b"trailer << ",
        b"trailer << /ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + b"41" * 32
        + b"> /U <"
        + b"42" * 32
        + b"> >> ",
    )
    assert "is an encrypted PDF" in refusal(tmp_path, locked, "a.pdf")


def test_files_that_are_none_are_told(tmp_path: Path) -> None:
    """A folder, a missing file and a pipe are told."""
    import os

    os.mkfifo(tmp_path / "pipe")
    for name, told in ((".", "is a folder"), ("none.html", "cannot be read"), ("pipe", "is no regular file")):
        with pytest.raises(DataError, match=told):
            documents.read(tmp_path / name)


def test_names_of_files_give_slugs_or_are_told(tmp_path: Path) -> None:
    """A name in any script gives a slug, and one without letters is refused."""
    for name, slug in (("Été 2023.txt", "été-2023"), ("新闻稿.txt", "新闻稿"), ("a__b--c.txt", "a-b-c")):
        assert read(tmp_path, "Text.", name).source == slug
    with pytest.raises(UsageError, match="gives no slug"):
        read(tmp_path, "Text.", "----.txt")


@given(
    st.binary(max_size=300) | st.text(max_size=200).map(str.encode),
    st.sampled_from(["", ".html", ".pdf", ".docx"]),
    st.sampled_from([b"", b"<html>", b"%PDF-1.4\n", b"PK\x03\x04", b"<p>"]),
)
def test_any_bytes_are_a_document_or_an_error_of_one_line(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str, start: bytes
) -> None:
    """Whatever a file holds, it is read, or refused in one line; never anything else."""
    path = tmp_path_factory.getbasetemp() / f"any{ending}"
    path.write_bytes(start + data)
    try:
        document = documents.read(path)
    except DataError as error:
        assert "\n" not in str(error)  # noqa: PT017 - both outcomes are right
    else:
        assert document.paragraphs
        assert passages.normalise(document.text) == document.text


@given(st.lists(texts, min_size=1, max_size=4))
def test_hostile_texts_in_paragraphs_stay_text(tmp_path_factory: pytest.TempPathFactory, paragraphs: list[str]) -> None:
    """Markup, scripts, controls and directions in the text of a paragraph stay text, and break no line."""
    path = tmp_path_factory.getbasetemp() / "hostile.html"
    path.write_text(page([*PARAGRAPHS, *paragraphs]), "utf-8", errors="replace")
    document = documents.read(path)
    shown = [re.sub(r"\s+", "", text) for text in lines(document)]
    assert shown[: len(PARAGRAPHS)] == [re.sub(r"\s+", "", text) for text in PARAGRAPHS]


def test_a_changed_document_is_compared() -> None:
    """Paragraphs are compared as words, wherever they stand."""
    origin = Origin("a", "", "", "", "")
    one, other = (Document("a", text, origin) for text in ("A one.\nB two.\nC three.\n", "B  two.\nNew.\nA one.\n"))
    assert documents.change(one, other) == (1, 1, 2)
    assert not documents.change(one, one)


def test_short_articles_and_paragraphs_that_repeat_are_whole(tmp_path: Path) -> None:
    """A short article takes in nothing of the site around it, and a paragraph that stands twice is text twice."""
    short = ["双方每年举行一次会议，轮流主办。", "会议由两市商会承办，邀请各地企业参加。"]
    assert lines(read(tmp_path, page(short, lang="zh"))) == short
    twice = [PARAGRAPHS[0], *PARAGRAPHS]
    assert lines(read(tmp_path, page(twice))) == twice
    dated = page(wrap="<article><time datetime='2020-03-05T10:16'>today</time>{}</article>")
    assert read(tmp_path, dated).origin.issued == "2020-03-05"
