"""In every format and layout, our own words have the mark that says whose they are."""

import csv
import io
import json
import re
import zipfile

import pandas
import pytest
from pydantic import ValidationError

from kb.coding.cells import unguard
from kb.export import FORMATS, LAYOUT_NAMES, Provenance, Row, export, import_rows
from kb.export.layouts import LAYOUTS
from kb.export.rows import row_of
from kb.models import OWN_MARK, Passage, Place

OURS = "States must keep a toy in every house."
THEIRS = "States Parties shall keep toys."


def passage(id, text, **fields):
    return Passage(
        id=id,
        document=id.split("/")[0],
        kind="commitment",
        text=text,
        citation=f"Toy Convention, {id}",
        force="legal-obligation",
        place=Place(file="toy.yaml", sha256="ab" * 32, chars=(0, len(text))),
        **fields,
    )


@pytest.fixture
def rows():
    return [
        row_of(passage("toy/art1", OURS, wording="own-words", verified="unverified"), title="Toy Convention"),
        row_of(passage("toy-text/art1", THEIRS), title="Toy Convention"),
    ]


def text_in(path):
    """Return all text of a file; of a zip, that of its members one after another."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return path.read_text(encoding="utf-8-sig")


CHOSEN = [
    (name, layout) for name, format in FORMATS.items() for layout in (LAYOUT_NAMES if format.layouts else (None,))
]


@pytest.mark.parametrize(("name", "layout"), [pair for pair in CHOSEN if pair[0] != "parquet"])
def test_no_format_and_no_layout_lets_our_words_pass_for_the_sources(name, layout, rows, tmp_path):
    said = text_in(export(rows, name, tmp_path / "t", Provenance(kind="passages"), layout=layout))
    assert "own-words" in said or "own words" in said or OWN_MARK in said
    assert "erbatim" in said, "the other row says that it is the source's"
    if layout in ("reading", "page", "implementation") or name in ("bibtex", "ris", "csl-json"):
        cleaned = re.sub(r"\\([^nt])", r"\1", said).replace("<wbr>", "").replace("&#x27;", "'").replace("&#39;", "'")
        assert f"{OWN_MARK}{OURS}" in cleaned and cleaned.count(OURS) == cleaned.count(f"{OWN_MARK}{OURS}")


@pytest.mark.parametrize("layout", [*LAYOUTS, "wide"])
@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet", "xlsx"])
def test_our_words_stand_in_no_column_of_text_in_any_layout(name, layout, rows, tmp_path):
    path = export(rows, name, tmp_path / f"t{FORMATS[name].suffix}", Provenance(kind="passages"), layout=layout)
    found = {
        "csv": lambda: pandas.read_csv(path),
        "jsonl": lambda: pandas.read_json(path, lines=True),
        "parquet": lambda: pandas.read_parquet(path),
        "xlsx": lambda: pandas.read_excel(path),
    }[name]()
    texts = [column for column in found if str(column).rpartition(": ")[2].lower() == "text"]
    assert len(texts) == (layout != "page"), "a printed page has one column of words, ours with their mark"
    for column in texts:
        held = [value for value in found[column] if isinstance(value, str) and value]
        assert held == [THEIRS], (column, held)


def test_own_words_of_a_file_of_before_are_read_as_a_statement(tmp_path):
    (tmp_path / "old.jsonl").write_text(json.dumps({"id": "toy/art1", "text": OURS, "wording": "own-words"}), "utf-8")
    (tmp_path / "old.csv").write_text(f"id,text,wording\ntoy/art1,{OURS},own-words\n", "utf-8")
    for name in ("csv", "jsonl"):
        (row,) = import_rows(name, tmp_path / f"old.{name}")
        assert (row.text, row.statement, row.shown) == ("", OURS, f"{OWN_MARK}{OURS}")
    assert Row(id="x", statement=f"{OWN_MARK}{OURS}").statement == OURS, "a table of before had the mark in the cell"


def test_text_and_another_statement_cannot_both_be_own_words():
    with pytest.raises(ValidationError, match="own words stand in statement"):
        Row(id="x", text="These.", statement="Others.", wording="own-words")


def test_tables_for_programs_have_columns_for_it(rows, tmp_path):
    for layout in ("rows", "long", "wide"):
        path = export(rows, "csv", tmp_path / f"{layout}.csv", Provenance(kind="passages"), layout=layout)
        found = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        named = ("text", "statement", "wording", "verified", "may_quote")
        assert [tuple(unguard(r[name]) for name in named) for r in found] == [
            ("", OURS, "own-words", "unverified", "False"),
            (THEIRS, "", "verbatim", "source", "True"),
        ], layout


def test_parquet_keeps_it_in_its_own_types(rows, tmp_path):
    import pyarrow.parquet as pq

    found = pq.read_table(export(rows, "parquet", tmp_path / "t.parquet", Provenance(kind="passages"))).to_pylist()
    assert [(row["wording"], row["may_quote"]) for row in found] == [("own-words", False), ("verbatim", True)]


def test_markdown_sets_only_the_sources_words_as_a_quotation(rows, tmp_path):
    lines = (
        export(rows, "markdown", tmp_path / "t.md", Provenance(kind="passages")).read_text(encoding="utf-8").split("\n")
    )
    assert f"> {THEIRS}" in lines and not any(line.startswith(">") and OURS in line for line in lines)


def test_every_annotation_says_whose_words_its_quotation_selector_holds(rows, tmp_path):
    page = json.loads(export(rows, "web-annotation", tmp_path / "t.jsonld", Provenance()).read_text(encoding="utf-8"))
    assert [(i["kb:wording"], i["kb:mayQuote"]) for i in page["items"]] == [("own-words", False), ("verbatim", True)]
    assert page["items"][0]["body"]["value"].startswith(OWN_MARK)


@pytest.mark.parametrize("name", ["csv", "jsonl", "web-annotation", "qdpx"])
def test_whose_words_they_are_comes_back_from_a_file(name, rows, tmp_path):
    path = export(rows, name, tmp_path / f"t{FORMATS[name].suffix}", Provenance(kind="passages"))
    found = {
        row.id: (row.text, row.statement, row.wording, row.verified, row.may_quote) for row in import_rows(name, path)
    }
    assert found == {row.id: (row.text, row.statement, row.wording, row.verified, row.may_quote) for row in rows}


def test_a_row_that_is_not_stated_to_be_verbatim_is_never_quotable():
    for wording in ("own-words", None):
        with pytest.raises(ValidationError, match="not stated to be verbatim"):
            Row(id="x", text="Some words.", wording=wording, may_quote=True)
    assert (
        not Row(id="x", text="Some words.").may_quote and "not stated" in Row(id="x", text="Some words.").wording_words
    )


def test_every_layout_is_tried_above():
    assert {layout for _, layout in CHOSEN if layout} == {*LAYOUTS, "wide"}


def test_an_export_of_decisions_says_whose_words_labels_and_criteria_are():
    for kind in ("commitments", "findings", "actions"):
        assert any(
            label == "Whose words" and "criteria are this project's words" in said
            for label, said in Provenance(kind=kind).lines()
        )
