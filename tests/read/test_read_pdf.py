"""PDF layout: columns, running heads and feet, notes, tables, numbers, joined lines."""

import io

import pypdf
import pytest
from make import pdf, prose

from kb.errors import InputError

LONG = (
    "The Government shall adopt measures so that every person takes part in society on equal terms and it shall report "
    "on them to the Parliament each year in a public session that the press may attend without any restriction at all"
)


def texts(pages, kind=None):
    return [p.text for p in pages.paragraphs if kind in (None, p.kind)]


def test_wrapped_lines_become_one_paragraph_with_page_and_box(read_bytes):
    pages = read_bytes(pdf([prose(72, 300, LONG + ".")]), "a.pdf", ocr=False)
    assert texts(pages) == [LONG + "."]
    assert pages.paragraphs[0].page == 1
    box = pages.paragraphs[0].boxes[0]
    assert box.x0 == pytest.approx(72, abs=2) and 285 < box.y0 < 300


def test_a_full_stop_and_room_end_a_paragraph_even_without_a_gap(read_bytes):
    rows = prose(72, 300, LONG + ".")
    more = prose(72, 300 + 14 * len(rows), "Another matter follows here. " + LONG)
    assert len(texts(read_bytes(pdf([rows + more]), "a.pdf", ocr=False))) == 2


def test_two_columns_are_read_one_after_the_other(read_bytes):
    left, right = (
        LONG + " and so ends the left one.",
        "Beside it stands the other column, of which " + LONG.lower() + " too.",
    )
    rows = prose(60, 200, left, 38) + prose(310, 200, right, 38)
    assert texts(read_bytes(pdf([rows]), "a.pdf", ocr=False)) == [left, right]


def test_running_heads_and_page_numbers_are_lifted_and_the_sentence_goes_on(read_bytes):
    words = LONG.split()
    body = [" ".join(words[:20]), " ".join(words[20:]) + "."]
    sheets = [
        [(60, 40, "National Plan 2030"), (290, 815, f"Page {n}"), *prose(60, 300, text)]
        for n, text in enumerate(body, 1)
    ]
    pages = read_bytes(pdf(sheets), "a.pdf", ocr=False)
    assert texts(pages) == [LONG + "."]
    assert sorted({p.kind for p in pages.leftovers}) == ["page-number", "running-head"]
    assert [b.page for b in pages.paragraphs[0].boxes] == [1, 2]


def test_chapters_that_begin_pages_are_no_running_heads(read_bytes):
    sheets = [[(250, 60, f"CHAPTER {n}"), *prose(60, 300, LONG + ".")] for n in ("I", "II", "III")]
    pages = read_bytes(pdf(sheets), "a.pdf", ocr=False)
    assert texts(pages, "heading") == ["CHAPTER I", "CHAPTER II", "CHAPTER III"]
    assert pages.paragraphs[-1].section == ("CHAPTER III",)


def test_a_hyphen_is_undone_only_where_the_document_writes_the_word_without_it(read_bytes):
    rows = [
        (60, 300, "The participation of all is a right and the most well-known and partici-"),
        (60, 314, "pation of women is another of them, as is that of every long-"),
        (60, 328, "term resident; a long-term plan exists for it."),
    ]
    text = " ".join(texts(read_bytes(pdf([rows]), "a.pdf", ocr=False)))
    assert "participation of women" in text and "every long-term resident" in text


def test_footnotes_are_lifted_and_linked(read_bytes):
    rows = [
        *prose(60, 200, LONG + ", as the law says 1/ in its first part, and in its second one also."),
        (60, 700, "____________"),
        (60, 716, "1/ Act No. 5 of 2012."),
    ]
    pages = read_bytes(pdf([rows]), "a.pdf", ocr=False)
    note = pages.paragraphs[-1]
    assert (note.kind, note.number, note.text) == ("note", "1/", "1/ Act No. 5 of 2012.")
    assert [p.text for p in pages.leftovers] == ["____________"]


def test_a_ruled_table_is_kept_as_rows(read_bytes):
    xs, ys = (60, 200, 340, 480), (300, 340, 380)
    lines = "".join(f"{x} {842 - ys[0]} m {x} {842 - ys[-1]} l S\n" for x in xs)
    lines += "".join(f"{xs[0]} {842 - y} m {xs[-1]} {842 - y} l S\n" for y in ys)
    rows = [
        (65, 315, "Objective"),
        (205, 315, "Body"),
        (345, 315, "Budget"),
        (65, 352, "Ramps in all"),
        (65, 366, "schools"),
        (205, 352, "Ministry"),
        (345, 352, "2 million"),
    ]
    pages = read_bytes(pdf([rows], "0.5 w\n" + lines), "a.pdf", ocr=False)
    assert texts(pages, "table-row") == ["Objective | Body | Budget", "Ramps in all schools | Ministry | 2 million"]


