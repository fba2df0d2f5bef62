"""Contents lists without page numbers: entries that the text repeats are not body text."""

from __future__ import annotations

from kb.read.contents import mark_contents
from kb.read.draft import Draft
from kb.read.formats.text import read_text
from kb.read.numbering import number_of

ENTRIES = ["1. Short title.", "2. Interpretation.", "3. Duty to employ."]
BODY = [
    "1. Short title",
    "This Act may be cited.",
    "2. Interpretation",
    "Words mean this.",
    "3. Duty to employ",
    "All do.",
]


def test_an_arrangement_of_sections_is_a_contents_list_and_the_sections_are_not() -> None:
    drafts = [Draft(text) for text in ("ARRANGEMENT OF SECTIONS", "Section", *ENTRIES, "AN ACT for all", *BODY)]
    mark_contents(drafts)
    assert [d.text for d in drafts if d.kind == "contents"] == ["Section", *ENTRIES]


def test_a_title_without_entries_that_come_again_marks_nothing() -> None:
    drafts = [Draft(text) for text in ("Contents", "1. One thing.", "2. Another.", "3. A third.", "The end.")]
    mark_contents(drafts)
    assert not [d for d in drafts if d.kind == "contents"]


def test_headings_that_count_without_a_point_have_their_number() -> None:
    from kb.read.assemble import assemble

    reading = read_text(b"")
    reading.drafts = [Draft("1 Introduction", "heading"), Draft("All of it.", "paragraph"), Draft("2 Aims", "heading")]
    assert [p.number for p in assemble(reading, "a.txt", "0" * 64).paragraphs] == ["1", None, "2"]
    reading.drafts = [Draft("12 Members", "heading"), Draft("30 Towns", "heading")]
    assert [p.number for p in assemble(reading, "a.txt", "0" * 64).paragraphs] == [None, None]


def test_sections_with_a_bracket_behind_and_final_provisions_have_their_number() -> None:
    texts = (
        "35B(1) The levy is paid.",
        "5 (1) Every employer reports.",
        "20(5) per cent",
        "DISPOSICIÓN FINAL TERCERA. Plazos",
    )
    numbers = [number_of(text) for text in texts]
    assert [number and number.text for number in numbers] == ["35B", "5", None, "DISPOSICIÓN FINAL TERCERA"]


AREAS = ["School", "Work", "Housing", "Health"]


def _with_numbers(numbers: list[int], pages: list[int | None]) -> list[str]:
    """Return the kinds of four table rows that end in these numbers; headings with the same words follow on `pages`."""
    rows = [Draft(f"{area} | {n}", "table-row", page=pages[0] and 1) for area, n in zip(AREAS, numbers, strict=True)]
    heads = [Draft(area, "heading", page=page) for area, page in zip(AREAS, pages, strict=True)]
    mark_contents([*rows, *heads])
    return [row.kind for row in rows]


def test_rows_that_lead_to_the_pages_of_headings_are_a_contents_list_and_counts_are_none() -> None:
    assert _with_numbers([3, 5, 9, 12], [4, 6, 10, 13]) == ["contents"] * 4
    assert _with_numbers([4, 7, 9, 12], [1, 1, 1, 2]) == ["table-row"] * 4
    assert _with_numbers([4, 7, 9, 12], [None] * 4) == ["table-row"] * 4  # a table of a file without pages
