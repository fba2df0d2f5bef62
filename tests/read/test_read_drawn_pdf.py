"""PDF pages as browsers print them: letters set one by one, cells drawn as boxes, thick strokes, words from right to
left. Each value was decided before the file was read."""

from __future__ import annotations

from collections import Counter

import pytest
from hostile_files import one_page_pdf, stream
from make import pdf

from kb.read.layout.hyphens import join
from kb.read.layout.lines import _from_right
from kb.read.layout.words import PageWord, _rejoined

WIDTHS = dict(zip("CountyPsFilde", (722, 556, 556, 556, 278, 500, 667, 500, 611, 222, 222, 556, 556)))
"""Widths of letters of Helvetica, in thousandths of the size."""


def glyphs(text: str, x: float, y: float, size: int = 11) -> str:
    """Text set letter by letter, as browsers set it."""
    steps = "".join(f"({each}) Tj {WIDTHS[each] * size / 1000:.3f} 0 Td " for each in text)
    return f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm {steps}ET\n"


def texts(pages) -> list[str]:
    """Its paragraphs."""
    return [p.text for p in pages.paragraphs]


def test_letters_set_one_by_one_on_a_page_of_few_words_are_words(read_bytes):
    cells = [
        (text, x, y) for y in (700, 680, 660, 640) for text, x in (("County", 80), ("Posts", 180), ("Filled", 280))
    ]
    page = one_page_pdf(stream("".join(glyphs(*cell) for cell in cells).encode()))
    assert texts(read_bytes(page, "a.pdf", ocr=False)) == ["County | Posts | Filled"] * 4


def word(text: str, x0: float, first: int = 0) -> PageWord:
    """A word of twelve points, each letter six points wide."""
    return PageWord(text, x0, 100.0, x0 + 6 * len(text), 112.0, first)


def test_pieces_of_hebrew_words_stand_in_the_order_of_the_language():
    pieces = [word("דיור", 100, 0), word("ול", 124, 5), word("לכל", 160, 8)]
    assert [w.text for w in _rejoined(pieces, {0, 5, 8})] == ["ולדיור", "לכל"]


def test_words_with_room_between_them_stay_two():
    assert [w.text for w in _rejoined([word("Posts", 100, 0), word("Filled", 133, 6)], {0, 6})] == ["Posts", "Filled"]


def test_a_hebrew_line_in_the_order_of_the_page_is_turned_and_its_date_is_not():
    line = [word("זכות", 100), word("2010", 140), word("Act", 110), word("לכל", 180)]
    assert [w.text for w in _from_right(line)] == ["לכל", "Act", "2010", "זכות"]


ROWS = [("Action", "Who", "Year"), ("Ramps", "", "2027"), ("Centres", "Towns", ""), ("Judges", "Ministry", "2026")]


def boxes(paint: str, gap: float) -> str:
    """A box for each cell of ROWS."""
    cells = [(80 + 100 * x, 842 - 84 - 24 * y) for y in range(4) for x in range(3)]
    return "\n".join(f"{x} {y} {100 - gap} {24 - gap} re {paint}" for x, y in cells)


@pytest.mark.parametrize(("paint", "gap"), [("S", 0.8), ("0.85 g f 0 g", 1.5), ("S", 0)])
def test_cells_drawn_as_boxes_are_a_table_with_its_last_row(read_bytes, paint, gap):
    rows = [(85 + 100 * x, 75.0 + 24 * y, text) for y, row in enumerate(ROWS) for x, text in enumerate(row) if text]
    drawn = f"0.85 g\n{boxes('f', gap)}\n0 g" if " f " in paint else boxes(paint, gap)
    read = read_bytes(one_page_pdf(stream(page(rows, drawn))), "a.pdf", ocr=False)
    assert texts(read) == ["Action | Who | Year", "Ramps | | 2027", "Centres | Towns |", "Judges | Ministry | 2026"]


def page(rows: list[tuple[float, float, str]], drawn: str) -> bytes:
    """The content of a page whose drawings are below its words."""
    words = "\n".join(f"BT /F1 11 Tf {x} {842 - y} Td ({text}) Tj ET" for x, y, text in rows)
    return f"{drawn}\n{words}".encode()


def test_a_figure_in_the_first_row_of_a_table_is_no_number_of_a_page(read_bytes):
    rows = [(85 + 100 * x, 75.0 + 24 * y, t) for y, row in enumerate(FEES) for x, t in enumerate(row)]
    lines = [f"80 {842 - 60 - 24 * n} m 280 {842 - 60 - 24 * n} l S" for n in range(5)]
    lines += [f"{80 + 100 * n} {842 - 60} m {80 + 100 * n} {842 - 156} l S" for n in range(3)]
    read = read_bytes(one_page_pdf(stream(page(rows, "\n".join(lines)))), "a.pdf", ocr=False)
    assert texts(read) == ["Fee | 200", "Levy | none", "Fine | fixed", "Costs | fixed"]


FEES = [("Fee", "200"), ("Levy", "none"), ("Fine", "fixed"), ("Costs", "fixed")]


def test_a_box_around_words_that_is_alone_makes_no_table(read_bytes):
    read = read_bytes(pdf([[(80, 80, "Levy"), (80, 120, "Boxed"), (80, 160, "Fee")]], "70 715 200 18 re S"), "a.pdf")
    assert "table-row" not in {p.kind for p in read.paragraphs}


@pytest.mark.parametrize(("height", "kept"), [(3.5, "Pay is twenty shillings."), (9.0, "Pay is ten twenty shillings.")])
def test_a_thick_stroke_strikes_words_out_and_a_marker_does_not(read_bytes, height, kept):
    middle = 842 - 100 + 3.5
    drawn = f"1 1 0 rg 98 {middle - height / 2} 17 {height} re f 0 g"
    rows = [(65.0, 100.0, "Pay is "), (98.6, 100.0, "ten"), (118.0, 100.0, "twenty shillings.")]
    read = read_bytes(one_page_pdf(stream(page(rows, drawn))), "a.pdf", ocr=False)
    assert texts(read) == [kept]
    assert ["ten"] * (height < 9) == [p.text for p in read.leftovers if p.kind == "struck-out"]


def test_a_hyphen_that_a_browser_prints_at_a_line_end_is_undone():
    assert join("Nondiscrimi\u2010", "nation of all", Counter({"discrimination": 1})) == "Nondiscrimination of all"
    assert join("long\u2010", "term care", Counter({"long-term": 1})) == "long-term care"


def test_a_raised_letter_behind_a_figure_is_the_mark_of_a_note(read_bytes):
    row = "BT /F1 11 Tf 80 700 Td (The quota was 52) Tj /F1 7 Tf 5 Ts (b) Tj 0 Ts /F1 11 Tf ( per cent.) Tj ET"
    read = read_bytes(one_page_pdf(stream(row.encode())), "a.pdf", ocr=False)
    assert texts(read) == ["The quota was 52ᵇ per cent."]


def test_items_without_a_stop_that_count_on_are_two(read_bytes):
    rows = [(80.0, 100.0, "1. Housing in the community"), (80.0, 114.0, "2. Work in the open market")]
    assert texts(read_bytes(pdf([rows]), "a.pdf", ocr=False)) == [row[2] for row in rows]


def test_a_sentence_that_breaks_before_a_number_is_one(read_bytes):
    rows = [
        (80.0, 100.0, "1. The duty that is laid down in Section"),
        (80.0, 114.0, "2. Applies to the towns as well now"),
    ]
    assert len(read_bytes(pdf([rows]), "a.pdf", ocr=False).paragraphs) == 1
