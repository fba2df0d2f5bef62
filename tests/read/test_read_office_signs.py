"""Word processor files: notes that the program counts, words in shapes, formulas, symbol fonts, numbered lines, counts
in other scripts. Each value was decided before the file was read."""

from __future__ import annotations

import json

import pytest
from hostile_files import docx
from make import packed

LINES = (
    "1 Section 2. Every employer shall reserve",
    "2 one post in twenty for persons with a",
    "3 disability and shall report the posts",
    "4 each year to the minister.",
    "5 Section 3. The minister shall publish",
    "6 the reports that the employers give.",
)
NAMES = " ".join(
    f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{u}:1.0"'
    for n, u in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"))
)


def rtf(body: str, head: str = "") -> bytes:
    """A file of RTF."""
    fonts = r"{\fonttbl{\f0 Times;}{\f1\fcharset2 Wingdings;}}"
    return rf"{{\rtf1\ansi\ansicpg1252\deff0{fonts}{head}{body}}}".encode()


def odt(body: str) -> bytes:
    """An OpenDocument text."""
    content = f"<office:document-content {NAMES}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    return packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


def texts(pages) -> list[str]:
    """Its paragraphs."""
    return [p.text for p in pages.paragraphs]


def test_notes_that_rtf_counts_have_their_number_at_the_call_and_at_the_note(read_bytes):
    note = r"{\super\chftn{\footnote\pard{\super\chftn} %s}}"
    body = rf"In 2011{note % 'Census.'} it fell.\par In 2012{note % 'Survey.'} it rose.\par"
    read = read_bytes(rtf(body), "a.rtf")
    assert [(p.text, p.notes) for p in read.paragraphs[:2]] == [
        ("In 2011¹ it fell.", ("1",)),
        ("In 2012² it rose.", ("2",)),
    ]
    assert [(p.text, p.number) for p in read.paragraphs[2:]] == [("Census.", "1"), ("Survey.", "2")]


def test_endnotes_of_rtf_count_by_themselves_in_their_form(read_bytes):
    body = r"\aftnnrlc It fell{\super\chftn{\footnote\ftnalt\pard{\super\chftn} Census.}}.\par"
    read = read_bytes(rtf(body), "a.rtf")
    assert [(p.text, p.number) for p in read.paragraphs] == [("It fellⁱ.", None), ("Census.", "i")]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"{\f1\'fe} Blind\par", "☑ Blind"),
        (r"{\f1\u-3842?} Blind \'e9t\'e9\par", "☑ Blind été"),
        (r"Done \u-10179?\u-8704? now\par", "Done 😀 now"),
        (
            r"Answer: {\field{\*\fldinst FORMDROPDOWN {\*\formfield{\fftype2\ffres1{\*\ffl No}{\*\ffl Yes}}}}{\fldrslt }}.\par",
            "Answer: Yes.",
        ),
    ],
)
def test_signs_and_chosen_entries_of_rtf(read_bytes, body, text):
    assert texts(read_bytes(rtf(body), "a.rtf")) == [text]


def test_a_formula_of_rtf_is_left_over_and_reported(read_bytes):
    read = read_bytes(rtf(r"Benefit {\mmath{\*\moMath{\mf{\mnum{\mr wage}}{\mden{\mr 2}}}}} a month.\par"), "a.rtf")
    assert [(p.text, p.kind) for p in read.leftovers] == [("wage 2", "formula")]
    assert "formulas that were not read: 1" in read.problems[0].what


def test_headings_of_rtf_have_the_level_of_their_style(read_bytes):
    head = r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 heading 2;}}"
    body = r"\pard\s1 Access to work\par\pard\s2 Posts that are kept\par\pard\s0 Every town has a register.\par"
    read = read_bytes(rtf(body, head), "a.rtf")
    assert [(p.text, p.kind) for p in read.paragraphs] == [
        ("Access to work", "heading"),
        ("Posts that are kept", "heading"),
        ("Every town has a register.", "paragraph"),
    ]
    assert read.paragraphs[2].section == ("Access to work", "Posts that are kept")


def test_a_half_character_breaks_no_reading_and_is_reported(read_bytes):
    read = read_bytes(json.dumps({"text": "x \ud800 words of a law"}).encode(), "a.json")
    assert texts(read) == ["x \ufffd words of a law"]
    assert any("half characters" in p.what for p in read.problems)


def test_words_in_a_shape_of_opendocument_are_text(read_bytes):
    body = "<text:p>Body.<draw:custom-shape><text:p>Every town has a register.</text:p></draw:custom-shape></text:p>"
    assert texts(read_bytes(odt(body), "a.odt")) == ["Body.", "Every town has a register."]


