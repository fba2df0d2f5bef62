"""Codings made in NVivo, MAXQDA, ATLAS.ti or QualCoder are imported in every form that they write; what cannot be
imported is counted."""

from __future__ import annotations

import json
import zipfile

import pytest
from click.testing import CliRunner
from kb_toys import toy_passage
from lxml import etree

from kb.cli.main import root as program
from kb.coding.codebook import Codebook
from kb.coding.codebook_csv import read_csv
from kb.coding.codebook_qdc import read_qdc
from kb.coding.codebook_refi import normal_guid
from kb.errors import InputError
from kb.export import export
from kb.export.coded import WHOLE
from kb.export.importing_qdpx import read_project
from kb.export.importing_refi import users_in
from kb.export.locating import SelectionLocator
from kb.models import Place

NS = "urn:QDA-XML:project:1.0"
A, B = "aaaaaaaa-0000-4000-8000-00000000000", "bbbbbbbb-0000-4000-8000-00000000000"
TEXT = "Each clinic has a ramp. Courts pay for interpreters."


def coding(n=1, code=f"{A}1", user=f"{A}9"):
    by = f" creatingUser='{user}'" if user else ""
    return f"<Coding guid='{B}{n}'{by}><CodeRef targetGUID='{code}'/></Coding>"


def words(start, end, inside, n=1):
    return f"<PlainTextSelection guid='{A}a' startPosition='{start}' endPosition='{end}'>{inside}</PlainTextSelection>"


def project(path, sources, files=None, codes=None, sets=""):
    """Write a project file of another program, with two codes and a user; return its path."""
    codes = codes or (
        f"<Code guid='{A}1' name='Access' isCodable='true'><Code guid='{A}2' name='Courts' isCodable='true'/></Code>"
    )
    whole = (
        f"<Project xmlns='{NS}' name='n'><Users><User guid='{A}9' name='jd'/></Users><CodeBook><Codes>{codes}</Codes></CodeBook>"
        f"<Sources>{sources}</Sources>{sets}</Project>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", whole)
        for name, text in (files or {"t.txt": TEXT}).items():
            archive.writestr(f"sources/{name}", text)
    return path


def text_source(inside, name="plan", path="internal://t.txt"):
    return f"<TextSource guid='{A}5' name='{name}' plainTextPath='{path}'>{inside}</TextSource>"


def told(found):
    """Return words and codes of a project's rows."""
    return [(row.text, [(tag.facet, tag.id, tag.origin) for tag in row.tags]) for row in found.rows]


# --- where codings stand ---


@pytest.mark.parametrize(
    ("kind", "part"),
    [("PDFSource", "Representation"), ("PictureSource", "TextDescription"), ("AudioSource", "Transcript")],
)
def test_words_that_stand_for_a_pdf_a_picture_or_a_recording_are_read(tmp_path, kind, part):
    inside = f"<{part} guid='{A}6' name='plan' plainTextPath='internal://t.txt'>{words(0, 23, coding())}</{part}>"
    found = read_project(project(tmp_path / "a.qdpx", f"<{kind} guid='{A}5' name='plan.pdf'>{inside}</{kind}>"))
    assert told(found) == [("Each clinic has a ramp.", [("Access", "Access", "person:jd")])] and found.not_taken == []


def test_an_area_of_a_page_is_counted_with_the_reason(tmp_path):
    area = f"<PDFSelection guid='{A}7' page='0' firstX='1' firstY='1' secondX='9' secondY='9'>{coding()}{coding(2)}</PDFSelection>"
    source = f"<PDFSource guid='{A}5' name='plan.pdf'>{area}</PDFSource>{text_source(words(0, 4, coding(3)))}"
    found = read_project(project(tmp_path / "a.qdpx", source))
    assert [(each.where, each.codings, each.why) for each in found.not_taken] == [
        ("plan.pdf", 2, "an area of a page says no words that stand once in the text of its source")
    ]
    assert told(found) == [("Each", [("Access", "Access", "person:jd")])]


def area(name="", inside="", kind="PDFSelection"):
    """Return an area of a page with a code; its words are its `name`, or the text `inside` it."""
    at = "page='0' firstX='1' firstY='1' secondX='9' secondY='9'"
    return f"<{kind} guid='{A}7' name='{name}' {at}>{inside}{coding(2)}</{kind}>"


