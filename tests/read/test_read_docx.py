"""Word files as Word prints them: nothing printed is lost, nothing unprinted is quoted, values keep their column."""

import pytest
from hostile_files import W, docx
from make import packed

from kb.errors import InputError

RELS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'


def p(text="", properties="", inner=""):
    """Return a paragraph as XML."""
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{run}{inner}</w:p>"


def run(text, properties="", tag="t"):
    """Return a run with properties as XML."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def listed(text="", number=1, level=0, inner=""):
    """Return a list paragraph as XML."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>', inner)


def cell(content, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def table(*rows):
    return f"<w:tbl>{''.join(f'<w:tr>{r}</w:tr>' for r in rows)}</w:tbl>"


def level(at, form, text, more="", start=1):
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def numbering(levels, lists='<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'):
    return {
        "word/numbering.xml": f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>{lists}</w:numbering>'.encode()
    }


@pytest.fixture
def word(read_bytes):
    """Return a function: `word(body, parts)` reads a Word file with that body."""
    return lambda body, parts=None: read_bytes(docx(body, **(parts or {})), "a.docx")


def texts(pages, kind=None):
    return [x.text for x in pages.paragraphs if kind in (None, x.kind)]


def left(pages, kind):
    return [x.text for x in pages.leftovers if x.kind == kind]


@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        (run("ten ", "<w:strike/>"), "deleted"),
        (run("ten ", "<w:dstrike w:val='1'/>"), "deleted"),
        (run("ten ", "<w:rStyle w:val='Gone'/>"), "deleted"),
        (f"<w:del w:id='1'>{run('ten ', tag='delText')}</w:del>", "deleted"),
        (f"<w:moveFrom w:id='1'>{run('ten ')}</w:moveFrom>", "deleted"),
        (run("ten ", "<w:vanish/>"), "hidden"),
        (run("ten ", "<w:rStyle w:val='Secret'/>"), "hidden"),
        (run("t", "<w:vanish/>") + run("en ", "<w:vanish/>"), "hidden"),
    ],
)
def test_struck_deleted_and_hidden_text_is_left_over(word, piece, kind):
    styles = (
        f"<w:styles {W}><w:style w:type='character' w:styleId='Gone'><w:rPr><w:strike/></w:rPr></w:style><w:style w:type='character' "
        "w:styleId='Secret'><w:basedOn w:val='Base'/></w:style><w:style w:type='character' w:styleId='Base'><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"
    )
    pages = word(
        p(
            "The fee is ",
            inner=piece + f"<w:ins w:id='2'>{run('thirty ')}</w:ins>" + run("shillings.", "<w:strike w:val='0'/>"),
        ),
        {"word/styles.xml": styles.encode()},
    )
    assert texts(pages) == ["The fee is thirty shillings."] and left(pages, kind) == ["ten"]


def test_a_paragraph_end_that_was_deleted_joins_and_deleted_paragraphs_are_not_counted(word):
    gone = "<w:rPr><w:del w:id='1'/></w:rPr>"
    body = (
        p("Employers with more than fifty staff ", gone)
        + p("shall employ one person.")
        + listed("first")
        + f"<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>{gone}</w:pPr><w:del w:id='2'>{run('old', tag='delText')}</w:del></w:p>"
        + listed("second")
    )
    pages = word(body, numbering(level(0, "decimal", "%1.")))
    assert texts(pages) == ["Employers with more than fifty staff shall employ one person.", "1. first", "2. second"]
    assert left(pages, "deleted") == ["old"]


def test_cells_keep_their_column_when_others_are_empty_or_merged(word):
    going_on = "<w:vMerge/>"
    body = table(
        cell(p("Action")) + cell(p("Body")) + cell(p("When, cost"), "<w:gridSpan w:val='2'/>"),
        cell(p("Ramps"), "<w:vMerge w:val='restart'/>") + cell(p()) + cell(p("2027")) + cell(p()),
        cell(p(), going_on) + cell(p("Mayor")) + cell(p()) + cell(p("5")),
        "<w:trPr><w:gridBefore w:val='2'/></w:trPr>" + cell(p("2028")) + cell(p("6")),
        f"<w:trPr><w:del w:id='1'/></w:trPr>{cell(p('Old'))}{cell(p('row'))}",
        f"<w:sdt><w:sdtContent>{cell(p('in a control'))}</w:sdtContent></w:sdt>{cell(p() + p('x') + p('y'))}{cell(p())}{cell(table(cell(p('n1')) + cell(p('n2'))))}",
        cell(p("A note under the table."), "<w:gridSpan w:val='4'/>"),
    )
    pages = word(body)
    assert texts(pages) == [
        "Action | Body | When, cost |",
        "Ramps | | 2027 |",
        "| Mayor | | 5",
        "| | 2028 | 6",
        "in a control | x y | | n1 n2",
        "A note under the table.",
    ]
    assert left(pages, "deleted") == ["Old row"]


