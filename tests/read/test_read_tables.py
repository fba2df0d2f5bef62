"""Tables of PDFs without a grid: every value stays in its row and its column, also beside empty cells."""

from __future__ import annotations

import pytest
from make import pdf

HEAD = ["Measure", "Who", "When", "Cost"]
ROWS = [
    ["Build ramps", "Health", "2026", "40"],
    ["Open centres", "", "2027", ""],
    ["", "Courts", "", "70"],
    ["Print books", "", "", "120"],
    ["Train staff", "Labour", "2029", ""],
]
LEFT = [72, 222, 342, 442]


def rows_of(pages) -> list[list[str]]:
    return [[cell.strip() for cell in p.text.split("|")] for p in pages.paragraphs if p.kind == "table-row"]


def table(rows: list[list[str]], *, to_the_right: bool, step: int = 20) -> bytes:
    """A page with the rows as a table; figures are set to the right edge of their column if asked for."""
    placed = [
        (x + 60 - 5.5 * len(cell) if to_the_right and n else x, 100 + step * at, cell, 10)
        for at, row in enumerate(rows)
        for n, (x, cell) in enumerate(zip(LEFT, row))
        if cell
    ]
    return pdf([placed])


@pytest.mark.parametrize("to_the_right", [False, True])
@pytest.mark.parametrize("step", [16, 20, 30])
def test_rows_with_empty_cells_are_not_put_together(read_bytes, to_the_right: bool, step: int) -> None:
    pages = read_bytes(table([HEAD, *ROWS], to_the_right=to_the_right, step=step), "a.pdf", ocr=False)
    assert rows_of(pages) == [HEAD, *ROWS]


def test_years_that_head_columns_at_the_top_of_a_page_are_no_page_numbers(read_bytes) -> None:
    rows = [
        ["Item", "2025", "2026", "2027"],
        ["Ramps", "1,200", "", "900"],
        ["Staff", "", "", "7"],
        ["Books", "5", "12", "8"],
    ]
    pages = read_bytes(table(rows, to_the_right=True), "a.pdf", ocr=False)
    assert rows_of(pages) == rows and not pages.leftovers


def test_a_cell_of_two_lines_is_one(read_bytes) -> None:
    rows = [(72, 100, "Measure", 10), (222, 100, "Who", 10), (342, 100, "When", 10)]
    for n, top in enumerate((130, 170, 210)):
        rows += [(72, top, "Build ramps at", 10), (72, top + 12, "all the clinics", 10)]
        rows += [(222, top, "Ministry of", 10), (222, top + 12, "Health", 10), (342, top, str(2026 + n), 10)]
    pages = read_bytes(pdf([rows]), "a.pdf", ocr=False)
    assert rows_of(pages)[1:] == [
        ["Build ramps at all the clinics", "Ministry of Health", str(2026 + n)] for n in range(3)
    ]
