"""What an export must keep apart: whose words they are, which tags a person rejected, what describes a table."""

from __future__ import annotations

import json

import pytest

from kb.export import Provenance, Row, SourceNote, export, sidecar_of
from kb.export.bibliography import reference_of_row
from kb.models import Place, Tag


def row(**fields) -> Row:
    """Return a row of one article of a convention."""
    given = {
        "id": "crpd/art33/2",
        "document": "crpd",
        "citation": "CRPD art. 33(2)",
        "text": "States Parties shall keep a framework.",
        "wording": "verbatim",
        "verified": "source",
        "may_quote": True,
        "force": "legal-obligation",
        "number": "2",
        "place": Place(file="crpd.pdf", sha256="ab" * 32),
    }
    return Row(**{**given, **fields})


@pytest.mark.parametrize(
    ("wording", "may_quote", "is_abstract"),
    [("verbatim", True, True), ("verbatim", False, False), ("own-words", False, False)],
)
def test_only_words_of_the_source_that_may_be_quoted_are_an_abstract(wording, may_quote, is_abstract):
    given = row(wording=wording, may_quote=may_quote)
    reference = reference_of_row(given, None)
    assert (reference.abstract == given.words) == is_abstract and (reference.abstract == "") != is_abstract
    assert any(given.words in remark for remark in reference.remarks) != is_abstract
    assert given.wording_words in reference.remarks


def test_a_row_without_text_has_neither_abstract_nor_an_empty_remark():
    reference = reference_of_row(row(text="", wording="own-words", may_quote=False), None)
    assert reference.abstract == "" and all(reference.remarks)


def test_a_tag_that_a_person_rejected_is_no_keyword():
    tags = tuple(
        Tag(facet="group", id=state, origin="rule:x", state=state) for state in ("proposed", "confirmed", "rejected")
    )
    assert reference_of_row(row(tags=tags), None).keywords == ("group:proposed", "group:confirmed")


@pytest.mark.parametrize(
    ("source", "title"),
    [
        (SourceNote(document="crpd", work="Convention", title="The text"), "Convention"),
        (SourceNote(document="crpd", title="The text"), "The text"),
        (SourceNote(document="crpd"), "Row title"),
        (None, "Row title"),
    ],
)
def test_the_title_is_that_of_the_work_before_that_of_the_file(source, title):
    assert reference_of_row(row(title="Row title"), source).title == title
    bare = reference_of_row(row(title="", document=""), None)
    assert (bare.document, bare.title, bare.key) == ("crpd/art33/2",) * 3


def test_the_force_of_the_source_goes_before_that_of_the_row():
    treaty = SourceNote(document="crpd", force="legal-obligation")
    assert reference_of_row(row(force="observation"), treaty).type == reference_of_row(row(), None).type
    assert reference_of_row(row(force="observation"), None).type != reference_of_row(row(), None).type


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"citation": "CRPD art. 33(2)"}, "art. 33(2)"),
        ({"wording": "own-words", "may_quote": False, "number": "art. 33(2)", "citation": "long words"}, "art. 33(2)"),
        ({"fields": {"identifier": "art. 33(2)"}, "citation": "long words"}, "art. 33(2)"),
    ],
)
def test_the_place_is_cited_by_its_identifier_where_there_is_one(fields, place):
    (found,) = reference_of_row(row(**fields), SourceNote(document="crpd", cite_as="CRPD")).pinpoints
    assert place in str(found)


def test_a_table_is_described_as_csv_on_the_web_asks(tmp_path):
    path = export([row()], "csv", tmp_path / "a.csv", Provenance(kind="passages"))
    about = json.loads(sidecar_of(path, "csv").read_text(encoding="utf-8"))
    assert about["@context"] == "http://www.w3.org/ns/csvw" and about["url"] == "a.csv"
    assert about["dialect"] == {"encoding": "utf-8", "header": True}
    columns = {c["name"]: c["datatype"] for c in about["tableSchema"]["columns"]}
    assert set(columns.values()) <= {"string", "integer", "number", "boolean", "json"}
    assert (columns["text"], columns["may_quote"]) == ("string", "boolean")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    head = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert head == [c["name"] for c in about["tableSchema"]["columns"]]


def test_half_a_pair_of_a_letter_is_kept_in_a_table(tmp_path):
    path = export([row(text="a\ud83dz")], "csv", tmp_path / "a.csv", Provenance(kind="passages"))
    assert "a\ud83dz" in path.read_text(encoding="utf-8-sig", errors="surrogatepass")


def test_bibtex_begins_with_a_comment_that_closes(tmp_path):
    path = export([row()], "bibtex", tmp_path / "a.bib", Provenance(kind="passages", query="a}b{c@d"))
    head, _, rest = path.read_text(encoding="utf-8").partition("}\n\n")
    assert head.startswith("@comment{") and "}" not in head and head.count("{") == 1 and "(at)" in head and "; " in head
    assert rest.lstrip().startswith("@")


def test_a_page_marks_text_in_its_language_and_the_first_cell_as_the_head_of_its_row(tmp_path):
    path = export([row(language="es")], "html", tmp_path / "a.html", Provenance(kind="passages"), layout="page")
    page = path.read_text(encoding="utf-8")
    assert page.count('<td class="text" lang="es"') == 1 and page.count('<th scope="row">') == 1
    assert page.index('<th scope="row">') < page.index('<td class="text"')
    assert page.startswith("<!DOCTYPE html>") and "<title>Passages: everything</title>" in page
