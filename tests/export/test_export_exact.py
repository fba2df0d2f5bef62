"""The page, the table and the reference, character by character: escapes, alignment, line breaks, links."""

from __future__ import annotations

import json
import re

import pytest

from kb.export import Provenance, Row, SourceNote, export
from kb.export.bibliography import reference_of_row
from kb.export.csv_ import describe
from kb.export.html_ import _breakable, _cell, _linked, _method, _text
from kb.export.layouts import Column, Layout
from kb.models import Place, Tag

HASH = "ab" * 32


def column(name, type="string", title=""):
    return Column(name=name, type=type, title=title)


def page(rows, tmp_path, **options):
    return export(rows, "html", tmp_path / "t.html", Provenance(kind="results"), **options).read_bytes().decode()


def test_words_are_escaped_and_nothing_is_no_word():
    assert _text("<b> & \"q\" 's'") == "&lt;b&gt; &amp; &quot;q&quot; &#x27;s&#x27;"
    assert (_text(None), _text(0), _text("a\x0bb")) == ("", "0", "a\u240bb")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a" * 32, "a" * 32),
        ("a" * 33, "a" * 16 + "<wbr>" + "a" * 16 + "<wbr>a"),
        (f"x {HASH} y", "x " + "<wbr>".join([HASH[:16]] * 4) + " y"),
        ("&" * 33, "<wbr>".join(["&amp;" * 16, "&amp;" * 16, "&amp;"])),
        ("a  b", "a  b"),
    ],
)
def test_long_words_may_be_divided_after_each_sixteen_letters(text, shown):
    assert _breakable(text) == shown


def test_lines_stay_lines_and_only_a_whole_line_that_is_an_address_is_a_link():
    assert _linked("one\nhttp://e.org/?a&b\nsee https://e.org") == (
        'one<br><a href="http://e.org/?a&amp;b">http://e.org/?a&amp;b</a><br>see https://e.org'
    )


@pytest.mark.parametrize("name", ["text", "statement", "words"])
def test_the_words_of_a_passage_carry_their_language_and_their_lines(name):
    assert _cell(column(name), "a\nb<", False, "ar") == '<td class="text" lang="ar" dir="auto">a\nb&lt;</td>'
    assert _cell(column(name), None, False, 'en"') == '<td class="text" lang="en&quot;" dir="auto"></td>'


@pytest.mark.parametrize(
    ("type", "cell", "shown"),
    [
        ("integer", 3, "<td>3</td>"),
        ("number", 0.5, "<td>0.5</td>"),
        ("string", "a\nb", '<td dir="auto">a<br>b</td>'),
        ("date", "2026-01-31", '<td dir="auto">2026-01-31</td>'),
        ("string", None, '<td dir="auto"></td>'),
        ("string", "", '<td dir="auto"></td>'),
    ],
)
def test_other_cells_are_plain_and_the_first_is_the_head_of_its_row(type, cell, shown):
    assert _cell(column("title", type), cell, False, "en") == shown
    words = shown.partition(">")[2].removesuffix("</td>")
    assert _cell(column("id", type), cell, True, "en") == f'<th scope="row">{words}</th>'


def test_the_method_lists_every_line_and_each_note():
    said = _method(Provenance(kind="passages", query="<q>"), ("one & two",))
    assert "<dt>Query</dt><dd>&lt;q&gt;</dd>\n" in said and said.endswith("<dt>Note</dt><dd>one &amp; two</dd>\n")


def test_a_page_is_written_letter_by_letter(tmp_path):
    row = Row(id="law/1", document="law", citation="Act, s. 1", text="a < b\n\ud800", language="es")
    said = page([row, row.model_copy(update={"id": "law/2", "text": ""})], tmp_path, layout="rows")
    body = said[said.index("<body>") :]
    rows = body[body.index("<tbody>\n") + len("<tbody>\n") : body.index("</tbody>")].splitlines()
    told = [line for line in rows if line.startswith("<tr>")]
    assert len(told) == 2 and all(line.startswith('<tr><th scope="row">') for line in told)
    assert all(part in said for part in ("a &lt; b\n�</td>", 'lang="es" dir="auto"'))
    assert body.startswith(
        '<body>\n<a class="skip" href="#rows">Skip to the table</a>\n<main>\n<h1>Results: everything</h1>\n'
        '<h2>Rows</h2>\n<div class="wide" id="rows" tabindex="0" role="region" aria-label="Table of rows">\n'
        "<table><caption>Results: everything</caption>\n<colgroup><col "
    )
    assert body.endswith("</dl></section>\n</main>\n</body>\n</html>\n")
    assert said.startswith(
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>Results: everything</title>\n<style>'
    )
    assert (
        '</tbody></table></div>\n<section aria-labelledby="method"><h2 id="method">Query and method</h2>\n<dl>\n'
        in said
    )


