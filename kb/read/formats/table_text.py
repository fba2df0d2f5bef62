"""Read tables that are kept as text (CSV, TSV): one row for each record, with every value in its own column."""

from __future__ import annotations

import csv
import io

from kb.errors import InputError
from kb.read.decode import decode
from kb.read.draft import Draft, Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.grid import joined
from kb.read.limits import Limits

_BETWEEN = ";,\t|"
"""Signs that programs write between two values; the semicolon where the comma is that of decimal figures."""
_FIRST = 20  # records that show the sign between values, by eye


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_table`."""
    return read_table(source.data(options.limits), options.limits)


def read_table(data: bytes, limits: Limits) -> Reading:
    """Return the reading of a table of values. Raises InputError for one that no program could have written, such as a
    value of more than 128 KB."""
    text, _, doubt = decode(data)
    reading = Reading("text")
    if doubt:
        reading.trouble(doubt, "Save the file as UTF-8 and read it again.")
    text = text.replace("\x00", "")
    sign = between(text)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            line = joined(row[: limits.cells_per_row])
            if any(c.isalnum() for c in line):
                reading.drafts.append(Draft(line, "table-row" if len(row) > 1 else "paragraph"))
            if left := joined(row[limits.cells_per_row :]):
                reading.leftovers.append(Draft(left, "leftover"))
    except csv.Error as error:
        raise InputError(
            f"the table cannot be read: {error}", where="table", do="Save it again from a spreadsheet, as CSV."
        ) from error
    return reading


def between(text: str) -> str:
    """Return the sign between two values: the one that occurs equally often in most of the first records."""
    first = text.splitlines()[:_FIRST]
    best, most = ",", 0
    for sign in _BETWEEN:
        counts = [len(row) - 1 for row in csv.reader(first, delimiter=sign) if row]
        usual = max(set(counts), key=counts.count, default=0)
        alike = counts.count(usual) if usual else 0
        if alike > most:
            best, most = sign, alike
    return best
