"""A .qdpx project conforms to REFI-QDA 1.5, as far as a package that was generated from its schema can tell.

Neither pyrefiqda 0.3 nor portableqda 0.4 contains the published .xsd files. But pyrefiqda's classes were generated from
them: which children an element has, in which order and how often, which attributes it needs, and the patterns of GUIDs
and colours. `refi_shape` checks every element against these.
"""

import zipfile

import pytest
from lxml import etree

from kb.coding.codebook import Code, Codebook, guid_of
from kb.coding.codebook_qdc import write_qdc
from kb.coding.from_taxonomy import codebook_here
from kb.coding.safexml import local
from kb.export import export
from kb.export.importing_qdpx import read_project
from kb.export.refi import guid
from kb.models import Tag

pyrefiqda = pytest.importorskip("pyrefiqda", reason="needs pyrefiqda as the independent reader")
from refi_shape import departures

BOOK = Codebook(
    id="toy",
    title="Toy",
    version="1",
    codes=(
        Code(id="group", guid=guid_of("toy", "group"), name="group", codable=False),
        Code(
            id="group/older-persons",
            guid=guid_of("toy", "group/older-persons"),
            parent="group",
            name="Older/persons 👵",
            color="#aabbcc",
            definition="People of 60 and more",
        ),
    ),
)


@pytest.fixture
def path(rows, provenance, text_of, tmp_path):
    return export(rows, "qdpx", tmp_path / "a.qdpx", provenance, text_of=text_of, codebook=BOOK)


@pytest.fixture
def qde(path):
    with zipfile.ZipFile(path) as archive:
        return archive.read("project.qde")


def test_the_independent_reader_finds_sources_selections_and_codings(path, tmp_path):
    project = pyrefiqda.RefiProject.load(path, extract_dir=tmp_path / "x")
    source = next(s for s in project.sources.text_source if s.name == "A toy & more")
    text = pyrefiqda.RefiProject.resolve_source_path(source.plain_text_path, tmp_path / "x").read_bytes().decode()
    words = [text[s.start_position : s.end_position] for s in source.plain_text_selection]
    assert words == [
        "The first\n  passage = here. 👵 كبار السن",
        "كبار السن",
        "=SUM(A1)\x0b and\ttab",
        "(a) one [1]\n  two",
        "two",
    ]
    users = {user.guid: user.name for user in project.users.user}
    codings = [
        (users.get(c.creating_user, "no user"), c.code_ref.target_guid)
        for s in source.plain_text_selection
        for c in s.coding
    ]
    assert ("Coder A", guid_of("toy", "group/older-persons")) in codings
    assert ("no user", guid_of("toy", "group/older-persons")) in codings
    assert set(users.values()) == {"Coder A"}, "a rule or a model is no user"
    assert len(codings) == 3, "a rejected tag is no coding"


def test_every_element_keeps_to_the_schema(qde, tmp_path):
    from pyrefiqda.models import Project
    from pyrefiqda.models.codebook import CodeBook

    assert list(departures(etree.fromstring(qde), Project)) == []
    assert list(departures(etree.parse(write_qdc(BOOK, tmp_path / "b.qdc")).getroot(), CodeBook)) == []


def test_a_source_is_a_case_with_country_year_body_and_force(rows, provenance, text_of, tmp_path):
    note = provenance.sources[0].model_copy(update={"country": "KEN", "force": "national-measure"})
    made = provenance.model_copy(update={"sources": (note,)})
    path = export(rows, "qdpx", tmp_path / "a.qdpx", made, text_of=text_of, codebook=BOOK)
    project = pyrefiqda.RefiProject.load(path, extract_dir=tmp_path / "x")
    names = {each.guid: each.name for each in project.variables.variable}
    (case,) = project.cases.case
    values = {names[v.variable_ref.target_guid]: v.text_value or v.integer_value for v in case.variable_value}
    assert values == {"Country": "KEN", "Year": 2008, "Body": "An Author {x}", "Force": "national-measure"}
    (source,) = [each for each in project.sources.text_source if each.guid == case.source_ref[0].target_guid]
    assert source.name == "A toy & more"


def test_the_complete_taxonomy_keeps_to_the_schema(tmp_path, root):
    from pyrefiqda.models.codebook import CodeBook

    book = codebook_here(root / "corpus")
    assert list(departures(etree.parse(write_qdc(book, tmp_path / "b.qdc")).getroot(), CodeBook)) == []


@pytest.mark.parametrize(
    "old, new, said",
    [
        (b"<Users>", b"<Users colour='x'>", "attribute colour is unknown"),
        (b'isCodable="true"', b'isCodable="yes"', "is no boolean"),
        (b' isCodable="true"', b"", "attribute isCodable is missing"),
        (b"<CodeBook ", b"<Sources/><CodeBook ", "CodeBook stands too late"),
        (b'startPosition="', b'startPosition="x', "is no integer"),
        (b'color="#aabbcc"', b'color="red"', "wrong form"),
    ],
)
def test_the_check_finds_departures(qde, old, new, said):
    from pyrefiqda.models import Project

    assert old in qde
    assert any(said in found for found in departures(etree.fromstring(qde.replace(old, new, 1)), Project))


def test_every_guid_is_there_once_and_every_reference_has_an_aim(qde):
    root = etree.fromstring(qde)
    guids = [e.get("guid") for e in root.iter("*") if e.get("guid")]
    assert len(guids) == len(set(guids))
    aims = [e.get("targetGUID") or e.get("creatingUser") for e in root.iter("*")]
    assert {aim for aim in aims if aim} <= set(guids)