def test_list_numbers_also_in_cells_and_of_empty_paragraphs(word):
    body = (
        listed("first")
        + listed()
        + listed("third")
        + listed("deep", level=1)
        + table(
            cell(listed()) + cell(p("Ramps")),
            cell(listed("Centres")) + cell(listed("for the old", level=1) + listed("for the young", level=1)),
        )
    )
    pages = word(body, numbering(level(0, "decimal", "%1.") + level(1, "lowerLetter", "(%2)")))
    assert texts(pages) == [
        "1. first",
        "3. third",
        "(a) deep",
        "4. | Ramps",
        "5. Centres | (a) for the old (b) for the young",
    ]
    assert left(pages, "leftover") == ["2."]


@pytest.mark.parametrize(
    ("levels", "lists", "body", "labels"),
    [
        (
            level(0, "upperRoman", "Part %1") + level(1, "decimal", "%1.%2", "<w:isLgl/>"),
            None,
            [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1)],
            ["Part I", "1.1", "1.2", "Part II", "2.1"],
        ),
        (
            level(0, "decimal", "%1."),
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>',
            [(1, 0), (1, 0), (2, 0), (2, 0)],
            ["1.", "2.", "7.", "8."],
        ),
        (
            level(0, "decimal", "%1.") + level(1, "decimal", "%2)", '<w:lvlRestart w:val="0"/>'),
            None,
            [(1, 0), (1, 1), (1, 0), (1, 1)],
            ["1.", "1)", "2.", "2)"],
        ),
        (
            level(0, "ordinal", "%1") + level(1, "decimalZero", "%2"),
            None,
            [(1, 0), (1, 0), (1, 1)],
            ["1st", "2nd", "01"],
        ),
        (level(0, "none", "Annex %1"), None, [(1, 0)], ["Annex"]),
        (level(0, "decimal", "%1.", start=34), None, [(1, 0), (0, 0), (1, 0)], ["34.", None, "35."]),
    ],
)
def test_labels_as_word_counts_them(word, levels, lists, body, labels):
    parts = numbering(levels, lists) if lists else numbering(levels)
    pages = word("".join(listed("text", n, at) for n, at in body), parts)
    assert [x.number for x in pages.paragraphs] == labels


def test_a_linked_list_style_and_a_level_that_a_style_names(word):
    styles = f"<w:styles {W}><w:style w:styleId='Sub'><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style></w:styles>"
    tree = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="Law"/></w:abstractNum><w:abstractNum w:abstractNumId="1">'
        f'<w:styleLink w:val="Law"/>{level(0, "decimal", "%1.")}{level(1, "lowerLetter", "(%2)", "<w:pStyle w:val=" + chr(34) + "Sub" + chr(34) + "/>")}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    pages = word(
        listed("one") + p("two", "<w:pStyle w:val='Sub'/>"),
        {"word/styles.xml": styles.encode(), "word/numbering.xml": tree.encode()},
    )
    assert texts(pages) == ["1. one", "(a) two"]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (run("2", "<w:vertAlign w:val='superscript'/>"), "40 km²"),
        (run("2", "<w:position w:val='8'/><w:sz w:val='12'/>"), "40 km²"),
        (run("2", "<w:position w:val='-4'/>"), "40 km₂"),
        (run("2", "<w:position w:val='3'/>"), "40 km2"),
        (run("2", "<w:vertAlign w:val='subscript'/>"), "40 km₂"),
        ("<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>", "40 km☑"),
        (run("þ", "<w:rFonts w:ascii='Wingdings'/>"), "40 km☑"),
        ("<w:r><w:sym w:font='Symbol' w:char='F0B3'/></w:r>", "40 km≥"),
        (run("a", "<w:rFonts w:ascii='Symbol' w:hAnsi='Symbol'/>"), "40 kmα"),
        (
            "<m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>",
            "40 km (a+b) / 2",
        ),
        (
            "<m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>",
            "40 km x^2",
        ),
        ("<m:oMath><m:rad><m:deg/><m:e><m:r><m:t>y</m:t></m:r></m:e></m:rad></m:oMath>", "40 km √(y)"),
        ("<w:r><w:noBreakHyphen/></w:r>", "40 km-"),
        ("<w:hyperlink><w:r><w:t> linked</w:t></w:r></w:hyperlink>", "40 km linked"),
        (
            "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>",
            "40 km ☑",
        ),
        (
            "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:default w:val='0'/></w:checkBox></w:ffData></w:fldChar></w:r>",
            "40 km ☐",
        ),
        (
            "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='no'/><w:listEntry w:val='yes'/></w:ddList>"
            "</w:ffData></w:fldChar></w:r>",
            "40 km yes",
        ),
        (
            "<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val='1'/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>",
            "40 km☒",
        ),
        (
            "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent><w:r><w:t> Amina</w:t></w:r></w:sdtContent></w:sdt>",
            "40 km Amina",
        ),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Click here</w:t></w:r></w:sdtContent></w:sdt>",
            "40 km",
        ),
        (
            "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> SYMBOL 254 \\f Wingdings </w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>",
            "40 km☑",
        ),
        (
            "<mc:AlternateContent><mc:Choice><w:r><w:t> once</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t> once</w:t></w:r></mc:Fallback></mc:AlternateContent>",
            "40 km once",
        ),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>kan</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "40 km漢(kan)",
        ),
    ],
)
def test_what_word_prints_in_a_paragraph(word, inner, text):
    assert texts(word(p("40 km", inner=inner))) == [text]


