"""How wide the columns of a book's tables are: no word and no date is broken that need not be, and the rest of the room
goes to where most text stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from kb.export.book import IN_TABLES, Finding, columns_of, parts
from kb.export.job import Job
from kb.export.rows import Row
from kb.export.widths import SIZES, column_widths, fitting_size, point_widths

SAMPLE = 200
"""Findings whose words are looked at: all of an assessment."""
_DATE = re.compile(r"(?<=\d)-(?=\d)")
"""Hyphens of a date, which are reckoned as a figure: a date is not divided."""
PAGE = 45.0
"""em of its letters that a table of a page is wide, at the least: printed on A4 (kb.export.html_book)."""
PADDING = 1.3
"""em left empty in a cell beside its words, left and right together, with its line."""


def _sampled(rows: Iterable[Row], job: Job) -> list[list[str]]:
    """The cells of the first tables, each as one text."""
    every = parts(rows, job.provenance) if job.provenance.kind in IN_TABLES else ()
    found = (part for part in every if isinstance(part, Finding))
    return [
        [_DATE.sub("0", "\n".join(lines)) for lines in (part.criterion, part.finding, part.body, part.who)]
        for part in islice(found, SAMPLE)
    ]


def on_paper(rows: Iterable[Row], job: Job, room: float) -> tuple[float, list[int]]:
    """Points of the letters, and the width of each column in twentieths of a point, in `room` points."""
    heads, cells = columns_of(job.provenance), _sampled(rows, job)
    size = fitting_size(heads, cells, room) or SIZES[-1]
    return size, [round(width * 20) for width in point_widths(heads, cells, room, size)]


def on_page(rows: Iterable[Row], job: Job) -> list[float]:
    """The width of each column in hundredths of the table."""
    widths = column_widths(columns_of(job.provenance), _sampled(rows, job), PAGE, PADDING)
    return [round(100 * width / PAGE, 1) for width in widths]
