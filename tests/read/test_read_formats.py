"""Every other format: recognised by content, read into paragraphs, or refused with a reason."""

import inspect
import io
import json

import docx
import pytest
from make import packed

from kb.errors import InputError
from kb.read import Limits
from kb.read.formats import MODULES, reader_of
from kb.text import squeeze


def test_every_format_reads_by_one_signature():
    for kind in MODULES:
        assert list(inspect.signature(reader_of(kind)).parameters) == ["source", "options"], kind


def kinds(pages):
    return [(p.kind, p.text) for p in pages.paragraphs]


def test_text_paragraphs_are_spans_of_the_source(read_bytes):
    source = (
        "CHAPTER I\n\nArticle 1. Every person has the right to take part in\nthe life of the community without\n"
        "any barrier whatsoever.\n\n(a) in schools;\n(b) in work.\n"
    )
    pages = read_bytes(source.encode(), "law.txt")
    assert [p.text for p in pages.paragraphs][1].startswith(
        "Article 1. Every person has the right to take part in the life"
    )
    assert [p.number for p in pages.paragraphs] == ["CHAPTER I", "Article 1", "(a)", "(b)"]
    assert all(squeeze(pages.text[p.chars[0] : p.chars[1]]) == p.text for p in pages.paragraphs)
    assert pages.text == source and pages.paragraphs[1].section == ("CHAPTER I",)


def test_lines_with_empty_lines_between_them_are_joined_where_the_sentence_goes_on(read_bytes):
    lines = [
        "Los derechos aquí reconocidos están asegurados por la ley y",
        "la máxima exigibilidad y sustentados en el principio que",
        "rige en toda la materia.",
    ]
    assert len(read_bytes("\n\n".join(lines).encode(), "ley.txt").paragraphs) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_text_in_any_encoding(read_bytes, encoding):
    text = "La educación de los niños es un deber del Estado según la Constitución, así lo señala el artículo."
    assert read_bytes(text.encode(encoding), "a.txt").paragraphs[0].text == text


def test_mojibake_is_reported(read_bytes):
    text = "La política de educación y protección de niños en el país.".encode().decode("cp1252")
    assert "wrong decoding" in read_bytes(text.encode(), "a.txt").problems[0].what


def test_markdown_is_read_and_nothing_is_lost(read_bytes):
    source = (
        "---\ntitle: A law\nstatus: in_force\n---\n# A law\n\n## **Part I**\n\n**ARTICLE 1°**— Purpose. This Act has\none purpose.\n\n"
        "- one thing;\n- another thing.\n\n| Aim | Body |\n|---|---|\n| Ramps | Ministry |\n\n[^1]: A note.\n"
    )
    pages = read_bytes(source.encode(), "law.md")
    assert kinds(pages) == [
        ("heading", "A law"),
        ("heading", "Part I"),
        ("paragraph", "**ARTICLE 1°**— Purpose. This Act has one purpose."),
        ("list-item", "one thing;"),
        ("list-item", "another thing."),
        ("table-row", "| Aim | Body |"),
        ("table-row", "| Ramps | Ministry |"),
        ("note", "A note."),
    ]
    assert pages.paragraphs[2].section == ("A law", "Part I") and pages.paragraphs[2].number == "ARTICLE 1°"
    taken = "".join(
        pages.text[p.chars[0] : p.chars[1]]
        for p in sorted([*pages.paragraphs, *pages.leftovers], key=lambda p: p.chars)
    )
    assert "".join(taken.split()) == "".join(source.split())


def test_html_leaves_out_navigation_and_scripts(read_bytes):
    page = (
        "<!doctype html><html><body><nav><a href='/'>Home</a></nav><script>alert('x')</script>"
        "<h1>Act on inclusion</h1><p>Everyone takes&nbsp;part.</p><ul><li>first;</li></ul>"
        "<table><tr><td>Aim</td><td>Budget</td></tr></table><img src='http://192.0.2.1/a.png'></body></html>"
    )
    pages = read_bytes(page.encode(), "page.pdf")
    assert pages.type == "html"
    assert kinds(pages) == [
        ("heading", "Act on inclusion"),
        ("paragraph", "Everyone takes part."),
        ("list-item", "first;"),
        ("table-row", "Aim | Budget"),
    ]
    assert [p.text for p in pages.leftovers] == ["Home"]


def test_a_page_that_asks_for_javascript_is_refused(read_bytes):
    with pytest.raises(InputError, match="JavaScript.*print it to PDF"):
        read_bytes(b"<html><body><noscript>Please enable JavaScript</noscript></body></html>", "a.html")