def test_the_title_says_what_was_asked(tmp_path):
    told = Provenance(kind="commitments", query="a & b")
    said = export([Row(id="x/1")], "html", tmp_path / "t.html", told).read_text(encoding="utf-8")
    assert "<title>Commitments: a &amp; b</title>" in said and "<h1>Commitments: a &amp; b</h1>" in said


def test_columns_have_the_widths_that_fit_a_printed_page(tmp_path):
    said = page([Row(id="x/1", text="t")], tmp_path, layout="page")
    columns = said[said.index("<colgroup>") : said.index("</colgroup>")]
    assert '<col class="words" style="width:36%">' in columns and '<col class="place" style="width:22%">' in columns
    assert columns.count("style=") == 2 and said.count('<th scope="col">') == columns.count("<col ")


def test_the_heads_of_a_page_are_titles_or_names(tmp_path):
    said = page([Row(id="x/1", text="t")], tmp_path, layout="rows")
    assert '<th scope="col">id</th>' in said and '<th scope="col"></th>' not in said
    said = page([Row(id="x/1", text="t")], tmp_path, layout="page")
    assert '<col class="words"' in said and '<th scope="col">Words</th>' in said


@pytest.mark.parametrize("format", ["html", "bibtex", "ris", "csl-json"])
def test_half_a_letter_ends_no_export(tmp_path, format):
    """Half a surrogate pair cannot be encoded in UTF-8; it is shown as the sign for an unknown character."""
    half = "half \ud800"
    fields = dict.fromkeys(("title", "citation", "text"), half)
    row = Row.model_construct(**{**Row(id="x/1", document="x", wording="verbatim", may_quote=True).__dict__, **fields})
    said = export([row], format, tmp_path / "t", Provenance())
    assert re.search("half [\ufffd?]", said.read_text(encoding="utf-8"))


# --- the table and its description ---


def test_the_description_of_a_table_names_each_column_with_title_and_type():
    layout = Layout(
        name="toy",
        columns=tuple(column(f"c{n}", type, "Title" if n == 1 else "") for n, type in enumerate(TYPES)),
        records=lambda row: (),
        notes=("a note",),
    )
    made = json.loads(describe("t.csv", HASH, Provenance(kind="passages", query="ñ"), layout))
    found = made["tableSchema"]["columns"]
    assert [one["datatype"] for one in found] == list(TYPES.values())
    assert [one["titles"] for one in found] == ["c0", "Title", *(f"c{n}" for n in range(2, len(TYPES)))]
    assert [one["name"] for one in found] == [f"c{n}" for n in range(len(TYPES))]
    assert set(found[0]) == {"name", "titles", "datatype", "dc:description"}
    assert (made["url"], made["kb:sha256"], made["kb:layout"]) == ("t.csv", HASH, "toy")
    assert made["dialect"] == {"encoding": "utf-8", "header": True}
    assert made["@context"] == "http://www.w3.org/ns/csvw"
    assert made["dc:description"][0].startswith("A text cell that a spreadsheet could run")
    assert "Query: ñ" in made["dc:description"] and made["kb:provenance"]["query"] == "ñ"
    assert "ñ" in describe("t.csv", HASH, Provenance(query="ñ"), layout).decode(), "read by people too: no escapes"
    assert describe("t.csv", HASH, Provenance(), layout).startswith(b'{\n "@context"')
    assert describe("t.csv", HASH, Provenance(), layout).endswith(b"}\n")


TYPES = {
    "string": "string",
    "date": "string",
    "json": "json",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
}


# --- the reference ---


