"""A Word file made from printed pages: lines of running text in table rows are reported, real tables are not."""

from __future__ import annotations

from kb.read.broken_rows import report_broken_rows
from kb.read.draft import Draft, Reading

LINES = [
    "5. (1) There shall be established a Council which shall | Establishment",
    "be called and known as the Gender Equality Council | of the",
    "and the Council shall by that name be a body with | Council",
    "perpetual succession and may sue and be sued in it |",
]


def said(rows: list[str], type: str = "docx") -> list[str]:
    reading = Reading(type, [Draft(row, "table-row") for row in rows])
    report_broken_rows(reading)
    return [problem.what for problem in reading.problems]


def test_lines_of_a_text_in_the_rows_of_a_table_are_reported_with_their_number() -> None:
    (told,) = said(LINES * 5)
    assert "15 of 20 rows break off" in told


PAGES = [
    "5 | 5. (1) There shall be established a Council which shall | Establishment",
    "| be called and known as the Gender Equality Council | of the",
    "| | Council",
    "(hereinafter referred to as the “Council”).",
    "10 | (a) | to promote the rights of every person before the",
    "2 Care Act",
    "| (b) | courts;",
    "| | to report to the Minister each year on the use of",
    "its funds; and",
    "15 | of all that it has done in that year. | Powers",
    "| 6. The Council may acquire property and shall for that | of the",
    "| | Council",
    "purpose open an account.",
    "10 (2) Every account is audited.",
]


def test_lines_are_put_together_the_note_before_its_section_and_no_word_is_lost() -> None:
    pages = [(row.replace("2 Care", f"{n} Care"), n) for n in range(2, 7) for row in PAGES]
    rows = [Draft(row, "table-row" if "|" in row else "paragraph") for row, _ in pages]
    words = sorted(word for row, _ in pages for word in row.replace("|", " ").split())
    reading = Reading("docx", rows)
    report_broken_rows(reading)
    assert [(d.text, d.kind) for d in reading.drafts[:9]] == [
        ("Establishment of the Council", "heading"),
        (
            "5. (1) There shall be established a Council which shall be called and known as the Gender Equality Council "
            "(hereinafter referred to as the “Council”).",
            "paragraph",
        ),
        ("(a) to promote the rights of every person before the courts;", "list-item"),
        ("(b) to report to the Minister each year on the use of its funds; and", "list-item"),
        ("of all that it has done in that year.", "paragraph"),
        ("Powers of the Council", "heading"),
        ("6. The Council may acquire property and shall for that purpose open an account.", "paragraph"),
        ("(2) Every account is audited.", "paragraph"),
        ("Establishment of the Council", "heading"),
    ]
    kept = [d.text for d in (*reading.drafts, *reading.leftovers)]
    assert sorted(" ".join(kept).split()) == words
    assert {d.kind for d in reading.leftovers} == {"line-number", "running-head"}


def test_a_table_of_whole_cells_is_not() -> None:
    rows = [
        "Goal | the share of women who work for pay",
        "Base | forty in a hundred",
        "Office | the ministry of labour",
    ]
    assert not said([f"{n} | {row}." for n, row in enumerate(rows * 10)])


def test_a_few_such_rows_and_the_rows_of_a_pdf_are_not() -> None:
    assert not said(LINES) and not said(LINES * 5, "pdf")
