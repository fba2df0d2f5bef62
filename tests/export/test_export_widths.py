"""Columns are as wide as their content needs: no word of a head is broken, and the longest text has most room."""

from __future__ import annotations

import re
from datetime import date, datetime, time

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Emu

from kb import i18n
from kb.export import Provenance, Row, export
from kb.export.widths import SIZES, UNBROKEN, column_widths, fitting_size, least_widths, text_width, word_width
from kb.framework import load
from kb.log import open_workspace
from kb.report import docx_, html_
from kb.report.assessment import self_assessment
from kb.report.blocks import Report, Table
from kb.report.writing import write
from kb.workspace import sample

ON = date(2026, 11, 28)
QUOTATION = "A health post must stand within 5 kilometres of every settlement of more than 200 people. " * 2
EVIDENCE = Table(
    caption="Evidence",
    heads=("Criterion", "Words", "Place", "Shows", "In the text"),
    rows=(
        ("R3.a", QUOTATION, "Act, section 10", "law in force", "found"),
        ("R3.b", "Short.", "Act", "at work", "found"),
    ),
)
HASHES = Table(
    caption="Files", heads=("Document", "Version", "sha256"), rows=(("A Guarantee Act", "first reading", "0af9" * 16),)
)


def reckoned(table: Table, room: float, padding: float = 1.0) -> list[float]:
    return column_widths(table.heads, table.rows, room, padding)


@pytest.mark.parametrize("room", [45, 60, 200])
@pytest.mark.parametrize("table", [EVIDENCE, HASHES], ids=lambda table: table.caption)
def test_the_columns_fill_the_room_and_each_has_its_longest_word(table, room):
    widths = reckoned(table, room)
    assert sum(widths) == pytest.approx(room, rel=1e-6)
    for width, least in zip(widths, least_widths(table.heads, table.rows, 1.0)):
        assert width >= least - 1e-6


def test_the_quotation_has_the_widest_column_and_the_number_of_the_criterion_no_more_than_its_head():
    widths = reckoned(EVIDENCE, 60)
    assert max(widths) == widths[1] and widths[1] > 2 * widths[2]
    assert widths[0] == pytest.approx(1.0 + word_width("Criterion", bold=True))


def test_a_hash_may_be_broken_and_takes_no_room_that_words_need():
    hashed = "0af9" * 16
    assert word_width(hashed, UNBROKEN) < text_width(hashed) / 2
    assert word_width("social-protection-plan.md", UNBROKEN) == word_width("protection-"), "a hyphen ends a line"


def test_where_not_even_the_words_have_room_the_heads_go_before_the_cells():
    heads, rows = ("Paper", "Met"), (("Incomprehensibilities", "Uncharacteristically"),)
    widths = column_widths(heads, rows, 14.0, 1.0)
    assert sum(widths) == pytest.approx(14.0)
    assert all(width >= 1.0 + word_width(head, bold=True) for width, head in zip(widths, heads))
    assert sum(column_widths(heads, rows, 3.0, 1.0)) == pytest.approx(3.0)


def test_a_table_without_rows_or_with_empty_cells_has_columns_too():
    assert sum(column_widths(("A", "B"), (), 10.0, 1.0)) == pytest.approx(10.0)
    assert all(width > 0 for width in column_widths(("", ""), (("", ""),), 10.0, 1.0))


@pytest.fixture(scope="module")
def assessed(root, tmp_path_factory):
    """Return a function that makes the report of the sample, in the current language."""
    framework = load(root / "corpus" / "framework")
    with (
        open_workspace(f"sqlite:///{tmp_path_factory.mktemp('widths') / 'workspace.sqlite'}") as ws,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sample, "look_through", lambda *given, **more: "")
        sample.add(ws, framework, root / "corpus", sample.load_sample(root / "corpus"))
        yield lambda: self_assessment(ws, framework, "sampleland", on=ON)


