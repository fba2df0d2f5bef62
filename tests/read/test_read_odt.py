"""OpenDocument texts as they are printed: numbers of lists and headings, columns of tables, notes; unprinted words
become leftovers."""

import pytest
from make import odf_names, packed

from kb.errors import InputError

NAMES = odf_names("form", "draw")
STYLES = (
    "<office:automatic-styles><style:style style:name='Gone'><style:text-properties style:text-line-through-style='solid'/></style:style>"
    "<style:style style:name='Secret'><style:text-properties text:display='none'/></style:style><style:style style:name='Child' "
    "style:parent-style-name='Secret'/><style:style style:name='Up'><style:text-properties style:text-position='super 58%'/></style:style>"
    "<style:style style:name='Down'><style:text-properties style:text-position='-33% 58%'/></style:style>"
    "<text:list-style style:name='L'><text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='.'/>"
    "<text:list-level-style-number text:level='2' style:num-format='a' style:num-prefix='(' style:num-suffix=')'/></text:list-style>"
    "</office:automatic-styles>"
)


@pytest.fixture
def odt(read_bytes):
    """Return a function: `odt(body)` reads an OpenDocument text with that body."""

    def read(body, styles="", flat=False):
        inner = f"{STYLES}{styles}<office:body><office:text>{body}</office:text></office:body>"
        if flat:
            return read_bytes(
                f"<?xml version='1.0'?><office:document {NAMES}>{inner}</office:document>".encode(), "a.fodt"
            )
        content = f"<office:document-content {NAMES}>{inner}</office:document-content>"
        return read_bytes(
            packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()}), "a.odt"
        )

    return read


def texts(pages):
    return [p.text for p in pages.paragraphs]


def left(pages, kind):
    return [p.text for p in pages.leftovers if p.kind == kind]


@pytest.mark.parametrize(
    ("piece", "kind", "gone"),
    [
        ("<text:span text:style-name='Gone'>ten </text:span>", "deleted", "ten"),
        ("<text:span text:style-name='Child'>ten </text:span>", "hidden", "ten"),
        ("<text:hidden-text text:string-value='ten'/>", "hidden", "ten"),
        ("<office:annotation><text:p>Is it?</text:p></office:annotation>", "comment", "Is it?"),
        ("<text:placeholder>&lt;fill in&gt;</text:placeholder>", "placeholder", "<fill in>"),
    ],
)
def test_what_is_not_printed_is_left_over(odt, piece, kind, gone):
    pages = odt(f"<text:p>The fee is {piece}thirty.</text:p>")
    assert texts(pages) == ["The fee is thirty."] and left(pages, kind) == [gone]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "<table:table-row table:number-rows-repeated='100000000'>{}</table:table-row>",
            "stands there 100,000,000 times; it was read 100 times",
        ),
        ("<table:table-row>{}</table:table-row>", ""),
    ],
)
def test_rows_and_cells_that_are_cut_are_reported(odt, row, said):
    pages = odt(
        f"<table:table>{row.format('<table:table-cell><text:p>Ten days</text:p></table:table-cell>')}</table:table>"
    )
    assert [said in problem.what for problem in pages.problems] == ([True] if said else [])
    wide = "<table:table-cell table:number-columns-repeated='5000'><text:p>Ten</text:p></table:table-cell>"
    (problem,) = odt(f"<table:table><table:table-row>{wide}</table:table-row></table:table>").problems
    assert "more than 1,000 cells" in problem.what
    empty = "<table:table-cell/><table:table-cell table:number-columns-repeated='16000'/>"
    assert not odt(
        f"<table:table><table:table-row>{empty}</table:table-row></table:table><text:p>End.</text:p>"
    ).problems


def test_tracked_deletions_and_hidden_sections_are_left_over(odt):
    pages = odt(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Old words.</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        "<text:section text:display='none'><text:p>Hidden part.</text:p></text:section><text:p text:style-name='Secret'>Hidden line.</text:p><text:p>Text.</text:p>"
    )
    assert (
        texts(pages) == ["Text."]
        and left(pages, "deleted") == ["Old words."]
        and left(pages, "hidden") == ["Hidden part.", "Hidden line."]
    )


def test_raised_and_lowered_figures(odt):
    assert texts(
        odt(
            "<text:p>5<text:span text:style-name='Up'>2</text:span> per cent of H<text:span text:style-name='Down'>2</text:span>O</text:p>"
        )
    ) == ["5² per cent of H₂O"]


def test_numbers_of_lists(odt):
    pages = odt(
        "<text:list text:style-name='L'><text:list-item><text:p>first</text:p><text:list><text:list-item><text:p>deep</text:p></text:list-item>"
        "</text:list></text:list-item></text:list><text:p>Between.</text:p><text:list text:style-name='L' text:continue-numbering='true'>"
        "<text:list-item><text:p>second</text:p><text:p>more</text:p></text:list-item><text:list-item text:start-value='9'><text:p>ninth</text:p>"
        "</text:list-item></text:list><text:list text:style-name='L'><text:list-header><text:p>head</text:p></text:list-header>"
        "<text:list-item><text:p>anew</text:p></text:list-item></text:list>"
    )
    assert texts(pages) == ["1. first", "(a) deep", "Between.", "2. second", "more", "9. ninth", "head", "1. anew"]


