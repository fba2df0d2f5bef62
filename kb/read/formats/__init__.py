"""The registry of file formats: one module each, with `read(source, options) -> Reading`; `kb.read.face` selects one by
the file's content.

To add a format: a module here with its `read`, a line in MODULES and in SUFFIXES (in LINED, too, for a format that is
text), and its detection in `kb.read.detect`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from kb.models import Pages
from kb.read.draft import Reading
from kb.read.limits import DEFAULT, Limits, OverLimit

PageProgress = Callable[[int, int], None]
"""Callback `(done, total)` that a reader calls after each page or part: the numbers of those read so far and of all."""


@dataclass(frozen=True)
class SourceFile:
    """The file that a format's reader reads."""

    path: Path

    @property
    def name(self) -> str:
        """The file name, for messages."""
        return self.path.name

    def data(self, limits: Limits) -> bytes:
        """Return all bytes of the file, for formats that are parsed in one piece. Raises OverLimit when it is larger
        than `limits.text_bytes`."""
        if self.path.stat().st_size > limits.text_bytes:
            raise OverLimit(f"the text has more than {limits.text_bytes:,} bytes", where=self.name, do="Split it.")
        return self.path.read_bytes()


class ReadPart(Protocol):
    """A function that reads a document contained in another one."""

    def __call__(self, path: Path, *, password: str | None, ocr: bool, limits: Limits) -> Pages:
        """Return the Pages of the contained document at `path`. Raises KBError when it cannot be read."""


@dataclass(frozen=True)
class ReadOptions:
    """Options of a format's reader: `password`, whether to use OCR, and limits. `digest` is the SHA-256 of the file
    (hex); `part` is the function that reads each document of an archive."""

    password: str | None = None
    ocr: bool = True
    limits: Limits = DEFAULT
    progress: PageProgress | None = None
    digest: str = ""
    part: ReadPart | None = None


FormatReader = Callable[[SourceFile, ReadOptions], Reading]

MODULES = {
    "akn": "akn",
    "doc": "office",
    "docx": "docx",
    "epub": "epub",
    "fodt": "odt_flat",
    "html": "html",
    "json": "json_",
    "mail": "mail",
    "markdown": "markdown",
    "odt": "odt",
    "pdf": "pdf",
    "rtf": "rtf",
    "table": "table_text",
    "text": "text",
    "zip": "zip",
}
"""Module of each file type that `kb.read.detect` returns."""
SUFFIXES = {
    "pdf": ("pdf",),
    "docx": ("docx",),
    "doc": ("doc",),
    "odt": ("odt",),
    "fodt": ("fodt",),
    "rtf": ("rtf",),
    "html": ("html", "htm", "xhtml"),
    "akn": ("xml",),
    "markdown": ("md", "markdown"),
    "text": ("txt",),
    "table": ("csv", "tsv"),
    "epub": ("epub",),
    "json": ("json",),
    "mail": ("eml",),
    "zip": ("zip",),
}
"""Suffixes that files of each type usually have, without the point. The app takes files with these; the commands take
any suffix, because the content decides."""
NAMES = (
    ("PDF", ("pdf",)),
    ("Word", ("docx", "doc")),
    ("OpenDocument", ("odt", "fodt")),
    ("RTF", ("rtf",)),
    ("web pages", ("html",)),
    ("Akoma Ntoso", ("akn",)),
    ("Markdown", ("markdown",)),
    ("text", ("text",)),
    ("CSV", ("table",)),
    ("EPUB", ("epub",)),
    ("JSON", ("json",)),
    ("mail", ("mail",)),
    ("ZIP", ("zip",)),
)
"""Name of each format in sentences of the commands and the guides, with its types."""
LINED = frozenset({"markdown", "text"})
"""Types whose `Reading.source` a person reads line by line: the places of their passages have line numbers."""


def reader_of(kind: str) -> FormatReader:
    """Return the reader of a file type, importing its module and libraries only now."""
    return cast(FormatReader, importlib.import_module(f"kb.read.formats.{MODULES[kind]}").read)
