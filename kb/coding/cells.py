"""Make text safe for spreadsheet cells and XML, reversibly: no cell is run as a formula, and no character breaks the
file.

The OWASP note on CSV injection lists the first characters that start a formula; their full-width forms are included.
A cell that begins with one of them, or with apostrophes followed by one, gets an apostrophe in front, which
`unguard` removes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from kb.files import written
from kb.text import NOT_XML, printable

__all__ = ["GUARDED", "Cells", "guard", "json_in_xml", "printable", "put_table", "unguard", "write_table"]

_OPENERS = "=+\\-@\t\r\n＝＋－＠"
GUARDED = frozenset("'=+-@\t\r\n＝＋－＠")
"""First characters of the texts that `guard` may change: a quick test that skips most cells."""
_DANGER = re.compile(f"'*[{_OPENERS}]")
_GUARDED = re.compile(f"'+[{_OPENERS}]")


def guard(text: str) -> str:
    """Return `text` with an apostrophe in front if a spreadsheet would run it as a formula; otherwise unchanged.

    >>> guard("=1+1"), guard("housing")
    ("'=1+1", 'housing')
    """
    return f"'{text}" if _DANGER.match(text) else text


def unguard(text: str) -> str:
    """Return the text of a cell without the apostrophe that `guard` added."""
    return text[1:] if _GUARDED.match(text) else text


class Cells:
    """A text file for `csv.writer` that replaces NUL by its visible sign (U+2400), as in every other format: R stops
    reading at a NUL, and other programs refuse the file."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write the text of a row, with NUL replaced by U+2400; return the number of characters written."""
        return self._stream.write(text.replace("\0", printable("\0")) if "\0" in text else text)


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write a CSV table atomically and return its path. It is UTF-8 with a byte order mark, so that spreadsheets
    read it."""
    with written(path) as beside:
        put_table(beside, columns, rows)
    return path


def put_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write the same table as `write_table` directly to `path`, for callers that rename a temporary file themselves."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(Cells(stream))
        writer.writerow(columns)
        writer.writerows([guard(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def json_in_xml(text: str) -> str:
    """Return JSON text in which characters that XML forbids are JSON escapes; its value stays the same."""
    return NOT_XML.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
