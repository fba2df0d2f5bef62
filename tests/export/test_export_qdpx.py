"""A .qdpx project keeps to REFI-QDA 1.5, as far as a package that was generated from its schema can say.

Neither pyrefiqda 0.3 nor portableqda 0.4 carries the published .xsd files. pyrefiqda's classes follow the schema: they know each
element's children in order, what is required, and the patterns of GUIDs and colours. These facts are checked here.
"""
import re
import zipfile
from pathlib import Path

import pytest

from kb.coding.codebook import Code, Codebook, guid_of
from kb.coding.codebook_qdc import write_qdc
from kb.export import export
from kb.export.qdpx import NS, guid

pyrefiqda = pytest.importorskip("pyrefiqda", reason="needs pyrefiqda as the independent reader")


def strict(path, cls):
    """The parsed file; an element or attribute that the schema does not know is an error."""
    from xsdata.formats.dataclass.parsers.config import ParserConfig
    from xsdata_pydantic.bindings import XmlParser

    config = ParserConfig(fail_on_unknown_properties=True, fail_on_unknown_attributes=True,
                          fail_on_converter_warnings=True)
    return XmlParser(config=config).from_bytes(path if isinstance(path, bytes) else path.read_bytes(), cls)


def without_hints(data: bytes) -> bytes:
    """The file without xsi:schemaLocation, which belongs to XML Schema and not to the format."""
    return re.sub(rb' xsi:schemaLocation="[^"]*"', b"", data)


BOOK = Codebook(id="toy", title="Toy", version="1", codes=(
    Code(id="group", guid=guid_of("toy", "group"), name="group", codable=False),
    Code(id="group/older-persons", guid=guid_of("toy", "group/older-persons"), parent="group", name="Older/persons 👵",
         color="#aabbcc", definition="People of 60 and more")))


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
    words = [text[s.start_position:s.end_position] for s in source.plain_text_selection]
    assert words == ["The first\n  passage = here. 👵 كبار السن", "كبار السن", "=SUM(A1)\x0b and\ttab", "(a) one [1]\n  two", "two"]
    users = {user.guid: user.name for user in project.users.user}
    codings = [(users[c.creating_user], c.code_ref.target_guid) for s in source.plain_text_selection for c in s.coding]
    assert ("person:Coder A", guid_of("toy", "group/older-persons")) in codings
    assert ("rule:words", guid_of("toy", "group/older-persons")) in codings
    assert all(user != "model:m@1" for user, _ in codings), "a rejected tag is no coding"


def test_nothing_stands_in_it_that_the_schema_does_not_know(qde, tmp_path):
    from pyrefiqda.models import Project
    from pyrefiqda.models.codebook import CodeBook

    assert strict(without_hints(qde), Project).name
    assert strict(without_hints(write_qdc(BOOK, tmp_path / "b.qdc").read_bytes()), CodeBook).codes.code
    with pytest.raises(Exception, match="Colour|colour"):
        strict(without_hints(qde).replace(b"<Users>", b"<Users colour='x'>"), Project)


def test_children_stand_in_the_order_of_the_schema(qde):
    from lxml import etree
    from pyrefiqda.models import project as generated

    order = ["Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs", "Description", "NoteRef"]
    root = etree.fromstring(qde)
    names = [etree.QName(child).localname for child in root]
    assert names == sorted(names, key=order.index)
    known = list(generated.ProjectType.model_fields)
    assert [n.lower().replace("_", "") for n in known[:len(order)]] == [n.lower() for n in order]
    for name, inside in {"TextSource": ["Description", "PlainTextContent", "PlainTextSelection", "Coding"],
                         "PlainTextSelection": ["Description", "Coding"], "Code": ["Description", "Code"]}.items():
        for element in root.iter(f"{{{NS}}}{name}"):
            children = [etree.QName(child).localname for child in element]
            assert children == sorted(children, key=inside.index), name


def test_every_guid_has_the_form_of_the_schema_and_every_reference_an_aim(qde):
    from lxml import etree
    from pyrefiqda.models import project as generated

    (pattern,) = {p for p in re.findall(r'"pattern": r"([^"]*)"', Path(generated.__file__).read_text()) if "0-9a-fA-F]{8}" in p}
    root = etree.fromstring(qde)
    guids = [e.get("guid") for e in root.iter("*") if e.get("guid")]
    assert len(guids) == len(set(guids)) and all(re.fullmatch(pattern, g) for g in guids)
    aims = [e.get("targetGUID") or e.get("creatingUser") for e in root.iter("*")]
    assert {aim for aim in aims if aim} <= set(guids)


def test_guids_do_not_change_from_export_to_export(qde, rows, provenance, tmp_path):
    again = export(rows, "qdpx", tmp_path / "b.qdpx", provenance, codebook=BOOK)
    with zipfile.ZipFile(again) as archive:
        other = archive.read("project.qde")
    for stable in (guid("user", "rule:words"), guid("source", "toy"), guid_of("toy", "group/older-persons")):
        assert stable.encode() in qde and stable.encode() in other


def test_excerpts_are_said_to_be_excerpts(rows, provenance, tmp_path, qde):
    path = export(rows, "qdpx", tmp_path / "b.qdpx", provenance)
    with zipfile.ZipFile(path) as archive:
        assert b"excerpts only" in archive.read("project.qde")
    assert b"the whole text of the source" in qde
