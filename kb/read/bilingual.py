"""Read a table that prints a text in two languages side by side: all of one language first, then all of the other, with
a problem recorded.

Columns of plain text are handled in `kb.read.folded`, those of PDF pages in `kb.read.layout.columns`.

Numbers: counts of columns and rows; a heading in a cell gets level 7, below all headings that have a level.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from kb.read.draft import Draft, Reading
from kb.read.editions import cells_of, part_of
from kb.read.formats.text import is_heading, kind_of
from kb.read.language import language_of

ROWS = 2
"""Minimum number of rows with both languages for a table to count as one text in two languages."""
DO = "Quote each language by itself."


def part_rows(reading: Reading) -> None:
    """Replace the rows of each table whose two columns are in two languages by paragraphs: the first column, then the
    second."""
    kept: list[Draft] = []
    reported: set[tuple[str, str]] = set()
    for rows, group in itertools.groupby(reading.drafts, lambda d: d.kind == "table-row"):
        drafts = list(group)
        pair = _languages_of(drafts) if rows else None
        columns = [_column(reading, drafts, at) for at in (0, 1)] if pair else []
        if pair is None or not all(columns):
            kept += drafts
            continue
        kept += [draft for column in columns for draft in column]
        if pair not in reported:
            reported.add(pair)
            reading.trouble(
                f"a table sets the text in two languages side by side ({pair[0]}, {pair[1]}); the columns were read "
                "one after the other",
                DO,
                drafts[0].page,
            )
    reading.drafts[:] = kept


def _languages_of(rows: list[Draft]) -> tuple[str, str] | None:
    """Return the two languages of a two-column table, or None when its columns are in the same language."""
    cells = [[text for _, text in cells_of(row)] for row in rows]
    if any(len(each) > 2 for each in cells):
        return None
    found = [tuple(map(language_of, each)) for each in cells if len(each) == 2]
    sure = [pair for pair in found if all(pair)]
    if len(sure) < ROWS or len(set(sure)) > 1 or sure[0][0] == sure[0][1]:
        return None
    return str(sure[0][0]), str(sure[0][1])


def _column(reading: Reading, rows: list[Draft], at: int) -> list[Draft]:
    """Return the cells of column `at` as paragraphs and headings; a row with a single cell counts as the first column.

    Returns [] when the text of a cell cannot be located in the source.
    """
    found: list[Draft] = []
    for row in rows:
        cells = cells_of(row)
        if at >= len(cells) or not cells[at][1].strip():
            continue
        start, end = cells[at][0]
        words = row.text[start:end].rstrip("| ")
        start, end = start + len(words) - len(words.lstrip()), start + len(words)
        part = replace(row) if len(cells) == 1 else part_of(reading, row, start, end)
        if part is None:
            return []
        kind = "heading" if is_heading(part.text) and len(part.text) < 100 else kind_of(part.text)
        found.append(replace(part, kind=kind, level=7 if kind == "heading" else None))
    return found
