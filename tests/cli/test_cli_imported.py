"""In every command, decisions of an imported assessment are shown as statements of the file, never as decided here."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from kb_commands import ran

from kb.cli.main import root as program

ACT = "Pension Act\n\nArticle 1\n\nEvery resident is entitled to a basic pension from the age of sixty-five.\n"
LAW = "Every resident is entitled to a basic pension from the age of sixty-five."
ANA = ("--by", "Ana Author")
ZOE = "stated in the file that Zoe Reader brought in on "


@pytest.fixture(scope="module")
def brought(tmp_path_factory):
    """Create a workspace with an imported assessment ("there") and one that was made in it ("here")."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "act.txt").write_text(ACT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KB_INDEXES", str(folder / "indexes"))
        patch.delenv("KB_DATABASE_URL", raising=False)
        for place in ("theirs", "ours"):
            patch.setenv("KB_WORKSPACE", str(folder / place))
            if place == "ours":
                ran("assessment", "import", folder / "file.json", "--as", "there", "--by", "Zoe Reader")
            ran("policies", "create", "here", "Here", "--country", "KEN", *ANA)
            how = ("--id", f"act-{place}", "--standing", "in-force", "--date", "2018", "--no-build")
            ran("policies", "add", "here", folder / "act.txt", *how, *ANA)
            ran("findings", "quote", "here", "R5.c", LAW, "--source", f"act-{place}", "--role", "instrument", *ANA)
            ran("findings", "set", "here", "R5.c", "--status", "partial", "--rationale", "law only", *ANA)
            ran("actions", "add", f"pay-{place}", "Pay it", "--due", "2027-06-30", "--finding", "here:R5.c", *ANA)
            ran("measures", "record", "here", "pension", "--title", "Pension", "--commitment", "crpd/art28/2", *ANA)
            if place == "theirs":
                ran("assessment", "export", "here", folder / "file.json")
        yield folder


ROADS = {
    "compare": ("compare", "there"),
    "findings list": ("findings", "list", "there"),
    "findings list as of the last event": ("findings", "list", "there", "--at", "6"),
    "findings show": ("findings", "show", "there", "R5.c"),
    "findings history": ("findings", "history", "there", "R5.c"),
    "policies list": ("policies", "list"),
    "actions list": ("actions", "list", "--set", "there"),
    "actions table": ("actions", "table", "there"),
    "measures list": ("measures", "list", "there"),
}


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_every_list_says_whose_file_states_it(brought, road):
    assert ZOE in ran(*road)


@pytest.mark.parametrize("road", [road for name, road in ROADS.items() if "there" in road and "--at" not in road])
def test_what_was_decided_here_is_not_called_a_files_word(brought, road):
    assert "stated in the file" not in ran(*("here" if each == "there" else each for each in road))


def test_a_comparison_counts_apart_what_only_a_file_states(brought):
    found = json.loads(ran("compare", "there", "here", "--json"))
    line = next(line for line in found["lines"] if line["criterion"] == "R5.c")
    theirs, ours = line["cells"]
    assert theirs["stated"].startswith(ZOE) and ours["stated"] == ""
    assert [totals["in_files"] for totals in found["stated"]] == [1, 0]
    assert "1 of these only stated in a file" in ran("compare", "there", "here")


@pytest.mark.parametrize("what", ["compare", "assessment"])
def test_a_report_says_it_too(brought, what):
    file = brought / f"{what}.html"
    ran("report", what, "there", *(["here"] if what == "compare" else []), "--format", "html", "--out", file)
    assert ZOE in file.read_text()


def test_what_a_person_here_changes_is_theirs_and_the_rest_stays_the_files(brought):
    (action,) = json.loads(ran("actions", "list", "--set", "there", "--json"))
    assert action["stated"].startswith(ZOE)
    ran("actions", "update", action["id"], "--owner", "Ben", "--seen", "1", "--by", "Ben Here")
    (changed,) = json.loads(ran("actions", "list", "--set", "there", "--json"))
    names, _, whose = changed["stated"].partition(": ")
    assert whose.startswith(ZOE) and "title" in names and "owner" not in names


@pytest.mark.parametrize("command", [("cite", "CRPD art. 12"), ("doctor",)])
def test_an_answer_says_whose_words_it_cannot_hold_since_only_an_assessment_came(brought, command):
    result = CliRunner().invoke(program, list(command))
    told = result.stdout + result.stderr
    assert "The files of these policies are not here" in told and "(there)" in told
    assert "(here)" not in told.partition("To search them")[0].rpartition("will not have their words")[2]


def test_policies_list_marks_the_policy_whose_file_is_not_here(brought):
    (line,) = [line for line in ran("policies", "list").splitlines() if ZOE in line and "version" in line]
    assert "its file is not here" in line
