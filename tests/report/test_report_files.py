"""Reports: whose words, no score, our addition separate; Word files with real styles; HTML in one file that loads
nothing."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from kb import office
from kb.errors import InputError
from kb.models import Passage, Place
from kb.report import html_, writing
from kb.report.blocks import Heading, Quote, Report, Table, Text, own_mark
from kb.report.brief import EACH, brief
from kb.report.writing import write

ON = datetime(2026, 11, 28, tzinfo=UTC)
BAD = '<script>alert("x")</script>'


def report(**more) -> Report:
    """Return a small report with one block of each kind that holds words."""
    blocks = (
        Heading(text="Findings", level=1),
        Text(strong="Met.", text=BAD),
        Quote(text="Toda persona tiene derecho.", citation="Law, art. 1", language="es"),
        Quote(text="People have a right.", citation="CRPD art. 1", wording="own-words", force="legal-obligation"),
        Table(caption="Counts", heads=("Decision", "Land"), rows=(("Met", "1"),)),
    )
    return Report(title=f"Report {BAD}", blocks=blocks, **more)


def test_our_words_are_never_in_quotation_marks_and_say_so():
    page = html_.page(report())
    assert (
        "Statement of the knowledge base, not a quotation: People have a right." in page
        and "“People have a right.”" not in page
    )
    assert "“Toda persona tiene derecho.”" in page and 'lang="es"' in page
    assert own_mark(Quote(text="a", citation="b", checked=False)) == "Not checked against the source: "


def test_no_markup_of_a_title_or_text_survives_and_nothing_is_fetched():
    page = html_.page(report())
    assert "<script" not in page and not re.findall(r'(?:src|href)="|url\(|@import', page)


def test_a_word_file_has_real_headings_table_heads_a_caption_and_a_language(tmp_path):
    file = write(report(), tmp_path / "r.docx", "docx", made=ON)
    made = Document(str(file))
    styles = {p.text: p.style.name for p in made.paragraphs}
    assert styles["Findings"] == "Heading 1" and made.paragraphs[0].style.name == "Title"
    xml = made.element.xml
    assert "w:tblHeader" in xml and 'w:tblCaption w:val="Counts"' in xml and '<w:lang w:val="es"/>' in xml
    assert made.core_properties.language == "en" and made.core_properties.title.startswith("Report")


def levels(file) -> list[int]:
    """Return the heading levels of a Word file, in order; 0 is its title."""
    names = [p.style.name for p in Document(str(file)).paragraphs]
    return [
        0 if name == "Title" else int(name.split()[1]) for name in names if name == "Title" or name[:7] == "Heading"
    ]


@pytest.mark.parametrize("first", [1, 2])
def test_no_level_of_heading_is_skipped(tmp_path, first):
    blocks = [
        Heading(text="One", level=first),
        Heading(text="Two", level=first + 1),
        Heading(text="Three", level=first),
    ]
    made = report().model_copy(update={"blocks": tuple(blocks)})
    found = levels(write(made, tmp_path / "r.docx", "docx"))
    assert found == [0, 1, 2, 1]


def test_the_same_report_gives_the_same_bytes_at_any_hour(tmp_path):
    mark = f"kb-log/3/{'ab' * 32}/2026-11-02T10:00:00+00:00"
    made = report(log=mark)
    first = write(made, tmp_path / "a.docx", "docx", made=ON).read_bytes()
    with pytest.MonkeyPatch.context() as later:
        later.setattr("time.time", lambda: 2_000_000_000.0)
        later.setattr("time.localtime", lambda *_: __import__("time").gmtime(2_000_000_000))
        again = write(made, tmp_path / "b.docx", "docx", made=datetime(2026, 11, 29, tzinfo=UTC)).read_bytes()
    assert again == first
    written = Document(str(tmp_path / "a.docx")).core_properties
    assert written.created == written.modified and written.created.isoformat()[:19] == "2026-11-02T10:00:00"


def test_a_ministry_can_give_its_own_template_and_its_sample_words_do_not_come_in(tmp_path):
    template = Document()
    template.add_paragraph("Sample words of the template")
    template.save(str(tmp_path / "look.docx"))
    file = write(report(), tmp_path / "r.docx", "docx", tmp_path / "look.docx")
    texts = [p.text for p in Document(str(file)).paragraphs]
    assert "Findings" in texts and "Sample words of the template" not in texts
    (tmp_path / "bad.docx").write_bytes(b"no Word file")
    with pytest.raises(InputError, match="no Word file"):
        write(report(), tmp_path / "other.docx", "docx", tmp_path / "bad.docx")
    assert not (tmp_path / "other.docx").exists()


def linked(folder: Path, kind: str = "image", target: str = "https://192.0.2.1/logo.png") -> Path:
    """Write a Word template that loads a part from another address; return its path."""
    document = Document()
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    document.part.relate_to(target, base + kind, is_external=True)
    document.save(str(folder / "linked.docx"))
    return folder / "linked.docx"


@pytest.mark.parametrize("kind", ["image", "oleObject", "frame", "subDocument"])
def test_a_template_that_would_ask_another_address_is_refused(tmp_path, kind):
    with pytest.raises(InputError, match="takes a part from another place"):
        write(report(), tmp_path / "r.docx", "docx", linked(tmp_path, kind))
    assert not (tmp_path / "r.docx").exists()


def test_the_path_of_what_a_template_was_made_of_is_left_out(tmp_path):
    document = Document()
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    settings = document.settings
    key = document.part._settings_part.relate_to("file:///C:/Users/A.%20Name/Normal.dotm", base, is_external=True)
    named = OxmlElement("w:attachedTemplate")
    named.set(qn("r:id"), key)
    settings.element.insert(0, named)
    document.save(str(tmp_path / "of.docx"))
    made = write(report(), tmp_path / "r.docx", "docx", tmp_path / "of.docx")
    with zipfile.ZipFile(made) as archive:
        assert not [name for name in archive.namelist() if b"Users/A.%20Name" in archive.read(name)]
        assert b"attachedTemplate" not in archive.read("word/settings.xml")


def test_a_template_may_hold_links_that_a_reader_has_to_click(tmp_path):
    assert write(report(), tmp_path / "r.docx", "docx", linked(tmp_path, "hyperlink")).exists()


def test_an_unknown_format_is_refused_and_the_former_file_stays(tmp_path):
    (tmp_path / "r.odt").write_text("before")
    with pytest.raises(InputError, match="no report as"):
        write(report(), tmp_path / "r.odt", "odt")
    assert (tmp_path / "r.odt").read_text() == "before"


@pytest.mark.slow
def test_libreoffice_makes_a_pdf_of_it(tmp_path):
    if office.program() is None:
        pytest.skip("needs LibreOffice")
    log = f"kb-log/3/{'ab' * 32}/2026-11-02T10:00:00+00:00"
    marked = [write(report(log=log), tmp_path / name, "pdf", made=ON).read_bytes() for name in ("a.pdf", "b.pdf")]
    assert marked[0] == marked[1]
    with pdfplumber.open(tmp_path / "a.pdf") as read:
        assert read.metadata["KbLog"] == log and "Toda persona" in (read.pages[1].extract_text() or "")
    first = write(report(), tmp_path / "r.pdf", "pdf", made=ON).read_bytes()
    again = write(report(), tmp_path / "s.pdf", "pdf", made=ON.replace(hour=23, minute=59)).read_bytes()
    assert first.startswith(b"%PDF") and again == first, "the same report gives the same bytes on the same day"
    with pdfplumber.open(tmp_path / "r.pdf") as read:
        assert read.metadata["CreationDate"].startswith(f"D:{ON:%Y%m%d}000000")


def test_a_brief_keeps_forces_apart_and_cuts_no_passage(kb_in_memory):
    made = brief(kb_in_memory, "Women", "women", on=date(2026, 11, 28))
    quotes = [block for block in made.blocks if isinstance(block, Quote)]
    assert quotes and all(quote.force and quote.citation for quote in quotes)
    order = list(EACH)
    places = [order.index(quote.force) for quote in quotes]
    assert places == sorted(places), "what binds stands first"
    store = kb_in_memory.index.store
    assert all(any(quote.text == one.text for one in store.passages()) for quote in quotes), (
        "whole passages, word for word"
    )
    assert "score" not in html_.page(made) and "rank" not in html_.page(made)


def test_a_brief_of_nothing_is_refused(kb_in_memory):
    with pytest.raises(InputError, match="needs a question"):
        brief(kb_in_memory, "Nothing", on=date(2026, 11, 28))


def test_picked_passages_stand_all_in_the_brief_in_their_order(kb_in_memory):
    place = Place(file="a.txt", sha256="0" * 64)
    held = [
        Passage(
            id=f"x/p{n}",
            document="x",
            kind="paragraph",
            text=f"Words {n}",
            citation=f"X {n}",
            force="legal-obligation",
            place=place,
        )
        for n in range(9)
    ]
    made = brief(kb_in_memory, "Mine", on=date(2026, 11, 28), picked=held)
    assert [block.text for block in made.blocks if isinstance(block, Quote)] == [one.text for one in held]


def test_objects_of_a_pdf_stand_in_the_order_in_which_they_are_reached():
    """LibreOffice writes fonts in the order of their addresses in memory, which change from one process to the next."""

    def page_with_fonts(order):
        writer = PdfWriter()
        page = writer.add_blank_page(100, 100)
        made = {
            name: writer._add_object(DictionaryObject({NameObject("/BaseFont"): NameObject(name)})) for name in order
        }
        fonts = DictionaryObject({NameObject(name): made[name] for name in sorted(made)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        writer.write(content := BytesIO())
        return content.getvalue()

    one, other = page_with_fonts(["/A", "/B"]), page_with_fonts(["/B", "/A"])
    assert one != other and writing._in_order(one) == writing._in_order(other)
    assert len(PdfReader(BytesIO(writing._in_order(one))).pages) == 1