def word_file() -> bytes:
    document = docx.Document()
    document.add_heading("National Plan", 1)
    document.add_paragraph("The plan has two aims:")
    document.add_paragraph("ramps in schools;", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Objective", "Budget"
    document.sections[0].header.paragraphs[0].text = "Ministry"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_headings_lists_and_tables(read_bytes):
    pages = read_bytes(word_file(), "plan.bin")
    assert pages.type == "docx"
    assert kinds(pages) == [
        ("heading", "National Plan"),
        ("paragraph", "The plan has two aims:"),
        ("list-item", "ramps in schools;"),
        ("table-row", "Objective | Budget"),
    ]
    assert [p.text for p in pages.leftovers] == ["Ministry"]


def test_opendocument(read_bytes):
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
        '<text:h text:outline-level="1">Plan</text:h><text:p>One<text:s/>aim<text:note><text:note-citation>1'
        "</text:note-citation><text:note-body><text:p>See the Act.</text:p></text:note-body></text:note>.</text:p>"
        "</office:text></office:body></office:document-content>"
    )
    pages = read_bytes(
        packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})
    )
    assert kinds(pages) == [("heading", "Plan"), ("paragraph", "One aim."), ("note", "See the Act.")]


def test_rtf(read_bytes):
    assert (
        kinds(read_bytes(rb"{\rtf1\ansi Everyone takes part.\par Caf\'e9 is open to all.\par}"))[1][1]
        == "Café is open to all."
    )


def test_epub_chapters_in_the_order_of_the_spine(read_bytes):
    box = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="o/p.opf"/></rootfiles></container>'
    )
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="b" href="b.xhtml"/><item id="a" href="a.xhtml"/>'
        '</manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    pages = read_bytes(
        packed(
            {
                "mimetype": b"application/epub+zip",
                "META-INF/container.xml": box.encode(),
                "o/p.opf": opf.encode(),
                "o/a.xhtml": b"<html><body><p>First.</p></body></html>",
                "o/b.xhtml": b"<html><body><p>Second.</p></body></html>",
            }
        )
    )
    assert (pages.type, [t for _, t in kinds(pages)]) == ("epub", ["First.", "Second."])


def test_json_texts_stand_under_their_keys(read_bytes):
    pages = read_bytes(json.dumps({"articles": [{"number": 1, "text": "Everyone takes part."}]}).encode())
    assert pages.paragraphs[0].section == ("articles", "text") and [p.text for p in pages.leftovers] == ["1"]


def test_a_zip_is_read_part_by_part_and_never_writes_outside(read_bytes, tmp_path):
    pages = read_bytes(
        packed({"../../escaped.txt": b"Text of the one part.", "broken.pdf": b"%PDF-1.4 nothing"}), "a.zip"
    )
    assert kinds(pages) == [("heading", "../../escaped.txt"), ("paragraph", "Text of the one part.")]
    assert "broken.pdf: the PDF is damaged" in pages.problems[0].what
    assert not list(tmp_path.parent.parent.glob("escaped.txt"))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "0 bytes"),
        (b"\x89PNG\r\n", "PNG image"),
        (bytes(range(256)) * 20, "no text"),
        (b"PK\x03\x04 broken", "damaged"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b"{\\rtf1 " + b"{" * 9000, "nests groups"),
        (packed({"a.txt": b"\0" * 30_000_000}), "ZIP bomb"),
        (packed({f"{n}": b"" for n in range(3000)}), "holds 3000 files"),
        (packed({"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "declares entities"),
    ],
)
def test_bad_files_are_refused_with_what_and_what_to_do(read_bytes, data, what):
    with pytest.raises(InputError, match=what) as error:
        read_bytes(data)
    assert error.value.do


def test_archives_inside_archives_stop(read_bytes):
    inner = packed({"a.txt": b"deep"})
    for n in range(4):
        inner = packed({f"{n}.zip": inner})
    assert "not read further" in read_bytes(inner).problems[0].what


def test_a_file_over_the_limit_is_refused(read_bytes):
    with pytest.raises(InputError, match="more than 10 bytes"):
        read_bytes(b"twelve bytes", limits=Limits(text_bytes=10))


def test_control_characters_of_a_name_are_shown_not_sent(read_bytes):
    assert "\x07" not in read_bytes(b"Some text here.", "a\x07b.txt").file


def test_old_word_files_without_libreoffice_are_refused(read_bytes, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match="LibreOffice is not installed.*save the file as .docx"):
        read_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "WordDocument".encode("utf-16-le"))


def test_wrapped_items_beside_long_lines_are_joined(read_bytes):
    long = (
        "Toda persona tiene derecho a una vida libre de violencia y a participar en la sociedad en condiciones de igualdad. "
        * 3
    )
    item = "A) Violencia física. Toda acción, omisión o patrón de conducta que\n dañe la integridad corporal de una mujer.\n"
    pages = read_bytes(f"# Ley\n\n{long}\n\n{item}\n{long}\n".encode(), "ley.md")
    assert [(p.kind, p.number) for p in pages.paragraphs] == [
        ("heading", None),
        ("paragraph", None),
        ("list-item", "A)"),
        ("paragraph", None),
    ]