def test_a_contents_list_is_left_over_and_marked(read_bytes):
    rows = [(250, 100, "CONTENTS")] + [
        (60, 130 + 20 * n, f"{n}. Chapter about matter {n} ........................ {n * 7}") for n in range(1, 6)
    ]
    pages = read_bytes(pdf([rows, prose(60, 300, LONG + ".")]), "a.pdf", ocr=False)
    assert texts(pages) == [LONG + "."]
    assert {p.kind for p in pages.leftovers} == {"contents"} and len(pages.leftovers) == 6


def test_a_figure_at_a_line_start_is_no_number_inside_a_sentence(read_bytes):
    rows = [
        (60, 300, "7. The rate rose in all of the regions of the country to some"),
        (60, 314, "15.000 persons, as the bureau says."),
        (60, 328, "8. The next paragraph has a number of its own."),
    ]
    assert [p.number for p in read_bytes(pdf([rows]), "a.pdf", ocr=False).paragraphs] == ["7", "8"]


def test_a_page_without_text_is_reported(read_bytes):
    image = "q 500 0 0 700 40 40 cm BI /W 1 /H 1 /CS /G /BPC 8 ID @ EI Q"
    pages = read_bytes(pdf([prose(60, 300, LONG), []], image), "a.pdf", ocr=False)
    assert [(p.page, "image without text" in p.what) for p in pages.problems] == [(2, True)]


def encrypted(password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([prose(60, 300, LONG)])))
    writer.encrypt(password, algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_an_encrypted_file_asks_for_its_password(read_bytes):
    with pytest.raises(
        InputError, match="needs a password. Give its password with --password to kb read. To add it, save"
    ):
        read_bytes(encrypted("sesame"), "a.pdf")
    with pytest.raises(InputError, match="password is wrong"):
        read_bytes(encrypted("sesame"), "a.pdf", password="guess")
    assert texts(read_bytes(encrypted("sesame"), "a.pdf", password="sesame")) == [LONG]


def test_a_truncated_file_is_refused_with_what_to_do(read_bytes):
    with pytest.raises(InputError, match="damaged.*Get the file again"):
        read_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog", "a.pdf")


def test_more_pages_than_the_limit_are_reported(read_bytes):
    from kb.read import Limits

    pages = read_bytes(pdf([prose(60, 300, LONG)] * 3), "a.pdf", ocr=False, limits=Limits(pages=2))
    assert "only the first 2" in pages.problems[0].what and pages.pages == 3


def test_no_letter_of_a_real_page_is_lost_or_added(shared):
    import pypdfium2

    from kb.read import read

    file = shared / "data" / "instruments" / "un_layout_samples" / "A_RES_73_6-EN.pdf"
    plain = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    raw = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(str(file)))
    pages = read(file, ocr=False)
    held = "".join(p.text for p in [*pages.paragraphs, *pages.leftovers]).translate(plain)
    assert sorted(filter(str.isalnum, held)) == sorted(filter(str.isalnum, raw))