def test_columns_that_a_row_leaves_out_at_its_end_keep_their_place(word):
    row = '<w:tr><w:trPr><w:gridAfter w:val="2"/></w:trPr>' + cell(p("Doors")) + cell(p("Army")) + "</w:tr>"
    pages = word(
        table([cell(p(each)) for each in ("What", "Who", "When", "Cost")]).replace("</w:tbl>", row + "</w:tbl>")
    )
    assert texts(pages, "table-row")[-1] == "Doors | Army | |"


def _mark(kind):
    return f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>"


def _field(code, result):
    return _mark("begin") + code + (_mark("separate") + result if result else "") + _mark("end")


def _code(text):
    return f"<w:r><w:instrText xml:space='preserve'>{text}</w:instrText></w:r>"


def _said(text):
    return f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"


def test_the_result_of_a_field_in_the_instruction_of_another_is_no_text(word):
    """Word shows the result of the outer field only, however deeply the inner ones are nested."""
    page = _field(_code(" PAGE "), _said("7"))
    deep = _field(_code(" IF ") + page + _code(" = 7 "), _said("inner words"))
    pages = word(
        p("", inner=_field(_code(" IF ") + deep + _code(" x y "), _said("Everyone may take part.")) + _said(" So."))
    )
    assert [each.text for each in pages.paragraphs] == ["Everyone may take part. So."]
    assert [(each.kind, each.text) for each in pages.leftovers] == [("field", "7"), ("field", "inner words")]


def test_a_field_in_the_result_of_another_and_one_that_never_ends_are_text(word):
    inside = _field(_code(" HYPERLINK x "), _said("See ") + _field(_code(" REF y "), _said("article 5")))
    assert [each.text for each in word(p("", inner=inside)).paragraphs] == ["See article 5"]
    assert [
        each.text for each in word(p("", inner=_mark("begin") + _code(" PAGE ") + _said("All are free."))).paragraphs
    ] == ["All are free."]


def test_fields_without_a_value_in_the_file_and_unknown_signs_are_problems(word):
    field = "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> LISTNUM </w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
    pages = word(p("Text.", inner=field + field + "<w:r><w:sym w:font='Webdings' w:char='F041'/></w:r>"))
    assert [x.what for x in pages.problems] == [
        "a field LISTNUM, whose value is not in the file (2 times)",
        "the sign F041 of the font Webdings",
    ]


