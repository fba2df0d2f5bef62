"""RTF as a word processor prints it: raised figures, columns, notes and numbers stay; struck, hidden and commented text
becomes a leftover."""

import pytest


@pytest.fixture
def rtf(read_bytes):
    """Return a function: `rtf(body)` reads an RTF file with that body."""
    return lambda body: read_bytes(
        ("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\stylesheet{\\s1\\strike Struck;}}" + body + "}").encode("cp1252"),
        "a.rtf",
    )


def texts(pages):
    return [p.text for p in pages.paragraphs]


def left(pages, kind):
    return [p.text for p in pages.leftovers if p.kind == kind]


@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        (r"{\strike ten }", "deleted"),
        (r"\strike ten \strike0 ", "deleted"),
        (r"{\deleted ten }", "deleted"),
        (r"{\v ten }", "hidden"),
        (r"\v ten \v0 ", "hidden"),
        (r"{\b\strike ten \plain }", "deleted"),
        (r"{\*\annotation ten }", "comment"),
    ],
)
def test_what_is_not_printed_is_left_over(rtf, piece, kind):
    pages = rtf(rf"The fee is {piece}thirty.\par Next.\par")
    assert texts(pages) == ["The fee is thirty.", "Next."] and left(pages, kind) == ["ten"]


def test_raised_and_lowered_figures(rtf):
    assert texts(rtf(r"5{\super 2} per cent of H{\sub 2}O in 2011\super 3\nosupersub .\par")) == [
        "5² per cent of H₂O in 2011³."
    ]


def test_notes_numbers_and_boxes(rtf):
    pages = rtf(
        r"Call{\super\chftn}{\footnote {\super\chftn} The note.} goes on.\par {\listtext 1.\tab}first\par {\*\pntext a)\tab}second\par "
        r"{\field{\*\fldinst{ FORMCHECKBOX {\*\formfield{\fftype1\ffres25\ffdefres1}}}}{\fldrslt}} Blind\par "
        r"{\field{\*\fldinst{ FORMCHECKBOX {\*\formfield{\fftype1\ffres0\ffdefres1}}}}{\fldrslt}} Deaf\par"
    )
    assert texts(pages) == ["Call¹ goes on.", "1. first", "a) second", "☑ Blind", "☐ Deaf", "The note."]
    assert (pages.paragraphs[-1].kind, pages.paragraphs[-1].number) == ("note", "1")


def test_cells_keep_their_column(rtf):
    pages = rtf(
        r"\trowd\cellx1\cellx2\cellx3 Ramps\cell\cell 2027\cell\row\trowd\cellx1\cellx2\cellx3 Centres\cell Mayor\cell\cell\row After.\par"
    )
    assert texts(pages) == ["Ramps | | 2027", "Centres | Mayor |", "After."]


def test_paragraphs_of_one_cell_stay_in_its_row(rtf):
    pages = rtf(
        r"\pard First.\par\trowd\cellx1\cellx2\pard\intbl Ramps\par\pard\intbl{ and lifts}\cell\pard\intbl 300\par 400\cell\row"
        r"\trowd\cellx1\cellx2\pard\intbl Nurses\cell\cell\row\pard After.\par\pard{\s9 Last.}\par"
    )
    assert texts(pages) == ["First.", "Ramps and lifts | 300 400", "Nurses |", "After.", "Last."]


def test_a_cell_of_two_paragraphs_stays_in_its_row_where_headings_are_marked(rtf):
    pages = rtf(
        r"\pard\outlinelevel0 Part One\par\trowd\cellx1\cellx2\pard\intbl Ramps\par \pard\intbl Lifts\cell\pard\intbl 300\cell\row\pard After.\par"
    )
    assert texts(pages) == ["Part One", "Ramps Lifts | 300", "After."]


def test_text_boxes_are_text_and_headers_left_over(rtf):
    pages = rtf(r"{\header Ministry\par}Text.\par {\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt Boxed words.\par}}}")
    assert texts(pages) == ["Text.", "Boxed words."] and left(pages, "running-head") == ["Ministry"]


def test_characters_of_all_kinds(rtf):
    assert texts(rtf(r"\'93plan\'94 \u8364?5 na\u239?ve a\~b\_c\par")) == ["“plan” €5 naïve a b‑c"]


@pytest.mark.parametrize(
    ("source", "is_cut"),
    [
        (r"{\rtf1 Every child goes to {\b school.}}", False),
        (r"{\rtf1 Every child goes to {\b school.", True),
        (r"{\rtf1 Every child goes to school.", True),
        (r"{\rtf1 Every child \{ goes to school.}", False),
        (r"{\rtf1 Every child \\{\b goes} to school.}", False),
    ],
)
def test_a_file_that_ends_inside_a_group_is_read_and_named_as_cut(read_bytes, source, is_cut):
    pages = read_bytes(source.encode(), "a.rtf")
    assert "Every child" in pages.paragraphs[0].text
    assert is_cut is any("ends before its groups are closed" in each.what for each in pages.problems)