def representation(text, guid):
    """Return the plain text that represents a source, stored in the project file itself."""
    return f"<Representation guid='{guid}' name='n'><PlainTextContent>{text}</PlainTextContent></Representation>"


@pytest.mark.parametrize(
    ("name", "inside"),
    [("Courts pay  for interpreters.", ""), ("4 areas", representation("Courts pay\nfor interpreters.", f"{A}8"))],
)
@pytest.mark.parametrize("kind", ["PDF", "Picture"])
def test_an_area_is_taken_as_the_words_it_says_where_they_stand_once_in_the_source(tmp_path, kind, name, inside):
    held = representation(TEXT, f"{A}6") + area(name, inside, f"{kind}Selection")
    found = read_project(
        project(tmp_path / "a.qdpx", f"<{kind}Source guid='{A}5' name='plan.pdf'>{held}</{kind}Source>")
    )
    assert told(found) == [("Courts pay for interpreters.", [("Access", "Access", "person:jd")])]
    assert found.not_taken == [] and found.rows[0].place.chars == (24, len(TEXT))


@pytest.mark.parametrize("name", ["Courts pay for …", "Courts", "a a a a", "Each clinic has stairs", ""])
def test_an_area_whose_words_are_cut_off_or_twice_or_elsewhere_is_counted(tmp_path, name):
    held = representation(f"{TEXT} a a a a a a a a", f"{A}6") + area(name)
    source = f"<PDFSource guid='{A}5' name='plan.pdf'>{held}</PDFSource>{text_source(words(0, 4, coding(3)))}"
    assert [each.codings for each in read_project(project(tmp_path / "a.qdpx", source)).not_taken] == [1]


def test_codes_in_a_note_are_read_as_those_of_a_text(tmp_path):
    held = f"<PlainTextContent>My own thought.</PlainTextContent>{words(3, 14, coding(5))}"
    notes = f"<Notes><Note guid='{B}4' name='a thought'>{held}</Note></Notes>"
    found = read_project(project(tmp_path / "a.qdpx", text_source(words(0, 4, coding())), sets=notes))
    assert told(found)[1] == ("own thought", [("Access", "Access", "person:jd")]) and found.not_taken == []
    assert "My own thought." in found.texts.values(), "so that it can be added, and its codes found in it"


def test_a_stretch_of_a_transcript_is_found_by_its_points(tmp_path):
    points = "".join(f"<SyncPoint guid='{B}{n}' position='{at}' timeStamp='0'/>" for n, at in ((7, 24), (8, len(TEXT))))
    stretch = (
        f"<TranscriptSelection guid='{A}7' fromSyncPoint='{B}7' toSyncPoint='{B}8'>{coding()}</TranscriptSelection>"
    )
    inside = f"<Transcript guid='{A}6' plainTextPath='internal://t.txt'>{points}{stretch}</Transcript>"
    found = read_project(project(tmp_path / "a.qdpx", f"<AudioSource guid='{A}5' name='talk'>{inside}</AudioSource>"))
    assert told(found) == [("Courts pay for interpreters.", [("Access", "Access", "person:jd")])]


def test_a_source_coded_as_a_whole_is_a_row_that_says_so(tmp_path):
    found = read_project(project(tmp_path / "a.qdpx", text_source(coding())))
    assert told(found) == [("", [("Access", "Access", "person:jd")])] and found.rows[0].notes == (WHOLE,)


@pytest.mark.parametrize("path", ["relative://gone.txt", "absolute://C:/gone.txt", "internal://gone.txt"])
def test_a_missing_source_is_named_and_stops_no_other(tmp_path, path):
    sources = text_source(words(0, 4, coding()), "interview", path) + text_source(words(0, 4, coding(2)))
    found = read_project(project(tmp_path / "a.qdpx", sources))
    assert [(each.where, each.codings) for each in found.not_taken] == [("interview", 1)]
    assert "not in the project" in found.not_taken[0].why and len(found.rows) == 1


def test_one_bad_selection_stops_no_other_and_nothing_at_all_is_an_error(tmp_path):
    bad = words(0, 999, coding())
    found = read_project(project(tmp_path / "a.qdpx", text_source(bad + words(0, 4, coding(2)))))
    assert len(found.rows) == 1 and "is not in its source of 52 characters" in found.not_taken[0].why
    with pytest.raises(InputError, match="plan: line 1: the selection 0–999 is not in its source"):
        read_project(project(tmp_path / "b.qdpx", text_source(bad)))


