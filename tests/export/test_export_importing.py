"""Files that are invalid are refused with the name of the fault; nothing is guessed."""

import json
import zipfile

import pytest

from kb.errors import InputError
from kb.export import Row, export, import_rows
from kb.export.importing import read_annotations, resolve
from kb.export.importing_qdpx import read_project
from kb.export.refi import NS
from kb.models import Tag


def project(path, qde, sources=()):
    with zipfile.ZipFile(path, "w") as archive:
        if qde is not None:
            archive.writestr("project.qde", qde)
        for name, data in dict(sources).items():
            archive.writestr(f"sources/{name}", data)
    return path


GUID = "11111111-2222-3333-4444-555555555555"


def qde(selection="", codes="", doctype="", path="a.txt", users=""):
    return (
        f"<?xml version='1.0'?>{doctype}<Project xmlns='{NS}' name='n'>{users}{codes}<Sources>"
        f"<TextSource guid='{GUID}' name='Interview' plainTextPath='internal://{path}'>{selection}</TextSource>"
        "</Sources></Project>"
    )


def selection(start, end, inside=""):
    return (
        f"<PlainTextSelection guid='{GUID[:-1]}6' startPosition='{start}' endPosition='{end}'>{inside}"
        "</PlainTextSelection>"
    )


CODING = f"<Coding guid='{GUID[:-1]}7' creatingUser='{GUID[:-1]}8'><CodeRef targetGUID='{GUID[:-1]}9'/></Coding>"
CODES = (
    f"<CodeBook><Codes><Code guid='{GUID[:-1]}1' name='Group' isCodable='false'>"
    f"<Code guid='{GUID[:-1]}9' name='old/er 👵' isCodable='true'/></Code></Codes></CodeBook>"
)
USERS = f"<Users><User guid='{GUID[:-1]}8' name='Coder'/></Users>"


def test_a_project_of_another_program_becomes_rows_with_its_coders(tmp_path):
    path = project(tmp_path / "a.qdpx", qde(selection(2, 5, CODING), CODES, users=USERS), {"a.txt": "👵 old here"})
    (row,) = read_project(path).rows
    assert (row.text, row.document) == ("old", "Interview")
    assert row.tags == (Tag(facet="Group", id="old/er 👵", origin="person:Coder", state="confirmed"),)


@pytest.mark.parametrize(
    "content, sources, said",
    [
        (None, {}, "holds no .qde"),
        (qde(), {}, "names the file 'a.txt', which is not in the project"),
        (qde(selection(0, 99)), {"a.txt": "short"}, "0–99 is not in its source of 5 characters"),
        (qde(selection(-1, 2)), {"a.txt": "short"}, "-1–2 is not in its source"),
        (qde(selection("x", 2)), {"a.txt": "short"}, "has no positions"),
        (qde(selection(0, 2, CODING)), {"a.txt": "short"}, "which is not in the codebook"),
        (qde(), {"a.txt": "Émigré".encode("cp1252")}, "is not UTF-8 .byte 0"),
        (qde(doctype="<!DOCTYPE a [<!ENTITY b 'c'>]>"), {"a.txt": ""}, "declares a document type"),
        ("<CodeBook/>", {}, "root element is CodeBook"),
        ("<Project", {}, "not well-formed"),
    ],
)
def test_broken_projects_are_refused(tmp_path, content, sources, said):
    with pytest.raises(InputError, match=said):
        read_project(project(tmp_path / "a.qdpx", content, sources))


def test_a_file_that_is_no_zip_a_bomb_and_a_path_outside_are_refused(tmp_path):
    (tmp_path / "a.qdpx").write_bytes(b"no zip")
    with pytest.raises(InputError, match="not a zip"):
        read_project(tmp_path / "a.qdpx")
    with zipfile.ZipFile(tmp_path / "b.qdpx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", b" " * 50_000_000)
    with pytest.raises(InputError, match="would unpack to 50,000,000 bytes"):
        read_project(tmp_path / "b.qdpx")
    project(tmp_path / "c.qdpx", qde(), {"../../evil.txt": ""})
    with pytest.raises(InputError, match="points outside"):
        read_project(tmp_path / "c.qdpx")


