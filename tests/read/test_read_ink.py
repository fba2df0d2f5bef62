"""Words printed in the colour of their background, too small, without ink or off the page are no text in any format
with styles; visible words stay text, also white ones on a dark background."""

from __future__ import annotations

import pytest
from hostile_files import W, docx
from make import odf_names, packed

from kb.read.colours import colour
from kb.read.ink import AUTO, UNKNOWN, WHITE, TextLook

BEFORE, AFTER = "The agency pays the benefit", "within thirty days."
SECRET = "but never to people who live abroad"
ODF = odf_names("draw", "fo")


def is_kept_apart(pages) -> bool:
    """Return whether the secret words are a leftover with a notice, and the rest is text."""
    text = " ".join(p.text for p in pages.paragraphs)
    left = [p.text for p in pages.leftovers if p.kind == "hidden"]
    said = any("the file hides text" in p.what for p in pages.problems)
    return (
        text == f"{BEFORE} {AFTER}"
        and " ".join(left) == SECRET
        and said
        and not any("light" in p.what for p in pages.problems)
    )


def is_text(pages) -> bool:
    """Return whether the words are text, without a notice on them."""
    return f"{BEFORE} {SECRET} {AFTER}" in " ".join(p.text for p in pages.paragraphs) and not pages.problems


def is_doubtful(pages) -> bool:
    """Return whether the words are text with a notice that the file does not state their background."""
    said = [p.what for p in pages.problems]
    return SECRET in " ".join(p.text for p in pages.paragraphs) and len(said) == 1 and "light ink" in said[0]


def page(inner: str, head: str = "", body: str = "") -> bytes:
    """Return a web page with the secret words in `inner`."""
    return f"<html><head>{head}</head><body {body}><p>{BEFORE} {inner} {AFTER}</p></body></html>".encode()


SHEETS = [
    ".x{color:#fff}",
    ".x{color:WHITE}",
    ".x{color:rgb(255 255 255)}",
    ".x{color:rgba(0,0,0,0)}",
    ".x{color:transparent}",
    ".x{color:#fefefe}",
    "p .x{color:#fff}",
    "body > p > span.x{color:#fff}",
    "*{color:red} span{color:black} .x{color:#fff}",
    ".x{color:#fff!important} p span.x{color:red}",
    ".x{font-size:1px}",
    ".x{font-size:1%}",
    ".x{font:0/0 a}",
    ".x{display:none}",
    ".x{dis\\70lay:none}",
    "@media screen{.x{display:none}}",
    ".x{visibility:hidden}",
    ".x{opacity:.01}",
    ".x{position:absolute;left:-999em}",
    ".x{position:absolute;left:-100vw}",
    ".x{display:block;text-indent:-9999px}",
    ".x{margin-left:-3000px}",
    ".x{transform:scale(0)}",
    ".x{transform:translateX(-9999px)}",
    ".x{height:0;overflow:hidden}",
    ".x{clip-path:inset(100%)}",
    ".x{filter:opacity(0)}",
    ".x{background:navy;color:#000080}",
    "body{background:#003}.x{color:#003}p{color:#fff}",
]


@pytest.mark.parametrize("css", SHEETS)
def test_web_page_style_sheet_that_hides_words(read_bytes, css):
    assert is_kept_apart(read_bytes(page(f"<span class=x>{SECRET}</span>", f"<style>{css}</style>"), "a.html"))


@pytest.mark.parametrize(
    "inner",
    [
        f"<font color=white>{SECRET}</font>",
        f"<font color='#FFFFFF'>{SECRET}</font>",
        f"<span style='color:#fff'>{SECRET}</span>",
        f"<span style='color:#fff'><b>{SECRET}</b></span>",
        f"<span style='font-size:1px'>{SECRET}</span>",
        f"<span hidden>{SECRET}</span>",
        f"<span style='color:white'><img src=a.png>{SECRET}</span>",
    ],
)
def test_web_page_element_that_hides_words(read_bytes, inner):
    assert is_kept_apart(read_bytes(page(inner), "a.html"))