def test_words_are_found_in_utf_16_and_under_the_name_that_another_machine_gave_them(tmp_path):
    path = "absolute://D:/projects/t.txt"
    found = read_project(
        project(tmp_path / "a.qdpx", text_source(words(0, 4, coding()), path=path), {"t.txt": TEXT.encode("utf-16")})
    )
    assert told(found) == [("Each", [("Access", "Access", "person:jd")])] and found.not_taken == []


def test_a_source_without_plain_text_and_a_selection_without_words_are_counted_with_the_reason(tmp_path):
    rich = f"<TextSource guid='{A}6' name='memo' richTextPath='internal://m.docx'>{words(0, 4, coding(2))}</TextSource>"
    found = read_project(
        project(tmp_path / "a.qdpx", rich + text_source(words(0, 4, coding()) + words(4, 5, coding(3))))
    )
    assert [(each.where, each.codings, each.why) for each in found.not_taken] == [
        ("memo", 1, "has no plain text, in which places are counted"),
        ("plan", 1, "line 1: the selection 4–5 holds no words"),
    ]
    assert [row.text for row in found.rows] == ["Each"]


# --- codes, users, GUIDs ---


def test_a_coding_that_names_two_codes_gives_both_and_two_users_without_a_name_stay_two(tmp_path):
    two = coding().replace("</Coding>", f"<CodeRef targetGUID='{A}2'/></Coding>")
    path = project(tmp_path / "a.qdpx", text_source(words(0, 4, two)))
    assert told(read_project(path)) == [
        ("Each", [("Access", "Access", "person:jd"), ("Access", "Courts", "person:jd")])
    ]
    users = [
        etree.fromstring(f"<User guid='{guid}'{more}/>")
        for guid, more in ((f"{A}7", ""), (f"{B}8", ""), (f"{A}9", " id='jd'"))
    ]
    assert list(users_in(users).values()) == ["unnamed aaaaaaaa", "unnamed bbbbbbbb", "jd"]


def test_the_maker_of_the_words_made_a_coding_that_names_nobody(tmp_path):
    marked = words(0, 4, coding(user="")).replace("<PlainTextSelection", f"<PlainTextSelection creatingUser='{A}9'")
    found = read_project(project(tmp_path / "a.qdpx", text_source(marked)))
    assert told(found) == [("Each", [("Access", "Access", "person:jd")])]


@pytest.mark.parametrize(
    "shape",
    [
        str.upper,
        lambda g: f"{{{g}}}",
        lambda g: g.replace("-", ""),
        lambda g: g.replace("-", "").upper(),
        lambda g: f"urn:uuid:{g}",
        lambda g: f"URN:UUID:{{{g.upper()}}}",
    ],
)
def test_guids_of_other_shapes_meet(tmp_path, shape):
    source = text_source(words(0, 4, coding(code=shape(f"{A}1"), user=shape(f"{A}9"))))
    assert told(read_project(project(tmp_path / "a.qdpx", source))) == [("Each", [("Access", "Access", "person:jd")])]


def test_what_is_no_guid_gets_one_that_is_always_the_same():
    assert normal_guid("code-7") == normal_guid("code-7") != normal_guid("code-8")
    assert normal_guid(None) == normal_guid("") == "" and normal_guid(f"{{{A}1}}".upper()) == f"{A}1"


def test_a_set_of_codes_is_the_theme_above_them(tmp_path):
    sets = (
        f"<Sets><Set guid='{B}1' name='Main themes'><MemberCode targetGUID='{A}1'/><MemberCode targetGUID='{A}3'/></Set>"
        f"<Set guid='{B}2' name='Others'><MemberCode targetGUID='{A}3'/><MemberCode targetGUID='{A}2'/></Set></Sets>"
    )
    codes = "".join(f"<Code guid='{A}{n}' name='{name}' isCodable='true'/>" for n, name in ((1, "Access"), (3, "Both")))
    source = text_source(words(0, 4, coding() + coding(2, f"{A}3")))
    (row,) = read_project(project(tmp_path / "a.qdpx", source, codes=codes, sets=sets)).rows
    assert [(tag.facet, tag.id) for tag in row.tags] == [("Main themes", "Access"), ("Both", "Both")]


