"""Hostile files made by code, and seeded mutations of small honest files; tests read a slice, benchmarks/hostile.py
all."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Iterator

from make import odf_names, packed, pdf, prose

LAW = "Every municipality shall keep a register of accessible dwellings and publish it once a year. "
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def objects_pdf(objects: list[bytes], version: str = "1.7") -> bytes:
    """Return a PDF with these objects; the first is the catalogue."""
    out, places = bytearray(f"%PDF-{version}\n".encode()), []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
    return bytes(out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, xref))


def one_page_pdf(content: bytes, extra: bytes = b"", more: list[bytes] | None = None) -> bytes:
    """Return a PDF of one page. `content` is its complete content stream object, `extra` is added to its resources,
    `more` are further objects."""
    return objects_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> "
            + extra
            + b" >> >>",
            content,
            *(more or []),
        ]
    )


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object with these data and dictionary entries."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def nested_forms(levels: int = 12, times: int = 12) -> bytes:
    """Return a PDF with `levels` forms that each show the next one `times` times: 12 to the power of 12 lines of text
    by default."""
    forms = []
    for n in range(levels):
        last = n == levels - 1
        body = b"BT /F1 10 Tf 10 10 Td (text) Tj ET" if last else b"/X Do " * times
        inside = b"/Font << /F1 3 0 R >>" if last else b"/XObject << /X %d 0 R >>" % (7 + n)
        forms.append(
            stream(body, b"/Type /XObject /Subtype /Form /BBox [0 0 500 500] /Resources << " + inside + b" >>")
        )
    return one_page_pdf(stream(b"/X Do"), b"/XObject << /X 6 0 R >>", forms)


def zeros(size: int, level: int = 9) -> bytes:
    """Return `size` blanks, compressed by deflate, made piece by piece."""
    packer = zlib.compressobj(level)
    block = b" " * 1_000_000
    parts = [packer.compress(block) for _ in range(size // len(block))]
    return b"".join([*parts, packer.flush()])


def text_operators(size: int) -> bytes:
    """Return a compressed content stream that shows the same line again and again and is `size` bytes long when
    unpacked."""
    packer = zlib.compressobj(9)
    block = b"BT /F1 10 Tf 10 10 Td (text) Tj ET\n" * 30_000
    return b"".join([*(packer.compress(block) for _ in range(size // len(block))), packer.flush()])


def epub(spine: int, chapter: str = f"<p>{LAW}</p>") -> bytes:
    """Return a book that lists its only chapter `spine` times."""
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml"/></manifest>'
        f"<spine>{'<itemref idref=' + chr(34) + 'a' + chr(34) + '/>'}"
        + '<itemref idref="a"/>' * (spine - 1)
        + "</spine></package>"
    )
    return packed(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": b'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            b'<rootfile full-path="p.opf"/></rootfiles></container>',
            "p.opf": package.encode(),
            "a.xhtml": f"<html><body>{chapter}</body></html>".encode(),
        }
    )


def docx(body: str, **parts: bytes) -> bytes:
    """Return a Word file with this body. `parts` are further parts by name, with `__` for `/` and `_xml` for `.xml`."""
    files = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": f'<w:document {W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        f'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
        f'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
        f'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{body}</w:body></w:document>".encode(),
    }
    return packed(files | parts)


def odt(body: str) -> bytes:
    """Return an OpenDocument text with this body."""
    names = odf_names()
    content = f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    return packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


def mail(headers: str, body: str = LAW) -> bytes:
    """Return a plain-text mail."""
    return f"{headers}\r\nSubject: Plan\r\nContent-Type: text/plain\r\n\r\n{body}".encode()


def big_zip(size: int) -> bytes:
    """Return a ZIP with one text that compresses badly."""
    source = random.Random(7)
    words = ["".join(source.choices("abcdefghijklmnopqrstuvwxyz", k=source.randint(2, 9))) for _ in range(5_000)]
    lines = [" ".join(source.choices(words, k=14)) + ".\n" for _ in range(3_000)]
    text = "".join(lines)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("text.txt", "w") as member,
    ):
        for _ in range(size // len(text)):
            member.write(text.encode())
    return out.getvalue()


HOSTILE = {
    "one-chapter-20000-times.epub": lambda: epub(20_000, f"<p>{LAW}</p>" * 200),
    "one-chapter-1900-times.epub": lambda: epub(1_900, f"<p>{LAW}</p>" * 200),
    "nested-forms.pdf": nested_forms,
    "stream-1GB.pdf": lambda: one_page_pdf(stream(zeros(1_000_000_000), b"/Filter /FlateDecode")),
    "operators-1GB.pdf": lambda: one_page_pdf(stream(text_operators(1_000_000_000), b"/Filter /FlateDecode")),
    "doubly-deflated.pdf": lambda: one_page_pdf(
        stream(zlib.compress(zeros(1_000_000_000)), b"/Filter [/FlateDecode /FlateDecode]")
    ),
    "trebly-deflated.pdf": lambda: one_page_pdf(
        stream(zlib.compress(zlib.compress(zeros(1_000_000_000))), b"/Filter [/FlateDecode /FlateDecode /FlateDecode]")
    ),
    "addresses-40kB.eml": lambda: mail(
        "From: a@example.org\r\nTo: " + ", ".join(f"p{n} <p{n}@example.org>" for n in range(1_700))
    ),
    "addresses-nested.eml": lambda: mail("From: a@example.org\r\nTo: " + "(" * 20_000),
    "groups.eml": lambda: mail("From: a@example.org\r\nTo: " + "g:" * 14_000),
    "part-header-40kB.eml": lambda: (
        b"From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: text/plain; " + b"; ".join(b"a%d=b" % n for n in range(6_000)) + b"\r\n\r\nText.\r\n--x--\r\n"
    ),
    "lines-400000.json": lambda: (
        b"[\n" + b",\n".join(b'{"n": %d, "text": "Article %d says this."}' % (n, n) for n in range(400_000)) + b"\n]"
    ),
    "records-400000.jsonl": lambda: b"\n".join(
        b'{"n": %d, "text": "Article %d says this."}' % (n, n) for n in range(400_000)
    ),
    "numbers.json": lambda: b"[" + b",".join(b"1" for _ in range(9_000_000)) + b"]",
    "one-text-45MB.zip": lambda: big_zip(45_000_000),
    "short-lines-19MB.txt": lambda: b"ab\n\n" * 4_700_000,
    "paragraphs-19MB.txt": lambda: (LAW.encode() + b"\n\n") * 200_000,
    "headings-19MB.md": lambda: b"# A\n\nb\n\n" * 2_000_000,
    "elements-19MB.html": lambda: b"<html><body>" + b"<p>a" * 4_500_000,
    "attributes.html": lambda: b"<html><body><p " + b" ".join(b"a%d=b" % n for n in range(1_500_000)) + b">text</p>",
    "spans.html": lambda: (
        b"<html><body>" + b"<table><tr>" + b"<td colspan=1000 rowspan=60000>x</td>" * 3_000 + b"</tr></table>" * 1
    ),
    "list-start.html": lambda: (
        b"<html><body><ol type=i start=2147483647><li>one</li><li value=999999999>two</li></ol>" * 300
    ),
    "entities.html": lambda: b"<html><body><p>" + b"&amp;" * 3_500_000,
    "stars.md": lambda: b"*" * 5_000_000 + b" a",
    "rule.txt": lambda: b"a" + b" " * 18_000_000 + b"b",
    "groups.rtf": lambda: b"{\\rtf1 " + b"{a}" * 5_000_000 + b"}",
    "pictures.rtf": lambda: b"{\\rtf1 " + b"{\\pict " * 400 + b"0" * 15_000_000 + b"}" * 400 + b"}",
    "grid-span.docx": lambda: docx(
        "<w:tbl>" + '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p>'
        "</w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr>" * 50 + "</w:tbl>"
    ),
    "nested-tables.docx": lambda: docx(
        "<w:tbl><w:tr><w:tc>" * 80 + "<w:p><w:r><w:t>deep</w:t></w:r></w:p>" + "</w:tc></w:tr></w:tbl>" * 80
    ),
    "paragraphs.docx": lambda: docx("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 1_500_000),
    "alt-chunk-loop.docx": lambda: docx(
        '<w:altChunk r:id="a"/>',
        **{
            "word/_rels/document.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="a" Type="x/aFChunk" Target="document.xml"/></Relationships>'
        },
    ),
    "repeated-columns.odt": lambda: odt(
        '<table:table><table:table-row table:number-rows-repeated="1000000000">'
        '<table:table-cell table:number-columns-repeated="1000000000"><text:p>a</text:p></table:table-cell>'
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
    ),
    "spaces.odt": lambda: odt('<text:p>a<text:s text:c="2000000000"/>b</text:p>'),
    "deep.odt": lambda: odt(
        "<text:section>" * 240
        + "<text:p>"
        + "<text:span>" * 5
        + "x"
        + "</text:span>" * 5
        + "</text:p>"
        + "</text:section>" * 240
    ),
    "deep.xml": lambda: (
        b"<akomaNtoso xmlns='http://docs.oasis-open.org/legaldocml/ns/akn/3.0'>" + b"<section>" * 200_000
    ),
    "entities.xml": lambda: (
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>"
        + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
        + b"]><akomaNtoso>&j;</akomaNtoso>"
    ),
}


def honest() -> dict[str, bytes]:
    """Return name to content of small honest files of each format; `mutations` changes them."""
    page = (
        "<!DOCTYPE html><html><head><meta charset=utf-8></head><body><h1>Plan</h1><p>"
        + LAW
        + "</p><ol type=a><li>one thing;</li>"
        "<li>another <del>old</del> thing<sup>2</sup>.</li></ol><table><tr><th rowspan=2>A</th><td colspan=2>B</td><td></td></tr>"
        "<tr><td>C</td><td>D</td></tr></table><form><input type=checkbox checked> yes</form></body></html>"
    )
    word = docx(
        "".join(
            f"<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>{LAW}</w:t></w:r></w:p>"
            for _ in range(3)
        )
        + "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/><w:vMerge w:val='restart'/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        **{
            "word/numbering.xml": f"<w:numbering {W}><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/>"
            "<w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl></w:abstractNum><w:num w:numId='1'>"
            "<w:abstractNumId w:val='0'/></w:num></w:numbering>".encode()
        },
    )
    act = (
        '<?xml version="1.0"?><akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act name="act"><body>'
        f'<section eId="sec_1"><num>1.</num><heading>Register</heading><content><p>{LAW}</p></content></section></body></act></akomaNtoso>'
    )
    text = f"PART I\n\n1. {LAW}\n\n(a) first;\n\n(b) second.\n\n" * 3
    return {
        "a.txt": text.encode(),
        "wide.txt": text.encode("utf-16"),
        "a.md": f"# Plan\n\n{text}\n| a | b |\n|---|---|\n| c | d |\n".encode(),
        "a.html": page.encode(),
        "a.pdf": pdf([prose(72, 100, LAW * 4), prose(72, 100, LAW * 2)]),
        "a.docx": word,
        "a.odt": odt(
            f"<text:h text:outline-level='1'>Plan</text:h><text:p>{LAW}</text:p><table:table><table:table-row><table:table-cell>"
            "<text:p>a</text:p></table:table-cell><table:table-cell/></table:table-row></table:table>"
        ),
        "a.rtf": (
            "{\\rtf1\\ansi{\\fonttbl\\f0 Arial;}\\f0 " + LAW + "\\par {\\b PART I}\\par \\u8220?quoted\\'94\\par}"
        ).encode(),
        "a.epub": epub(1),
        "a.json": b'{"title": "Plan", "articles": [{"n": 1, "text": "Everyone may take part."}, {"n": 2, "text": "So."}]}',
        "a.eml": mail("From: a@example.org\r\nTo: b@example.org\r\nDate: Mon, 1 Jan 2024 10:00:00 +0000"),
        "a.zip": packed({"one.txt": text.encode(), "two.html": page.encode()}),
        "a.xml": act.encode(),
    }


def mutations(count: int, seed: int = 20_000) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of `count` files: bytes changed, cut, doubled, zeroed or moved, in turn over the honest
    files. The same seed gives the same files.

    In half of the mutations of containers, a member is changed and the container packed again.
    """
    chance = random.Random(seed)
    files = list(honest().items())
    for n in range(count):
        name, data = files[n % len(files)]
        if data[:2] == b"PK" and n // len(files) % 2:
            yield name, _repacked(data, chance)
        else:
            yield name, mutated(data, chance)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one to eight changes."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(out) or 1)
        size = chance.choice((1, 1, 2, 8, 64, 512))
        way = chance.randrange(6)
        if way == 0 and out:
            out[at % len(out)] ^= 1 << chance.randrange(8)
        elif way == 1:
            del out[at : at + size]
        elif way == 2:
            out[at:at] = out[at : at + size] * chance.randint(1, 4)
        elif way == 3:
            out[at : at + size] = bytes(min(size, max(0, len(out) - at)))
        elif way == 4:
            out[at : at + size] = chance.randbytes(size)
        else:
            del out[max(1, at) :]
            out = out or bytearray(data)
    return bytes(out)


def _repacked(data: bytes, chance: random.Random) -> bytes:
    """Return the container with one member mutated."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([n for n in members if members[n]])
    return packed(members | {name: mutated(members[name], chance)})