@pytest.mark.parametrize("spoken", ["en", "fr", "es"])
def test_no_word_of_a_head_is_broken_in_a_word_file_in_any_language(assessed, tmp_path, spoken):
    before = i18n.language()
    i18n.use(spoken)
    try:
        made = assessed()
    finally:
        i18n.use(before)
    blocks = [block for block in made.blocks if isinstance(block, Table)]
    document = Document(str(write(made, tmp_path / "r.docx", "docx", made=datetime.combine(ON, time()))))
    assert len(document.tables) == len(blocks) >= 5
    section = document.sections[0]
    room = Emu(section.page_width - section.left_margin - section.right_margin).pt
    for table, block in zip(document.tables, blocks):
        head, *rows = table.rows
        assert sum(column.width.pt for column in table.columns) == pytest.approx(room, abs=len(block.heads))
        for column, cell in zip(table.columns, head.cells):
            size = cell.paragraphs[0].runs[0].font.size.pt
            assert size in docx_.SIZES
            assert column.width.pt + 0.1 >= word_width(cell.text, bold=True) * size + 2 * docx_.BESIDE, cell.text
        assert table._tbl.tblPr.find(qn("w:tblLayout")).get(qn("w:type")) == "fixed"
        assert head._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_in_the_annex_of_a_word_file_the_quotations_have_the_widest_column(assessed, tmp_path):
    document = Document(str(write(assessed(), tmp_path / "r.docx", "docx", made=datetime.combine(ON, time()))))
    annex = next(table for table in document.tables if table.rows[0].cells[1].text == "Words")
    widths = [column.width for column in annex.columns]
    assert max(widths) == widths[1] > 3 * widths[0]


def test_a_web_page_breaks_only_what_is_longer_than_a_word(assessed):
    page = html_.page(assessed())
    broken = re.findall(r'<span class="long">([^<]*)</span>', page)
    assert broken and all(len(piece) > UNBROKEN and " " not in piece for piece in broken)
    body = re.search(r"body \{[^}]*\}", html_.STYLE).group()
    assert "overflow-wrap: break-word" in body and "anywhere" not in body
    assert html_.STYLE.count("anywhere") == 1 and ".long { overflow-wrap: anywhere; }" in html_.STYLE


def test_a_table_of_a_web_page_keeps_room_for_its_words_on_a_phone():
    made = html_.page(Report(title="R", blocks=(EVIDENCE,)))
    least = float(re.search(r'<table style="min-width: ([\d.]+)em">', made).group(1))
    assert least >= sum(least_widths(EVIDENCE.heads, EVIDENCE.rows, html_.BESIDE)) - 0.1
    assert len(re.findall(r'<col style="width: [\d.]+em">', made)) == len(EVIDENCE.heads)


def test_a_table_with_more_columns_than_a_page_has_room_for_has_no_size():
    heads = ["Citation", "Words"]
    assert fitting_size(heads, [["one", "two"]], 400) == SIZES[0]
    assert fitting_size(["Responsibilities"] * 5, [], 400) == SIZES[2] < SIZES[0]
    assert fitting_size(heads * 12, [["one", "two"] * 12], 400) is None


def test_a_page_that_is_wider_than_paper_is_printed_as_lists(tmp_path):
    row = Row(id="law/1", document="law", text="Its words.", fields={"a } b": "c"})
    told = Provenance(kind="passages", fields=("a } b",))
    for layout, lists in (("rows", True), ("long", True), ("page", False)):
        page = export([row], "html", tmp_path / f"{layout}.html", told, layout=layout)
        style = page.read_text("utf-8").partition("<style>")[2].partition("</style>")[0]
        assert ("tr>:nth-child(1)::before" in style) is lists
        assert style.count("{") == style.count("}"), "a column's name ends no rule"
    assert 'content:"a\\20 \\7d \\20 b: "' in (tmp_path / "rows.html").read_text("utf-8")


def test_a_table_of_a_page_splits_no_word_and_no_date(tmp_path):
    fields = {"criterion": "R5.a", "status": "Partial", "rationale": "Long words. " * 40, "author": "A. Name"}
    row = Row(id="k/R5.a/1", fields={**fields, "deadline": "2027-06-30"})
    page = export([row], "html", tmp_path / "f.html", Provenance(kind="findings")).read_text("utf-8")
    shares = [float(each) for each in re.findall(r'<col style="width:([\d.]+)%">', page)]
    assert len(shares) == 4 and abs(sum(shares) - 100) < 0.5 and shares[1] == max(shares)
    assert shares[2] / 100 * 45 >= text_width("2027-06-30")
