"""Marks that a page shows and a reader must follow: lines of a list, tags in Markdown, widths of cells, titles without
figures, windows with fields, and text from right to left."""

from __future__ import annotations

import pytest
from hostile_files import odt
from make import pdf

from kb.read.layout.rightward import is_rightward, item_mended, mended
from kb.read.layout.words import PageWord, with_signs_behind
from kb.read.numbering import is_annex_title, number_of

CSV = ["Medida | Órgano | Año", "Rampas | | 2027", "Centros; de día | Salud | 2028"]


def pairs(pages) -> list[tuple[str, str]]:
    """Return kind and text of each paragraph."""
    return [(p.kind, p.text) for p in pages.paragraphs]


def texts(pages) -> list[str]:
    """Return the texts of the paragraphs."""
    return [p.text for p in pages.paragraphs]


@pytest.mark.parametrize(
    ("body", "right"),
    [
        (
            "The council shall:<br>(a) keep a register;<br>(b) publish it.",
            ["The council shall:", "(a) keep a register;", "(b) publish it."],
        ),
        ("1. It is public.<br>2. It names\nits budget.", ["1. It is public.", "2. It names its budget."]),
        (
            "c) informa:<br>i) al congreso,<br>ii) a todos.<br>El ministerio informa.",
            ["c) informa:", "i) al congreso,", "ii) a todos.", "El ministerio informa."],
        ),
        ("Measures<br>• ramps<br>• centres", ["Measures", "• ramps", "• centres"]),
        (
            "Article 7<br>Five members.<br>Article 8<br>Four years.",
            ["Article 7", "Five members.", "Article 8", "Four years."],
        ),
        ("As stated in<br>Article 5 of this Act", ["As stated in Article 5 of this Act"]),
        ("Ministry<br>12 Main Street<br>13 Nairobi", ["Ministry 12 Main Street 13 Nairobi"]),
        ("On 3 May<br>1. June is late", ["On 3 May 1. June is late"]),
    ],
)
def test_lines_of_a_paragraph_that_count_are_items(read_bytes, body, right):
    assert texts(read_bytes(f"<h1>Act</h1><p>{body}</p>".encode(), "a.html"))[1:] == right


def test_what_follows_the_end_of_a_page_is_text(read_bytes):
    page = "<html><head><title>One</title></head><body><p>First part.</p></body></html>"
    read = read_bytes(
        (page + page.replace("One", "Two").replace("First", "Second") + "<p>Third.</p>").encode(), "a.html"
    )
    assert texts(read) == ["First part.", "Second part.", "Third."]
    assert [p.text for p in read.leftovers] == ["One", "Two"]


@pytest.mark.parametrize(("field", "read"), [("<textarea></textarea>", False), ("", True)])
def test_a_window_with_fields_is_no_text_and_one_with_words_only_is(read_bytes, field, read):
    page = (
        "<h1>Allowance</h1><button onclick=\"show('ask')\">Ask</button><p>Every person may apply.</p>"
        f'<div id="ask" class="modal" style="display:none"><p>Write to the office here.</p>{field}</div>'
    )
    assert ("Write to the office here." in texts(read_bytes(page.encode(), "a.html"))) is read


@pytest.mark.parametrize(
    ("source", "right"),
    [
        ("It rose in 2011<sup>3</sup>.", "It rose in 2011³."),
        ("An area of 40 m<sup>2</sup>, and CO<sub>2</sub>.", "An area of 40 m², and CO₂."),
        ("The <b>new</b> and <ins>third</ins> board.", "The new and third board."),
        (
            "See `x<sup>2</sup>` and <https://example.org>, a < b.",
            "See `x<sup>2</sup>` and <https://example.org>, a < b.",
        ),
        ("A <name> that a person writes.", "A <name> that a person writes."),
        ("For ages x <a and b> y, and <b class='x'>all</b>.", "For ages x <a and b> y, and all."),
        ("Aux paragraphes 1<sup>er</sup>et 2, le 1<sup>er</sup> mai.", "Aux paragraphes 1er et 2, le 1er mai."),
    ],
)
def test_tags_within_a_line_of_markdown_are_read_as_shown(read_bytes, source, right):
    read = read_bytes(f"# Plan\n\n{source}\n\nThe end.\n".encode(), "a.md")
    assert texts(read) == ["Plan", right, "The end."]
    start, end = read.paragraphs[2].chars
    assert read.text[start:end] == "The end." and len(read.text) == len(f"# Plan\n\n{source}\n\nThe end.\n")


def test_a_part_of_markdown_that_opens_on_demand_has_its_title(read_bytes):
    source = "# Plan\n\n<details>\n<summary>How to <b>appeal</b></summary>\nWithin thirty days.\n</details>\n"
    assert pairs(read_bytes(source.encode(), "a.md")) == [
        ("heading", "Plan"),
        ("heading", "How to appeal"),
        ("paragraph", "Within thirty days."),
    ]


