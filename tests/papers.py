"""Documents to read in tests: pages of HTML, Word documents and PDFs, made as others make them."""

from __future__ import annotations

import html
import zipfile
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO

PARAGRAPHS = (
    "Eastport and Westport have worked together since 2014, in trade, in training and in the care of their harbours.",
    "The Harbour Council set up an office in Westport in March 2015 to strengthen the exchange of well-trained pilots.",
    "Mr. Ames said the two ports could build a common school; “it would serve both,” he added, when he was asked.",
    "Eastport has an area of 148,000 hectares and 2.5 million people, of whom one in three lives from the sea.",
    "Westport hopes to trade in tea one day. No. 5 Quay is to be made ready for that, by the end of next year.",
)
CHINESE = (
    "东港与西港自二零一四年起开展合作，内容包括贸易、培训及港口管理。双方每年举行一次会议，轮流主办。",
    "港口委员会于2015年3月在西港设立办事处，以加强两地交流与合作。该办事处的职能是“联系、服务、推广”，并协助企业寻找伙伴。",
    "西港市市长表示，希望两地可共同兴建一所学校，培养更多航海人才，为两地的发展作出贡献。",
)


def page(
    paragraphs: Iterable[str] = PARAGRAPHS, lang: str = "en", head: str = "", wrap: str = "<article>{}</article>"
) -> str:
    """Return a page of HTML with an article amid the rest of a site."""
    body = wrap.format("".join(f"<p>{html.escape(text)}</p>\n" for text in paragraphs))
    return f"""<!DOCTYPE html><html lang="{lang}"><head><title>Ports at work | The Gazette</title>{head}
<style>p {{color: red}}</style><script>var hidden = "<p>never shown</p>";</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/about">About the Gazette</a></li></ul></nav>
<div class="cookie-banner"><p>We use cookies. <button>Accept</button></p></div>
<header><h1>Ports at work</h1></header>
{body}
<aside><h3>Related</h3><ul><li><a href="x">Some other story of the Gazette, about something else</a></li></ul></aside>
<footer><p>Copyright 2020 The Gazette. All rights reserved.</p></footer></body></html>"""


def docx(change: Callable[[object], None] | None = None, paragraphs: Iterable[str] = PARAGRAPHS) -> bytes:
    """Return a Word document, changed by a function of python-docx's document where one is given."""
    from docx import Document

    document = Document()
    document.add_heading("Ports at work", 1)
    for text in paragraphs:
        document.add_paragraph(text)
    if change is not None:
        change(document)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return a package with its files changed."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return file.getvalue()


Placed = tuple[float, float, float, str]
"""Where a line begins (points from the left and the bottom), its size, and its text in Latin letters."""


def pdf(pages: Sequence[Sequence[Placed]], title: str = "") -> bytes:
    """Return a PDF with lines of text where they are placed, in a font that each viewer has."""
    objects: list[bytes] = []

    def add(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    font = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>")
    kids = []
    for placed in pages:
        drawn = b"".join(_drawn(*line) for line in placed)
        stream = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        kids.append(
            add(
                b"<< /Type /Page /Parent PARENT /MediaBox [0 0 595 842] /Contents %d 0 R "
                b"/Resources << /Font << /F %d 0 R >> >> >>" % (stream, font)
            )
        )
    parent = add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids)))
    catalogue = add(b"<< /Type /Catalog /Pages %d 0 R >>" % parent)
    info = add(b"<< /Title (%s) >>" % title.encode("cp1252"))
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content.replace(b"PARENT", b"%d 0 R" % parent))
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF"
    return bytes(out) + end % (len(objects) + 1, table, len(objects) + 1, catalogue, info, len(out))


def _drawn(left: float, base: float, size: float, text: str) -> bytes:
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252")
    return b"BT /F %g Tf %g %g Td (%s) Tj ET\n" % (size, left, base, escaped)


def set_in_lines(
    paragraphs: Iterable[str],
    width: int,
    left: float = 70,
    top: float = 770,
    size: float = 10,
    gap: float = 8,
    indent: int = 0,
) -> list[Placed]:
    """Return paragraphs broken to lines of so many letters, one below the other."""
    import textwrap

    placed, base = [], top
    for text in paragraphs:
        for line in textwrap.wrap(text, width, initial_indent=" " * indent, break_on_hyphens=True):
            begin = left + 0.6 * size * (len(line) - len(line.lstrip()))
            placed.append((begin, base, size, line.strip()))
            base -= 1.2 * size
        base -= gap
    return placed