@pytest.mark.parametrize(
    ("css", "inner"),
    [
        (".x{background:#036;color:#fff}", f"<span class=x>{SECRET}</span>"),
        ("p{background-color:navy}.x{color:white}p{color:white}", f"<span class=x>{SECRET}</span>"),
        (".x{color:#fff} span.x{color:#222}", f"<span class=x>{SECRET}</span>"),
        (".x{color:#fff}", f"<span class=x><b style='color:black'>{SECRET}</b></span>"),
        (".x{font-size:0}", f"<span class=x><b style='font-size:12px'>{SECRET}</b></span>"),
        (".x{visibility:hidden}", f"<span class=x><b style='visibility:visible'>{SECRET}</b></span>"),
        (".x{display:none} .x{display:inline}", f"<span class=x>{SECRET}</span>"),
        (".x:hover{display:none} .x::before{color:#fff}", f"<span class=x>{SECRET}</span>"),
        ("@media print{.x{color:#fff}}", f"<span class=x>{SECRET}</span>"),
        (".x{color:#eee}", f"<span class=x>{SECRET}</span>"),
        (".x{left:100%;max-height:0;overflow:hidden;transition:all 1s}", f"<span class=x>{SECRET}</span>"),
        (
            ".x{background:linear-gradient(red,blue);background-clip:text;color:transparent}",
            f"<span class=x>{SECRET}</span>",
        ),
    ],
)
def test_web_page_words_that_are_seen_are_text(read_bytes, css, inner):
    assert is_text(read_bytes(page(inner, f"<style>{css}</style>"), "a.html"))


@pytest.mark.parametrize(
    "data",
    [
        page(f"<span style='background:url(dark.png);color:#fff'>{SECRET}</span>"),
        page(f"<span style='color:#fff'>{SECRET}</span>", "<link rel=stylesheet href=s.css>", "class=dark"),
        page(
            f"<span style='color:#fff'>{SECRET}</span>",
            "<style>.dark:of-tomorrow(a){background:navy}</style>",
            "class=dark",
        ),
    ],
)
def test_light_words_on_a_ground_that_the_page_does_not_give_stay_text_and_are_reported(read_bytes, data):
    assert is_doubtful(read_bytes(data, "a.html"))


def test_white_cells_of_a_dark_table_head_are_text(read_bytes):
    rows = "<tr bgcolor=navy><th style='color:#fff'>Action<th style='color:#fff'>Body</tr><tr><td>Ramps<td>Mayor</tr>"
    pages = read_bytes(f"<table>{rows}</table>".encode(), "a.html")
    assert [p.text for p in pages.paragraphs] == ["Action | Body", "Ramps | Mayor"] and not pages.problems


def test_hidden_words_in_preformatted_text_are_kept_apart(read_bytes):
    pages = read_bytes(f"<pre>{BEFORE} <span style='display:none'>{SECRET}</span>{AFTER}</pre>".encode(), "a.html")
    assert is_kept_apart(pages)


@pytest.mark.parametrize("css", [".x{color:#fff}", "@import 'b.css';"])
def test_book_style_sheet_that_hides_words(read_bytes, css):
    box = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="o/p.opf"/></rootfiles></container>'
    opf = '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="c" href="t/c.html"/></manifest><spine><itemref idref="c"/></spine></package>'
    chapter = page(f"<span class='x'>{SECRET}</span>", "<link rel='stylesheet' href='../a.css'/>")
    book = {
        "META-INF/container.xml": box.encode(),
        "o/p.opf": opf.encode(),
        "o/t/c.html": chapter,
        "o/a.css": css.encode(),
        "o/b.css": b".x{color:#fff}",
    }
    assert is_kept_apart(read_bytes(packed(book), "a.epub"))