def test_a_table_of_html_in_markdown_keeps_its_columns(read_bytes):
    source = (
        "# Plan\n\n<table><tr><th>Action</th><th>Body</th><th>Year</th></tr>\n"
        '<tr><td rowspan="2">Ramps<sup>1</sup></td><td></td><td>2027</td></tr>\n<tr><td>Councils</td><td></td></tr>\n'
        "<tr><td colspan=2>\nAll\n</td><td>2028</td></tr></table>\n\n| a | b<br>c |\n|---|---|\n| 1 | 2<br/>3 |\n"
    )
    assert texts(read_bytes(source.encode(), "a.md"))[1:] == [
        "| Action | Body | Year |",
        "| Ramps¹ | | 2027 |",
        "| | Councils | |",
        "| All | | 2028 |",
        "| a | b c |",
        "| 1 | 2 3 |",
    ]


def test_cells_of_rtf_that_are_wide_cover_columns(read_bytes):
    rows = (
        r"\trowd\cellx3000\cellx6000\cellx9000 Action\intbl\cell Body\intbl\cell Year\intbl\cell\row "
        r"\trowd\cellx6000\cellx9000 Ramps\intbl\cell 2027\intbl\cell\row "
        r"\trowd\cellx3000\cellx9000 Centres\intbl\cell Councils\intbl\cell\row \pard Between.\par "
        r"\trowd\cellx4500\cellx9000 Left\intbl\cell Right\intbl\cell\row "
        r"\trowd\clmgf\cellx4500\clmrg\cellx9000 Whole\intbl\cell\intbl\cell\row \pard After.\par"
    )
    assert texts(read_bytes(rf"{{\rtf1\ansi {rows}}}".encode(), "a.rtf")) == [
        "Action | Body | Year",
        "Ramps | | 2027",
        "Centres | Councils |",
        "Between.",
        "Left | Right",
        "Whole |",
        "After.",
    ]


def test_a_short_list_of_contents_with_dots_is_contents(read_bytes):
    source = (
        "PLAN\n\nCONTENTS\n\n1. Aims ........ 3\n\n2. Measures ..... 5\n\n1. Aims\n\nRamps.\n\n2. Measures\n\nLifts.\n"
    )
    kinds = [p.kind for p in read_bytes(source.encode(), "a.txt").paragraphs]
    assert kinds == ["heading", "heading", "contents", "contents", "heading", "paragraph", "heading", "paragraph"]


def test_a_schedule_without_a_figure_ends_the_sections_before_it(read_bytes):
    source = "PART I\n\n2. Start\n\nIt begins in May.\n\nSCHEDULE (Section 2)\n\nThe oath of members is this.\n"
    assert read_bytes(source.encode(), "a.txt").paragraphs[-1].section == ("SCHEDULE (Section 2)",)


@pytest.mark.parametrize(
    ("title", "is_title"),
    [
        ("SCHEDULE", True),
        ("First Schedule", True),
        ("ANEXO ÚNICO", True),
        ("الملحق", True),
        ("ANNEXE", True),
        ("SCHEDULE.", True),
        ("الملحق.", True),
        ("First Schedule (Section 4)", True),
        ("Schedule.", False),
        ("First Schedule.", False),
        ("schedule,", False),
        ("Annex;", False),
        ("SCHEDULE OF FEES", False),
        ("The schedule names the fees.", False),
    ],
)
def test_titles_of_annexes_without_a_figure(title, is_title):
    assert is_annex_title(title) is is_title


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(أ) الحق", "(أ)"),
        ("ب) السكن", "ب)"),
        ("ج- التعليم", "ج"),
        ("ב. טקסט", "ב"),
        ("المادة الثانية عشرة: النص", "المادة الثانية عشرة"),
        ("الفصل الأول: أحكام", "الفصل الأول"),
        ("مادة 5: النص", "مادة 5"),
    ],
)
def test_numbers_of_arabic_and_hebrew(text, number):
    found = number_of(text)
    assert found is not None and found.text == number


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        # drawn signs only, as a word processor writes them
        ("المادة 1 )التعاريف(: كبار السن )أي 60 سنة( هنا", "المادة 1 (التعاريف): كبار السن (أي 60 سنة) هنا"),
        # drawn and meant signs mixed, as a browser writes them
        ("المادة 1) التعاريف): كبار السن)أي 60 سنة) هنا", "المادة 1 (التعاريف): كبار السن (أي 60 سنة) هنا"),
        ("السكن ]الملائم[ والتعليم", "السكن [الملائم] والتعليم"),
        ("السنوات ) 2025-2020( بميزانية", "السنوات (2020-2025) بميزانية"),
        # nothing to change: an item with one bracket, and pairs as they are meant
        ("أ) الحق (كله) هنا", "أ) الحق (كله) هنا"),
        ("في المدة 2020-2025 وفقا (للقانون)", "في المدة 2020-2025 وفقا (للقانون)"),
        # the number of a law is no range: its first figure is drawn at the right, also where it is the greater one
        ("القانون رقم 11-90 والقانون رقم 09-02 هنا", "القانون رقم 90-11 والقانون رقم 02-09 هنا"),
        ("1( يدفع الأجر (كله) هنا", "1) يدفع الأجر (كله) هنا"),
        # figures between Hebrew letters keep their order
        ("בשנים 2025-2020 (כולן)", "בשנים 2025-2020 (כולן)"),
    ],
)
def test_brackets_and_ranges_from_right_to_left(drawn, read):
    assert is_rightward(drawn) and mended(drawn) == read


