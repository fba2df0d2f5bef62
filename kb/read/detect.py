"""Detect the type of a file from its content. Its suffix only decides between Markdown, web page fragment, table and
plain text.

Numbers: bytes that are examined at the start of a file, and the twenty tags that distinguish HTML from prose with a few
signs. Chosen by eye; cases: tests/read/test_read_formats.py.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from kb.errors import InputError
from kb.read.archive import printable
from kb.read.decode import decode, looks_binary

_ROOT = re.compile(
    r"(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>|\s)*<([A-Za-z_][\w.:-]*)[^>]*", re.DOTALL | re.IGNORECASE
)
XHTML = "http://www.w3.org/1999/xhtml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"II*\x00", "TIFF image"),
    (b"MM\x00*", "TIFF image"),
    (b"RIFF", "media file"),
    (b"\x1f\x8b", "gzip archive"),
    (b"7z\xbc\xaf", "7z archive"),
    (b"Rar!", "RAR archive"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"SQLite format", "database"),
)
_HTML = re.compile(r"<!doctype html|<html[\s>]|<body[\s>]|<head[\s>]", re.IGNORECASE)
_FRAGMENT = re.compile(
    r"<!--|</?(?:p|div|section|article|main|header|footer|h[1-6]|ul|ol|li|dl|table|thead|tbody|tr|td|th|span|center|"
    r"blockquote|figure|details|summary|strong|em|b|i|a|br|hr|img|font|form|pre|title|meta|link|style|script)\b[^<>]*>",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|---\s*$|\*\*\S|[-*] \S|\|.*\||\[\^)", re.MULTILINE)
_MAIL = re.compile(
    rb"^(?:From|Return-Path|Received|Delivered-To|MIME-Version|Subject|Date|Message-ID|X-[\w-]+):", re.IGNORECASE
)


def detect(path: Path) -> str:
    """Return the type of a file: pdf, docx, odt, fodt, epub, zip, doc, rtf, html, akn, json, mail, markdown, table or
    text.

    Raises InputError for an empty file and for one that is no document (image, program, spreadsheet, archive, other
    XML).
    """
    with path.open("rb") as stream:
        head = stream.read(65_536)  # bytes that are examined, by eye
    if not head:
        raise InputError("the file is empty (0 bytes)", where=path.name, do="Get it again from its source.")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(path)
    if head.startswith(OLE):
        return _ole_type(path)
    if head.lstrip()[:5] == b"{\\rtf":
        return "rtf"
    for magic, name in _IMAGES:
        if head.startswith(magic):
            raise InputError(
                f"this is a {name}, not a document",
                where=path.name,
                do="Read PDF, Word, OpenDocument, RTF, web pages, Akoma Ntoso, Markdown, text, CSV, EPUB, JSON, mail "
                "or a ZIP of these.",
            )
    if looks_binary(head):
        raise InputError(
            "this is no document that can be read: its bytes are no text",
            where=path.name,
            do="Save it as PDF, Word or text and read that.",
        )
    return _text_type(path, head)


def _text_type(path: Path, head: bytes) -> str:
    """Return the type of a text file: html, akn, fodt, json, mail, markdown, table or text."""
    text = decode(head, declared=True)[0].lstrip("\ufeff \r\n\t")
    if _MAIL.match(head.lstrip()):
        return "mail"
    if text.startswith("<") and _HTML.search(text[:5000]) and not _is_other_xml(text):
        return "html"
    if text.startswith("<") and (kind := _markup_type(path, text)):
        return kind
    if path.suffix.lower() in (".html", ".htm", ".xhtml") and (
        re.match(r"<[a-zA-Z!/]", text) or len(_FRAGMENT.findall(text[:20_000])) > 1
    ):
        return "html"
    if (
        path.suffix.lower() not in (".md", ".markdown")
        and text[:1] in "{["
        and re.match(r"[{\[]\s*[\"{\[\]}]", text)
        and not text.startswith("[^")
    ):
        return "json"
    # by eye: this much of a page contains its first elements; prose has few tags
    if _HTML.search(text[:5000]) and text.count("<") > 20:
        return "html"
    if path.suffix.lower() in (".csv", ".tsv"):
        return "table"
    named = path.suffix.lower() in (".md", ".markdown")
    return (
        "markdown"
        if named or len(_MARKDOWN.findall(text)) >= 3 and re.search(r"^#{1,6} \S", text, re.MULTILINE)
        else "text"
    )


def _is_other_xml(text: str) -> bool:
    """Return whether the text is XML with another root than a web page, even if it contains elements named as in
    HTML."""
    first = _ROOT.match(text)
    root = (first.group(1) if first else "").rsplit(":", 1)[-1]
    page = XHTML in (first.group() if first else "") or bool(_HTML.match(f"<{root}>") or _FRAGMENT.match(f"<{root}>"))
    return root.lower() == "akomantoso" or text.startswith("<?xml") and bool(root) and not page


def _markup_type(path: Path, text: str) -> str | None:
    """Return `akn`, `fodt` or `html` (also for a fragment without `<html>`), or None when the text is no markup. Raises
    InputError for other XML, and names its root element."""
    first = _ROOT.match(text)
    root = (first.group(1) if first else "").rsplit(":", 1)[-1]
    if root.lower() == "akomantoso":
        return "akn"
    if root == "document" and "opendocument:xmlns:office" in text[:20_000]:
        return "fodt"
    if first and XHTML in first.group() and _FRAGMENT.match(f"<{root}>"):
        return "html"
    if text.startswith("<?xml") or "xmlns" in (first.group() if first else ""):
        raise InputError(
            f"this is XML of a kind that is not read (its root is <{printable(root or '?')}>)",
            where=path.name,
            do="Read Akoma Ntoso, a web page, or the text saved as PDF or Word.",
        )
    closed = text.rstrip().lower().endswith(f"</{first.group(1).lower()}>") if first else False
    if closed and not _FRAGMENT.match(f"<{root}>") and path.suffix.lower() not in (".md", ".markdown", ".html", ".htm"):
        raise InputError(
            f"this is XML of a kind that is not read (its root is <{printable(root)}>)",
            where=path.name,
            do="Read Akoma Ntoso, a web page, or the text saved as PDF or Word.",
        )
    markdown = path.suffix.lower() in (".md", ".markdown") or re.search(r"^#{1,6} \S", text, re.MULTILINE)
    return "html" if _FRAGMENT.match(text) and len(_FRAGMENT.findall(text[:20_000])) > 1 and not markdown else None


def _zip_type(path: Path) -> str:
    """Return the type of a ZIP container from the names of its members. Raises InputError when it is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:5000])
            parts = (
                archive.read("[Content_Types].xml")[:1_000_000]
                if "[Content_Types].xml" in names and archive.getinfo("[Content_Types].xml").file_size < 1_000_000
                else b""
            )
            kind = (
                archive.read("mimetype")[:100].decode("ascii", "replace")
                # bytes: a media type is a few words; by eye
                if "mimetype" in names and archive.getinfo("mimetype").file_size < 200
                else ""
            )
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise InputError(
            "the ZIP container is damaged", where=path.name, do="Get the file again from its source."
        ) from error
    if (
        "word/document.xml" in names
        or b"wordprocessingml" in parts
        or "[Content_Types].xml" in names
        and any(n.startswith("word/") for n in names)
    ):
        return "docx"
    if "opendocument.text" in kind:
        return "odt"
    if "epub" in kind or "META-INF/container.xml" in names:
        return "epub"
    if any(n.startswith(("xl/", "ppt/")) for n in names) or "opendocument" in kind:
        raise InputError(
            "this is a spreadsheet or a presentation, not a text document",
            where=path.name,
            do="Save the text that matters as PDF or Word and read that.",
        )
    return "zip"


def _ole_type(path: Path) -> str:
    """Return `doc` for a Word file of the old format. Raises InputError for other files in the same container: other
    Office files, and those with a password."""
    data = path.read_bytes()[:2_000_000]
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise InputError(
            "the Office file is protected by a password",
            where=path.name,
            do="Open it in Word with the password, save a copy without one and read that.",
        )
    if "WordDocument".encode("utf-16-le") in data:
        return "doc"
    raise InputError(
        "this Office file is no Word document", where=path.name, do="Save the text as PDF or Word and read that."
    )