def test_letters_that_are_roman_numbers_too_follow_their_neighbours(read_bytes):
    from make import pdf

    titles = [
        "II. RIGHTS AND DUTIES",
        "A. General matters",
        "B. Work and schooling",
        "C. Housing of families",
        "D. Health of all",
    ]
    rows = [
        row
        for n, title in enumerate(titles)
        for row in [
            (250 if n else 230, 80 + 90 * n, title, 14),
            (60, 110 + 90 * n, "The State shall act on this matter each year, and report on it in public."),
            (60, 124 + 90 * n, "It shall hear those whom it concerns."),
        ]
    ]
    pages = read_bytes(pdf([rows]), "a.pdf", ocr=False)
    assert pages.paragraphs[-1].section == ("II. RIGHTS AND DUTIES", "D. Health of all")


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_json_key_that_occurs_twice_keeps_both_values_and_is_named(read_bytes, name):
    one = b'{"text": "The State shall pay.", "text": "The State shall not pay."}'
    pages = read_bytes(one if name == "a.json" else one + b'\n{"text": "It is so."}\n', name)
    assert [p.text for p in pages.paragraphs][:2] == ["The State shall pay.", "The State shall not pay."]
    assert ["'text'" in p.what for p in pages.problems if "stands twice" in p.what] == [True]


@pytest.mark.parametrize(
    "written", ["0.10", "1e400", "-0", "1E2", "12345678901234567890123", "1" * 5000, "true", "NaN", "1.0"]
)
def test_json_numbers_are_kept_as_they_are_written(read_bytes, written):
    pages = read_bytes(b'{"text": "So it is.", "n": %s}' % written.encode(), "a.json")
    assert [p.text for p in pages.leftovers] == [written]


def test_one_json_value_on_each_line(read_bytes):
    pages = read_bytes(b'{"title": "Plan"}\n{"text": "Everyone may take part."}\n', "a.jsonl")
    assert [(p.text, p.section) for p in pages.paragraphs] == [
        ("Plan", ("title",)),
        ("Everyone may take part.", ("text",)),
    ]


def test_the_charset_of_a_mail_is_taken_as_browsers_take_it(read_bytes):
    head = b"From: a@example.org\r\nSubject: Plan\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n"
    assert (
        read_bytes(head + "The “plan” costs €5…".encode("cp1252"), "a.eml").paragraphs[1].text == "The “plan” costs €5…"
    )


def test_struck_out_words_of_markdown_are_no_text(read_bytes):
    source = b"Article 1. Every resident has a pension.\n\n~~Article 2. Foreigners have none.~~\n\nThe fee is ~~ten~~ five shillings.\n\n| Post | ~~10~~ 12 |\n"
    pages = read_bytes(source, "act.md")
    assert [p.text for p in pages.paragraphs] == [
        "Article 1. Every resident has a pension.",
        "The fee is five shillings.",
        "| Post | 12 |",
    ]
    struck = [p.text for p in pages.leftovers if p.kind == "deleted"]
    assert struck == ["~~Article 2. Foreigners have none.~~", "~~ten~~", "~~10~~"]
    (said,) = (p.what for p in pages.problems if "struck out" in p.what)
    assert 'line 5 "~~ten~~"' in said


@pytest.mark.parametrize("kept", ["`~~code~~`", "about ~~ 5 and ~~ 6", r"\~~no mark~~", "~~open\n\nand~~ apart"])
def test_what_markdown_does_not_strike_out_stays(read_bytes, kept):
    pages = read_bytes(f"The fee is five {kept} for everybody.\n".encode(), "act.md")
    assert " ".join(p.text for p in pages.paragraphs).split() == f"The fee is five {kept} for everybody.".split()


def test_two_parts_of_an_archive_with_one_name_are_both_read(read_bytes):
    import io
    import warnings
    import zipfile

    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
        warnings.simplefilter("ignore")  # zipfile warns of the second name
        archive.writestr("a.txt", "The first law of the two.")
        archive.writestr("a.txt", "The second law of the two.")
    texts = [p.text for p in read_bytes(stream.getvalue(), "a.zip").paragraphs]
    assert [t for t in texts if "law" in t] == ["The first law of the two.", "The second law of the two."]


def test_a_part_of_an_xhtml_page_is_a_page(read_bytes):
    data = b'<?xml version="1.0"?><div xmlns="http://www.w3.org/1999/xhtml"><h2>Part 2</h2><p>The law.</p></div>'
    assert [p.text for p in read_bytes(data, "a.html").paragraphs] == ["Part 2", "The law."]
    assert [p.text for p in read_bytes(data, "a.xml").paragraphs] == ["Part 2", "The law."]


def test_a_file_named_as_a_page_that_begins_with_words_is_one(read_bytes):
    assert [p.text for p in read_bytes(b"The <b>old</b> law<br>ends.", "a.htm").paragraphs] == ["The old law ends."]


def test_a_numbered_provision_whose_first_line_ends_early_goes_on_in_lower_case(read_bytes):
    text = """9. Terms of members.—(1) The
traveling and daily allowance payable to the members of the Commission shall be
such as may be prescribed by rules that the Federal Government makes for them.

10. Secretariat

The Commission shall have a secretariat that is headed by its Secretary, who shall
be appointed in the manner that is prescribed by rules.
"""
    pages = read_bytes(text.encode(), "a.txt")
    assert [(p.kind, p.number) for p in pages.paragraphs] == [
        ("paragraph", "9"),
        ("heading", "10"),
        ("paragraph", None),
    ]
    assert "(1) The traveling" in pages.paragraphs[0].text