def test_the_brackets_around_an_items_number_are_read_before_the_lines_are_parted():
    assert item_mended(")أ( الحق") == "(أ) الحق" and item_mended(")ب) الحق") == "(ب) الحق"
    assert item_mended("(الحق) كله") == "(الحق) كله"


def test_touching_pieces_of_a_code_are_joined_as_they_stand_on_the_page():
    words = [
        PageWord("للقرار", 140, 0, 180, 12, 0),
        PageWord("/61/106", 80, 0, 120, 12, 7),
        PageWord("A/RES", 50, 0, 80, 12, 15),
    ]
    assert [w.text for w in with_signs_behind(words)] == ["للقرار", "A/RES/61/106"]
    words[2].text = "A/RES."  # the full stop of the sentence, at its left
    assert [w.text for w in with_signs_behind(words)] == ["للقرار", "A/RES/61/106."]


@pytest.mark.parametrize(
    ("name", "data", "right"),
    [
        ("a.csv", 'Medida;Órgano;Año\nRampas;;2027\n"Centros; de día";Salud;2028\n'.encode("cp1252"), CSV),
        ("a.tsv", "Medida\tÓrgano\tAño\nRampas\t\t2027\nCentros; de día\tSalud\t2028\n".encode(), CSV),
        ("a.csv", 'Medida,Órgano,Año\r\nRampas,,2027\r\n"Centros; de día",Salud,2028\r\n'.encode("utf-16"), CSV),
    ],
)
def test_a_table_of_values_keeps_its_rows_and_columns(read_bytes, name, data, right):
    assert pairs(read_bytes(data, name)) == [("table-row", row) for row in right]


def test_a_text_of_an_old_macintosh(read_bytes):
    source = "CAPÍTULO I\r\rArtículo 1. La ley protege la niñez: «todos».\r\rArtículo 2. El fondo paga.\r"
    read = read_bytes(source.encode("mac_roman"), "a.txt")
    assert texts(read) == ["CAPÍTULO I", "Artículo 1. La ley protege la niñez: «todos».", "Artículo 2. El fondo paga."]
    assert any("mac_roman" in p.what for p in read.problems)


def test_lines_of_carriage_returns_do_not_make_a_text_one_of_a_macintosh(read_bytes):
    source = "Décret du 5 mai.\r\rArticle 2. Les écoles sont ouvertes aux employés.\r"
    read = read_bytes(source.encode("cp1252"), "a.txt")
    assert texts(read) == ["Décret du 5 mai.", "Article 2. Les écoles sont ouvertes aux employés."]


def test_items_that_end_in_an_arabic_semicolon_are_items_each(read_bytes):
    source = "المادة 2\n\n(أ) الحق في العمل؛\n(ب) الحق في التعليم.\n"
    assert texts(read_bytes(source.encode(), "a.txt")) == ["المادة 2", "(أ) الحق في العمل؛", "(ب) الحق في التعليم."]


def test_quotations_and_long_notes_of_markdown(read_bytes):
    source = "# Act\n\n> Quoted law\n> of the act.\n\nText.[^1]\n\n[^1]: First line\n    goes on.\n\nNext.\n"
    assert pairs(read_bytes(source.encode(), "a.md")) == [
        ("heading", "Act"),
        ("paragraph", "Quoted law of the act."),
        ("paragraph", "Text.[^1]"),
        ("note", "First line goes on."),
        ("paragraph", "Next."),
    ]


def test_items_of_rtf_with_styles_of_headings_are_no_headings(read_bytes):
    data = (
        rb"{\rtf1\ansi{\stylesheet{\s1\outlinelevel0 heading 1;}}\pard\s1\outlinelevel0 Plan\par"
        rb"\pard 1. One\par\pard 2. Two\par\pard Article 5\par}"
    )
    kinds = [p.kind for p in read_bytes(data, "a.rtf").paragraphs]
    assert kinds == ["heading", "paragraph", "paragraph", "heading"]