def test_numbers_of_headings(odt):
    outline = (
        "<office:styles><text:outline-style><text:outline-level-style text:level='1' style:num-format='I' style:num-suffix='.'/>"
        "<text:outline-level-style text:level='2' style:num-format='1' text:display-levels='2'/></text:outline-style></office:styles>"
    )
    pages = odt(
        "<text:h text:outline-level='1'>Rights</text:h><text:h text:outline-level='2'>Work</text:h><text:h text:outline-level='1'>Duties</text:h>",
        outline,
    )
    assert texts(pages) == ["I. Rights", "I.1 Work", "II. Duties"]


def test_cells_keep_their_column(odt):
    cell, covered = "<table:table-cell><text:p>{}</text:p></table:table-cell>", "<table:covered-table-cell/>"
    pages = odt(
        "<table:table><table:table-row>"
        + cell.format("Action")
        + "<table:table-cell table:number-columns-repeated='2'/>"
        + cell.format("Cost")
        + "</table:table-row><table:table-row><table:table-cell table:number-columns-spanned='2'><text:p>Ramps</text:p></table:table-cell>"
        + covered
        + cell.format("2027")
        + "<table:table-cell/></table:table-row><table:table-row><table:table-cell><text:list text:style-name='L'><text:list-item>"
        "<text:p>one</text:p></text:list-item></text:list></table:table-cell>"
        + cell.format("x")
        + "</table:table-row></table:table>"
    )
    assert texts(pages) == ["Action | | | Cost", "Ramps | | 2027 |", "1. one | x"]


def test_notes_text_boxes_controls_and_formulas(odt):
    pages = odt(
        "<office:forms><form:form><form:checkbox form:id='c1' form:label='Blind' form:current-state='checked'/><form:text form:id='c2' form:current-value='Amina'/>"
        "</form:form></office:forms><text:p>Call<text:note><text:note-citation>7</text:note-citation><text:note-body><text:p>The note.</text:p></text:note-body>"
        "</text:note>.</text:p><text:p><draw:control draw:control='c1'/><draw:control draw:control='c2'/></text:p><text:p>Around."
        "<draw:frame><draw:text-box><text:p>Boxed.</text:p></draw:text-box></draw:frame></text:p><text:p>B: <draw:frame><draw:object>"
        "<math xmlns='http://www.w3.org/1998/Math/MathML'><mfrac><mi>wage</mi><mn>2</mn></mfrac></math></draw:object></draw:frame></text:p>"
    )
    assert texts(pages) == ["Call.", "☑ Blind Amina", "Around.", "Boxed.", "B: wage / 2", "The note."]
    assert pages.paragraphs[0].notes == ("7",) and pages.paragraphs[-1].number == "7"


def test_a_flat_file_is_read_too(odt):
    pages = odt("<text:p>All may take part.</text:p>", flat=True)
    assert texts(pages) == ["All may take part."]


@pytest.mark.parametrize(("hidden", "left"), [("true", True), ("false", False)])
def test_a_paragraph_that_its_field_hides_is_left_over_completely(odt, hidden, left):
    field = f"<text:hidden-paragraph text:condition='ooow:1' text:is-hidden='{hidden}'/>"
    pages = odt(f"<text:p>Seen before it.</text:p><text:p>{field}Nobody sees this law.</text:p>")
    assert ("Nobody sees this law." in [p.text for p in pages.paragraphs]) == (not left)
    assert [p.text for p in pages.leftovers if p.kind == "hidden"] == (["Nobody sees this law."] if left else [])


def test_a_section_that_is_in_another_file_is_named_where_its_words_are_not_kept(odt):
    source = "<text:section text:name='S'><text:section-source xlink:href='b.odt' xmlns:xlink='x'/>{}</text:section>"
    empty, kept = (odt(f"<text:p>Before.</text:p>{source.format(inner)}") for inner in ("", "<text:p>Kept.</text:p>"))
    assert texts(empty) == ["Before."] and "stands in another file" in empty.problems[0].what
    assert texts(kept) == ["Before.", "Kept."] and not kept.problems


@pytest.mark.parametrize(
    ("ink", "seen"),
    [
        # as LibreOffice writes what was a Word file
        ("style:use-window-font-color='true' loext:opacity='0%'", True),
        ("fo:color='#000000' loext:opacity='0%'", False),
        ("fo:color='#000000' loext:opacity='100%'", True),
    ],
)
def test_the_automatic_colour_is_seen_whatever_its_opacity(read_bytes, ink, seen):
    spaces = (
        f"{NAMES} xmlns:fo='urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0'"
        " xmlns:loext='urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0'"
    )
    style = f"<style:default-style style:family='paragraph'><style:text-properties {ink}/></style:default-style>"
    pages = read_bytes(
        f"<?xml version='1.0'?><office:document {spaces}><office:styles>{style}</office:styles><office:body><office:text>"
        "<text:p>The age is 65.</text:p></office:text></office:body></office:document>".encode(),
        "a.fodt",
    )
    assert (texts(pages), left(pages, "hidden")) == ((["The age is 65."], []) if seen else ([], ["The age is 65."]))


@pytest.mark.parametrize("locked", ["content.xml", "encrypted-package"])
def test_a_file_with_a_password_says_so_and_what_to_do(read_bytes, locked):
    manifest = f"<manifest><file-entry full-path='{locked}'><encryption-data/></file-entry></manifest>"
    members = {
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": manifest.encode(),
        locked: bytes(range(200)),
    }
    with pytest.raises(InputError, match="protected by a password. Open it with the password, save a copy"):
        read_bytes(packed(members), "a.odt")
