"""One module for each file format, in one registry. Each has `read(source, options) -> Reading`; `kb.read.face` chooses
among them by content.

To add one: a module here with its `read`, a line in MODULES, and how it is recognised in `kb.read.detect`.
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

Progress = Callable[[int, int], None]
"""Called with how many pages or parts are done, and of how many."""


@dataclass(frozen=True)
class Source:
    """The file that is read."""

    path: Path

    @property
    def name(self) -> str:
        """Its name, for messages."""
        return self.path.name

    def data(self, limits: Limits) -> bytes:
        """Its bytes, of a format that is parsed in one piece. Raises OverLimit where a text may not be so long."""
        if self.path.stat().st_size > limits.text_bytes:
            raise OverLimit(f"the text has more than {limits.text_bytes:,} bytes", where=self.name, do="Split it.")
        return self.path.read_bytes()


class ReadPart(Protocol):
    """What reads a document inside another one."""

    def __call__(self, path: Path, *, password: str | None, ocr: bool, limits: Limits) -> Pages:
        """Its pages. Raises KBError where it cannot be read."""


@dataclass(frozen=True)
class Options:
    """How a file is read. `digest` is its sha256, `part` reads the documents inside an archive."""

    password: str | None = None
    ocr: bool = True
    limits: Limits = DEFAULT
    progress: Progress | None = None
    digest: str = ""
    part: ReadPart | None = None


Reader = Callable[[Source, Options], Reading]

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
    "text": "text",
    "zip": "zip",
}
"""Type of a file, as `kb.read.detect` names it, to its module."""


def reader_of(kind: str) -> Reader:
    """The reader of a type of file; its libraries are imported only now."""
    return cast(Reader, importlib.import_module(f"kb.read.formats.{MODULES[kind]}").read)