def word(run: str = "", paragraph: str = "", text: str = SECRET) -> str:
    """Return a Word paragraph whose middle run has properties."""
    middle = f'<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'
    return (
        f'<w:p><w:pPr>{paragraph}</w:pPr><w:r><w:rPr><w:color w:val="222222"/><w:sz w:val="22"/></w:rPr>'
        f'<w:t xml:space="preserve">{BEFORE} </w:t></w:r>{middle}<w:r><w:rPr><w:color w:val="222222"/><w:sz w:val="22"/>'
        f'</w:rPr><w:t xml:space="preserve"> {AFTER}</w:t></w:r></w:p>'
    )


def styles(inner: str) -> dict[str, bytes]:
    """Return the styles part of a Word file."""
    return {"word/styles.xml": f"<w:styles {W}>{inner}</w:styles>".encode()}


WHITE_INK = '<w:color w:val="FFFFFF"/>'
DARK = '<w:shd w:val="clear" w:color="auto" w:fill="1F3864"/>'


@pytest.mark.parametrize(
    ("run", "parts"),
    [
        (WHITE_INK, ""),
        ('<w:color w:val="FEFEFE"/>', ""),
        ('<w:color w:themeColor="background1"/>', ""),
        ('<w:sz w:val="2"/>', ""),
        ('<w:sz w:val="4"/>', ""),
        ('<w:w w:val="1"/>', ""),
        ("<w:vanish/>", ""),
        (f'{WHITE_INK}<w:highlight w:val="white"/>', ""),
        ('<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>', ""),
        (f'{WHITE_INK}<w:shd w:val="clear" w:fill="FFFFFF"/>', ""),
        ('<w:rStyle w:val="Far"/>', f'<w:style w:styleId="Near"><w:rPr>{WHITE_INK}</w:rPr></w:style>'
         '<w:style w:styleId="Far"><w:basedOn w:val="Near"/></w:style>'),
        ("", f"<w:docDefaults><w:rPrDefault><w:rPr>{WHITE_INK}</w:rPr></w:rPrDefault></w:docDefaults>"),
        ("", '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:rPr><w:sz w:val="2"/></w:rPr></w:style>'),
    ],
)  # fmt: skip
def test_word_run_that_hides_words(read_bytes, run, parts):
    assert is_kept_apart(read_bytes(docx(word(run), **styles(parts)), "a.docx"))


@pytest.mark.parametrize(
    ("run", "paragraph"),
    [
        (WHITE_INK + DARK, ""),
        (f'{WHITE_INK}<w:highlight w:val="darkBlue"/>', ""),
        ('<w:color w:val="auto"/>', DARK),
        (f'{WHITE_INK}<w:shd w:val="solid" w:color="000000"/>', ""),
        ('<w:sz w:val="10"/>', ""),
        ('<w:color w:val="D0D0D0"/>', ""),
        ('<w:rStyle w:val="Over"/>', ""),
    ],
)
def test_word_run_that_is_seen_is_text(read_bytes, run, paragraph):
    over = f'<w:style w:styleId="Near"><w:rPr>{WHITE_INK}</w:rPr></w:style><w:style w:styleId="Over"><w:basedOn w:val="Near"/><w:rPr><w:color w:val="auto"/></w:rPr></w:style>'
    assert is_text(read_bytes(docx(word(run, paragraph), **styles(over)), "a.docx"))


def test_white_word_cells_on_a_dark_ground_are_text_and_on_white_are_not(read_bytes):
    def cell(text, shade=""):
        run = f"<w:r><w:rPr>{WHITE_INK}</w:rPr><w:t>{text}</w:t></w:r>"
        return f"<w:tc><w:tcPr>{shade}</w:tcPr><w:p>{run}</w:p></w:tc>"

    rows = f"<w:tr>{cell('Action', DARK)}{cell('Body', DARK)}</w:tr><w:tr>{cell('no benefit is ever paid abroad')}{cell('Mayor', DARK)}</w:tr>"
    pages = read_bytes(docx(f"<w:tbl>{rows}</w:tbl>"), "a.docx")
    assert [p.text for p in pages.paragraphs] == ["Action | Body", "| Mayor"]
    assert [(p.kind, p.text) for p in pages.leftovers] == [("hidden", "no benefit is ever paid abroad")]