def test_a_reference_takes_each_fact_from_its_instrument_first():
    row = Row(id="act/1", document="act", title="Row title", citation="Act, s. 1", url="https://row.example")
    source = SourceNote(document="act", title="File title", work="The Act", url="https://source.example", date="2001")
    assert reference_of_row(row, source).title == "The Act"
    assert reference_of_row(row, source).url == "https://row.example"
    assert reference_of_row(row.model_copy(update={"url": ""}), source).url == "https://source.example"
    assert reference_of_row(row, source.model_copy(update={"work": ""})).title == "File title"
    bare = reference_of_row(row, None)
    assert (bare.title, bare.date, bare.authors, bare.document) == ("Row title", "", (), "act")
    nameless = reference_of_row(Row(id="x/9"), None)
    assert (nameless.title, nameless.document, nameless.url) == ("x/9", "x/9", "")
    assert reference_of_row(row.model_copy(update={"title": ""}), None).title == "act"


@pytest.mark.parametrize(
    ("fields", "abstract"),
    [
        ({"wording": "verbatim", "may_quote": True}, "Words."),
        ({"wording": "verbatim", "may_quote": False}, ""),
        ({"wording": "own-words"}, ""),
        ({}, ""),
    ],
)
def test_only_words_that_may_be_quoted_are_the_abstract_and_others_are_remarks(fields, abstract):
    made = reference_of_row(Row(id="act/1", document="act", text="Words.", **fields), None)
    assert made.abstract == abstract
    assert any("Words." in remark for remark in made.remarks) == (not abstract)


def test_the_remarks_hold_what_has_no_field_and_end_with_the_force():
    tags = (
        Tag(facet="group", id="youth", origin="rule:words"),
        Tag(facet="sector", id="health", origin="model:m@1", state="rejected"),
    )
    row = Row(
        id="act/1",
        citation="Act, s. 1",
        force="national-measure",
        place=Place(file="a.txt", sha256=HASH),
        notes=("draft",),
        tags=tags,
        fields={"kind": "paragraph"},
    )
    made = reference_of_row(row, None)
    assert made.keywords == ("group:youth",), "a tag that a person rejected is no keyword"
    assert made.remarks == (
        "Act, s. 1",
        "a.txt",
        f"sha256 {HASH}",
        "group: youth (proposed, rule:words)",
        "sector: health (rejected, model:m@1)",
        "draft",
        "kind: paragraph",
        row.force_words,
    )


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"fields": {"identifier": "art. 19"}, "citation": "CRPD, art. 19"}, "19"),
        ({"number": "7", "wording": "own-words", "text": "Ours.", "citation": "CRPD, art. 7, statement"}, "7"),
        ({"number": "7", "wording": "verbatim", "citation": "CRPD, art. 8"}, "8"),
    ],
)
def test_the_place_is_the_identifier_of_the_register_or_the_citation(fields, place):
    made = reference_of_row(Row(id="crpd/art0", document="crpd", **fields), SourceNote(document="crpd", cite_as="CRPD"))
    assert place in made.pinpoints[0]


def test_the_comment_of_a_bibliography_holds_no_sign_that_ends_it(tmp_path):
    told = Provenance(kind="passages", query="a {b} @misc{c,")
    said = export([Row(id="law/1", text="half \ud800")], "bibtex", tmp_path / "t.bib", told).read_text(encoding="utf-8")
    head, _, entry = said.partition("\n\n")
    assert head.startswith("@comment{Content: passages; Query: a (b) (at)misc(c,; ") and head.endswith("}")
    assert head[9:-1].count("{") == head[9:-1].count("}") == 0 and "@" not in head[1:]
    assert entry.startswith("@misc{law/1,") and "half \ufffd" in entry


def test_references_of_instruments_put_the_places_of_one_instrument_together(tmp_path):
    rows = [Row(id=f"crpd/art{n}", document="crpd", title="CRPD", citation=f"CRPD, art. {n}") for n in (19, 33)]
    each = export(rows, "bibtex", tmp_path / "a.bib", Provenance()).read_text(encoding="utf-8")
    one = export(rows, "bibtex", tmp_path / "b.bib", Provenance(), layout="instruments").read_text(encoding="utf-8")
    assert (each.count("@misc{"), one.count("@misc{")) == (2, 1) and "19" in one and "33" in one