def test_a_code_in_two_sets_says_so_and_sets_of_sources_are_counted(tmp_path):
    member = f"<MemberCode targetGUID='{A}1'/>"
    sets = f"<Set guid='{B}1' name='One'>{member}</Set><Set guid='{B}2' name='Two'>{member}</Set>"
    sets += f"<Set guid='{B}3' name='Plans'><MemberSource targetGUID='{A}5'/></Set>"
    note = f"<Note guid='{B}4' name='a thought' plainTextPath='internal://t.txt'>{words(0, 4, coding(5))}</Note>"
    more = f"<Notes>{note}</Notes><Sets>{sets}</Sets><Description>What it is about</Description>"
    found = read_project(project(tmp_path / "a.qdpx", text_source(words(0, 4, coding())), sets=more))
    assert found.codebook.codes[0].source == "in the sets One; Two"
    assert told(found) == [("Each", [("One", "Access", "person:jd")])] * 2 or len(told(found)) == 2
    assert [(each.where, each.codings, each.why) for each in found.not_taken] == [
        ("project", 0, "1 sets of sources or notes"),
        ("project", 0, "1 descriptions of the project or a source"),
    ]


def test_two_codes_of_one_name_are_kept_apart_with_a_word(tmp_path):
    path = tmp_path / "a.qdc"
    codes = "".join(f"<Code guid='{A}{n}' name='Access' isCodable='true'/>" for n in (1, 2, 3))
    path.write_text(f"<CodeBook xmlns='urn:QDA-XML:codebook:1.0'><Codes>{codes}</Codes></CodeBook>", encoding="utf-8")
    book = read_qdc(path)
    assert [code.name for code in book.codes] == ["Access", "Access (2)", "Access (3)"]
    assert book.codes[1].source == "called 'Access' in a.qdc, as another code is"
    done = CliRunner().invoke(program, ["codebook", "import", str(path), "--out", str(tmp_path / "a.yaml")])
    assert done.exit_code == 0 and "called 'Access' in a.qdc" in done.output


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("Code,Description\nAccess,Built places\nPay,\n", [("Access", None, "Built places"), ("Pay", None, "")]),
        ("name;memo\n", []),
        ("Code,Memo\nAccess > Courts,Ramps\n", [("Access", None, ""), ("Access/Courts", "Access", "Ramps")]),
        ("Code,Memo\n\"Access\\\\Courts\",Ramps\n", [("Access", None, ""), ("Access/Courts", "Access", "Ramps")]),
        ("Label,Parent,Definition\nCourts,Access,Ramps\n", [("Access", None, ""), ("Access/Courts", "Access", "Ramps")]),
    ],
)  # fmt: skip
def test_a_codebook_of_two_columns_is_read(tmp_path, table, codes):
    (tmp_path / "a.csv").write_text(table, encoding="utf-8")
    if not codes:
        with pytest.raises(InputError, match="names of codes"):
            read_csv(tmp_path / "a.csv")
        return
    book = read_csv(tmp_path / "a.csv")
    assert isinstance(book, Codebook) and [(c.id, c.parent, c.definition) for c in book.codes] == codes


# --- remarks, and what else a project holds ---


def test_remarks_on_a_coding_and_on_its_words_come_with_it(tmp_path):
    notes = (
        f"<Notes><Note guid='{B}1' name='n'><PlainTextContent>Only\nnew\n ones</PlainTextContent></Note>"
        f"<Note guid='{B}2' name='m' plainTextPath='internal://m.txt'/><Note guid='{B}3' name='of the team'/></Notes>"
    )
    both = coding().replace("</Coding>", f"<NoteRef targetGUID='{{{B.upper()}1}}'/></Coding>")
    inside = f"<Description>the first word</Description>{both}<NoteRef targetGUID='{B}2'/>"
    files = {"t.txt": TEXT, "m.txt": "From a file."}
    found = read_project(project(tmp_path / "a.qdpx", text_source(words(0, 4, inside)), files, sets=notes))
    assert list(found.memos.values()) == [{0: "Only new ones; From a file.; the first word"}]
    assert [(each.where, each.codings, each.why) for each in found.not_taken] == [
        ("project", 0, "1 notes that stand on no coding")
    ]