@pytest.mark.parametrize(
    "body",
    [
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/></w:tblPr><w:tr><w:tc>{word(WHITE_INK)}</w:tc></w:tr></w:tbl>',
        word(WHITE_INK) + '<w:p><w:r><w:drawing><wp:anchor xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing" behindDoc="1"/></w:drawing></w:r></w:p>',
    ],
    ids=["style of the table", "drawing behind the page"],
)
def test_white_word_text_on_a_ground_that_is_not_given_stays_text_and_is_reported(read_bytes, body):
    grid = '<w:style w:type="table" w:styleId="Grid"><w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:fill="4472C4"/></w:tcPr></w:tblStylePr></w:style>'
    assert is_doubtful(read_bytes(docx(body, **styles(grid)), "a.docx"))


PART = '<w:tblStylePr w:type="{part}"><w:rPr>{look}</w:rPr><w:tcPr>{shade}</w:tcPr></w:tblStylePr>'
LOOKS = 'w:firstRow="{0}" w:lastRow="{1}" w:firstColumn="{2}" w:lastColumn="{3}" w:noHBand="{4}" w:noVBand="{5}"'


def table_of(part, look, shade="", taken="1 1 1 1 0 0", based=False):
    """Return a Word table of three rows of three cells, named by row and column, in a style whose `part` has a look and
    a background."""
    own = PART.format(part=part, look=look, shade=shade)
    grid = f'<w:style w:type="table" w:styleId="Grid">{own}</w:style>'
    grid += '<w:style w:type="table" w:styleId="Far"><w:basedOn w:val="Grid"/></w:style>'
    cells = [[f"<w:tc><w:p><w:r><w:t>cell {r}{c}</w:t></w:r></w:p></w:tc>" for c in "abc"] for r in "123"]
    rows = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in cells)
    head = f'<w:tblStyle w:val="{"Far" if based else "Grid"}"/><w:tblLook {LOOKS.format(*taken.split())}/>'
    return docx(f"<w:tbl><w:tblPr>{head}</w:tblPr>{rows}</w:tbl>", **styles(grid))


@pytest.mark.parametrize(
    ("part", "hidden"),
    [
        ("wholeTable", "1a 1b 1c 2a 2b 2c 3a 3b 3c"),
        ("firstRow", "1a 1b 1c"),
        ("lastRow", "3a 3b 3c"),
        ("firstCol", "1a 2a 3a"),
        ("lastCol", "1c 2c 3c"),
        ("nwCell", "1a"),
        ("seCell", "3c"),
        ("band1Horz", "2a 2b 2c"),
        ("band1Vert", "1b 2b 3b"),
    ],
)
@pytest.mark.parametrize("look", [WHITE_INK, "<w:vanish/>", '<w:sz w:val="2"/>'], ids=["white", "vanish", "tiny"])
@pytest.mark.parametrize("based", [False, True])
def test_part_of_a_word_table_that_its_style_hides_is_left_over(read_bytes, part, hidden, look, based):
    pages = read_bytes(table_of(part, look, based=based), "a.docx")
    left = [p.text for p in pages.leftovers if p.kind == "hidden"]
    assert sorted(left) == [f"cell {name}" for name in hidden.split()]
    assert not any(text in p.text for p in pages.paragraphs for text in left)


def test_white_head_row_on_a_dark_ground_of_the_tables_style_is_text_without_a_doubt(read_bytes):
    pages = read_bytes(table_of("firstRow", WHITE_INK, DARK), "a.docx")
    assert next(p.text for p in pages.paragraphs) == "cell 1a | cell 1b | cell 1c"
    assert not pages.leftovers and not any("light" in p.what for p in pages.problems)


@pytest.mark.parametrize("part", ["firstRow", "lastRow", "firstCol", "lastCol", "nwCell"])
def test_part_that_the_table_does_not_take_of_its_style_is_text(read_bytes, part):
    assert not read_bytes(table_of(part, WHITE_INK, taken="0 0 0 0 1 1"), "a.docx").leftovers


