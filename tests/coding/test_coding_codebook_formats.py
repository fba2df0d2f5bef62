"""Every exchange format returns the codebook that was written, and refuses files that break its rules."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from kb.coding.cells import printable
from kb.coding.codebook import Code, Codebook, Revision, guid_of, in_tree_order
from kb.coding.codebook_csv import read_csv, write_csv
from kb.coding.codebook_qdc import read_qdc, write_qdc
from kb.coding.codebook_skos import write_skos
from kb.coding.codebook_skos_read import parse_graph, read_skos
from kb.coding.skos_check import check_skos
from kb.errors import InputError

FORMATS = {
    "book.qdc": (write_qdc, read_qdc),
    "book.csv": (write_csv, read_csv),
    "book.ttl": (write_skos, read_skos),
    "book.jsonld": (lambda book, path: write_skos(book, path, "jsonld"), read_skos),
}

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(printable)
PARTS = ("definition", "include", "exclude", "typical", "borderline", "source")


@st.composite
def codebooks(draw):
    names = draw(st.lists(TEXT.filter(str.strip), min_size=1, max_size=5, unique=True))
    codes = []
    for at, name in enumerate(names):
        parent = draw(st.sampled_from([None, *[c.id for c in codes]]))
        path = f"{parent}/{at}" if parent else str(at)
        codes.append(
            Code(
                id=path,
                guid=guid_of("toy", path),
                parent=parent,
                name=name,
                codable=draw(st.booleans()),
                labels=draw(st.dictionaries(st.sampled_from(["es", "ar", "zh-Hant"]), TEXT)),
                relations={
                    "broader": tuple(c.id for c in codes[:1] if parent not in (None, c.id)),
                    "exactMatch": ("http://example.org/x",),
                },
                alternatives={
                    "en": tuple(draw(st.lists(TEXT.filter(lambda text, own=name: text != own), min_size=1, max_size=3)))
                },
                **{part: draw(TEXT) for part in PARTS},
            )
        )
    history = (Revision(version="1", date="2026-01-01", by=draw(TEXT)),)
    return Codebook(id="toy", title=draw(TEXT), version="2", codes=in_tree_order(codes), history=history)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(book=codebooks())
def test_what_goes_out_comes_back_equal(tmp_path, name, book):
    write, read = FORMATS[name]
    assert read(write(book, tmp_path / name)) == book


def test_another_name_that_is_the_name_itself_is_written_once(tmp_path):
    code = Code(id="f", guid=guid_of("toy", "f"), name="Land", alternatives={"en": ("Land", "Soil")})
    book = Codebook(id="toy", title="Toy", version="1", codes=(code,))
    found = read_skos(write_skos(book, tmp_path / "book.ttl"))
    assert found.codes[0].alternatives == {"en": ("Soil",)}


NASTY = Codebook(
    id="nasty",
    title="=cmd()",
    version="1",
    codes=(
        Code(id="f", guid=guid_of("nasty", "f"), name="Facet", codable=False),
        Code(
            id="f/a",
            guid=guid_of("nasty", "f/a"),
            parent="f",
            name="and/or 👵🏽 كبار السن",
            labels={"ar": "كبار السن"},
            definition="=1+1\nInclude: not a block\r\n  indented",
            include="'=quoted",
            exclude="-3",
            typical="\tTab",
        ),
    ),
)


@pytest.mark.parametrize("name", FORMATS)
def test_formulas_slashes_emoji_and_right_to_left_survive(tmp_path, name):
    write, read = FORMATS[name]
    assert read(write(NASTY, tmp_path / name)) == NASTY


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_codebook_gives_the_same_bytes(tmp_path, name):
    write, _ = FORMATS[name]
    first = write(NASTY, tmp_path / name).read_bytes()
    assert write(NASTY, tmp_path / name).read_bytes() == first


def test_no_cell_of_the_table_can_run(tmp_path):
    import csv

    path = write_csv(NASTY, tmp_path / "book.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert not [cell for row in csv.reader(stream) for cell in row if cell[:1] in tuple("=+-@\t\r\n")]


def test_an_independent_reader_opens_the_qdc(tmp_path):
    from pyrefiqda import RefiCodebook

    top = RefiCodebook.load(write_qdc(NASTY, tmp_path / "book.qdc")).codes.code[0]
    assert (top.guid, top.name, top.is_codable) == (NASTY.codes[0].guid, "Facet", False)
    assert top.code[0].name == "and/or 👵🏽 كبار السن"


def test_a_qdc_of_another_program_is_read(tmp_path):
    path = tmp_path / "foreign.qdc"
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Other 9">'
        '<Codes><Code guid="{11111111-2222-3333-4444-55555555555A}" name="Work" isCodable="true">'
        "<Description>Paid work.</Description>"
        '<Code guid="11111111-2222-3333-4444-555555555556" name="Home/work" isCodable="true"/></Code></Codes>'
        "</CodeBook>",
        encoding="utf-8",
    )
    book = read_qdc(path)
    assert [(c.id, c.definition) for c in book.codes] == [("Work", "Paid work."), ("Work/Home%2Fwork", "")]
    assert book.codes[0].guid == "11111111-2222-3333-4444-55555555555a"


TURTLE = "@prefix s: <http://www.w3.org/2004/02/skos/core#> . @prefix : <http://example.org/> .\n"


def test_a_vocabulary_of_another_house_is_read(tmp_path):
    path = tmp_path / "v.ttl"
    path.write_text(
        TURTLE + ':x a s:ConceptScheme ; s:prefLabel "Groups"@en .\n'
        ':y a s:Concept ; s:inScheme :x ; s:prefLabel "Aged"@en, "Vejez"@es ; s:scopeNote "From 60."@en .\n'
        ':z a s:Concept ; s:broader :y ; s:prefLabel "Very old"@en .'
    )
    book = read_skos(path)
    assert [c.id for c in book.codes] == ["Groups", "Groups/Aged", "Groups/Aged/Very-old"]
    assert (book.codes[1].include, book.codes[1].labels, book.codes[1].uri) == (
        "From 60.",
        {"es": "Vejez"},
        "http://example.org/y",
    )
    assert read_skos(write_skos(book, tmp_path / "again.ttl")) == book


def test_a_second_broader_concept_and_matches_are_kept(tmp_path):
    path = tmp_path / "v.ttl"
    path.write_text(
        TURTLE + ':a a s:Concept ; s:prefLabel "A"@en . :b a s:Concept ; s:prefLabel "B"@en .'
        ':c a s:Concept ; s:prefLabel "C"@en ; s:broader :a, :b ; s:closeMatch <http://example.com/c> ; s:related :d .'
        ':d a s:Concept ; s:prefLabel "D"@en .'
    )
    book = read_skos(path)
    code = next(code for code in book.codes if code.name == "C")
    assert (code.parent, code.relations) == (
        "A",
        {"broader": ("B",), "closeMatch": ("http://example.com/c",), "related": ("D",)},
    )
    for name, (write, read) in FORMATS.items():
        assert read(write(book, tmp_path / name)) == book


@pytest.mark.parametrize(
    "body, said",
    [
        (":a a s:Concept ; s:broader :b . :b a s:Concept ; s:broader :a .", "circle"),
        (":a a s:Concept ; s:broader :c, :b . :b a s:Concept ; s:broader :c, :a . :c a s:Concept .", "circle"),
        (':a a s:Concept ; s:prefLabel "x"@en, "y"@en .', "2 preferred labels in the language 'en'"),
        (':a a s:Concept ; s:prefLabel "x"@en ; s:altLabel "x"@en .', "S13"),
        (":a a s:Concept, s:ConceptScheme .", "S9"),
        (":a a s:Concept ; s:related :b ; s:broader :b . :b a s:Concept .", "S27"),
        (":a a s:Conc", "cannot be read as turtle"),
        (":a :b :c .", "no skos:Concept"),
    ],
)
def test_vocabularies_that_break_skos_are_refused(tmp_path, body, said):
    (tmp_path / "v.ttl").write_text(TURTLE + body)
    with pytest.raises(InputError, match=said):
        read_skos(tmp_path / "v.ttl")


def test_our_skos_passes_its_own_check_and_shacl(tmp_path):
    pyshacl = pytest.importorskip("pyshacl", reason="needs pyshacl for the independent SKOS check")
    graph = parse_graph(write_skos(NASTY, tmp_path / "book.ttl"))
    shapes = Graph().parse(
        format="turtle",
        data="""
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        [] a sh:NodeShape ; sh:targetClass skos:Concept ;
           sh:property [ sh:path skos:prefLabel ; sh:uniqueLang true ; sh:minCount 1 ] ;
           sh:property [ sh:path skos:inScheme ; sh:class skos:ConceptScheme ; sh:minCount 1 ] .""",
    )
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, report
    assert check_skos(graph) == []


def test_a_context_that_would_be_fetched_is_refused(tmp_path):
    (tmp_path / "v.jsonld").write_text('{"@context": "http://example.org/context", "@graph": []}')
    with pytest.raises(InputError, match="have to be fetched"):
        read_skos(tmp_path / "v.jsonld")


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes><Code name="&b;"/></Codes></CodeBook>'
)


@pytest.mark.parametrize(
    "data, said",
    [
        (BOMB.encode(), "declares a document type"),
        (b"<CodeBook", "not well-formed"),
        (b"<Project/>", "root element is Project"),
        (b"<CodeBook/>", "no Codes"),
        (b"<CodeBook><Codes><Code/></Codes></CodeBook>", "line 1: a Code has no name"),
    ],
)
def test_broken_qdc_files_are_refused(tmp_path, data, said):
    (tmp_path / "b.qdc").write_bytes(data)
    with pytest.raises(InputError, match=said):
        read_qdc(tmp_path / "b.qdc")


def test_a_table_in_a_foreign_encoding_is_refused_with_the_place(tmp_path):
    (tmp_path / "b.csv").write_bytes("id,name\na,Émigré\n".encode("cp1252"))
    with pytest.raises(InputError, match="not UTF-8 .byte 10 is 0xc9"):
        read_csv(tmp_path / "b.csv")


def test_a_table_made_by_hand_is_read(tmp_path):
    (tmp_path / "b.csv").write_text("id,name,parent\na,Work,\na/b,Home work,a\n")
    assert read_csv(tmp_path / "b.csv").codes[1].parent == "a"
    (tmp_path / "b.csv").write_text("id,name,color\na,Work,red\n")
    with pytest.raises(InputError, match="row 2, color"):
        read_csv(tmp_path / "b.csv")


@pytest.mark.parametrize("ending", ["csv", "qdc", "ttl"])
def test_codebook_beyond_the_bound_is_refused_before_it_is_read(tmp_path, monkeypatch, ending):
    from kb.coding import codebook_csv, codebook_qdc, codebook_skos_read

    readers = {"csv": codebook_csv.read_csv, "qdc": codebook_qdc.read_qdc, "ttl": codebook_skos_read.read_skos}
    monkeypatch.setattr(f"{readers[ending].__module__}.LARGEST", 100)
    file = tmp_path / f"book.{ending}"
    file.write_text("x" * 101)
    with pytest.raises(InputError, match="holds 101 bytes, more than the 100"):
        readers[ending](file)