def test_the_stand_in_for_a_sign_of_rtf_is_not_printed(read_bytes):
    data = rb"{\rtf1\ansi{\fonttbl{\f0 Times;}{\f1 Symbol;}}\uc1 At least {\f1 \u61619\'3f} 5 years.\par}"
    assert texts(read_bytes(data, "a.rtf")) == ["At least ≥ 5 years."]


def test_merged_cells_of_odt_without_cells_below_them(read_bytes):
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    rows = [
        cell.format("", "A") + cell.format("", "B") + cell.format("", "C"),
        cell.format(' table:number-rows-spanned="2"', "Centres") + cell.format("", "Health") + cell.format("", ""),
        cell.format("", "") + cell.format("", "2029"),
        cell.format(' table:number-columns-spanned="2"', "All") + cell.format("", "2030"),
    ]
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    assert texts(read_bytes(odt(f"<table:table>{body}</table:table>"), "a.odt")) == [
        "A | B | C",
        "Centres | Health |",
        "| | 2029",
        "All | | 2030",
    ]


def test_a_line_with_a_raised_figure_goes_on_with_its_sentence(read_bytes):
    lines = [(60, 100, "The law protects every older person in the whole country and creates a fund")]
    lines += [(60, 119, "of its own"), (112, 114, "1", 7), (118, 119, "for this purpose and for all.")]
    lines += [(60, 150, "The fund pays a pension each month to every person who asks for it in time.")]
    lines += [(60, 164, "It publishes a report on this each year.")]
    first = texts(read_bytes(pdf([lines]), "a.pdf"))[0]
    assert first.startswith("The law protects") and first.endswith("for this purpose and for all.")


def test_a_letter_apart_from_the_number_of_an_article():
    assert [number_of(t).text for t in ("ARTICLE 34 A", "Article 5 B. Fund", "Article 5 A fund")] == [
        "ARTICLE 34 A",
        "Article 5 B",
        "Article 5",
    ]


def test_items_that_a_line_with_a_raised_figure_begins_are_items_each(read_bytes):
    lines = [(60, 100, "c) the fund pays each month to every person who is older than sixty years")]
    lines += [(60, 114, "and to those who live with one of them in the same house, as the council says")]
    lines += [(60, 134, "d) the area of 40 m"), (168, 129, "2", 7), (176, 134, "is set aside for all who ask for it")]
    assert [t[:2] for t in texts(read_bytes(pdf([lines]), "a.pdf"))] == ["c)", "d)"]


def test_headings_and_lists_of_html_in_markdown(read_bytes):
    source = (
        '# Law\n\n<h2 id="a">Section <b>2</b>.<br>Duty</h2>\nText of duty.\n<ol start="9"><li>nine</li><li>ten</li>\n'
        "<li>eleven\n<ul><li>inner</li></ul></li></ol>\nAfter.\n\n## Part III<br>Works\n\n```\n<li>code</li>\n```\n"
    )
    read = read_bytes(source.encode(), "a.md")
    assert pairs(read) == [
        ("heading", "Law"),
        ("heading", "Section 2. Duty"),
        ("paragraph", "Text of duty."),
        ("paragraph", "9. nine"),
        ("paragraph", "10. ten"),
        ("paragraph", "11. eleven"),
        ("list-item", "inner"),
        ("paragraph", "After."),
        ("heading", "Part III Works"),
        ("paragraph", "<li>code</li>"),
    ]
    assert len(read.text) == len(source)


@pytest.mark.parametrize(
    "table",
    [
        "Measure | Body | Year\n--- | --- | ---\nRamps<br>here | | 2027\nAll\nLifts | State | 2028\n",
        "  Measure      Body   Year\n  ----------- ------- ------\n  Ramps here           2027\n  All\n  Lifts       State   2028\n",
    ],
)
def test_tables_of_markdown_without_bars_at_their_ends_keep_their_columns(read_bytes, table):
    rows = ["Measure | Body | Year", "Ramps here | | 2027", "All", "Lifts | State | 2028"]
    read = read_bytes(f"# Plan\n\n{table}\nAfter.\n".encode(), "a.md")
    assert pairs(read)[1:] == [*(("table-row", row) for row in rows), ("paragraph", "After.")]


def test_dashes_over_which_words_run_make_no_table(read_bytes):
    source = "A title\n----- -----\nThis sentence runs over the gap.\n"
    assert texts(read_bytes(source.encode(), "a.md")) == ["A title", "This sentence runs over the gap."]