def odt(properties: str, body: str, more: str = "") -> bytes:
    """Return an OpenDocument text with a text style X, and more styles."""
    style = f"<style:style style:name='X' style:family='text'><style:text-properties {properties}/></style:style>"
    return (
        f"<?xml version='1.0'?><office:document {ODF}><office:automatic-styles>{style}{more}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document>"
    ).encode()


SPAN = f"<text:p>{BEFORE} <text:span text:style-name='X'>{SECRET}</text:span> {AFTER}</text:p>"


@pytest.mark.parametrize(
    "properties",
    ["fo:color='#ffffff'", "fo:font-size='1pt'", "fo:font-size='1%'", "text:display='none'", "style:text-scale='1%'",
     "fo:color='#ffff00' fo:background-color='#ffff00'"],
)  # fmt: skip
def test_opendocument_style_that_hides_words(read_bytes, properties):
    assert is_kept_apart(read_bytes(odt(properties, SPAN), "a.fodt"))


def test_opendocument_style_that_rests_on_one_that_hides(read_bytes):
    child = "<style:style style:name='Y' style:family='text' style:parent-style-name='X'/>"
    body = SPAN.replace("'X'", "'Y'")
    assert is_kept_apart(read_bytes(odt("fo:color='#ffffff'", body, child), "a.fodt"))


@pytest.mark.parametrize(
    ("properties", "more", "body"),
    [
        ("fo:color='#ffffff' fo:background-color='#003366'", "", SPAN),
        ("fo:color='#ffffff' style:use-window-font-color='true'", "", SPAN),
        (
            "fo:color='#ffffff'",
            "<style:style style:name='C' style:family='table-cell'><style:table-cell-properties fo:background-color='#003366'/></style:style>"
            "<style:style style:name='P' style:family='paragraph'><style:text-properties fo:color='#ffffff'/></style:style>",
            "<table:table><table:table-row><table:table-cell table:style-name='C'>"
            f"{SPAN.replace('<text:p>', '<text:p text:style-name=' + chr(39) + 'P' + chr(39) + '>')}</table:table-cell></table:table-row></table:table>",
        ),
    ],
)
def test_opendocument_words_that_are_seen_are_text(read_bytes, properties, more, body):
    assert is_text(read_bytes(odt(properties, body, more), "a.fodt"))


def rtf(body: str) -> bytes:
    """Return an RTF file with a table of colours: 1 white, 2 dark blue, 3 black."""
    colours = r"{\colortbl;\red255\green255\blue255;\red0\green0\blue80;\red0\green0\blue0;}"
    return (r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}" + colours + r"\f0\fs22 " + body + "}").encode("cp1252")


@pytest.mark.parametrize(
    "around",
    [r"{\cf1 %s }", r"{\fs2 %s }", r"{\v %s }", r"\cf1 %s \cf3 ", r"{\cf2\highlight2 %s }", r"{\cf1\chcbpat1 %s }"],
)
def test_rtf_that_hides_words(read_bytes, around):
    assert is_kept_apart(read_bytes(rtf(f"{BEFORE} {around % SECRET}{AFTER}\\par"), "a.rtf"))


@pytest.mark.parametrize(
    "around", [r"{\cf1\highlight2 %s }", r"{\cf0 %s }", r"{\fs10 %s }", r"{\cf1\plain %s }", r"{\cf2 %s }"]
)
def test_rtf_words_that_are_seen_are_text(read_bytes, around):
    assert is_text(read_bytes(rtf(f"{BEFORE} {around % SECRET}{AFTER}\\par"), "a.rtf"))


def test_rtf_words_are_seen_on_the_ground_of_their_own_paragraph_or_cell(read_bytes):
    line = f"{BEFORE} {{\\cf1 {SECRET} }}{AFTER}"
    assert is_text(read_bytes(rtf(rf"\pard\cbpat2 {line}\par"), "a.rtf"))
    head = r"\trowd\clcbpat2\cellx4000\cellx8000"
    assert is_text(read_bytes(rtf(rf"{head}\pard\intbl {line}\cell Mayor\cell\row\pard End.\par"), "b.rtf"))
    for filled in (r"{\pard\intbl Mayor\cell}", r"\pard\intbl{ Mayor}{\cell }"):  # a cell may end within a group
        row = rf"{head}{filled}\pard\intbl {line}\cell\row\pard End.\par"
        assert not is_text(read_bytes(rtf(row), "c.rtf"))
    pattern = head.replace("clcbpat2", "clshdng5000")
    assert is_doubtful(read_bytes(rtf(rf"{pattern}\pard\intbl {line}\cell Mayor\cell\row\pard End.\par"), "d.rtf"))


