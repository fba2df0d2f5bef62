"""Read EPUB: its chapters in the order of the spine, each as a web page."""

from __future__ import annotations

import posixpath
from pathlib import Path
from urllib.parse import unquote

from kb.errors import InputError
from kb.read.archive import Archive, printable
from kb.read.decode import decode
from kb.read.draft import Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.formats.html import read_markup
from kb.read.formats.html_css import Sheets
from kb.read.formats.xml import parse
from kb.read.limits import Limits, OverLimit

OPF = "{http://www.idpf.org/2007/opf}"
BOX = "{urn:oasis:names:tc:opendocument:xmlns:container}"


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_epub`."""
    return read_epub(source.path, options.limits)


def read_epub(path: Path, limits: Limits) -> Reading:
    """Return the reading of an EPUB. Raises InputError when it has no package file or is damaged; encrypted parts are
    reported as problems."""
    reading = Reading("epub")
    with Archive(path, limits) as archive:
        names = set(archive.names())
        if "META-INF/encryption.xml" in names:
            reading.trouble("parts of the book are protected", "Get a copy without protection from its publisher.")
        box = parse(archive.read("META-INF/container.xml"), path.name)
        root = box.find(f".//{BOX}rootfile")
        if root is None or not root.get("full-path"):
            raise InputError(
                "the EPUB names no package file", where=path.name, do="Get the file again from its source."
            )
        package = parse(archive.read(root.get("full-path")), path.name)
        folder = posixpath.dirname(root.get("full-path"))
        items = {i.get("id"): i.get("href") for i in package.iter(f"{OPF}item")}
        entries = list(package.iter(f"{OPF}itemref"))
        if len(entries) > limits.zip_files:
            raise OverLimit(
                f"the EPUB lists {len(entries):,} chapters, more than {limits.zip_files:,}",
                where=path.name,
                do="Read its parts one by one.",
            )
        done: set[str] = set()
        for entry in entries:
            name = posixpath.normpath(posixpath.join(folder, unquote(items.get(entry.get("idref")) or "")))
            if name in done:
                reading.trouble(
                    f"a chapter is listed more than once and was read once: {printable(name)}",
                    "Check the order of the chapters in the book.",
                )
            elif name in names:
                done.add(name)
                sheets = _sheets(archive, names, posixpath.dirname(name))
                read_markup(decode(archive.read(name), declared=True)[0], reading, limits, sheets)
            else:
                reading.trouble(
                    f"a chapter that the book lists is missing: {printable(name)}",
                    "Get the file again from its source.",
                )
    return reading


def _sheets(archive: Archive, names: set[str], folder: str) -> Sheets:
    """Return a function that returns the text of a style sheet of the book, given its address in a chapter of
    `folder`."""

    def sheet(address: str) -> str | None:
        """Return the text of one style sheet, or None where the book has none at that address."""
        name = posixpath.normpath(posixpath.join(folder, unquote(address.partition("#")[0])))
        return decode(archive.read(name), declared=True)[0] if name in names else None

    return sheet
