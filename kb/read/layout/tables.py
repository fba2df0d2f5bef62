"""Find rows: tables of contents with dot leaders, and tables whose cells are aligned in columns.

Numbers: edges closer than nine points are one edge, rows further apart than four letter sizes belong to two tables;
shares are of the rows. Chosen by eye on the sample pages, not fitted; benchmarks/paragraphs.py measures the modules of
this folder together.
"""

from __future__ import annotations

import itertools
import re

from kb.read.layout.blocks import LayoutBlock
from kb.read.layout.lines import Line, same_row
from kb.read.layout.titles import is_contents_title, parts, plain

LEADER = re.compile(r"(?:\.\s?){4,}|…{2,}|(?:_\s?){6,}")
PAGE_END = re.compile(r"(?:\d{1,4}|[ivxlc]{1,6})$")
_FIGURE = re.compile(r"[-–−+(]?\d[\d.,\s]*\s?%?\)?")
TableRow = list[Line]
"""The cells of one row, from left to right."""


def rows(lines: list[Line]) -> list[TableRow]:
    """Group lines by row, each row from left to right."""
    found: list[TableRow] = []
    for line in lines:
        if found and any(same_row(cell, line) for cell in found[-1]):
            found[-1].append(line)
        else:
            found.append([line])
    for row in found:
        row.sort(key=lambda r: r.x0)
    return found


def _text(row: TableRow) -> str:
    """Return a row's text."""
    return " ".join(cell.text for cell in row)


def contents_rows(found: list[TableRow]) -> set[int]:
    """Return the positions of the rows of a table of contents: rows with dot leaders or a distant page number, below a
    contents title or at least three together."""
    titled = next((i for i, row in enumerate(found) if is_contents_title(_text(row))), None)
    marked = [i for i, row in enumerate(found) if _is_entry(row, titled is not None and i > titled)]
    runs: list[list[int]] = []
    for i in marked:
        if runs and i - runs[-1][-1] <= 4:  # rows, by eye: how many single cells may stand between rows of a table
            runs[-1].append(i)
        else:
            runs.append([i])
    taken: set[int] = set()
    for run in runs:
        first = run[0]
        # rows, by eye: how far above a table its title may stand
        title = titled if titled is not None and titled < first and first - titled <= 6 else None
        if len(run) >= 3 or title is not None:
            if title is not None:
                first = title
            while first > 0 and title is None and _is_header(found[first - 1]):
                first -= 1
            taken.update(range(first, run[-1] + 1))
    return taken


def _is_header(row: TableRow) -> bool:
    """Return whether a row consists of column heads of a table of contents."""
    words = plain(_text(row)).split()
    return bool(words) and all(word in parts().columns for word in words)


def _is_entry(row: TableRow, under_title: bool) -> bool:
    """Return whether a row is an entry of a table of contents; `under_title`: it is below a contents title."""
    text = _text(row).strip()
    if leader := LEADER.search(text):
        return bool(PAGE_END.search(text)) or len(leader.group()) > 10
    far = len(row) > 1 and bool(re.fullmatch(r"[\d\s\-–−ivxlc]{1,12}", row[-1].text.strip()))
    return under_title and (far or bool(re.search(r"[^\d\s,.]\s+\d{1,3}$", text)) and not text.endswith("."))


def table_runs(found: list[TableRow], taken: set[int]) -> list[tuple[int, int]]:
    """Return `(first, last)` positions of each table: three or more rows of several cells whose columns align. Rows in
    `taken` are left out."""
    runs: list[tuple[int, int]] = []
    i = 0
    while i < len(found):
        if i in taken or len(found[i]) < 2:
            i += 1
            continue
        last, multi, single = i, 1, 0
        for j in range(i + 1, len(found)):
            # sizes of letters, by eye: rows further apart are of two tables
            if j in taken or single > 4 or found[j][0].top - found[j - 1][0].bottom > 4 * found[j][0].size:
                break
            if len(found[j]) > 1:
                last, multi, single = j, multi + 1, 0
            else:
                single += 1
        # share of the rows, by eye: two in five have several cells
        if multi >= 3 and multi >= 0.4 * (last - i + 1) and len(columns(found[i : last + 1])) > 1:
            while last + 1 < len(found) and last + 1 not in taken and _ends_cell(found[last + 1], found[last]):
                last += 1
            runs.append((i, last))
            i = last + 1
        else:
            i += 1
    return runs


def _ends_cell(row: TableRow, above: TableRow) -> bool:
    """Return whether a row of one cell is the last line of a cell in the row above: it continues in lower case, with at
    most half a letter size between, at the left edge of a cell."""
    near = row[0].top - max(cell.bottom for cell in above) <= 0.5 * row[0].size
    edge = any(abs(cell.x0 - row[0].x0) < 2 for cell in above)
    return len(row) == 1 and near and edge and row[0].text[:1].islower()


