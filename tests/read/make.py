"""Small files made in code for the tests of reading."""

from __future__ import annotations

import io
import zipfile

Row = tuple[float, float, str] | tuple[float, float, str, float]


def pdf(pages: list[list[Row]], drawings: str = "", inherited: bool = False) -> bytes:
    """Return a PDF whose pages have lines `(x, y from the top, text[, size])`, in points, in Helvetica; `drawings` are
    path operators.

    With `inherited` the pages take their size from their parent node.
    """
    size = "/MediaBox [0 0 595 842]"
    own, above = ("", size) if inherited else (size, "")
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids = []
    for rows in pages:
        parts = [
            f"BT /F1 {row[3] if len(row) > 3 else 11} Tf {row[0]} {842 - row[1]} Td "
            f"({row[2].replace(chr(92), chr(92) * 2).replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj ET"
            for row in rows
        ]
        stream = "\n".join([*parts, drawings])
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R {own} /Contents {len(objects) + 2} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages {above} /Count {len(pages)} /Kids [{' '.join(kids)}] >>"
    out, places = b"%PDF-1.4\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{body}\nendobj\n".encode("cp1252")
    xref = "".join(f"{p:010d} 00000 n \n" for p in places)
    return (
        out
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{xref}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
            f"startxref\n{len(out)}\n%%EOF"
        ).encode()
    )


def prose(x: float, top: float, text: str, width: int = 60, step: float = 14.0) -> list[Row]:
    """Return `text` as rows of at most `width` characters, at `x` and `step` points apart."""
    rows: list[Row] = []
    line = ""
    for word in text.split():
        if len(line) + len(word) + 1 > width:
            rows.append((x, top + step * len(rows), line))
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*rows, (x, top + step * len(rows), line)]


def packed(members: dict[str, bytes]) -> bytes:
    """Return a ZIP with these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


ODF_LONG = {"draw": "drawing", "fo": "xsl-fo-compatible", "svg": "svg-compatible"}


def odf_names(*more: str) -> str:
    """Return the declarations of the names that every OpenDocument text uses, and of the prefixes `more`."""
    return " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{ODF_LONG.get(each, each)}:1.0"'
        for each in ("office", "text", "table", "style", *more)
    )
