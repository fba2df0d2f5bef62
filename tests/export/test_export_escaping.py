"""Words of a source stay words in every format: no markup in them takes effect, and no key in them hides another."""

import re
from html.parser import HTMLParser

import pytest

from kb.coding.cells import put_table, unguard
from kb.export import LAYOUT_NAMES, Provenance, Row, SourceNote, export
from kb.export.importing import read_csv
from kb.models import Place, Tag

NASTY = '</td><script>alert(1)</script><img src=x onerror="alert(2)"> & \'a\' "b"'


class Seen(HTMLParser):
    """The elements, attributes and words that a browser would see."""

    def __init__(self):
        super().__init__()
        self.elements, self.names, self.words = [], set(), []

    def handle_starttag(self, tag, attrs):
        """Record an element and its attributes."""
        self.elements.append(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data):
        """Record words."""
        self.words.append(data)


def nasty_row():
    """Return a row with markup in every field that a source can fill."""
    return Row(
        id=f"law/{NASTY}",
        document=NASTY,
        title=NASTY,
        citation=NASTY,
        text=NASTY,
        wording="verbatim",
        verified="source",
        may_quote=True,
        force="national-measure",
        section=(NASTY,),
        number=NASTY,
        language='en" onclick="x',
        url=NASTY,
        place=Place(file=NASTY, sha256="ab" * 32),
        notes=(NASTY,),
        tags=(Tag(facet=NASTY, id=NASTY, origin=f"person:{NASTY}", state="confirmed"),),
        fields={"kind": NASTY, "part": NASTY},
    )


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_no_markup_of_a_source_is_markup_in_the_page(layout, tmp_path):
    told = Provenance(
        kind="passages",
        query=NASTY,
        filters={"group": (NASTY,)},
        framework=NASTY,
        notice=NASTY,
        sources=(SourceNote(document=NASTY, title=NASTY, url=NASTY),),
    )
    plain = Row(id="law/1", text="Plain words.", url="https://example.org/x")
    seen, harmless = Seen(), Seen()
    seen.feed(export([nasty_row()], "html", tmp_path / "t.html", told, layout=layout).read_text(encoding="utf-8"))
    harmless.feed(
        export([plain], "html", tmp_path / "u.html", Provenance(kind="passages"), layout=layout).read_text(
            encoding="utf-8"
        )
    )
    assert set(seen.elements) <= set(harmless.elements) | {"br", "wbr"} and "script" not in seen.elements
    assert not {name for name in seen.names if name.startswith("on")}
    assert NASTY in "".join(seen.words), "they are shown as they are"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,<script>", 'https://example.org/" onclick="x']
)
def test_only_web_addresses_become_links_and_none_ends_its_attribute(address, tmp_path):
    seen = Seen()
    seen.feed(
        export([Row(id="law/1", text="x", url=address)], "html", tmp_path / "t.html", Provenance()).read_text(
            encoding="utf-8"
        )
    )
    assert "onclick" not in seen.names and not any("javascript:" in name for name in seen.names)
    assert seen.elements.count("a") == 1, "the link to the table alone"


def test_markdown_shows_markup_as_words(tmp_path):
    for layout in ("reading", "rows"):
        said = export(
            [nasty_row()], "markdown", tmp_path / "t.md", Provenance(kind="passages"), layout=layout
        ).read_text(encoding="utf-8")
        assert not re.search(r"(?<!\\)<(?!br>)", said.replace("<br>", "")), layout


@pytest.mark.parametrize(
    "ids",
    [
        ("a/ä", "a/ö"),
        ("a/1 2", "a/1_2"),
        ("beijing/H.2", "beijing/h.2"),
        ("a b", "a-b"),
        ("ä", "ö"),
        ("a{b", "a}b"),
        ("crpd/art07", "crpd/art7"),
    ],
)
def test_two_rows_never_have_one_bibtex_key(ids, tmp_path):
    rows = [Row(id=id, text="x") for id in ids]
    said = export(rows, "bibtex", tmp_path / "t.bib", Provenance()).read_text(encoding="utf-8")
    keys = re.findall(r"@misc\{([^,]+),", said)
    assert len({key.lower() for key in keys}) == len(ids), "BibTeX reads no difference in capitals"
    assert all(re.fullmatch(r"[A-Za-z0-9:.+/-]+", key) for key in keys)
    assert said == export(rows, "bibtex", tmp_path / "again.bib", Provenance()).read_text(encoding="utf-8")


def test_bibtex_words_run_no_command(tmp_path):
    row = Row(id="law/1", text=r"\input{/etc/passwd} 50% & #1 _x_ ~ ^ {open", title="}}\n@misc{other,", citation="%")
    said = export([row], "bibtex", tmp_path / "t.bib", Provenance()).read_text(encoding="utf-8")
    entry = said[said.index("@misc{law/1") :]
    assert r"\input" not in entry and entry.count("@misc{") == 1
    bare = re.sub(r"\\text\w+\{\}|\\[%&#_$]", "", entry)
    assert bare.count("{") == bare.count("}") and not re.search(r"[%&#_$~^]", bare)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "'=1", "''+1"])
def test_no_cell_of_a_table_is_a_formula(text, tmp_path):
    import csv
    import io

    row = Row(id="law/1", text=text, title=text, citation=text, notes=(text,), fields={"kind": text})
    path = export([row], "csv", tmp_path / "t.csv", Provenance(kind="passages"))
    (cells,) = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    assert all(not value or value[0] not in "=+-@\t＝＋－＠" for value in cells.values())
    assert unguard(cells["text"]) == text


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_no_table_holds_the_character_at_which_programs_stop(layout, tmp_path):
    import csv
    import io

    words = "one\0two"
    tag = Tag(facet="mine", id="care", origin="person:A. One", state="confirmed")
    row = Row(id="law/1", text=words, title=words, citation=words, notes=(words,), tags=(tag,), fields={"kind": words})
    path = export([row], "csv", tmp_path / "t.csv", Provenance(kind="passages"), layout=layout)
    raw = path.read_bytes()
    assert b"\0" not in raw
    (cells,) = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert all("two" in cell for cell in cells.values() if cell and "one" in cell)
    put_table(tmp_path / "u.csv", ("a", "b"), [(words, 1)])
    assert (tmp_path / "u.csv").read_text("utf-8-sig") == "a,b\none\N{SYMBOL FOR NULL}two,1\n"


def test_a_table_that_holds_it_is_read_completely(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"\xef\xbb\xbfid,document,text\r\nlaw/1,law,one\0two\r\nlaw/2,law,three\r\n")
    assert [row.text for row in read_csv(tmp_path / "t.csv")] == ["one\0two", "three"]
