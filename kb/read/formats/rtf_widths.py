"""Find the cells of RTF tables that cover more than one column: RTF gives a row's cells only by their right edges, so a
merged cell is a wide one."""

from __future__ import annotations

import re

_WORD = re.compile(r"\\(trowd|cellx|cell|row|pard|intbl|trleft|clmgf|clmrg|nestcell|par)(-?\d{1,9})?(?![a-zA-Z])")
NEAR = 60
"""Twentieths of a point within which two edges are one: three points, less than a letter is wide."""
MOST = 63
"""Maximum number of columns that a cell covers: word processors allow 63 in a table."""


def merged_cells(source: str) -> dict[int, int]:
    """Return the offset of each `\\cell` that ends a cell over more than one column, with the number of further
    columns.

    Rows that follow each other without a paragraph between are one table; its columns are those of the row
    with the most cells. A row that marks merged cells itself is left alone.
    """
    found: dict[int, int] = {}
    table: list[tuple[list[int], list[int], int]] = []
    edges: list[int] = []
    ends: list[int] = []
    left, marked, in_row = 0, False, False
    for match in _WORD.finditer(source):
        word, number = match.group(1), int(match.group(2) or 0)
        if word == "trowd":
            edges, left, marked, in_row = [], 0, False, True
        elif word == "cellx":
            edges.append(number)
        elif word == "trleft":
            left = number
        elif word in ("clmgf", "clmrg"):
            marked = True
        elif word == "cell":
            ends.append(match.start())
        elif word == "row":
            table.append(([] if marked else list(edges), ends, left))
            ends, in_row = [], False
        elif word == "par" and not in_row and table:
            found |= _of_table(table)
            table = []
    return found | _of_table(table)


def _of_table(rows: list[tuple[list[int], list[int], int]]) -> dict[int, int]:
    """Return the merged cells of one table; `rows` have the right edges, the offsets of the ends of the cells, and the
    left edge."""
    widest = max((edges for edges, _, _ in rows), key=len, default=[])
    found: dict[int, int] = {}
    for edges, ends, left in rows:
        if len(edges) != len(ends) or not edges or len(edges) >= len(widest) or not _fits(edges, widest):
            continue
        before = left - NEAR
        for edge, end in zip(edges, ends, strict=True):
            covered = sum(before + NEAR < each <= edge + NEAR for each in widest)
            if 1 < covered <= MOST:
                found[end] = covered - 1
            before = edge
    return found


def _fits(edges: list[int], widest: list[int]) -> bool:
    """Return whether every edge of a row is also an edge of the row with the most cells."""
    return all(any(abs(edge - each) <= NEAR for each in widest) for edge in edges)
