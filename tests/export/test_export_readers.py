"""Programs that do not know this project open the files: spreadsheets, word processors, reference managers."""

import csv
import json
import shutil
import subprocess
import zipfile

import pytest

from kb.export import FORMATS, Provenance, Row, export
from kb.export.xlsx import CELL_LIMIT, parts_of

SOFFICE = shutil.which("soffice")


def opened(rows, format, provenance, tmp_path, **how):
    return export(rows, format, tmp_path / f"a{FORMATS[format].suffix}", provenance, **how)


# --- spreadsheets ---


def test_no_csv_cell_can_run(rows, provenance, tmp_path):
    for layout in ("rows", "reading", "long", "wide", "implementation"):
        path = opened(rows, "csv", provenance, tmp_path, layout=layout)
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            cells = [cell for record in csv.reader(stream) for cell in record]
        assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n＝＋－＠")]
        assert "'=cmd|'/c calc'!A1" in cells


def test_the_workbook_has_typed_cells_frozen_heads_and_no_formula(rows, provenance, tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl to read the workbook back")
    book = openpyxl.load_workbook(opened(rows, "xlsx", provenance, tmp_path))
    assert book.sheetnames == ["Rows", "Tags", "Long texts", "Query and method"]
    assert all(sheet.freeze_panes == "B2" for sheet in book)
    heads = [cell.value for cell in book["Rows"][1]]
    first = dict(zip(heads, book["Rows"][2]))
    assert (first["char_first"].data_type, first["line_first"].value) == ("n", 3)
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    assert book["Rows"].cell(3, heads.index("citation") + 1).value == "=cmd|'/c calc'!A1"
    assert [cell.value for cell in book["Tags"]["C"]][1:] == ["older-persons", "and/or 👵", "health", "older-persons"]
    said = {line[0].value: line[1].value for line in book["Query and method"].iter_rows()}
    assert (said["Query"], said["Index"]) == ('old* AND "x"', "index-1")


def test_a_day_is_a_date_in_the_workbook_and_other_words_stay_words(provenance, tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl to read the workbook back")
    rows = [Row(id=str(at), fields={"deadline": text}) for at, text in enumerate(("2027-01-31", "by the next census"))]
    asked = provenance.model_copy(update={"kind": "actions"})
    sheet = openpyxl.load_workbook(opened(rows, "xlsx", asked, tmp_path, layout="implementation"))["Rows"]
    cells = [sheet.cell(at, [cell.value for cell in sheet[1]].index("Deadline") + 1) for at in (2, 3)]
    assert (cells[0].is_date, str(cells[0].value)[:10], cells[1].value) == (True, "2027-01-31", "by the next census")


@pytest.mark.parametrize("text", ["x" * 40_000, "👵" * 20_000, "x" * CELL_LIMIT, "x" * (CELL_LIMIT - 1) + "👵"])
def test_a_text_longer_than_a_cell_is_divided_and_never_cut(text, provenance, tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl to read the workbook back")
    assert "".join(parts_of(text)) == text
    book = openpyxl.load_workbook(opened([Row(id="a", text=text)], "xlsx", provenance, tmp_path))
    heads = [cell.value for cell in book["Rows"][1]]
    parts = [book["Rows"].cell(2, heads.index("text") + 1).value]
    parts += [line[3].value for line in book["Long texts"].iter_rows(min_row=2)]
    assert "".join(parts) == text
    assert all(len(part.encode("utf-16-le")) // 2 <= CELL_LIMIT for part in parts)


def test_duckdb_reads_the_same_from_csv_and_parquet(rows, provenance, tmp_path):
    duckdb = pytest.importorskip("duckdb", reason="needs duckdb as the independent reader")
    plain = [row for row in rows if row.id != "toy/p2"]  # its line tabulation is no matter here, its guard is
    comma, columnar = (opened(plain, format, provenance, tmp_path) for format in ("csv", "parquet"))
    query = "SELECT id, text, force, page, char_first, tags FROM {} ORDER BY id"
    from_csv = duckdb.sql(query.format(f"read_csv('{comma}', header=true, nullstr='')")).fetchall()
    from_parquet = duckdb.sql(query.format(f"'{columnar}'")).fetchall()
    assert [tuple(cell or None for cell in line) for line in from_parquet] == from_csv
    assert len(from_csv) == 3


def test_parquet_keeps_its_provenance_and_row_groups(provenance, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow")
    path = opened((Row(id=str(n)) for n in range(10_001)), "parquet", provenance, tmp_path)
    file = parquet.ParquetFile(path)
    assert (file.num_row_groups, file.metadata.num_rows) == (2, 10_001)
    assert Provenance.model_validate_json(file.schema_arrow.metadata[b"kb.provenance"]) == provenance.model_copy(
        update={
            "sources": (),
            "rows": 10_001,
            "wordings": {"verbatim": 0, "own-words": 0, "not-stated": 0, "no-text": 10_001},
        }
    )


def test_wide_tables_keep_machine_and_person_apart(rows, provenance, tmp_path):
    with opened(rows, "csv", provenance, tmp_path, layout="wide").open(encoding="utf-8-sig", newline="") as stream:
        first, _, third, _ = csv.DictReader(stream)
    assert (first["machine:group/older-persons"], first["person:group/older-persons"]) == ("1", "0")
    assert (third["machine:group/older-persons"], third["person:group/older-persons"]) == ("0", "1")
    assert (first["machine:sector/health"], first["person:group/and/or 👵"]) == ("1", "1")


def test_long_tables_lose_no_row_without_tags(rows, provenance, tmp_path):
    with opened(rows, "csv", provenance, tmp_path, layout="long").open(encoding="utf-8-sig", newline="") as stream:
        records = list(csv.DictReader(stream))
    assert [(r["id"], r["tag"], r["state"]) for r in records] == [
        ("toy/p1", "older-persons", "proposed"),
        ("toy/p1", "and/or 👵", "confirmed"),
        ("toy/p1", "health", "rejected"),
        ("toy/p2", "", ""),
        ("toy/p3", "older-persons", "proposed"),
        ("register/1", "", ""),
    ]


def test_the_implementation_table_has_the_columns_of_national_mechanisms(provenance, tmp_path):
    action = Row(
        id="action/1",
        citation="A measure",
        fields={
            "recommendation": "R5",
            "theme": "Pensions",
            "body": "Ministry",
            "action": "A measure",
            "deadline": "2027-01-01",
        },
    )
    asked = provenance.model_copy(update={"kind": "actions"})
    with opened([action], "csv", asked, tmp_path, layout="implementation").open(encoding="utf-8-sig") as stream:
        (record,) = csv.DictReader(stream)
    assert list(record)[:8] == [
        "recommendation",
        "theme",
        "body",
        "action",
        "indicator",
        "deadline",
        "status",
        "source",
    ]
    assert (record["theme"], record["status"]) == ("Pensions", "")


# --- reference managers ---


def test_bibtex_parses_completely(rows, provenance, tmp_path):
    bibtexparser = pytest.importorskip("bibtexparser", reason="needs bibtexparser as the independent reader")
    library = bibtexparser.parse_string(opened(rows, "bibtex", provenance, tmp_path).read_text(encoding="utf-8"))
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == ["toy/p1", "toy/p2", "toy/p3", "register/1"]
    assert library.entries[0]["abstract"] == rows[0].text
    assert "index-1" in library.comments[0].comment


def test_ris_parses_completely(rows, provenance, tmp_path):
    rispy = pytest.importorskip("rispy", reason="needs rispy as the independent reader")
    with opened(rows, "ris", provenance, tmp_path).open(encoding="utf-8") as stream:
        entries = rispy.load(stream)
    assert [entry["id"] for entry in entries] == [row.id for row in rows]
    assert (entries[0]["abstract"], entries[0]["urls"]) == (rows[0].text, ["https://example.org/toy"])


def test_csl_json_is_what_a_citation_processor_reads(rows, provenance, tmp_path):
    source = pytest.importorskip("citeproc.source.json", reason="needs citeproc-py as the independent reader")
    items = json.loads(opened(rows, "csl-json", provenance, tmp_path).read_text(encoding="utf-8"))
    assert set(source.CiteProcJSON(items)) == {row.id for row in rows}
    assert items[0]["issued"] == {"date-parts": [[2008, 6]]}


# --- people's documents ---


def test_the_page_is_accessible(rows, provenance, tmp_path):
    html = pytest.importorskip("lxml.html", reason="needs lxml to read the page")
    page = html.fromstring(opened(rows, "html", provenance, tmp_path, layout="page").read_bytes())
    assert page.get("lang") == "en" and page.xpath("//title/text()")
    assert page.xpath("//a[@class='skip']/@href") == ["#rows"] and page.xpath("//*[@id='rows']")
    assert page.xpath("//table/caption") and page.xpath("count(//main)") == 1
    assert set(page.xpath("//thead//th/@scope")) == {"col"} and set(page.xpath("//tbody//th/@scope")) == {"row"}
    assert page.xpath("//td[@class='text']/@lang")[1] == "es"
    assert not page.xpath("//script | //link | //img")


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", ["#1a1a1a", "#0b4a8f"])
def test_text_contrasts_with_its_ground_seven_to_one(colour):
    from kb.export.html_ import _STYLE

    assert colour in _STYLE
    assert 1.05 / (luminance(colour) + 0.05) >= 7


def test_markup_in_texts_stays_text(provenance, tmp_path):
    row = Row(id="x", citation="<b>*bold*</b> | cell", text="<script>alert(1)</script>\n# no heading\n1. no list")
    page = opened([row], "html", provenance, tmp_path, layout="page").read_text(encoding="utf-8")
    assert "<script>" not in page and "&lt;script&gt;" in page
    said = opened([row], "markdown", provenance, tmp_path).read_text(encoding="utf-8")
    assert "\\<script\\>" in said and "> \\# no heading" in said and "> 1\\. no list" in said
    markdown = pytest.importorskip("markdown_it", reason="needs markdown-it to render")
    assert "<h1>no" not in (shown := markdown.MarkdownIt().render(said)) and "<script>" not in shown


def test_the_word_table_repeats_its_head_and_marks_right_to_left(provenance, tmp_path):
    docx = pytest.importorskip("docx", reason="needs python-docx to read the document")
    rows = [Row(id="ar", text="كبار السن", language="ar"), Row(id="b", text="two\nlines\x0b")]
    document = docx.Document(opened(rows, "docx", provenance, tmp_path, layout="page"))
    table = document.tables[0]
    assert [cell.text for cell in table.rows[1].cells][1] == "كبار السن"
    assert [cell.text for cell in table.rows[2].cells][1] == "two\nlines␋"
    assert "w:tblHeader" in table.rows[0]._tr.xml and "w:bidi/>" in table.rows[1]._tr.xml
    assert (
        document.core_properties.language == "en" and document.core_properties.created.isoformat()[:10] == "2026-01-31"
    )
    assert [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")] == [
        "Heading 1",
        "Heading 2",
        "Heading 1",
    ]


def test_a_table_that_a_page_has_no_room_for_is_a_list_of_its_cells(rows, provenance, tmp_path):
    docx = pytest.importorskip("docx", reason="needs python-docx to read the document")
    many = [row.model_copy(update={"id": f"{row.id}/{n}"}) for n in range(150) for row in rows]
    document = docx.Document(opened(many, "docx", provenance, tmp_path, layout="rows"))
    assert not document.tables
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 3"]
    assert heads[:2] == ["1. toy/p1/0", "2. toy/p2/0"] and len(heads) == len(many), "all, and not the sample alone"
    cells = [p.text for p in document.paragraphs if p.style.name == "About"]
    with opened(many, "csv", provenance, tmp_path, layout="rows").open(encoding="utf-8-sig", newline="") as stream:
        named = [f"{name}: " for record in csv.DictReader(stream) for name, cell in record.items() if cell]
    assert len(cells) == len(named) and all(cell.startswith(name) for cell, name in zip(cells, named))


def test_each_word_of_a_table_has_room_in_its_column(rows, provenance, tmp_path):
    docx = pytest.importorskip("docx", reason="needs python-docx to read the document")
    from kb.export.widths import BESIDE, SIZES, word_width

    document = docx.Document(opened(rows, "docx", provenance, tmp_path, layout="page"))
    size = document.styles["Normal"].font.size.pt
    (table,) = document.tables
    section = document.sections[0]
    assert sum(column.width for column in table.columns) <= section.page_width - 2 * section.left_margin + 12700
    assert size in SIZES
    for column, cell in zip(table.columns, table.rows[0].cells):
        assert column.width.pt + 0.1 >= word_width(cell.text, bold=True) * size + 2 * BESIDE, cell.text
    assert [cell.width for cell in table.rows[1].cells] == [column.width for column in table.columns]


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice (soffice) on the path")
@pytest.mark.parametrize("format", ["docx", "html", "xlsx"])
def test_libreoffice_opens_it_and_makes_a_pdf(format, rows, provenance, tmp_path):
    pypdf = pytest.importorskip("pypdf", reason="needs pypdf to read the PDF")
    layout = "page" if format != "xlsx" else "rows"
    path = opened(rows, format, provenance, tmp_path, layout=layout)
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation=file://{tmp_path}/office",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(path.with_suffix(".pdf")).pages)
    words = "".join(words.split())
    assert "Expertrecommendation(notagreedbyStates)" in words or "expert-recommendation" in words
    assert "=SUM(A1)" in words  # as text: had it run, a number or an error would stand here


# --- any program that unpacks ---


@pytest.mark.parametrize("format", ["docx", "qdpx", "xlsx"])
def test_a_zip_of_ordinary_size_needs_no_reader_of_zip64(format, rows, provenance, tmp_path):
    """pandoc refused each of our Word files with "Can't read ZIP64 archive"."""
    with zipfile.ZipFile(opened(rows, format, provenance, tmp_path)) as archive:
        assert {info.extract_version for info in archive.infolist()} == {20}, "2.0 is deflate, 4.5 is ZIP64"


@pytest.mark.parametrize("layout", ["reading", "page", "implementation"])
def test_pandoc_reads_the_word_document(layout, rows, provenance, tmp_path):
    if not (pandoc := shutil.which("pandoc")):
        pytest.skip("needs pandoc on the path")
    path = opened(rows, "docx", provenance, tmp_path, layout=layout)
    done = subprocess.run([pandoc, "-t", "plain", path], capture_output=True, text=True, timeout=600, check=False)
    assert (done.returncode, done.stderr) == (0, "") and "Query and method" in done.stdout
