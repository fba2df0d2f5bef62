"""A Word file made from printed pages: lines of running text as rows of tables are said, true tables are not."""

from __future__ import annotations

from kb.read.broken_rows import say_broken_rows
from kb.read.draft import Draft, Reading

LINES = [
    "5. (1) There shall be established a Council which shall | Establishment",
    "be called and known as the Gender Equality Council | of the",
    "and the Council shall by that name be a body with | Council",
    "perpetual succession and may sue and be sued in it |",
]


def said(rows: list[str], type: str = "docx") -> list[str]:
    reading = Reading(type, [Draft(row, "table-row") for row in rows])
    say_broken_rows(reading)
    return [problem.what for problem in reading.problems]


def test_lines_of_a_text_in_the_rows_of_a_table_are_said_with_their_number() -> None:
    (told,) = said(LINES * 5)
    assert "15 of 20 rows break off" in told


def test_a_table_of_whole_cells_is_not() -> None:
    rows = [
        "Goal | the share of women who work for pay",
        "Base | forty in a hundred",
        "Office | the ministry of labour",
    ]
    assert not said([f"{n} | {row}." for n, row in enumerate(rows * 10)])


def test_a_few_such_rows_and_the_rows_of_a_pdf_are_not() -> None:
    assert not said(LINES) and not said(LINES * 5, "pdf")