def test_real_paragraphs_reach_the_target(shared):
    import importlib.util

    from kb.read import read

    spec = importlib.util.spec_from_file_location("scorer", shared / "tools" / "score_paragraphs.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    import json

    data = json.loads((shared / "data" / "paragraphs" / "labels" / "plan_1_en_es.json").read_text(encoding="utf-8"))
    gold = [scorer.bare(p["main_language"]) for p in data["paragraphs"]]
    got = [scorer.bare(p.text) for p in read(shared / "data" / "paragraphs" / "pdfs" / "plan_1_en.pdf").paragraphs]
    assert 2 * scorer.match(gold, got) / (len(gold) + len(got)) >= 0.90


def test_a_page_that_takes_its_size_from_the_node_above_it_shows_its_first_line(read_bytes):
    """Read as US Letter, an A4 page would lose its upper 50 points as "beyond the page"."""
    rows = [(72, 30, "The first line of the act."), (72, 400, "A line in the middle.")]
    own, inherited = (read_bytes(pdf([rows], inherited=each), "a.pdf", ocr=False) for each in (False, True))
    assert [p.text for p in inherited.paragraphs] == [row[2] for row in rows]
    assert [p.boxes for p in inherited.paragraphs] == [p.boxes for p in own.paragraphs]


@pytest.mark.parametrize("dress", ["({})", "{}.", "{})"])
@pytest.mark.parametrize("gap", [0, 12])
def test_a_number_in_a_line_of_its_own_counts_the_paragraph_below_it(read_bytes, dress: str, gap: int):
    words = [
        f"The office of district {name} keeps a register of claims and shows it each year to all who ask for it."
        for name in "ABC"
    ]
    rows, top = [], 80
    for n, text in enumerate(words, 1):
        lines = prose(72, top + 14, text)
        rows += [(72, top, dress.format(n)), *lines]
        top += 14 * (len(lines) + 1) + gap
    pages = read_bytes(pdf([rows]), "a.pdf", ocr=False)
    assert [p.text for p in pages.paragraphs] == [f"{dress.format(n)} {text}" for n, text in enumerate(words, 1)]
    assert not [p for p in pages.leftovers if p.kind == "page-number"]


def test_a_page_number_in_brackets_is_still_one(read_bytes):
    rows = [
        (290, 30, "(7)"),
        *prose(72, 120, "The office keeps a register of claims and shows it each year to all who ask."),
    ]
    pages = read_bytes(pdf([rows]), "a.pdf", ocr=False)
    assert [p.text for p in pages.leftovers if p.kind == "page-number"] == ["(7)"]


COLUMNS = [
    "The State shall adopt measures so that persons with disabilities live in the community with choices equal to others "
    "and take part in it in full every day of the year without fear of loss of support.",
    "Employers shall keep one post in twenty for persons with disabilities and shall report to the office on each of these "
    "posts within a month of the end of the year in the form that the minister lays down.",
    "Local councils shall open their meetings to older persons and shall hear their associations before they decide about "
    "houses and transport and health in their own towns and in the villages around these towns.",
]


def test_three_columns_with_aligned_rows_are_read_one_after_the_other(read_bytes):
    rows = [row for x, text in zip((50, 220, 390), COLUMNS, strict=True) for row in prose(x, 120, text, 28)]
    pages = read_bytes(pdf([[(50, 60, "Report on inclusion", 16), *rows]]), "a.pdf", ocr=False)
    assert texts(pages) == ["Report on inclusion", *COLUMNS]


def test_rows_of_a_table_of_three_columns_of_words_stay_rows(read_bytes):
    rows = [(50, 60, "Measures by body", 16)]
    short = [text[:80].rsplit(" ", 1)[0] for text in COLUMNS]
    expected = [short[n % 3 :] + short[: n % 3] for n in range(4)]
    for cells, top in zip(expected, (120, 210, 300, 390), strict=True):
        for x, text in zip((50, 220, 390), cells, strict=True):
            rows += prose(x, top, text, 28)
    pages = read_bytes(pdf([rows]), "a.pdf", ocr=False)
    assert texts(pages, "table-row") == [" | ".join(cells) for cells in expected]


TWICE = " ".join(COLUMNS) + " " + COLUMNS[0]


@pytest.mark.parametrize("rule", [True, False])
def test_a_footnote_in_the_size_of_the_text_goes_on_on_the_next_page(read_bytes, rule):
    line = [(60, 690, "_______________")] if rule else []
    note = [
        (60, 705, "1. The council is the body named in section 4 of the Act, which was"),
        (60, 719, "changed by the Act,"),
    ]
    called = [*prose(60, 80, TWICE, 80), (60, 300, "The council decides."), (159, 296, "1", 6)]
    after = [*prose(60, 80, TWICE, 80), *line, (60, 705, "whose section 9 keeps the old council in each of the towns.")]
    pages = read_bytes(pdf([[*called, *line, *note], after]), "a.pdf", ocr=False)
    assert texts(pages, "note") == [f"{note[0][2]} {note[1][2]} {after[-1][2]}"]
    assert not any("whose section 9" in text for text in texts(pages, "paragraph"))


def test_a_sentence_that_begins_two_pages_is_text_and_no_running_head(read_bytes):
    grant = (
        "The Minister may by regulation, after he or she has heard the associations of persons with disabilities, provide "
        "for the payment of grants to families in"
    )
    told = [f"{grant} {where}. {text}" for where, text in zip(("the towns", "the hills"), COLUMNS, strict=False)]
    pages = read_bytes(pdf([[*prose(60, 60, text, 70), (290, 800, str(n))] for n, text in enumerate(told, 1)]), "a.pdf")
    assert texts(pages) == told
    assert {p.kind for p in pages.leftovers} == {"page-number"}


def test_a_running_head_of_two_lines_is_still_one(read_bytes):
    head = [(60, 40, "Report of the Special Rapporteur on the rights of persons"), (60, 54, "with disabilities")]
    told = [*COLUMNS, " ".join(COLUMNS)]
    pages = read_bytes(pdf([[*head, *prose(60, 90, text, 80)] for text in told]), "a.pdf", ocr=False)
    assert not any("Special Rapporteur" in text for text in texts(pages))


def test_lowered_figures_stand_below_the_line(read_bytes):
    pages = read_bytes(pdf([[(60, 300, "CO"), (76.6, 303, "2", 7), (84, 300, "is a gas that warms.")]]), "a.pdf")
    assert texts(pages) == ["CO₂ is a gas that warms."]


def test_tight_capitals_keep_the_blanks_between_their_words(read_bytes):
    tight = "BT /F1 7 Tf -0.4 Tc 72 700 Td [(TO) -196 (ENSURE THE GENDER) -196 (EQUALITY) -196 (OF ALL)] TJ ET"
    pages = read_bytes(pdf([prose(72, 300, LONG + ".")], drawings=tight), "a.pdf", ocr=False)
    assert "TO ENSURE THE GENDER EQUALITY OF ALL" in texts(pages)


def test_letters_kerned_without_tight_print_stay_one_word(read_bytes):
    kerned = "BT /F1 7 Tf 72 700 Td [(TO) -196 (ENSURE AND WA) 60 (VE TO) -100 (WNS)] TJ ET"
    pages = read_bytes(pdf([prose(72, 300, LONG + ".")], drawings=kerned), "a.pdf", ocr=False)
    assert any("TOWNS" in text for text in texts(pages))


def test_a_name_with_a_figure_above_the_last_line_of_a_page_is_text_and_a_code_below_it_is_none(read_bytes):
    signed = [(250, 735, "M5. NAFEESA KHAN KHATTAK,"), (250, 748, "Member, National Assembly.")]
    rows = prose(100, 200, "The proposed bill intends to serve the purposes that are said above. " * 6)
    pages = read_bytes(pdf([[*rows, *signed, (60, 800, "A/61/L.67")]]), "a.pdf", ocr=False)
    assert "KHATTAK" in " ".join(p.text for p in pages.paragraphs)
    assert [p.text for p in pages.leftovers] == ["A/61/L.67"]


def test_a_footnote_that_is_nothing_but_a_symbol_is_not_taken_for_the_code_of_the_page(read_bytes):
    rows = prose(100, 200, "The Assembly takes note of the report of its Committee on the matter. " * 6)
    foot = [(100, 770, "3 A/73/335."), (60, 800, "18-18142")]
    pages = read_bytes(pdf([[*rows, *foot]]), "a.pdf", ocr=False)
    assert [p.text for p in pages.leftovers] == ["18-18142"]
    assert "A/73/335." in " ".join(p.text for p in pages.paragraphs)


def test_a_figure_behind_a_hyphen_at_the_end_of_a_line_begins_no_footnote(read_bytes):
    rows = prose(100, 200, "People who live in group homes were hit harder than others by the illness. " * 6)
    foot = [
        (100, 740, "1 Landes and others, Outcomes of COVID-", 8),
        (100, 750, "19 in group homes, 13 Journal 4 (2020).", 8),
    ]
    pages = read_bytes(pdf([[*rows, *foot]]), "a.pdf", ocr=False)
    assert [p.text for p in pages.paragraphs if p.kind == "note"] == [
        "1 Landes and others, Outcomes of COVID-19 in group homes, 13 Journal 4 (2020)."
    ]


def test_a_section_of_a_code_goes_on_with_the_sentence_of_the_page_before(read_bytes):
    first = [*prose(100, 200, "The test is that of an employee. " * 8), (100, 760, "It is the analysis of 26 I.R.C.")]
    second = prose(
        100, 100, "§ 3121(d)(2), which the courts have followed in each of the cases that came to them. " * 2
    )
    pages = read_bytes(pdf([first, second]), "a.pdf", ocr=False)
    assert any("I.R.C. § 3121(d)(2)" in p.text for p in pages.paragraphs)
