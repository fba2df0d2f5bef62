"""Make text safe for spreadsheet cells and XML: no formula can run, no character breaks the file, and both are
reversible.

The dangerous first characters are those that the OWASP note on CSV injection names, with their full-width forms; a cell
that begins with one gets an apostrophe, and so does one that begins with apostrophes before such a character, so that
reading back is exact.
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
    """Return `text` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _DANGER.match(text) else text


def unguard(text: str) -> str:
    """Undo `guard`."""
    return text[1:] if _GUARDED.match(text) else text


class Cells:
    """A text file for `csv.writer` in which NUL is replaced: some readers stop there (R) or refuse the file.

    It becomes its visible sign (U+2400), as in every other format.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write the text of a row, with NUL replaced by U+2400."""
        return self._stream.write(text.replace("\0", printable("\0")) if "\0" in text else text)


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write a CSV table (UTF-8 with a byte order mark, so that spreadsheets read it), atomically."""
    with written(path) as beside:
        put_table(beside, columns, rows)
    return path


def put_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write the table of `write_table` directly to `path`, for a caller that makes the write atomic."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(Cells(stream))
        writer.writerow(columns)
        writer.writerows([guard(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def json_in_xml(text: str) -> str:
    """Write the characters that XML forbids as JSON escapes; the JSON value stays the same."""
    return NOT_XML.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