def test_a_paragraph_that_opendocument_numbers_by_itself_has_its_number(read_bytes):
    body = (
        "<text:numbered-paragraph><text:number>5.</text:number><text:p>Every town.</text:p></text:numbered-paragraph>"
    )
    assert [(p.text, p.number) for p in read_bytes(odt(body), "a.odt").paragraphs] == [("5. Every town.", "5.")]


def test_a_field_of_opendocument_that_is_not_displayed_is_left_over(read_bytes):
    read = read_bytes(
        odt('<text:p>Sum <text:variable-set text:display="none">HID</text:variable-set>4</text:p>'), "a.odt"
    )
    assert texts(read) == ["Sum 4"] and [p.text for p in read.leftovers] == ["HID"]


def test_a_table_of_one_cell_frames_its_paragraphs(read_bytes):
    cell = "<table:table-cell><text:p>Every town.</text:p><text:p>Each year.</text:p></table:table-cell>"
    body = f"<table:table><table:table-row>{cell}</table:table-row></table:table>"
    assert texts(read_bytes(odt(body), "a.odt")) == ["Every town.", "Each year."]


def as_docx() -> bytes:
    """The numbered lines in Word."""
    return docx("".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in LINES))


def as_odt() -> bytes:
    """The numbered lines in OpenDocument."""
    return odt("".join(f"<text:p>{line}</text:p>" for line in LINES))


def as_rtf() -> bytes:
    """The numbered lines in RTF."""
    return rtf("".join(line.replace(" ", r"\tab ", 1) + r"\par " for line in LINES))


@pytest.mark.parametrize(("data", "name"), [(as_docx(), "a.docx"), (as_odt(), "a.odt"), (as_rtf(), "a.rtf")])
def test_numbered_lines_kept_as_paragraphs_are_joined_without_their_numbers(read_bytes, data, name):
    read = read_bytes(data, name)
    assert [(p.text, p.number) for p in read.paragraphs] == [
        (
            "Section 2. Every employer shall reserve one post in twenty for persons with a disability and shall report "
            "the posts each year to the minister.",
            "Section 2",
        ),
        ("Section 3. The minister shall publish the reports that the employers give.", "Section 3"),
    ]
    assert [p.text for p in read.leftovers if p.kind == "line-number"] == list("123456")


def test_paragraphs_that_count_themselves_stay(read_bytes):
    said = [f"{n} Every town {n} keeps a register." for n in range(1, 9)]
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in said)
    assert texts(read_bytes(docx(body), "a.docx")) == said


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.mark.parametrize(
    ("form", "number"),
    [
        ("cardinalText", "Two."),
        ("ordinalText", "Second."),
        ("thaiNumbers", "๒."),
        ("hindiNumbers", "२."),
        ("hebrew1", "ב."),
        ("chineseCounting", "二."),
    ],
)
def test_word_lists_count_in_words_and_in_other_scripts(read_bytes, form, number):
    level = f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="%1."/></w:lvl>'
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    link = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/numbering" Target="numbering.xml"/></Relationships>'
    )
    item = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    )
    parts = {"word/numbering.xml": numbering.encode(), "word/_rels/document.xml.rels": link.encode()}
    read = read_bytes(docx(item.format("Alpha") + item.format("Beta"), **parts), "a.docx")
    assert read.paragraphs[1].number == number


def test_a_drop_capital_of_word_is_the_first_letter_of_its_paragraph(read_bytes):
    cap = '<w:p><w:pPr><w:framePr w:dropCap="drop" w:lines="3"/></w:pPr><w:r><w:t>E</w:t></w:r></w:p>'
    body = f"{cap}<w:p><w:r><w:t>very town keeps a register.</w:t></w:r></w:p>"
    assert texts(read_bytes(docx(body), "a.docx")) == ["Every town keeps a register."]


def test_notes_of_markdown_are_linked_to_their_call(read_bytes):
    read = read_bytes(b"In 2011[^1] it fell.\n\n[^1]: Census.\n", "a.md")
    assert read.paragraphs[0].notes == ("1",) and read.paragraphs[1].number == "1"


def test_words_that_an_editor_of_markdown_struck_out_are_left_over(read_bytes):
    read = read_bytes(b"Pay is {--ten--}twenty.\n", "a.md")
    assert "ten" not in read.paragraphs[0].text and any("ten" in p.text for p in read.leftovers)