def akn(body: str) -> bytes:
    """Return a law in Akoma Ntoso."""
    head = '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act name="act"><body><article eId="art_1">'
    return f"{head}<num>Article 1</num>{body}</article></body></act></akomaNtoso>".encode()


@pytest.mark.parametrize(
    "style",
    [
        "color:white",
        "color:#fff;background-color:#ffffff",
        "display:none",
        "visibility:hidden",
        "font-size:1px",
        "opacity:0",
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        '<content><p>{before} <span style="{style}">{words} </span>{after}</p></content>',
        '<content><p>{before}</p><p style="{style}">{words}</p><p>{after}</p></content>',
        '<intro><p>{before}</p></intro><content style="{style}"><p>{words}</p></content><wrapUp><p>{after}</p></wrapUp>',
        '<content><p>{before}</p><table><tr style="{style}"><td><p>{words}</p></td></tr></table><p>{after}</p></content>',
        '<content><table><tr><td><p>{before}</p></td><td style="{style}"><p>{words}</p></td></tr></table><p>{after}</p>'
        "</content>",
    ],
)
def test_akoma_ntoso_that_hides_words(read_bytes, around, style):
    pages = read_bytes(akn(around.format(before=BEFORE, words=SECRET, after=AFTER, style=style)), "a.xml")
    text = " ".join(p.text for p in pages.paragraphs)
    assert BEFORE in text and AFTER in text and SECRET not in text
    assert [p.text for p in pages.leftovers if p.kind == "hidden"] == [SECRET]
    assert any("the file hides text" in p.what for p in pages.problems)


@pytest.mark.parametrize(
    "style", ["color:#333", "color:white;background-color:#000050", "font-size:8pt", "display:block"]
)
def test_akoma_ntoso_words_that_are_seen_are_text(read_bytes, style):
    body = f'<content><p>{BEFORE} <span style="{style}">{SECRET} </span>{AFTER}</p></content>'
    pages = read_bytes(akn(body), "a.xml")
    assert [p.text for p in pages.paragraphs] == [f"Article 1 {BEFORE} {SECRET} {AFTER}"] and not pages.leftovers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#fff", (WHITE, 1.0)),
        ("FFFFFF", (WHITE, 1.0)),
        ("rgb(100%, 100%, 100%)", (WHITE, 1.0)),
        ("rgba(255,255,255,.5)", (WHITE, 0.5)),
        ("hsl(0,0%,100%)", (WHITE, 1.0)),
        ("transparent", ((0, 0, 0), 0.0)),
        ("inherit", None),
        ("rgb(1,2)", None),
        ("", None),
    ],
)
def test_colour_as_it_is_written(text, found):
    assert colour(text) == found


@pytest.mark.parametrize(
    ("look", "sight"),
    [
        (TextLook(), "seen"),
        (TextLook(ink=WHITE), "hidden"),
        (TextLook(ink=(244, 244, 244)), "hidden"),
        (TextLook(ink=(243, 255, 255)), "seen"),
        (TextLook(ink=WHITE, ground=UNKNOWN), "doubtful"),
        (TextLook(ground=UNKNOWN), "seen"),
        (TextLook(ink=AUTO, ground=(0, 0, 0)), "seen"),
        (TextLook(size=2.0), "hidden"),
        (TextLook(size=2.5), "seen"),
        (TextLook(opacity=0.1), "hidden"),
        (TextLook(opacity=0.12), "seen"),
    ],
)
def test_sight_at_its_bounds(look, sight):
    assert look.sight() == sight
