"""Lines at the edges of a page: running heads are removed, headings and titles stay, notes below a rule are notes."""

from __future__ import annotations

import pytest
from make import pdf, prose

RULES = [
    "The Board shall meet at least four times in every year and shall keep minutes of each meeting, which anyone may read.",
    "A member who has an interest in a matter shall declare it to the Board and shall not vote on that matter.",
    "The Minister shall lay the report of the Board before Parliament within thirty days after it was received.",
]
NAMES = ["ramps", "lifts", "schools", "courts", "clinics", "parks", "halls", "ports", "roads", "farms", "shops", "labs"]


def texts(pages, *kinds):
    return [p.text for p in pages.paragraphs if not kinds or p.kind in kinds]


def sheet(n: int, top: float, *more):
    """Return a page with a rule at the height `top`, and further lines."""
    text = f"{n + 1}. On {NAMES[n]}. {RULES[n % 3]}"
    return [*more, *prose(72, top, text), *prose(72, 300, RULES[(n + 1) % 3]), (290, 800, str(n + 1), 9)]


@pytest.mark.parametrize("head", [None, "Strategy of the town"])
@pytest.mark.parametrize("size", [11, 14])
def test_a_heading_that_begins_several_pages_is_no_running_head(read_bytes, head: str | None, size: int) -> None:
    above = [(72, 40, head, 9)] if head else []
    with_heading = (2, 3, 7)
    sheets = [
        sheet(n, 100, *above, (72, 70, "Actions", size)) if n in with_heading else sheet(n, 70, *above)
        for n in range(12)
    ]
    pages = read_bytes(pdf(sheets), "a.pdf", ocr=False)
    assert texts(pages).count("Actions") == 3 and not any(head and head in text for text in texts(pages))
    assert sum(" On " in text for text in texts(pages)) == 12


def test_headings_larger_than_the_text_at_the_top_of_each_page_stay(read_bytes) -> None:
    sheets = [sheet(n, 110, (72, 70, "Actions" if n % 2 else "Objectives", 14)) for n in range(6)]
    pages = read_bytes(pdf(sheets), "a.pdf", ocr=False)
    assert texts(pages, "heading") == ["Objectives", "Actions"] * 3


def test_the_title_of_a_chapter_stays_where_its_pages_repeat_it_as_a_running_head(read_bytes) -> None:
    chapters = ["Housing", "Work", "School"]
    sheets = [
        sheet(n, 110, (72, 40, chapters[n // 4], 12)) if n % 4 else sheet(n, 220, (72, 160, chapters[n // 4], 20))
        for n in range(12)
    ]
    pages = read_bytes(pdf(sheets), "a.pdf", ocr=False)
    assert texts(pages, "heading") == chapters
    assert sum(p.kind == "running-head" for p in pages.leftovers) == 9


def test_alternating_running_heads_go(read_bytes) -> None:
    sheets = [sheet(n, 110, (72, 40, "Act No. 12" if n % 2 else "Rights of Older Persons", 9)) for n in range(6)]
    assert not {"Act No. 12", "Rights of Older Persons"} & set(texts(read_bytes(pdf(sheets), "a.pdf", ocr=False)))


NOTES = ["Census of 2011, table 4.", "Ibid., page 12."]


@pytest.mark.parametrize("marks", [("1", "2"), ("*", "**"), ("(1)", "(2)")])
@pytest.mark.parametrize("rule", ["72 158 m 216 158 l S", "72 158 144 0.5 re f"])
def test_notes_below_a_drawn_rule_are_notes_in_any_size(read_bytes, marks: tuple[str, str], rule: str) -> None:
    calls = [f"{text} See the table.{' ' * marks[0].startswith('(')}{mark}" for text, mark in zip(RULES, marks)]
    rows = [*prose(72, 90, "1. " + calls[0]), *prose(72, 200, "2. " + calls[1])]
    foot = [(72, 700 + 16 * n, f"{mark} {NOTES[n]}") for n, mark in enumerate(marks)]
    pages = read_bytes(pdf([rows + foot], drawings=rule), "a.pdf", ocr=False)
    assert texts(pages, "note") == [f"{mark} {note}" for mark, note in zip(marks, NOTES)]
    assert [p.number for p in pages.paragraphs if p.kind == "paragraph"] == ["1", "2"]


def test_a_wide_rule_parts_notes_only_where_the_text_calls_them(read_bytes) -> None:
    rows = [*prose(72, 90, "1. " + RULES[0]), *prose(72, 600, "5 " + RULES[1])]
    wide = "72 262 m 523 262 l S"
    assert not texts(read_bytes(pdf([rows], drawings=wide), "a.pdf", ocr=False), "note")
    called = [*prose(72, 90, "1. " + RULES[0] + "5"), *prose(72, 600, "5 " + RULES[1])]
    assert len(texts(read_bytes(pdf([called], drawings=wide), "a.pdf", ocr=False), "note")) == 1


def test_a_rule_between_sections_makes_no_notes(read_bytes) -> None:
    rows = [*prose(72, 90, "1. " + RULES[0]), *prose(72, 600, "2. " + RULES[1])]
    pages = read_bytes(pdf([rows], drawings="72 262 m 216 262 l S"), "a.pdf", ocr=False)
    assert [(p.kind, p.number) for p in pages.paragraphs] == [("paragraph", "1"), ("paragraph", "2")]


def test_a_section_named_above_each_of_its_pages_is_a_running_head_also_beside_heads_of_one_page(read_bytes) -> None:
    heads = [name.capitalize() for name in NAMES[:6]] + ["Complexes"] * 6
    sheets = [sheet(n, 70, (72, 40, head, 10)) for n, head in enumerate(heads)]
    assert not any("Complexes" in text for text in texts(read_bytes(pdf(sheets), "a.pdf", ocr=False)))


def test_the_number_of_a_page_is_no_title_though_another_page_has_it_in_small_print(read_bytes) -> None:
    sheets = [sheet(n, 90, (540, 40, str(n + 1), 9), *([(300, 60, "3", 6)] * (n == 4))) for n in range(6)]
    pages = read_bytes(pdf(sheets), "a.pdf", ocr=False)
    assert "3" not in texts(pages) and ("3", 3) in [(p.text, p.page) for p in pages.leftovers]


def test_a_row_of_cells_below_the_rules_of_a_table_is_no_note(read_bytes) -> None:
    cells = [(72, 555, "Seattle"), (250, 555, "none"), (440, 554, "142 none")]
    rules = "72 300 m 190 300 l S 190 300 m 400 300 l S 400 300 m 523 300 l S"
    rows = [*prose(72, 90, "1. " + RULES[0]), *cells, *prose(72, 600, RULES[1])]
    assert not texts(read_bytes(pdf([rows], drawings=rules), "a.pdf", ocr=False), "note")
