"""Word files that were made from printed pages: their tables hold the lines of running text, a line a row."""

from __future__ import annotations

import itertools
import re

from kb.read.draft import Draft, Reading
from kb.read.printed_rows import as_lines

_TYPES = ("docx", "doc", "odt", "rtf")
"""Kinds of file whose tables are made by whoever writes them; the rows of a PDF are found by its reader."""
_OPEN = re.compile(r"[^\W\d_]\w*,?\s*$")
"""How a cell ends whose sentence goes on."""
LEAST, SHARE = 10, 0.2
"""Rows, and their share of all rows, that break off in a sentence, from which the reader is told; by eye on a bill that
was turned into a Word file (a third of its rows) and on policies with true tables (none)."""
WORDS = 4
"""Words of the shortest cell that is looked at: what is shorter is a label, not a line of a text."""


def say_broken_rows(reading: Reading) -> None:
    """Say where rows of tables break off in the middle of sentences that the next row or paragraph goes on with."""
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
    """Whether a cell of a row ends in a sentence that a cell below it, or the paragraph below, goes on with."""
    if row.kind != "table-row":
        return False
    open_cells = [cell for cell in row.text.split(" | ") if len(cell.split()) >= WORDS and _OPEN.search(cell)]
    below = after.text.split(" | ") if after.kind == "table-row" else [after.text]
    return bool(open_cells) and any(cell.strip()[:1].islower() and len(cell.split()) > 1 for cell in below)
