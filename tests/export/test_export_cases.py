"""Sources that another program coded as a whole, and its cases with their attributes: imported and exported unchanged;
what is not imported is counted, with the reason."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from test_export_other_programs import NS, TEXT, A, B, coding, project, rewritten, text_source, words

from kb.cli.main import root as program
from kb.coding.attributes import Attribute, attributes
from kb.errors import InputError
from kb.export import SourceNote, export
from kb.export.coded import WHOLE
from kb.export.importing_qdpx import read_project
from kb.log import open_workspace


def variable(n, name, kind="Text"):
    return f"<Variable guid='{B}{n}' name='{name}' typeOfVariable='{kind}'/>"


def value(n, kind, text):
    return f"<VariableValue><VariableRef targetGUID='{B}{n}'/><{kind}Value>{text}</{kind}Value></VariableValue>"


def cases(*inside, variables=()):
    made = "".join(f"<Case guid='{B}{n + 5}' name='{name}'>{held}</Case>" for n, (name, held) in enumerate(inside))
    return f"<Variables>{''.join(variables)}</Variables><Cases>{made}</Cases>"


REGION, AGE = variable(1, "Region"), variable(2, "Age", "Integer")
OF_IT = f"<SourceRef targetGUID='{A}5'/>"


# --- what a project says ---


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (value(1, "Text", "North") + OF_IT, [("One", "Region", "Text", "North")]),
        (
            value(1, "Text", "North") + value(2, "Integer", "34") + OF_IT,
            [("One", "Region", "Text", "North"), ("One", "Age", "Integer", "34")],
        ),
        (value(1, "Text", " ") + value(2, "Integer", "34") + OF_IT, [("One", "Age", "Integer", "34")]),
    ],
)
def test_attributes_of_a_case_are_those_of_its_source(tmp_path, held, said):
    more = cases(("One", held), variables=(REGION, AGE))
    found = read_project(project(tmp_path / "a.qdpx", text_source(words(0, 4, coding())), sets=more))
    assert [(a.attribute.case, a.attribute.name, a.attribute.kind, a.attribute.value) for a in found.attributes] == said
    assert {a.where for a in found.attributes} == {"plan"} and found.not_taken == []


def test_a_source_may_have_attributes_itself_and_a_case_several_sources(tmp_path):
    two = text_source(words(0, 4, coding()) + value(1, "Text", "North")) + text_source(
        words(0, 4, coding(2)), "talk"
    ).replace(f"{A}5", f"{A}6")
    more = cases(("Both", value(2, "Integer", "3") + OF_IT + OF_IT.replace("5'", "6'")), variables=(REGION, AGE))
    found = read_project(project(tmp_path / "a.qdpx", two, sets=more))
    assert {(a.where, a.attribute.case, a.attribute.name, a.attribute.value) for a in found.attributes} == {
        ("plan", "Both", "Age", "3"),
        ("talk", "Both", "Age", "3"),
        ("plan", "", "Region", "North"),
    }


@pytest.mark.parametrize(
    ("held", "n", "why"),
    [
        (OF_IT, 1, "a case without attributes"),
        (value(1, "Text", "North"), 1, "its attributes are of no source"),
        (value(1, "Text", "N") + f"<SelectionRef targetGUID='{A}a'/>", 1, "its attributes are of a part of a source, not of a source"),
        (value(1, "Text", "N") + OF_IT + f"<SelectionRef targetGUID='{A}a'/>", 1, "parts of sources in a case: an attribute belongs to a source"),
        (f"<CodeRef targetGUID='{A}1'/>" + value(1, "Text", "N") + OF_IT, 1, "codes of a case: a code belongs to a source or to words of it"),
        (value(1, "Text", "N") + "<SourceRef targetGUID='x'/>", 1, "its attribute Region is of a source that is not in the project"),
    ],
)  # fmt: skip
def test_what_of_a_case_is_not_taken_is_counted_with_the_reason(tmp_path, held, n, why):
    more = cases(("One", held), variables=(REGION,))
    found = read_project(project(tmp_path / "a.qdpx", text_source(words(0, 4, coding())), sets=more))
    assert [(each.where, each.codings, each.why) for each in found.not_taken] == [("One", n, why)]


# --- there and back ---


def test_a_source_coded_as_a_whole_comes_back_as_it_was(rows, provenance, text_of, tmp_path):
    first = rows[0]
    whole = first.model_copy(
        update={
            "id": "toy",
            "text": "",
            "wording": None,
            "may_quote": False,
            "section": (),
            "notes": (WHOLE,),
            "place": first.place.model_copy(update={"chars": None, "lines": None}),
            "tags": tuple(tag.model_copy(update={"span": None}) for tag in first.tags),
        }
    )
    path = export([whole, *rows], "qdpx", tmp_path / "a.qdpx", provenance, text_of=text_of)
    found = read_project(path)
    assert {row.id: row for row in found.rows} == {row.id: row for row in (whole, *rows)} and found.not_taken == []

    def code_anew(root):
        held = root.findall(f".//{{{NS}}}TextSource/{{{NS}}}Coding")
        next(each for each in held if each.get("creatingUser")).set("guid", f"{B}1")  # deleted, and made anew

    again = next(row for row in read_project(rewritten(path, code_anew)).rows if row.id == "toy")
    assert [tag.id for tag in again.tags] == [tag.id for tag in whole.tags if tag.id != "and/or 👵"] + ["and/or 👵"]


def test_attributes_are_given_back_with_their_cases_and_kinds(rows, provenance, text_of, tmp_path):
    given = (
        Attribute(document="toy", name="Region", value="North & <South>"),
        Attribute(document="toy", case="Speaker 1", name="Age", kind="Integer", value="034"),
        Attribute(document="toy", case="Speaker 2", name="Age", kind="Integer", value="51"),
        Attribute(document="toy", case="Speaker 2", name="Age", kind="Text", value="fifty"),
    )
    (source,) = provenance.sources
    held = provenance.model_copy(update={"sources": (source.model_copy(update={"attributes": given}),)})
    found = read_project(export(rows, "qdpx", tmp_path / "a.qdpx", held, text_of=text_of))
    back = {
        (a.document, a.attribute.case, a.attribute.name, a.attribute.kind, a.attribute.value) for a in found.attributes
    }
    assert {(a.document, a.case, a.name, a.kind, a.value) for a in given} <= back and found.not_taken == []
    of_record = {(a[2], a[4]) for a in back} - {(a.name, a.value) for a in given}
    assert of_record == {("Year", "2008"), ("Body", "An Author {x}")}


def test_a_source_note_of_before_has_no_attributes():
    assert SourceNote.model_validate({"document": "toy"}).attributes == ()


# --- into a workspace ---


def run(*arguments):
    done = CliRunner().invoke(program, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def theirs(tmp_path, root):
    """Return a project of another program: the paper coded as a whole, and two cases with attributes of it."""
    held = (root / "corpus" / "background-paper" / "background-paper.txt").read_text(encoding="utf-8")
    more = cases(
        ("Speaker 1", value(1, "Text", "North") + value(2, "Integer", "34") + OF_IT),
        ("Speaker 2", value(2, "Integer", "thirty") + OF_IT),
        ("paper", value(3, "Text", "1999") + OF_IT),
        variables=(REGION, AGE, variable(3, "Year")),
    )
    codes = f"<Code guid='{A}1' name='sector' isCodable='true'/>"
    note = f"<Notes><Note guid='{A}8' name='n'><PlainTextContent>as a whole</PlainTextContent></Note></Notes>"
    remarked = coding().replace("</Coding>", f"<NoteRef targetGUID='{A}8'/></Coding>")
    source = text_source(f"<Description>about it</Description>{remarked}", "paper", "internal://paper.txt")
    return project(tmp_path / "a.qdpx", source, {"paper.txt": held}, codes=codes, sets=more + note)


def test_a_whole_source_and_attributes_come_in_and_go_out(live_kb, theirs, tmp_path, monkeypatch):
    ask = ("codes", "import", str(theirs), "--user", "jd=J. Doe")
    assert "2 attributes of sources added" not in run(*ask)  # the file does not say who gave them
    said = run(*ask, "--by", "A. Lead")
    assert "0 codes added, 1 known already" in said and "2 attributes of sources added" in said
    assert "paper, attribute Age: 'thirty' is no Integer" in said
    assert "paper, attribute Year: it is '2008' by its record here, and '1999' in the file" in said
    assert "2 known already" in run(*ask, "--by", "A. Lead")
    (coded,) = map(json.loads, run("codes", "list").splitlines())
    assert (coded["passage"], coded["coder"], coded["quotation"], coded["may_quote"]) == ("paper", "J. Doe", "", False)
    assert coded["memo"] == "as a whole; imported from a.qdpx"
    run("codes", "add", "paper/r5", "group:youth", "--by", "A. One")
    counted = run("counts", "group", "--by", "source.region", "--document", "paper", "--side", "person")
    assert "North  youth: 1 of" in counted and "1 code stands on documents as a whole" in counted
    run("codes", "list", "--table", str(tmp_path / "quotations.csv"))
    assert "Speaker 1, Age: 34; Speaker 1, Region: North" in (tmp_path / "quotations.csv").read_text(encoding="utf-8")

    out = tmp_path / "out.qdpx"
    run("export", "codes", "--format", "qdpx", "--out", str(out))
    before = _kept(tmp_path / "workspace")
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "other"))
    assert "2 codes added" in run("codes", "import", str(out), "--by", "A. Lead")
    assert _kept(tmp_path / "other") == before and before[1]


def _kept(folder):
    """Return the codes and attributes of a workspace, without times and notes on their import."""
    from kb.coding.codes import codings

    with open_workspace(f"sqlite:///{folder}/workspace.sqlite") as opened:
        given = {(c.passage, c.coder, c.facet, c.code, c.state) for c in codings(opened)}
        return given, {(a.document, a.case, a.name, a.kind, a.value) for a in attributes(opened)}


def test_a_source_whose_text_is_not_there_cannot_be_known(live_kb, tmp_path):
    source = text_source(coding(), "paper", "internal://gone.txt")
    path = project(tmp_path / "a.qdpx", source + text_source(words(0, 4, coding(2)), "other"), {"t.txt": TEXT})
    said = run("codes", "import", str(path))
    assert "'paper' was coded as a whole, and its text, by which it is known, is not there" in said


def test_a_person_codes_a_document_as_a_whole(live_kb, tmp_path):
    run("codes", "add", "paper", "group:youth", "--by", "A. One")
    (row,) = map(json.loads, run("codes", "list").splitlines())
    assert (row["passage"], row["wording"]) == ("paper", None)
    with pytest.raises(InputError, match="does not lie in the passage of 0"):
        CliRunner().invoke(
            program,
            ["codes", "add", "paper", "group:youth", "--span", "0-3", "--by", "A. One"],
            catch_exceptions=False,
        )
    assert "no coder" in run("agreement").casefold() or "0" in run("agreement")
