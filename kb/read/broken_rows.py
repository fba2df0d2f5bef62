"""Detect tables of Word files that were converted from printed pages: their rows hold single lines of running text."""

from __future__ import annotations

import itertools
import re

from kb.read.draft import Draft, Reading
from kb.read.printed_rows import as_lines

_TYPES = ("docx", "doc", "odt", "rtf")
"""File types whose tables are authored as tables; the PDF reader detects its rows itself."""
_OPEN = re.compile(r"[^\W\d_]\w*,?\s*$")
"""Matches the end of a cell that breaks off within a sentence: its last character is a letter, digit or comma."""
LEAST, SHARE = 10, 0.2
"""Minimum number of broken rows, and their minimum share of all rows (0 to 1), for the problem to be recorded. Chosen
by eye on a bill that was converted to a Word file (a third of its rows) and on policies with true tables (none)."""
WORDS = 4
"""Minimum number of words of a cell that is examined: a shorter one is a label, not a line of a text."""


def report_broken_rows(reading: Reading) -> None:
    """Record one problem for a file whose table rows break off within sentences, and rebuild paragraphs from the rows.

    Such a file was converted from printed pages: each row holds one printed line. Does nothing for a PDF, and below
    LEAST and SHARE. Changes `reading` in place.
    """
    if reading.type not in _TYPES:
        return
    rows = sum(draft.kind == "table-row" for draft in reading.drafts)
    broken = sum(_breaks_off(row, after) for row, after in itertools.pairwise(reading.drafts))
    if broken >= LEAST and broken > SHARE * rows:
        reading.trouble(
            f"its tables hold lines of running text: {broken} of {rows} rows break off in a sentence, as in files that "
            f"were made from printed pages; they were read as the lines of a page",
            "Add the PDF that it was made from, if there is one, or check sections and numbers before you quote them.",
        )
        as_lines(reading)


def _breaks_off(row: Draft, after: Draft) -> bool:
    """Return whether a cell of a table row ends within a sentence that continues in a cell of the next row or in the
    paragraph after it."""
    if row.kind != "table-row":
        return False
    open_cells = [cell for cell in row.text.split(" | ") if len(cell.split()) >= WORDS and _OPEN.search(cell)]
    below = after.text.split(" | ") if after.kind == "table-row" else [after.text]
    return bool(open_cells) and any(cell.strip()[:1].islower() and len(cell.split()) > 1 for cell in below)
