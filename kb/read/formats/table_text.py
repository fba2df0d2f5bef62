"""Read tables that are kept as text (CSV, TSV): one row for each record, with every value in its own column."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator

from kb.errors import InputError
from kb.read.decode import decode
from kb.read.draft import Draft, Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.grid import joined
from kb.read.limits import Limits
from kb.text import squeeze

_BETWEEN = ";,\t|"
"""Signs that programs write between two values; the semicolon where the comma is that of decimal figures."""
_FIRST = 20  # records that show the sign between values, by eye
_MOST = 100  # lines whose quotation marks do not fit, by eye: in more of them, another sign encloses the values


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_table`."""
    return read_table(source.data(options.limits), options.limits)


def read_table(data: bytes, limits: Limits) -> Reading:
    """Return the reading of a table of values. A line whose quotation marks do not fit is a paragraph as it is written,
    and a problem names it.

    Raises InputError for a table that no program could have written: a line of more than 128 KB without values that can
    be told apart, or more than 100 lines whose quotation marks do not fit.
    """
    text, _, doubt = decode(data)
    reading = Reading("text")
    if doubt:
        reading.trouble(doubt, "Save the file as UTF-8 and read it again.")
    broken = []
    for at, values in records(text.replace("\x00", "")):
        if isinstance(values, str):
            broken.append(at)
            _refuse_many(broken)
            reading.drafts.append(Draft(squeeze(values), "paragraph"))
            continue
        line = joined(values[: limits.cells_per_row])
        if any(c.isalnum() for c in line):
            reading.drafts.append(Draft(line, "table-row" if len(values) > 1 else "paragraph"))
        if left := joined(values[limits.cells_per_row :]):
            reading.leftovers.append(Draft(left, "leftover"))
    for at in broken:
        reading.trouble(
            f"the quotation marks in line {at} do not fit; it stands as it is written",
            "Compare it with the file; close or double the quotation mark, and read it again.",
        )
    return reading


def records(text: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield `(line number, values)` for each record of the table; a line whose quotation marks do not fit has the line
    itself, as `str`, instead of its values.

    An open quotation mark would take all lines up to the next one, or to the end of the file, into one value. So only
    its own line is kept whole, and the line after it begins a new record. Raises InputError for a line of more than 128
    KB (the limit of `csv`) that cannot be told apart.
    """
    lines = list(io.StringIO(text, newline=""))
    sign = between(text)
    at = 0
    while at < len(lines):
        rest = csv.reader((lines[n] for n in range(at, len(lines))), delimiter=sign, strict=True)
        used = 0
        try:
            for values in rest:
                yield at + used + 1, values
                used = rest.line_num
            return
        except csv.Error as error:
            at += used
            if len(lines[at]) > csv.field_size_limit():
                raise InputError(
                    f"the table cannot be read: {error}",
                    where=f"line {at + 1}",
                    do="Save it again from a spreadsheet, as CSV.",
                ) from error
            yield at + 1, lines[at]
            at += 1


def _refuse_many(broken: list[int]) -> None:
    """Raise InputError when more than `_MOST` lines have quotation marks that do not fit."""
    if len(broken) > _MOST:
        raise InputError(
            f"the quotation marks do not fit in more than {_MOST} lines, the first is line {broken[0]}",
            where="table",
            do="Save it again from a spreadsheet, as CSV.",
        )


def between(text: str) -> str:
    """Return the sign between two values: the one that occurs equally often in most of the first records."""
    first = text.splitlines()[:_FIRST]
    best, most = ",", 0
    for sign in _BETWEEN:
        counts: list[int] = []
        with contextlib.suppress(csv.Error):  # a value that is too long: `records` says where
            counts.extend(len(row) - 1 for row in csv.reader(first, delimiter=sign) if row)
        usual = max(set(counts), key=counts.count, default=0)
        alike = counts.count(usual) if usual else 0
        if alike > most:
            best, most = sign, alike
    return best