def test_codings_made_and_deleted_in_another_program_come_back(rows, provenance, text_of, tmp_path):
    path = export(rows, "qdpx", tmp_path / "a.qdpx", provenance, text_of=text_of)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    from lxml import etree

    root = etree.fromstring(files["project.qde"])
    first = next(root.iter(f"{{{NS}}}PlainTextSelection"))
    coding = next(first.iter(f"{{{NS}}}Coding"))
    coding.set("guid", GUID)  # the person's code was deleted, and given again
    files["project.qde"] = etree.tostring(root)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    row = next(row for row in read_project(path).rows if row.id == "toy/p1")
    assert [(tag.id, tag.origin) for tag in row.tags] == [
        ("older-persons", "rule:words"),
        ("health", "model:m@1"),
        ("and/or 👵", "person:Coder A"),
    ]


def test_a_source_changed_since_is_noticed(rows, provenance, text_of, tmp_path):
    path = export(rows, "qdpx", tmp_path / "a.qdpx", provenance, text_of=text_of)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data.replace(b"The first", b"Tho first") if name.endswith(".txt") else data)
    project = read_project(path)
    assert "toy/p1" not in {row.id for row in project.rows} and {"toy/p2", "toy/p3"} <= {row.id for row in project.rows}
    assert "toy/p1 holds other words" in project.not_taken[0].why


def test_every_selector_resolves_to_its_quotation(rows, provenance, text_of, tmp_path):
    path = export(rows, "web-annotation", tmp_path / "a.jsonld", provenance, text_of=text_of)
    items = json.loads(path.read_text(encoding="utf-8"))["items"]
    words = [resolve(item, text_of("toy")) for item in items if str(item).count("urn:sha256")]
    assert words == [
        ("The first\n  passage = here. 👵 كبار السن",),
        ("كبار السن",),
        ("The first\n  passage = here. 👵 كبار السن",),
        ("The first\n  passage = here. 👵 كبار السن",),
        ("=SUM(A1)\x0b and\ttab",),
        ("(a) one", "two"),
        ("two",),
    ]
    assert list(read_annotations(path, text_of)) == rows


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda s: s[0].update(start=9), "position and quotation disagree"),
        (lambda s: s[0].update(end=10**6), "is not in the text of"),
        (lambda s: s[0].update(start="8"), "is not in the text of"),
        (lambda s: s[1].update(exact="Other words"), "position and quotation disagree"),
    ],
)
def test_wrong_offsets_are_refused(rows, provenance, text_of, tmp_path, change, said):
    path = export(rows, "web-annotation", tmp_path / "a.jsonld", provenance, text_of=text_of)
    page = json.loads(path.read_text(encoding="utf-8"))
    change(page["items"][0]["target"]["selector"])
    path.write_text(json.dumps(page), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        list(read_annotations(path, text_of))


def test_an_annotation_of_another_program_becomes_a_row(tmp_path):
    item = {
        "id": "http://example.org/1",
        "body": {"value": "Important"},
        "target": {"source": "http://example.org/page", "selector": {"type": "TextQuoteSelector", "exact": "words"}},
    }
    (tmp_path / "a.jsonld").write_text(json.dumps([item]))
    (row,) = read_annotations(tmp_path / "a.jsonld")
    assert row == Row(id="http://example.org/1", document="http://example.org/page", text="words", notes=("Important",))


@pytest.mark.parametrize(
    "format, data, said",
    [
        ("csv", b"id,text\na\n", "line 2: has more or fewer cells"),
        ("csv", b"name\na\n", "no column 'id'"),
        ("csv", b"id,page\na,three\n", "line 2: a cell has the wrong type"),
        ("csv", b"id,force\na,law\n", "line 2: force"),
        ("csv", "id,text\na,Émigré\n".encode("latin-1"), "not UTF-8 .byte 10 is 0xc9"),
        ("csv", b'id,text\na,"open\n', "not a CSV table"),
        ("jsonl", b'{"id": "a"}\n{"id": 3}\n', "line 2"),
        ("jsonl", b'{"id": "a", "colour": 1}', "line 1"),
        ("jsonl", "{}".encode("utf-16"), "not UTF-8"),
        ("web-annotation", b"{", "is not JSON"),
        ("web-annotation", b'{"items": 3}', "no list of annotations"),
        ("web-annotation", b'[{"kb:tag": {}, "kb:of": "x"}]', "does not stand before it"),
        ("web-annotation", b"[" * 100_000, "is not JSON"),
    ],
)
def test_broken_files_are_refused_with_the_place(tmp_path, format, data, said):
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(InputError, match=said):
        list(import_rows(format, tmp_path / "a"))


def test_a_missing_file_is_reported_missing(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        list(import_rows("csv", tmp_path / "gone.csv"))