def test_notes_are_numbered_as_they_are_called(word):
    body = (
        p("One.", inner="<w:r><w:footnoteReference w:id='7'/></w:r>")
        + table(cell(p("a", inner="<w:r><w:footnoteReference w:id='2'/></w:r>")) + cell(p("b")))
        + p(
            "Two.",
            inner="<w:r><w:footnoteReference w:id='4' w:customMarkFollows='1'/><w:t>*</w:t></w:r><w:r><w:endnoteReference w:id='9'/></w:r>",
        )
    )
    feet = "".join(
        f"<w:footnote w:id='{n}'>{p(text)}</w:footnote>"
        for n, text in ((2, "Second."), (4, "Starred."), (5, "Never called."), (7, "First."))
    )
    ends = f"<w:endnotes {W}><w:endnote w:id='9'>{p('At the end.')}</w:endnote></w:endnotes>"
    pages = word(
        body,
        {"word/footnotes.xml": f"<w:footnotes {W}>{feet}</w:footnotes>".encode(), "word/endnotes.xml": ends.encode()},
    )
    assert [x.notes for x in pages.paragraphs[:3]] == [("1",), ("2",), ("*", "i")]
    assert [(x.number, x.text) for x in pages.paragraphs if x.kind == "note"] == [
        ("1", "First."),
        ("2", "Second."),
        ("*", "Starred."),
        ("i", "At the end."),
    ]
    assert left(pages, "note") == ["Never called."]


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        (
            "chunk.html",
            b"<h2>Chapter 2</h2><p>All may take part.</p>",
            ["Before.", "Chapter 2", "All may take part.", "After."],
        ),
        ("chunk.docx", docx(p("All may take part.")), ["Before.", "All may take part.", "After."]),
        ("chunk.txt", b"All may take part.", ["Before.", "All may take part.", "After."]),
        ("chunk.rtf", b"{\\rtf1 All may take part.\\par}", ["Before.", "All may take part.", "After."]),
        (
            "chunk.mht",
            b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>All may take part.</p>",
            ["Before.", "All may take part.", "After."],
        ),
    ],
)
def test_parts_of_other_formats_are_read_where_they_stand(word, name, data, found):
    pages = word(
        p("Before.") + "<w:altChunk r:id='x'/>" + p("After."),
        {
            f"word/{name}": data,
            "word/_rels/document.xml.rels": RELS % f"<Relationship Id='x' Type='t/aFChunk' Target='{name}'/>".encode(),
        },
    )
    assert texts(pages) == found


def test_a_part_that_cannot_be_read_is_a_problem(word):
    pages = word(p("Before.") + "<w:altChunk r:id='gone'/>")
    assert texts(pages) == ["Before."] and "a part of the file was not read" in pages.problems[0].what


def test_comments_headers_watermarks_and_pictures_words_are_left_over(word):
    picture = "<w:r><w:drawing><wp:docPr xmlns:wp='urn:wp' descr='A ramp'/></w:drawing></w:r>"
    mark = "<w:r><w:pict xmlns:v='urn:schemas-microsoft-com:vml'><v:shape><v:textpath string='DRAFT'/></v:shape></w:pict></w:r>"
    pages = word(
        p("Text.", inner=picture),
        {
            "word/comments.xml": f"<w:comments {W}><w:comment w:id='0'>{p('Is it open?')}</w:comment><w:comment w:id='1'>{p('Yes.')}</w:comment></w:comments>".encode(),
            "word/header1.xml": f"<w:hdr {W}>{p('Ministry', inner=mark)}</w:hdr>".encode(),
        },
    )
    assert left(pages, "comment") == ["Is it open?", "Yes."] and left(pages, "running-head") == ["Ministry"]
    assert left(pages, "watermark") == ["DRAFT"] and left(pages, "alt") == ["A ramp"]


def test_text_boxes_are_read_once_also_in_cells(word):
    box = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>{p('Boxed.')}</w:txbxContent></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><w:txbxContent>{p('Boxed.')}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    pages = word(p("Around.", inner=box) + table(cell(p("a", inner=box)) + cell(p("b"))))
    assert texts(pages) == ["Around.", "Boxed.", "a | b", "Boxed."]


@pytest.mark.parametrize("main", ["word/document.xml", "content/main.xml"])
def test_strict_files_and_main_parts_of_other_names(read_bytes, main):
    strict = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    data = packed(
        {
            "[Content_Types].xml": f'<Types xmlns="t"><Override PartName="/{main}" ContentType="{kind}"/></Types>'.encode(),
            "_rels/.rels": RELS
            % f"<Relationship Id='a' Type='http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument' Target='/{main}'/>".encode(),
            main: f"<w:document {strict}><w:body>{listed('All may take part.')}</w:body></w:document>".encode(),
            main.rsplit("/", 1)[0] + "/numbering.xml": numbering(level(0, "decimal", "%1."))[
                "word/numbering.xml"
            ].replace(W.encode(), strict.encode()),
        }
    )
    pages = read_bytes(data, "a.docx")
    assert pages.type == "docx" and texts(pages) == ["1. All may take part."]


def test_a_word_file_without_a_main_part_is_refused(read_bytes):
    with pytest.raises(InputError, match="no main part"):
        read_bytes(packed({"[Content_Types].xml": b"<Types/>", "word/settings.xml": b"<a/>"}), "a.docx")