def columns(found: list[TableRow]) -> list[float]:
    """Return the left edges shared by cells of at least two rows (of many rows, one in six), from left to right."""
    starts = sorted(cell.x0 for row in found for cell in row)
    groups: list[list[float]] = []
    for x in starts:
        if groups and x - groups[-1][-1] < 9:  # points, by eye: edges that are closer are one
            groups[-1].append(x)
        else:
            groups.append([x])
    least = max(2, len(found) // 6)  # by eye: an edge has one row in six
    return [g[0] for g in groups if len(g) >= least]


def spans(found: list[TableRow]) -> list[tuple[float, float]]:
    """Return `(left, right)` of each column between empty gutters. These also separate right-aligned numbers, which
    share no left edge.

    At most one row in ten crosses a gutter, which is at least three points wide.
    """
    cells = [cell for row in found if len(row) > 1 for cell in row]
    most = sum(len(row) > 1 for row in found) // 10
    steps = sorted([(cell.x0, 1) for cell in cells] + [(cell.x1, -1) for cell in cells])
    made: list[tuple[float, float]] = []
    depth = 0
    for x, step in steps:
        if step > 0 and depth == most:
            made.append((x, x))
        depth += step
        if made and depth >= most:
            made[-1] = (made[-1][0], x)
    joined: list[tuple[float, float]] = []
    for x0, x1 in made:
        if joined and x0 - joined[-1][1] < 3:
            joined[-1] = (joined[-1][0], x1)
        else:
            joined.append((x0, x1))
    return joined


def _column(cell: Line, edges: list[float], between: list[tuple[float, float]]) -> int:
    """Return the column of a cell. `between` are the columns as (left, right): the one that overlaps the cell most is
    returned. If `between` is empty, return the last of the left `edges` at or before the cell."""
    if between:
        return max(range(len(between)), key=lambda n: min(cell.x1, between[n][1]) - max(cell.x0, between[n][0]))
    # points, by eye: edges that are closer are one
    return max((n for n, edge in enumerate(edges) if cell.x0 >= edge - 9), default=0)


def table_blocks(found: list[TableRow]) -> list[LayoutBlock]:
    """Return one block for each table row, with the lines of each cell joined.

    A table row begins where the first column has text again after a gap, where most columns begin at once, or where
    words after a gap are in columns that are still empty.
    """
    edges, between = columns(found), spans(found)
    if len(between) < len(edges):
        between = []
    width = len(between) or len(edges)
    single = _of_single_lines(found)
    made: list[LayoutBlock] = []
    for i, row in enumerate(found):
        places = [_column(cell, edges, between) for cell in row]
        last = made[-1] if made else None
        if last is None or single or _row_begins(row, found[i - 1], places, last.cells):
            last = LayoutBlock([], kind="table-row", cells=[""] * width)
            made.append(last)
        for cell, k in zip(row, places, strict=True):
            last.cells[k] = f"{last.cells[k]} {cell.text}".strip()
        last.lines += row
    return made


def _of_single_lines(found: list[TableRow]) -> bool:
    """Return whether each printed row is a table row: all are equally far apart, and at most one cell in ten begins in
    lower case, as the second line of a cell does."""
    steps = [below[0].top - above[0].top for above, below in itertools.pairwise(found)]
    cells = [cell.text.lstrip('(“"') for row in found[1:] for cell in row]
    even = bool(steps) and max(steps) < 1.15 * min(steps)  # by eye: steps that differ by less than a seventh are even
    # by eye: one cell in ten may begin small
    return even and sum(text[:1].islower() for text in cells) <= 0.1 * len(cells)


def _row_begins(row: TableRow, above: TableRow, places: list[int], filled: list[str]) -> bool:
    """Return whether a printed row begins a new table row. `filled` are the cells of the current table row so far,
    `places` the column numbers of the cells of the printed row.

    A gap of half a letter size separates table rows. One of 0.8 separates them even when the first cell is merged with
    the one above.
    """
    gap = (row[0].top - max(cell.bottom for cell in above)) / max(row[0].size, 1.0)
    if 0 in places and gap <= 0.5 and row[0].text[:1].islower() and filled[0][:1].isupper():
        return _is_complete_row(row, filled)  # else the first cell goes on
    if 0 in places:
        return len(row) >= max(2, 0.6 * len(filled)) or gap > 0.5  # by eye: a row that fills three columns in five
    return gap > 0.5 and not any(filled[k] for k in places) or gap > 0.8 and len(row) > 1


def _is_complete_row(row: TableRow, filled: list[str]) -> bool:
    """Return whether a printed row whose first cell begins in lower case is a table row of its own ("women | 40 | 50"):
    it has all columns, one of them only a number, and no other cell begins in lower case."""
    others = [cell.text for cell in row[1:]]
    figures = any(_FIGURE.fullmatch(text) for text in others)
    return len(row) == len(filled) and figures and not any(text[:1].islower() for text in others)


def ruled_blocks(lines: list[Line]) -> list[LayoutBlock]:
    """Return the rows of one ruled table, with a cell for every column that has words in any row; [] for a frame of one
    column, whose lines are read as running text."""
    placed = [(line.cell, line) for line in lines if line.cell]
    columns_used = {cell[2] for cell, _ in placed}
    if len(columns_used) < 2:
        return []
    made = []
    for number in sorted({cell[1] for cell, _ in placed}):
        inside = sorted(
            ((cell[2], line) for cell, line in placed if cell[1] == number),
            key=lambda pair: (pair[0], pair[1].middle, pair[1].x0),
        )
        cells = [" ".join(line.text for at, line in inside if at == column) for column in sorted(columns_used)]
        made.append(LayoutBlock([line for _, line in inside], kind="table-row", cells=cells))
    return made
