"""Column widths of a book's tables: words and dates are kept unbroken where possible, and columns with most text get
the remaining room."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from kb.export.book import IN_TABLES, FindingTable, columns_of, parts
from kb.export.job import ExportJob
from kb.export.rows import Row
from kb.export.widths import SIZES, column_widths, fitting_size, point_widths

SAMPLE = 200
"""Findings whose text is measured: all of an assessment."""
_DATE = re.compile(r"(?<=\d)-(?=\d)")
"""Hyphens in a date, which are measured as a digit, since a date is not broken."""
PAGE = 45.0
"""Smallest width of a page's table, in em of its letters: printed on A4 (kb.export.html_book)."""
PADDING = 1.3
"""Empty em beside the text of a cell, left and right together, with its line."""


def _sampled(rows: Iterable[Row], job: ExportJob) -> list[list[str]]:
    """Return the cells of the first SAMPLE tables, from which widths are computed: one list for each table, with one
    text for each column. Empty if this kind of rows is not printed as tables."""
    every = parts(rows, job.provenance) if job.provenance.kind in IN_TABLES else ()
    found = (part for part in every if isinstance(part, FindingTable))
    return [
        [_DATE.sub("0", "\n".join(lines)) for lines in (part.criterion, part.finding, part.body, part.who)]
        for part in islice(found, SAMPLE)
    ]


def on_paper(rows: Iterable[Row], job: ExportJob, room: float) -> tuple[float, list[int]]:
    """Return the font size in points and the width of each column in twentieths of a point, for a table that is `room`
    points wide."""
    heads, cells = columns_of(job.provenance), _sampled(rows, job)
    size = fitting_size(heads, cells, room) or SIZES[-1]
    return size, [round(width * 20) for width in point_widths(heads, cells, room, size)]


def on_page(rows: Iterable[Row], job: ExportJob) -> list[float]:
    """Return the width of each column in percent of the table."""
    widths = column_widths(columns_of(job.provenance), _sampled(rows, job), PAGE, PADDING)
    return [round(100 * width / PAGE, 1) for width in widths]