def test_cases_links_and_diagrams_are_counted(tmp_path):
    more = f"<Cases><Case guid='{B}1'/><Case guid='{B}2'/></Cases><Links><Link guid='{B}3'/></Links>"
    found = read_project(project(tmp_path / "a.qdpx", text_source(words(0, 4, coding())), sets=more))
    assert [each.why for each in found.not_taken] == ["a case without attributes"] * 2 + ["1 links"]


# --- back into our passages ---


def rewritten(path, change):
    """Apply `change` to the elements of the project; return the changed file."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(files["project.qde"])
    change(root)
    files["project.qde"] = etree.tostring(root)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_a_program_that_makes_its_user_the_maker_of_everything_makes_no_machine_tag_a_persons(
    rows, provenance, text_of, tmp_path
):
    def all_mine(root):
        for n, each in enumerate(root.iter(f"{{{NS}}}Coding")):
            each.set("guid", f"{B[:-2]}{n:03}")
            each.set("creatingUser", f"{A}9")
        etree.SubElement(root.find(f"{{{NS}}}Users"), f"{{{NS}}}User", guid=f"{A}9", name="jd")

    path = export(rows, "qdpx", tmp_path / "a.qdpx", provenance, text_of=text_of)
    found = read_project(rewritten(path, all_mine))
    own = {row.id: row for row in rows}

    def of(row, side):
        """Return the codes that one side gave to a complete row."""
        kept = (t for t in row.tags if t.state != "rejected")
        return {(t.facet, t.id) for t in kept if (t.origin[:7] == "person:") is side}

    proposed = {(row.id, tag) for row in rows for tag in of(row, False)}
    taken = {(row.id, t.facet, t.id) for row in found.rows for t in row.tags if t.origin == "person:jd"}
    assert proposed and not {(id, *tag) for id, tag in proposed} & taken and set(own) == {r.id for r in found.rows}
    said = [each for each in found.not_taken if "wrote 'jd' as its maker" in each.why]
    assert len(said) == sum(each.codings for each in said) >= 1


def test_new_selections_in_an_exported_source_belong_to_the_rows_they_stand_in(rows, provenance, text_of, tmp_path):
    path = export(rows, "qdpx", tmp_path / "a.qdpx", provenance, text_of=text_of)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(files["project.qde"])
    source = next(each for each in root.iter(f"{{{NS}}}TextSource") if "A toy" in each.get("name"))
    person, code = (root.find(f".//{{{NS}}}{tag}") for tag in ("User", "CodeRef"))
    text = text_of("toy")
    for n, phrase in enumerate(("passage = here", "here. 👵 كبار السن\n\n=SUM(A1)"), 1):
        start = text.index(phrase)
        new = etree.SubElement(
            source,
            f"{{{NS}}}PlainTextSelection",
            guid=f"{B}{n}",
            startPosition=str(start),
            endPosition=str(start + len(phrase)),
        )
        made = etree.SubElement(new, f"{{{NS}}}Coding", guid=f"{B}{n + 4}", creatingUser=person.get("guid"))
        etree.SubElement(made, f"{{{NS}}}CodeRef", targetGUID=code.get("targetGUID"))
    files["project.qde"] = etree.tostring(root)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    found = {row.id: row for row in read_project(path).rows}
    first, second = found["toy/p1"], found["toy/p2"]
    spans = [first.text[slice(*tag.span)] for tag in first.tags[len(rows[0].tags) :]]
    assert spans == ["passage = here", "here. 👵 كبار السن"]
    assert [second.text[slice(*tag.span)] for tag in second.tags] == ["=SUM(A1)"] and set(found) == {
        row.id for row in rows
    }


def test_what_a_machine_proposed_is_no_persons_word_when_guids_are_made_anew(rows, provenance, text_of, tmp_path):
    path = export(rows, "qdpx", tmp_path / "a.qdpx", provenance, text_of=text_of)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(files["project.qde"])
    for n, each in enumerate(root.iter(f"{{{NS}}}Coding", f"{{{NS}}}PlainTextSelection")):
        each.set("guid", f"{B[:-2]}{n:03}")
    files["project.qde"] = etree.tostring(root)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    found = read_project(path).rows
    assert {tag.origin for row in found for tag in row.tags} == {"rule:words", "model:m@1", "person:Coder A"}
    people = [(row.id, tag.id) for row in found for tag in row.tags if tag.origin.startswith("person:")]
    assert people == [(row.id, tag.id) for row in rows for tag in row.tags if tag.origin.startswith("person:")]


def test_a_selection_is_found_by_the_letters_of_its_source_and_by_offsets():
    held = "Head\n\n  Each clinic\n  has a ramp.\n\nCourts pay.\n"
    one = toy_passage("act/s1", "Each clinic has a ramp.", place=Place(file="act.txt", sha256="0" * 64, chars=(6, 33)))
    two = toy_passage("act/s2", "Courts pay.", place=Place(file="act.txt", sha256="0" * 64, chars=(35, 46)))
    theirs = "Head\r\nEach clinic has a ramp.\r\nCourts pay."  # another program's line ends
    locator = SelectionLocator(
        {"t": theirs, "other": "Head Each"}, ["act", "gone"], {"act": held}.get, lambda _: [one, two]
    )

    def found(words, text="t"):
        start = locator.texts[text].index(words)
        row = toy_row(Place(file="act", sha256=text, chars=(start, start + len(words))))
        return [(passage.id, span and passage.text[slice(*span)]) for passage, span in locator.of(row)]

    assert found("Each clinic has a ramp.") == [("act/s1", None)]
    assert found("clinic has") == [("act/s1", "clinic has")]
    assert found("a ramp.\r\nCourts") == [("act/s1", "a ramp."), ("act/s2", "Courts")]
    assert found("Head") == [] and found("Each", "other") == []


def toy_row(place):
    from kb.export import Row

    return Row(id="x", document=place.file, text="…", place=place)


def test_the_command_takes_what_it_can_and_counts_the_rest(live_kb, tmp_path, root):
    held = (root / "corpus" / "background-paper" / "background-paper.txt").read_text(encoding="utf-8")
    start = held.index("universal entitlements to pension")
    area = f"<PDFSource guid='{A}4' name='scan.pdf'><PDFSelection guid='{A}7' page='0' firstX='1' firstY='1' secondX='2' secondY='2'>{coding(5)}</PDFSelection></PDFSource>"
    sources = (
        text_source(words(start, start + 20, coding()), "paper", "internal://paper.txt")
        + text_source(words(0, 4, coding(2)), "foreign") + text_source(coding(3), "whole", "internal://w.txt") + area
    )  # fmt: skip
    codes = f"<Code guid='{A}1' name='sector' isCodable='true'/>"
    path = project(tmp_path / "a.qdpx", sources, {"paper.txt": held, "t.txt": TEXT, "w.txt": TEXT}, codes=codes)
    done = CliRunner().invoke(program, ["codes", "import", str(path), "--user", "jd=J. Doe"])
    assert done.exit_code == 0, done.output
    assert "1 code added, 0 known already, 3 not taken" in done.output
    whole = "'whole' was coded as a whole, and is no document of the index"
    for why in (
        "'foreign' is no document of the index",
        whole,
        "an area of a page says no words that stand once in the text of its source",
    ):
        assert why in done.output
    (line,) = CliRunner().invoke(program, ["codes", "list"]).output.splitlines()
    coded = json.loads(line)
    assert (coded["coder"], coded["passage"], coded["facet"]) == ("J. Doe", "paper/r5", "sector") and coded["span"]
    assert (
        "1 known already" in CliRunner().invoke(program, ["codes", "import", str(path), "--user", "jd=J. Doe"]).output
    )


def test_sources_that_are_no_document_here_are_saved_to_be_added_and_nothing_is_written_over(live_kb, tmp_path):
    path = project(tmp_path / "a.qdpx", text_source(words(0, 4, coding()), "../Plan: one"))
    asked = ["codes", "import", str(path), "--save-sources", str(tmp_path / "new")]
    done = CliRunner().invoke(program, asked)
    assert done.exit_code == 0 and "add it: kb policies add SET" in done.output
    (saved,) = (tmp_path / "new").iterdir()
    assert saved.name == "Plan- one.txt" and saved.read_text(encoding="utf-8") == TEXT
    again = CliRunner().invoke(program, asked)
    assert isinstance(again.exception, InputError) and "is there already" in str(again.exception)


def test_a_user_without_a_name_is_refused(live_kb, tmp_path):
    path = project(tmp_path / "a.qdpx", text_source(words(0, 4, coding())))
    assert CliRunner().invoke(program, ["codes", "import", str(path), "--user", "jd"]).exit_code
