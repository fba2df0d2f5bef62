"""Documents are books: headings by force, instrument or recommendation; quotation first, source under it, method
last."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from kb.export import Provenance, Row, SourceNote, export
from kb.export.book import BOOK, BookHeading, FindingTable, Item, RowFacts, parts
from kb.export.widths import BESIDE, text_width
from kb.models import OWN_MARK, Place, Tag

docx = pytest.importorskip("docx", reason="needs python-docx")
HASH = "cd" * 32
TREATY = SourceNote(document="crpd", title="register", work="The Convention", sha256=HASH, force="legal-obligation")


def row(id="crpd/art1", **fields):
    whole = {"document": "crpd", "citation": f"CRPD {id}", "text": "Its words.", "wording": "verbatim", "may_quote": True,
             "force": "legal-obligation", "section": ("Part I",), "place": Place(file="crpd.txt", sha256=HASH, lines=(1, 2)),
             "tags": (Tag(facet="group", id="youth", origin="rule:words"),)}  # fmt: skip
    return Row(id=id, **{**whole, **fields})


FINDING = {"recommendation": "R5", "theme": "Social protection", "criterion": "R5.a: a basic income", "country": "KEN",
           "status": "Partly met", "rationale": "The act names it.", "gap": "No money.", "body": "Ministry", "deadline": "2027-01-01",
           "author": "A. Name", "at": "2026-02-01T10:00:00+00:00", "workflow": "agreed"}  # fmt: skip


def finding(number, criterion="R5.a", **more):
    fields = {
        **FINDING,
        "criterion": f"{criterion}: a basic income",
        "evidence_role": "instrument",
        "evidence_by": "B. Name",
    }
    return row(f"kenya/{criterion}/e{number}", document="act", force="national-measure", citation="Act, s. 3", section=(),
               fields={**fields, **more})  # fmt: skip


def test_results_stand_under_their_force_and_keep_their_order():
    rows = [row("a/1", force="observation"), row("b/1"), row("a/2", force="observation"), row("c/1", force=None)]
    found = list(parts(rows, Provenance(kind="results")))
    assert [part.text for part in found if isinstance(part, BookHeading)] == [
        "Legal obligation (States parties only)", "Observation (description or evidence)", "Force not stated", "Places, tags and checks",
    ]  # fmt: skip
    assert [part.name for part in found if isinstance(part, Item)] == ["b/1", "a/1", "a/2", "c/1"]


def test_commitments_stand_under_their_instrument_and_section():
    rows = [
        row(),
        row("crpd/art2"),
        row("crpd/art3", section=("Part II",)),
        row("cedaw/art1", document="cedaw", title="CEDAW"),
    ]
    heads = [p for p in parts(rows, Provenance(kind="commitments", sources=(TREATY,))) if isinstance(p, BookHeading)]
    assert [(head.level, head.text) for head in heads] == [
        (1, "In this book"), (1, "The Convention"), (2, "Part I"), (2, "Part II"), (1, "CEDAW"), (2, "Part I"), (1, "Places, tags and checks"),
    ]  # fmt: skip


def test_own_words_stand_under_the_mark_and_in_no_quotation(tmp_path):
    own = row(text="Our words.", wording="own-words", may_quote=False, verified="secondary")
    only = row("crpd/art2", text="", wording=None, may_quote=False, statement="Our statement.")
    items = [p for p in parts([own, only], Provenance(kind="commitments")) if isinstance(p, Item)]
    assert [(item.own, item.words) for item in items] == [(True, "Our words."), (True, "Our statement.")]
    document = docx.Document(export([own, only], "docx", tmp_path / "a.docx", Provenance(kind="commitments")))
    assert not [p for p in document.paragraphs if p.style.name == "Quotation"]
    assert [p.text for p in document.paragraphs if p.style.name == "Own words"][::2] == [OWN_MARK.strip()] * 2
    page = export([own, only], "html", tmp_path / "a.html", Provenance(kind="commitments")).read_text(encoding="utf-8")
    assert "<blockquote" not in page and page.count('class="own"') == 2


def test_words_that_nobody_checked_say_so_under_them():
    (item,) = [p for p in parts([row(verified="unverified", may_quote=False)], Provenance()) if isinstance(p, Item)]
    assert "not to be quoted" in item.about[0]


def test_nothing_of_a_row_is_left_out_and_a_known_hash_is_shown_once():
    given = row(notes=("draft",), fields={"kind": "paragraph", "deadline": "2030", "found_by": "lexical"})
    found = list(parts([given], Provenance(sources=(TREATY,))))
    words = str(found)
    for part in (
        "Its words.",
        "CRPD crpd/art1",
        "crpd.txt, lines 1–2",
        "youth (proposed, rule:words)",
        "draft",
        "2030",
        "lexical",
        "paragraph",
    ):
        assert part in words, part
    assert HASH not in words and HASH in str(list(parts([given], Provenance())))
    assert [note.name for note in found if isinstance(note, RowFacts)] == ["crpd/art1"]


def test_a_finding_is_shown_once_with_all_its_evidence():
    rows = [
        finding(1),
        finding(2),
        finding(3, "R5.b", status="", rationale=""),
        row("kenya/R5.c", text="", fields={"criterion": "R5.c"}),
    ]
    found = list(parts(rows, Provenance(kind="findings", policy_set="kenya")))
    findings = [p for p in found if isinstance(p, FindingTable)]
    assert [len(each.evidence) for each in findings] == [2, 1]
    first = findings[0]
    assert first.finding == ("Partly met", "The act names it.", "Gap: No money.") and first.body == (
        "Ministry",
        "Deadline: 2027-01-01",
    )
    assert first.who[:2] == ("A. Name", "2026-02-01 10:00 UTC") and "Workflow: agreed" in first.who
    assert findings[1].finding[0] == "Not assessed"
    undecided = next(part for part in found if isinstance(part, RowFacts) and part.name == "Not assessed")
    assert {"R5.c", "kenya/R5.c"} <= set(undecided.lines), "a line, not a table of empty cells"
    assert FINDING["rationale"] not in str([p for p in found if isinstance(p, RowFacts)]), "said once, in the table"
    assert "by: B. Name" in first.evidence[0].about[-1]


def test_times_are_readable_and_a_theme_is_shown_once():
    moment = "2026-02-01T10:00:00.287376+00:00"
    decided = finding(1, changed_at=moment, evidence_at=moment)
    bare = {"recommendation": "R5", "theme": "Social protection", "criterion": "R5.c: a pension"}
    found = list(parts([decided, row("kenya/R5.c", text="", fields=bare)], Provenance(kind="findings")))
    first = next(part for part in found if isinstance(part, FindingTable))
    assert "Changed at: 2026-02-01 10:00 UTC" in first.who and "T10:00" not in str(first)
    undecided = next(part for part in found if isinstance(part, RowFacts) and part.name == "Not assessed")
    assert undecided.lines == ("R5.c: a pension", "kenya/R5.c"), "its theme is the heading above"


def test_the_word_document_is_portrait_and_its_method_is_last(tmp_path):
    path = export([row()], "docx", tmp_path / "a.docx", Provenance(kind="commitments", sources=(TREATY,)))
    document = docx.Document(path)
    section = document.sections[0]
    assert section.page_height > section.page_width and not document.tables
    heads = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert heads == [
        "Commitments",
        "The Convention",
        "Part I",
        "crpd/art1",
        "Places, tags and checks",
        "Query and method",
    ]
    styles = [p.style.name for p in document.paragraphs]
    assert styles.index("Quotation") < styles.index("Source") < styles.index("List Bullet")
    assert (
        path.read_bytes()
        == export([row()], "docx", tmp_path / "b.docx", Provenance(kind="commitments", sources=(TREATY,))).read_bytes()
    )


def test_a_book_of_several_instruments_begins_with_what_it_holds():
    own = row(
        "wssd/c1",
        document="wssd",
        text="",
        statement="Ours.",
        wording="own-words",
        may_quote=False,
        force="political-commitment",
    )
    found = list(parts([row(), row("crpd/art2"), own], Provenance(kind="commitments", sources=(TREATY,))))
    assert found[0] == BookHeading(1, "In this book")
    first, second = found[1:3]
    assert first.name == "The Convention" and "2 entries: 2 in the words of the source, 0 in our own" in first.lines
    assert second.lines[0].startswith("Political commitment") and "1 entry: 0 in the words" in second.lines[1]
    assert found[3] == BookHeading(1, "The Convention")


def test_a_heading_that_the_section_shows_already_is_not_repeated():
    for heading in ("Part I", "art. 1", "General"):
        given = row(number="art. 1", fields={"identifier": "art. 1", "heading": heading})
        (item,) = [part for part in parts([given], Provenance(kind="commitments")) if isinstance(part, Item)]
        assert item.name == ("art. 1: General" if heading == "General" else "art. 1")


def test_a_table_of_findings_fits_its_page(tmp_path):
    path = export(
        [finding(1), finding(2)], "docx", tmp_path / "a.docx", Provenance(kind="findings", policy_set="kenya")
    )
    document = docx.Document(path)
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells] == [
        "Theme and criterion",
        "Finding and rationale",
        "Body, action, deadline",
        "Who and when",
    ]
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    assert (
        sum(column.width for column in table.columns) <= room
        and min(column.width for column in table.columns) > room // 10
    )
    assert "Its words." in table.rows[2].cells[0].text and len(table.rows) == 4


@pytest.mark.parametrize(("pieces", "together"), [(1, 1), (3, 3), (4, 1)])
def test_no_page_ends_between_a_finding_and_its_quotation(pieces, together, tmp_path):
    """A few pieces of evidence stay with their finding; of many only the first does, and a page may end after it."""
    rows = [finding(n, text=f"Words {n}.") for n in range(pieces)]
    table = docx.Document(str(export(rows, "docx", tmp_path / "a.docx", Provenance(kind="findings")))).tables[0]
    kept = []
    for line in table.rows:
        assert line._tr.trPr.find(docx.oxml.ns.qn("w:cantSplit")) is not None
        for cell in dict.fromkeys(line.cells):
            last = cell.paragraphs[-1]
            keeps = last.paragraph_format.keep_with_next
            kept.append(last.style.paragraph_format.keep_with_next if keeps is None else keeps)
    cells = len(kept) - pieces
    assert cells > 4 and all(kept[:cells]), "the head and the finding go with what is under them"
    assert [bool(each) for each in kept[cells:]] == [True] * (together - 1) + [False] * (pieces - together + 1)
    page = export(rows, "html", tmp_path / "a.html", Provenance(kind="findings")).read_text(encoding="utf-8")
    assert '<table class="led">' in page and "h4,.led{break-after:avoid}" in page


@pytest.mark.parametrize("kind", ["findings", "actions"])
def test_no_word_no_date_and_no_row_of_a_table_is_broken(kind, tmp_path):
    long = finding(
        1, author="Alexandra Montgomery-Featherstonehaugh", rationale="Nobody outside can check what stands where. " * 9
    )
    path = export([long], "docx", tmp_path / "a.docx", Provenance(kind=kind))
    (table,) = docx.Document(path).tables
    size = docx.Document(path).styles["Cell"].font.size.pt
    for column, cell in zip(table.columns, table.rows[1].cells):
        words = re.split(r"\s+|(?<=[A-Za-z]-)", f"{column.cells[0].text} {cell.text}")
        room = column.width.pt - 2 * BESIDE
        assert max(map(text_width, words)) * size <= room + 0.1, words  # twentieths of a point are rounded
    assert all(row._tr.trPr.find(docx.oxml.ns.qn("w:cantSplit")) is not None for row in table.rows)
    assert all(p.paragraph_format.keep_with_next for cell in table.rows[0].cells for p in cell.paragraphs)
    assert table.rows[0].cells[1].text == ("Status" if kind == "actions" else "Finding and rationale")


def test_who_changed_it_is_shown_where_it_is_not_who_decided():
    same = finding(1, changed_by="A. Name", changed_at=FINDING["at"])
    (one,) = [part for part in parts([same], Provenance(kind="findings")) if isinstance(part, FindingTable)]
    assert not [line for line in one.who if line.startswith("Changed")]
    other = finding(1, changed_by="B. Name", changed_at=FINDING["at"])
    (one,) = [part for part in parts([other], Provenance(kind="findings")) if isinstance(part, FindingTable)]
    assert "Changed by: B. Name" in one.who


@pytest.mark.parametrize("kind", ["findings", "actions"])
def test_the_implementation_table_is_a_table_on_paper_too(kind, tmp_path):
    provenance = Provenance(kind=kind)
    for format in ("docx", "html"):
        asked = export([finding(1)], format, tmp_path / f"a.{format}", provenance, layout="implementation")
        assert asked.read_bytes() == export([finding(1)], format, tmp_path / f"b.{format}", provenance).read_bytes()


def test_the_page_is_accessible_as_a_book(tmp_path):
    html = pytest.importorskip("lxml.html", reason="needs lxml to read the page")
    arabic = row("crpd/art2", text="كبار السن", language="ar")
    page = html.fromstring(
        export([row(), arabic], "html", tmp_path / "a.html", Provenance(kind="passages")).read_bytes()
    )
    assert (
        page.get("lang") == "en"
        and page.xpath("count(//main)") == 1
        and page.xpath("//a[@class='skip']/@href") == ["#rows"]
    )
    assert page.xpath("//blockquote/@lang") == ["en", "ar"] and set(page.xpath("//blockquote/@dir")) == {"auto"}
    levels = [int(each.tag[1]) for each in page.xpath("//h1|//h2|//h3|//h4|//h5")]
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False)), levels
    assert not page.xpath("//script | //link | //img")
    assert page.xpath("//h2")[-1].text == "Query and method"


@pytest.mark.parametrize(
    ("identifier", "heading", "name"),
    [
        ("BPfA D.1", "D.1. Take measures", "BPfA D.1: Take measures"),
        ("BPfA para 124 (D.1)", "D.1. Take measures", "BPfA para 124 (D.1): Take measures"),
        ("BPfA area A", "A. Women and poverty", "BPfA area A: Women and poverty"),
        ("BPfA A.1", "D.1. Take measures", "BPfA A.1: D.1. Take measures"),
        ("CRPD art. 5", "Equality", "CRPD art. 5: Equality"),
        ("MIPAA, para 12", "12. ", "MIPAA, para 12: 12. "),
    ],
)
def test_a_number_is_shown_once_in_a_name(identifier, heading, name):
    from kb.export.book import item_of

    assert item_of(row(fields={"identifier": identifier, "heading": heading})).name == name


def test_what_is_shown_above_is_not_repeated_at_every_entry():
    scope, own = "Scope: not binding in law", "Scope: first three only"
    same = {"heading": "D.1. Take measures"}
    rows = [
        row(f"crpd/{n}", section=(), url="https://example.org/crpd", notes=(scope, *more), fields=same, number=f"{n}")
        for n, more in enumerate(((), (own,), ()))
    ] + [row("act/1", document="act", section=(), url="https://example.org/act", notes=(scope,))]
    found = list(parts(rows, Provenance(kind="passages", sources=(TREATY,))))
    assert RowFacts("Of every entry below", (scope, "https://example.org/crpd")) in found
    items = [part for part in found if isinstance(part, Item)]
    assert [item.name for item in items] == ["0: D.1. Take measures", "1", "2", "act/1"]
    assert [item.about for item in items] == [(), (own,), (), (scope,)], "an entry that stands alone says all itself"
    assert ["https" in item.source[0] for item in items] == [False, False, False, True]


def test_a_range_that_the_citation_ends_with_is_left_out():
    from kb.export.book import item_of

    fields = {"range": "platform 58–60"}
    assert item_of(row(citation="BPfA A.1, The Platform, platform paras 58–60", fields=fields)).about == ()
    for citation in ("BPfA A.1, The Platform, platform paras 158–60", "BPfA A.1, declaration paras 58–60", "BPfA A.1"):
        assert item_of(row(citation=citation, fields=fields)).about == ("Range: platform 58–60",)


def test_a_page_may_end_after_each_entry_and_has_its_number(tmp_path):
    rows = [row(), row("crpd/art2", notes=("draft",)), row("crpd/art3")]
    document = docx.Document(export(rows, "docx", tmp_path / "a.docx", Provenance(kind="passages")))
    last = [p for p in document.paragraphs if p.style.name == "Source" and p.paragraph_format.keep_with_next is False]
    assert [p.text.split(" · ")[0] for p in last] == ["CRPD crpd/art1", "CRPD crpd/art3"]
    assert "PAGE" in document.sections[0].footer._element.xml


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice (soffice) on the path")
@pytest.mark.parametrize("kind", ["commitments", "findings"])
def test_libreoffice_opens_the_book(kind, tmp_path):
    pypdf = pytest.importorskip("pypdf", reason="needs pypdf to read the PDF")
    rows = (
        [finding(n, f"R5.{letter}") for n, letter in enumerate("abcdef")]
        if kind == "findings"
        else [row(f"crpd/art{n}") for n in range(20)]
    )
    path = export(
        rows, "docx", tmp_path / "a.docx", Provenance(kind=kind, policy_set="kenya" if kind == "findings" else "")
    )
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    pages = [page.extract_text() for page in pypdf.PdfReader(path.with_suffix(".pdf")).pages]
    assert "Its words." in pages[0] and "Query and method" in pages[-1]


def test_a_book_is_no_layout_of_a_table(tmp_path):
    from kb.errors import InputError

    with pytest.raises(InputError, match=f"of documents: {BOOK}"):
        export([row()], "csv", tmp_path / "a.csv", Provenance(), layout=BOOK)


def test_notes_say_once_whose_words_most_are_and_name_a_maker_once():
    from kb.export.book import NOTES, USUAL, BookHeading, RowFacts, parts

    tags = tuple(
        Tag(facet=facet, id=term, origin=origin, state=state)
        for facet, term, origin, state in (
            ("group", "youth", "rule:register", "proposed"),
            ("group", "children", "rule:register", "proposed"),
            ("sector", "health", "rule:register", "proposed"),
            ("group", "youth", "person:A. One", "rejected"),
        )
    )
    scope = {"notes": ("Scope: Not binding in law.",), "fields": {"scope": "Not binding in law.", "kind": "issue"}}
    rows = [
        Row(id=f"crpd/art{n}", document="crpd", statement="Ours.", wording="own-words", tags=tags, **scope)
        for n in (1, 2)
    ] + [Row(id="crpd/art3", document="crpd", text="Theirs.", wording="verbatim", may_quote=True)]
    found = list(parts(rows, Provenance(kind="commitments", sources=(TREATY,))))
    at = found.index(BookHeading(1, NOTES))
    usual, first, second, other = found[at + 1 :]
    assert usual.name == USUAL and usual.lines == (rows[0].wording_words,)
    assert first == RowFacts(
        "crpd/art1",
        (
            "group: youth, children; sector: health (proposed, rule:register); group: youth (rejected, person:A. One)",
            "kind: issue",
        ),
    )
    assert second.lines == first.lines and other.lines == (rows[2].wording_words,)