def test_guids_do_not_change_from_export_to_export(qde, rows, provenance, tmp_path):
    again = export(rows, "qdpx", tmp_path / "b.qdpx", provenance, codebook=BOOK)
    with zipfile.ZipFile(again) as archive:
        other = archive.read("project.qde")
    for stable in (guid("user", "person:Coder A"), guid("source", "toy"), guid_of("toy", "group/older-persons")):
        assert stable.encode() in qde and stable.encode() in other


def test_excerpts_are_labelled_as_excerpts(rows, provenance, tmp_path, qde):
    path = export(rows, "qdpx", tmp_path / "b.qdpx", provenance)
    with zipfile.ZipFile(path) as archive:
        assert b"excerpts only" in archive.read("project.qde")
    assert b"the whole text of the source" in qde


def test_a_persons_remark_on_a_code_is_a_note_and_comes_back(rows, provenance, text_of, tmp_path):
    """Also if another program gave the coding a new GUID; a coding without a remark has no note."""
    from pyrefiqda.models import Project

    tags = tuple(Tag(facet="own", id=id, origin="person:Coder A", state="confirmed") for id in ("cost", "rent"))
    said = "First thought: is it <rent> or cost?"
    path = export(
        [rows[0].model_copy(update={"tags": tags}), *rows[1:]],
        "qdpx",
        tmp_path / "a.qdpx",
        provenance,
        text_of=text_of,
        memo_of=lambda passage, tag: said if (passage, tag.id) == (rows[0].id, "cost") else "",
    )
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(held["project.qde"])
    assert list(departures(root, Project)) == []
    assert [local(each) for each in root][-3:] == ["Sources", "Notes", "Description"]
    (note,) = root.iter("{*}Note")
    (ref,) = root.iter("{*}NoteRef")
    assert note.findtext("{*}PlainTextContent") == said and ref.get("targetGUID") == note.get("guid")
    assert [local(each) for each in ref.getparent()] == ["CodeRef", "NoteRef"]

    found = read_project(path)
    assert found.memos == {rows[0].id: {0: said}} and not found.not_taken

    coding = ref.getparent()
    coding.set("guid", "00000000-0000-4000-8000-000000000001")
    other = tmp_path / "other.qdpx"
    with zipfile.ZipFile(other, "w") as archive:
        for name, data in {**held, "project.qde": etree.tostring(root)}.items():
            archive.writestr(name, data)
    found = read_project(other)
    (row,) = (row for row in found.rows if row.id == rows[0].id)
    assert {row.tags[at].id: memo for at, memo in found.memos[row.id].items()} == {"cost": said}


def test_a_remark_on_a_rejected_code_is_a_note_on_the_words_and_comes_back(rows, provenance, text_of, tmp_path):
    """It is not taken for a remark on another code that somebody gives to the same words in another program."""
    from pyrefiqda.models import Project

    tags = (
        Tag(facet="group", id="youth", origin="person:Coder A", state="rejected"),
        Tag(facet="group", id="older-persons", origin="person:Coder A", state="rejected", span=(4, 9)),
        Tag(facet="own", id="rent", origin="person:Coder A", state="confirmed"),
    )
    said = {"youth": "Nobody young is named.", "older-persons": "Only in the heading."}
    whole = rows[0].model_copy(update={"tags": tags})
    path = export(
        [whole, *rows[1:]],
        "qdpx",
        tmp_path / "a.qdpx",
        provenance,
        text_of=text_of,
        memo_of=lambda passage, tag: said.get(tag.id, "") if passage == whole.id else "",
    )
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(held["project.qde"])
    assert list(departures(root, Project)) == []
    assert [note.get("name") for note in root.iter("{*}Note")] == [
        "group: youth does not apply",
        "group: older-persons does not apply",
    ]
    found = read_project(path)
    assert found.memos == {whole.id: {0: said["youth"], 1: said["older-persons"]}} and not found.not_taken

    (ref, _) = root.iter("{*}NoteRef")
    selection = ref.getparent()
    coding = etree.Element(f"{{{root.nsmap[None]}}}Coding", guid="00000000-0000-4000-8000-000000000002")
    coding.set("creatingUser", next(root.iter("{*}User")).get("guid"))
    etree.SubElement(coding, f"{{{root.nsmap[None]}}}CodeRef", targetGUID=guid_of("kb", "own/rent"))
    selection.insert(1, coding)
    other = tmp_path / "other.qdpx"
    with zipfile.ZipFile(other, "w") as archive:
        for name, data in {**held, "project.qde": etree.tostring(root)}.items():
            archive.writestr(name, data)
    found = read_project(other)
    assert set(found.memos[whole.id].values()) == set(said.values()) and len(found.memos[whole.id]) == 2


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({}, "passages: everything"),
        (
            {"filters": {"document": ("crpd",), "group": ("women", "youth")}},
            "passages: document crpd; group women, youth",
        ),
        ({"kind": "codes", "session": "pilot"}, "codes: session pilot"),
        ({"kind": "results", "query": "land", "filters": {}, "limit": 5}, "results: land; at most 5"),
    ],
)
def test_a_projects_name_says_what_was_asked_for(rows, provenance, tmp_path, asked, name):
    """A part that is called everything would be taken for the complete corpus."""
    made = provenance.model_copy(update={"query": "", "filters": {}, **asked})
    with zipfile.ZipFile(export(rows, "qdpx", tmp_path / "a.qdpx", made)) as archive:
        assert etree.fromstring(archive.read("project.qde")).get("name") == name
