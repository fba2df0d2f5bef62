"""Small files of the same classes as the forty cases of the shared data, in another format, tag or language; each
expected value was written before the file was read."""

from __future__ import annotations

import pytest
from hostile_files import docx
from make import pdf

from kb.errors import InputError
from kb.read.decode import decode
from kb.read.numbering import number_of

LAW = "Every municipality shall keep a register of accessible dwellings."
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def html(body: str, head: str = "") -> bytes:
    """Return a web page."""
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def texts(pages) -> list[str]:
    """Return the texts of the paragraphs."""
    return [p.text for p in pages.paragraphs]


def test_another_file_inside_a_cell_of_a_word_table_is_read(read_bytes):
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p>{}</w:tc>"
    body = f"<w:tbl><w:tr>{cell.format('Left', '')}{cell.format('Right', CHUNK)}</w:tr></w:tbl>"
    link = f'<Relationship Id="rA" Type="{RELATIONS}/aFChunk" Target="c.rtf"/>'
    chunk = rf"{{\rtf1\ansi {LAW}\par}}".encode()
    data = docx(body, **{"word/c.rtf": chunk, "word/_rels/document.xml.rels": rels(link)})
    assert texts(read_bytes(data, "a.docx")) == ["Left | Right", LAW]


CHUNK = f'<w:altChunk xmlns:r="{RELATIONS}" r:id="rA"/>'


def rels(link: str) -> bytes:
    """Return the relations part of a document's main part."""
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{link}</Relationships>'
    ).encode()


def test_a_button_that_opens_the_part_below_it_is_its_heading_and_the_part_is_text(read_bytes):
    page = html(
        '<h1>Allowance</h1><button class="accordion">Section 1. Who can apply</button>'
        f'<div class="panel" style="display:none"><p>{LAW}</p></div><button>Print this page</button>'
    )
    read = read_bytes(page, "a.html")
    assert [(p.text, p.kind) for p in read.paragraphs[1:]] == [
        ("Section 1. Who can apply", "heading"),
        (LAW, "paragraph"),
    ]
    assert [p.text for p in read.leftovers] == ["Print this page"]


@pytest.mark.parametrize(
    "link",
    ['<a class="footnote-ref" href="#f1">3</a>', '<a role="doc-noteref" href="#f1">3</a>'],
)
def test_the_call_of_a_note_that_is_only_a_link_never_becomes_a_digit_of_a_year(read_bytes, link):
    read = read_bytes(html(f"<p>It rose in 2011{link} and fell.</p><p id=f1>Census.</p>"), "a.html")
    assert texts(read)[0] == "It rose in 2011³ and fell." and read.paragraphs[0].notes == ("3",)


QUOTED = "The “national” plan – women’s rights – is for everybody."


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("utf-8", "cp1252"), ("iso-8859-15", "cp1252"), ("us-ascii", "cp1252"), ("iso-8859-9", "cp1254")],
)
def test_what_programs_of_windows_wrote_is_read_whatever_the_page_declares(declared, encoding):
    data = f'<meta charset="{declared}"><p>{QUOTED}</p>'.encode(encoding)
    text, _, doubt = decode(data, declared=True)
    assert QUOTED in text
    assert bool(doubt) == (declared == "utf-8"), "a declaration that is untrue is said"


def test_a_page_in_utf8_with_a_broken_byte_stays_utf8():
    data = '<meta charset="utf-8"><p>“Care” for all, '.encode() + b"caf\xe9</p>"
    assert decode(data, declared=True)[1] == "utf-8"


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("Artículo 12 quáter. El fondo es anual.", "Artículo 12 quáter"),
        ("12(A)(1) The levy is paid.", "12(A)"),
        ("(1A) The fund is audited.", "(1A"),
        ("A R T .  2 .", "ART 2"),
        ("P A R T  I I", "PART II"),
    ],
)
def test_numbers_with_letters_and_accents_and_headings_letter_by_letter(printed, number):
    found = number_of(printed)
    assert found is not None and found.text.strip("()") == number.strip("()")


def test_lettered_items_line_by_line_are_items_each(read_bytes):
    assert texts(read_bytes(b"Duties:\n\na) x\nb) y\nc) z\n", "a.md")) == ["Duties:", "a) x", "b) y", "c) z"]


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (("Care is given on a day-to-", "day basis here."), "day-to-day"),
        (("Schools for out-of-", "school children."), "out-of-school"),
        (("Le rendez-", "vous est gratuit."), "rendez-vous"),
        (("La parte técnico-", "administrativa es clara."), "técnico-administrativa"),
    ],
)
def test_compounds_of_three_parts_and_of_other_languages_keep_their_hyphen(read_bytes, lines, kept):
    rows = [(60.0, 100.0 + 14 * at, line) for at, line in enumerate(lines)]
    assert kept in texts(read_bytes(pdf([rows]), "a.pdf"))[0]


def test_xml_of_another_kind_is_refused_by_name_though_it_has_a_body(read_bytes):
    tei = b'<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><p>Levy.</p></body></text></TEI>'
    with pytest.raises(InputError, match="TEI"):
        read_bytes(tei, "a.xml")
