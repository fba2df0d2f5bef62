"""Words that Word, RTF and OpenDocument files place where nobody sees them become leftovers; words near there stay
text."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from docx.oxml import parse_xml
from make import odf_names, packed

HIDDEN, SEEN = "Foreign residents are excluded from every pension.", "Every resident has the right to a pension."
_NAMES = " ".join(
    f'xmlns:{short}="{name}"'
    for short, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "v": "urn:schemas-microsoft-com:vml",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    }.items()
)


def word(body: str, styles: str = "") -> bytes:
    """Return a Word file with two visible paragraphs around `body`."""
    document = Document()
    document.add_paragraph("1. The first rule of the act.")
    for element in parse_xml(f"<w:body {_NAMES}>{body}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, element)
    document.add_paragraph("3. The last rule of the act.")
    for element in parse_xml(f"<w:styles {_NAMES}>{styles}</w:styles>"):
        document.styles.element.append(element)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def p(paragraph: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{paragraph}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>@</w:t></w:r></w:p>"


def row(height: str, cell: str = "") -> str:
    return (
        f"<w:tbl><w:tblPr><w:tblLayout w:type='fixed'/></w:tblPr><w:tr><w:trPr>{height}</w:trPr><w:tc><w:tcPr>{cell}</w:tcPr>"
        f"{p()}</w:tc><w:tc><w:p><w:r><w:t>Another cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )


def shape(style: str) -> str:
    return (
        f"<w:p><w:r><w:pict><v:shape style='{style}'><v:textbox><w:txbxContent>{p()}</w:txbxContent></v:textbox></v:shape>"
        "</w:pict></w:r></w:p>"
    )


def anchor(x: int, about: str = "", width: int = 2_000_000) -> str:
    return (
        f"<w:p><w:r><w:drawing><wp:anchor><wp:positionH><wp:posOffset>{x}</wp:posOffset></wp:positionH><wp:extent "
        f"cx='{width}' cy='500000'/><wp:docPr id='1' name='a' {about}/><wps:txbx><w:txbxContent>{p()}</w:txbxContent>"
        "</wps:txbx></wp:anchor></w:drawing></w:r></w:p>"
    )


def rtf(body: str) -> bytes:
    return (
        rf"{{\rtf1\ansi\deff0{{\fonttbl{{\f0 Arial;}}}}\f0\fs24 1. The first rule of the act.\par {body}\par "
        r"3. The last rule of the act.\par}"
    ).encode()


def box(properties: str, place: str = r"\shpleft100\shptop100\shpright5000\shpbottom900") -> str:
    return rf"{{\shp{{\*\shpinst{place}{properties}{{\shptxt \pard @\par}}}}}}"


def odt(body: str, style: str = "") -> bytes:
    names = odf_names("fo", "svg", "draw")
    content = (
        f"<office:document-content {names}><office:automatic-styles>{style}</office:automatic-styles><office:body>"
        f"<office:text><text:p>1. The first rule of the act.</text:p>{body}<text:p>3. The last rule of the act.</text:p>"
        "</office:text></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
    return stream.getvalue()


def paragraph(properties: str) -> tuple[str, str]:
    style = (
        f"<style:style style:name='Q' style:family='paragraph'><style:paragraph-properties {properties}/></style:style>"
    )
    return "<text:p text:style-name='Q'>@</text:p>", style


def letters(properties: str) -> tuple[str, str]:
    style = f"<style:style style:name='Q' style:family='text'><style:text-properties {properties}/></style:style>"
    return "<text:p><text:span text:style-name='Q'>@</text:span></text:p>", style


def frame(properties: str) -> tuple[str, str]:
    inner = "<draw:text-box><text:p>@</text:p></draw:text-box>"
    return f"<text:p>Words.<draw:frame {properties}>{inner}</draw:frame></text:p>", ""


def grown(properties: str) -> tuple[str, str]:
    body, style = frame(properties)
    return body.replace("<draw:text-box>", "<draw:text-box fo:min-height='1cm' fo:min-width='1cm'>"), style


def style_of(properties: str) -> str:
    return (
        f"<w:style w:type='paragraph' w:styleId='Q'><w:name w:val='Q'/><w:pPr>{properties}</w:pPr></w:style><w:style "
        "w:type='paragraph' w:styleId='Q2'><w:name w:val='Q2'/><w:basedOn w:val='Q'/></w:style>"
    )


FLAT = "<w:spacing w:line='20' w:lineRule='exact'/>"
FITS = "<wps:bodyPr><a:spAutoFit xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'/></wps:bodyPr>"


def grouped(style: str) -> str:
    group = "position:absolute;margin-left:72pt;width:400pt;height:100pt"
    return (
        shape(style)
        .replace("<v:shape", f"<v:group style='{group}' coordsize='8000,2000'><v:shape", 1)
        .replace("</w:pict>", "</v:group></w:pict>", 1)
    )


def fixed(width: int) -> str:
    return row("", "<w:tcW w:w='1' w:type='dxa'/>").replace(
        "</w:tblPr>", f"</w:tblPr><w:tblGrid><w:gridCol w:w='{width}'/><w:gridCol w:w='4000'/></w:tblGrid>", 1
    )


ON_PAGE = "w:hAnchor='page' w:vAnchor='page'"
WORD = [  # what hides, and what is near it and does not
    (p(f"<w:framePr w:w='5000' w:x='-15000' {ON_PAGE}/>"), p(f"<w:framePr w:w='5000' w:x='1000' {ON_PAGE}/>")),
    (p(f"<w:framePr w:y='30000' {ON_PAGE}/>"), p("<w:framePr w:dropCap='drop' w:lines='3' w:hAnchor='text'/>")),
    (p("<w:framePr w:h='1' w:hRule='exact'/>"), p("<w:framePr w:h='1' w:hRule='atLeast'/>")),
    (p("<w:ind w:left='-15000' w:right='15000'/>"), p("<w:ind w:left='-300'/>")),
    (p("<w:ind w:hanging='31000'/>"), p("<w:ind w:left='720' w:hanging='720'/>")),
    (p("", "<w:position w:val='-3000'/>"), p("", "<w:position w:val='6'/>")),
    (p("", "<w:spacing w:val='-2000'/>"), p("", "<w:spacing w:val='-10'/>")),
    (p("<w:spacing w:line='2' w:lineRule='exact'/>"), p("<w:spacing w:line='2' w:lineRule='auto'/>")),
    (p("<w:spacing w:line='40' w:lineRule='exact'/>"), p("<w:spacing w:line='160' w:lineRule='exact'/>")),
    (row("<w:trHeight w:val='1' w:hRule='exact'/>"), row("<w:trHeight w:val='1' w:hRule='atLeast'/>")),
    (row("", "<w:tcW w:w='1' w:type='dxa'/>"), row("", "<w:tcW w:w='2000' w:type='dxa'/>")),
    (shape("width:200pt;height:50pt;visibility:hidden"), shape("width:200pt;height:50pt;visibility:visible")),
    (shape("width:200pt;height:50pt;margin-left:-2000pt"), shape("width:200pt;height:50pt;margin-left:-20pt")),
    (shape("width:0;height:0"), shape("width:200pt;height:50pt")),
    (anchor(-20_000_000), anchor(-200_000)),
    (anchor(0, "hidden='1'"), anchor(0, "hidden='0'")),
    (anchor(0, width=0), anchor(0)),
    (p(FLAT), anchor(0).replace("<w:p>", f"<w:p><w:pPr>{FLAT}</w:pPr>", 1)),
    (
        shape("width:200pt;height:50pt").replace("<w:p>", f"<w:p><w:pPr>{FLAT}</w:pPr>", 1),
        shape("position:absolute;width:200pt;height:50pt").replace("<w:p>", f"<w:p><w:pPr>{FLAT}</w:pPr>", 1),
    ),
    (grouped("left:1440;width:4000;height:90;visibility:hidden"), grouped("left:9000;top:8000;width:4000;height:9")),
    (
        shape("width:0;height:0;mso-width-percent:0"),
        shape("width:0;height:0;mso-width-percent:400;mso-height-percent:200"),
    ),
    (
        anchor(0).replace("cy='500000'", "cy='0'"),
        anchor(0).replace("cy='500000'", "cy='0'").replace("</wps:txbx>", f"</wps:txbx>{FITS}"),
    ),
    (fixed(1), fixed(4000)),
]
RTF = [
    (box(r"{\sp{\sn fHidden}{\sv 1}}"), box(r"{\sp{\sn fHidden}{\sv 0}}")),
    (box("", r"\shpleft-30000\shptop100\shpright-25000\shpbottom900"), box("")),
    (box("", r"\shpleft100\shptop100\shpright100\shpbottom100"), box("", r"\shpleft100\shpright9000")),
    (r"\pard\li-15000 @\par\pard", r"\pard\li-300 @\par\pard"),
    (r"\pard\sl-20\slmult0 @\par\pard", r"\pard\sl20\slmult1 @\par\pard"),
    (r"\pard\phpg\posnegx-15000 @\par\pard", r"\pard\phpg\posx1000 @\par\pard"),
    (r"{\up3000 @}", r"{\up6 @}"),
    (r"{\expndtw-2000 @}", r"{\expndtw-10 @}"),
    (r"{\charscalex1 @}", r"{\charscalex90 @}"),
    (
        r"\trowd\trrh-10\cellx5000\intbl @\cell\row\pard",
        r"\trowd\trrh10\cellx5000\intbl @\cell\row\pard",
    ),
    (
        r"{\*\do\dobxpage{\dptxbx{\dptxbxtext\pard @\par}}\dpx-30000}",
        r"{\*\do\dobxpage{\dptxbx{\dptxbxtext\pard @\par}}\dpx300}",
    ),
]
ODT = [
    (paragraph("fo:margin-left='-40cm'"), paragraph("fo:margin-left='-0.5cm'")),
    (paragraph("fo:text-indent='-40cm'"), paragraph("fo:text-indent='-1cm'")),
    (paragraph("fo:line-height='0.01cm'"), paragraph("fo:line-height='115%'")),
    (letters("fo:letter-spacing='-2cm'"), letters("fo:letter-spacing='-0.01cm'")),
    (letters("style:text-position='-100% 1%'"), letters("style:text-position='sub 58%'")),
    (frame("svg:x='-60cm' svg:width='5cm'"), frame("svg:x='1cm' svg:width='5cm'")),
    (frame("svg:width='0cm' svg:height='0cm'"), frame("svg:width='5cm' svg:height='1cm'")),
    (frame("draw:display='none'"), frame("draw:display='always'")),
    (frame("svg:width='5cm' svg:height='0.001cm'"), grown("svg:width='5cm' svg:height='0.001cm'")),
]
CASES = (
    [(word(a.replace("@", HIDDEN)), word(b.replace("@", SEEN)), "a.docx") for a, b in WORD]
    + [(rtf(a.replace("@", HIDDEN)), rtf(b.replace("@", SEEN)), "a.rtf") for a, b in RTF]
    + [(odt(a.replace("@", HIDDEN), x), odt(b.replace("@", SEEN), y), "a.odt") for (a, x), (b, y) in ODT]
)


@pytest.mark.parametrize(("hides", "shows", "name"), CASES, ids=[f"{i}-{c[2][2:]}" for i, c in enumerate(CASES)])
def test_words_that_are_out_of_sight_are_left_over_and_words_near_that_stay(read_bytes, hides, shows, name):
    pages = read_bytes(hides, name)
    text = " ".join(each.text for each in pages.paragraphs)
    assert HIDDEN not in text and "first rule" in text and "last rule" in text
    assert any(HIDDEN in each.text for each in pages.leftovers if each.kind == "hidden")
    pages = read_bytes(shows, name)
    assert SEEN in " ".join(each.text for each in pages.paragraphs)


@pytest.mark.parametrize("properties", ["<w:ind w:left='-15000'/>", "<w:spacing w:line='2' w:lineRule='exact'/>"])
def test_a_style_and_one_that_is_based_on_it_hide_a_paragraph_unless_it_says_otherwise(read_bytes, properties):
    style = style_of(properties)
    for name in ("Q", "Q2"):
        pages = read_bytes(word(p(f"<w:pStyle w:val='{name}'/>").replace("@", HIDDEN), style), "a.docx")
        assert HIDDEN in [each.text for each in pages.leftovers]
    own = "<w:pStyle w:val='Q'/><w:ind w:left='0'/><w:spacing w:line='240' w:lineRule='auto'/>"
    pages = read_bytes(word(p(own).replace("@", SEEN), style), "a.docx")
    assert SEEN in [each.text for each in pages.paragraphs]


def test_a_book_whose_style_sheet_names_another_is_read_with_both(read_bytes):
    page = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title><link rel="stylesheet" href="../css/s.css"/>'
    )
    page += f'</head><body><p>1. The first rule.</p><p class="m">{HIDDEN}</p><p title="q">{HIDDEN}</p></body></html>'
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata/><manifest>'
        '<item id="a" href="t/a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine>'
        "</package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile '
        'full-path="OPS/c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    book = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": container.encode(),
        "OPS/c.opf": opf.encode(),
        "OPS/css/s.css": b'@import "more.css"; p[title]{opacity:0}',
        "OPS/css/more.css": b".m:nth-child(n){display:none}",
        "OPS/t/a.xhtml": page.encode(),
    }
    pages = read_bytes(packed(book), "a.epub")
    assert [each.text for each in pages.paragraphs] == ["1. The first rule."]
    assert [each.text for each in pages.leftovers].count(HIDDEN) == 2


@pytest.mark.parametrize(
    ("css", "is_hidden"), [('[eId="s2"]{display:none}', True), ("p:nth-child(9){display:none}", False)]
)
def test_a_law_in_xml_is_read_with_its_sheet(read_bytes, css, is_hidden):
    law = (
        '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act><meta><presentation source="#x"><style>'
        f"{css}</style></presentation></meta><body><section eId='s1'><num>1.</num><content><p>The first rule of the act."
        f"</p></content></section><section eId='s2'><num>2.</num><content><p>{SEEN}</p></content></section></body></act>"
        "</akomaNtoso>"
    )
    pages = read_bytes(law.encode(), "a.xml")
    assert (SEEN in " ".join(each.text for each in pages.paragraphs)) is not is_hidden
