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
    """Return a page with the rows as a table; with `to_the_right`, numbers are aligned at the right edge of their
    column."""
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


@pytest.mark.parametrize("step", [12, 14])
def test_rows_that_begin_in_lower_case_are_rows_of_their_own_where_figures_stand_beside(read_bytes, step: int) -> None:
    rows = [["Group", "Share", "Year", "Body"], ["women", "40%", "2025", "Council"], ["men", "30%", "2026", "Ministry"]]
    pages = read_bytes(table(rows, to_the_right=False, step=step), "a.pdf", ocr=False)
    assert rows_of(pages) == rows


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


def test_columns_below_charts_are_read_one_after_the_other(read_bytes) -> None:
    axes = [
        (x + 40 * at, top, figure, 7)
        for x in (80, 330)
        for top in range(80, 160, 10)
        for at, figure in enumerate(("0.2", "0.4", "0.6"))
    ]
    left = [(72, 220 + 12 * n, f"The left column goes on in line {n} of", 10) for n in range(12)]
    right = [(320, 220 + 12 * n, f"the right one says other things in {n}", 10) for n in range(12)]
    caption = (
        72,
        170,
        "Figure 2. What was spent in each of the years on each of the two measures of the whole plan",
        10,
    )
    pages = read_bytes(pdf([[*axes, caption, *left, *right]]), "a.pdf", ocr=False)
    said = " ".join(p.text for p in pages.paragraphs if "column" in p.text or "right one" in p.text)
    assert said.index("line 11 of") < said.index("the right one says other things in 0")
    assert not any("left column" in " ".join(row) for row in rows_of(pages))


def test_figures_above_a_table_of_words_leave_it_a_table(read_bytes) -> None:
    rows = [[f"Measure {n}", "Ministry", f"{2020 + n}", "40"] for n in range(6)]
    figures = [[f"{n}.5", f"{n}.6", f"{n}.7", f"{n}.8"] for n in range(4)]
    placed = [
        (x, 100 + 20 * at, cell, 10)
        for at, row in enumerate([*figures, *rows])
        for x, cell in zip(LEFT, row, strict=True)
    ]
    pages = read_bytes(pdf([placed]), "a.pdf", ocr=False)
    assert rows_of(pages) == [*figures, *rows]
