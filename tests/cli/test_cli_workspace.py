"""The workspace from the command line: a day's work of an officer, and refusals."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from icalendar import Calendar
from kb_commands import answered

from kb.cli.main import root as program
from kb.errors import DataError, InputError, NotFound, RefusedError

ACT = """Pension Act

Article 1

Every resident is entitled to a basic pension from the age of sixty-five.

Article 2

The Pension Board pays the pension each month and reports to Parliament every year.
"""
LAW = "Every resident is entitled to a basic pension from the age of sixty-five."
BOARD = "The Pension Board pays the pension each month and reports to Parliament every year."
BY = ("--by", "A. Officer")


@pytest.fixture
def kb(tmp_path, monkeypatch):
    """Return a function that runs a command in its own workspace and returns its output, parsed if it is JSON."""
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "indexes"))
    monkeypatch.delenv("KB_DATABASE_URL", raising=False)

    return answered


@pytest.fixture
def land(kb, tmp_path):
    """Create a set with one act in force."""
    act = tmp_path / "act.txt"
    act.write_text(ACT)
    kb("policies", "create", "land", "Land", "--country", "KEN", *BY)
    kb("policies", "add", "land", act, "--id", "act", "--standing", "in-force", "--date", "2018", *BY)
    return kb


def test_an_officers_way_to_met(land):
    land("findings", "quote", "land", "R5.c", LAW, "--source", "act", "--role", "instrument", *BY)
    with pytest.raises(RefusedError, match="evidence at work"):
        land("findings", "set", "land", "R5.c", "--status", "met", "--rationale", "It is law.", *BY)
    land("findings", "quote", "land", "R5.c", BOARD, "--source", "act", "--role", "operation", *BY)
    made = land("findings", "set", "land", "R5.c", "--status", "met", "--rationale", "Law and Board.", *BY, "--json")
    assert (made["status"], made["decided_by"], made["version"]) == ("met", "A. Officer", 3)
    listed = land("findings", "list", "land", "--json")
    assert listed["size"] == "6 stated + 1 derived" and len(listed["findings"]) == 38
    assert "A. Officer" in land("findings", "history", "land", "R5.c") and "3 events" not in land("findings", "prove")
    assert (
        land("findings", "show", "land", "R5.c", "--at", "1900-01-01", "--json")["finding"]["status"] == "not-assessed"
    )


def test_author_is_never_taken_from_the_system(land):
    for command in (
        ("findings", "set", "land", "R1.a", "--gap", "x"),
        ("actions", "add", "a", "A"),
        ("policies", "create", "x", "X"),
    ):
        result = CliRunner().invoke(program, list(command))
        assert result.exit_code == 2 and "--by" in result.output


def test_seen_version_protects_the_others_work(land):
    land("findings", "set", "land", "R1.a", "--gap", "one", *BY)
    with pytest.raises(RefusedError, match="Changed since you read it by A. Officer"):
        land("findings", "set", "land", "R1.a", "--gap", "two", "--seen", "0", "--by", "B. Other")


def test_new_version_from_the_command_line(land, tmp_path):
    land("findings", "quote", "land", "R5.c", LAW, "--source", "act", "--role", "instrument", *BY)
    (tmp_path / "new.txt").write_text(ACT.replace("sixty-five", "seventy"))
    land(
        "policies",
        "add",
        "land",
        tmp_path / "new.txt",
        "--version-of",
        "act",
        "--label",
        "2024",
        "--standing",
        "in-force",
        "--date",
        "2024-01-01",
        *BY,
    )
    report = land("policies", "changes", "land", "act", "--json")
    assert [one["outcome"] for one in report["evidence"]] == ["altered"]  # one word of law changed: never "same"
    assert report["evidence"][0]["share"] < 1
    assert any(r["check"] == "words-gone" for r in land("checks", "land", "--json"))
    with pytest.raises(RefusedError, match="same file"):
        land("policies", "add", "land", tmp_path / "new.txt", "--standing", "in-force", *BY)


def test_a_newer_text_without_a_label_is_called_by_its_date_and_one_without_either_is_asked_for_it(land, tmp_path):
    (tmp_path / "new.txt").write_text(ACT.replace("sixty-five", "seventy"))
    newer = ("policies", "add", "land", tmp_path / "new.txt", "--version-of", "act", "--standing", "in-force", *BY)
    with pytest.raises(InputError, match=r"a label or a date.*--label"):
        land(*newer)
    made = land(*newer, "--date", "2024", "--json")
    assert [one["label"] for one in made["versions"]] == ["1", "2024"]


def test_evidence_is_quoted_again_from_the_current_text(land, tmp_path):
    made = land("findings", "quote", "land", "R5.c", BOARD, "--source", "act", "--role", "operation", *BY, "--json")
    row = made["evidence"][0]["id"]
    later = ("--version-of", "act", "--label", "2024", "--standing", "in-force")
    (tmp_path / "new.txt").write_text(ACT.replace("Article 2", "Article 3"))
    land("policies", "add", "land", tmp_path / "new.txt", *later, *BY)
    printed = land("policies", "changes", "land", "act")
    assert f"kb findings requote land R5.c {row}" in printed
    made = land("findings", "requote", "land", "R5.c", row, *BY, "--json")["evidence"][0]
    assert (made["passage"], made["quotation"]) == ("act/s-article-3/2", BOARD)
    with pytest.raises(RefusedError, match="word for word"):
        land("findings", "requote", "land", "R5.c", made["id"], "--quotation", "The Board pays.", *BY)
    with pytest.raises(NotFound, match="no evidence row 'none'"):
        land("findings", "requote", "land", "R5.c", "none", *BY)


def test_backup_restore_and_exchange(land, tmp_path, monkeypatch):
    land("findings", "set", "land", "R1.a", "--status", "partial", "--rationale", "x", *BY)
    land("backup", tmp_path / "b.zip")
    land("assessment", "export", "land", tmp_path / "a.json")
    with pytest.raises(RefusedError):
        land("restore", tmp_path / "b.zip")
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "second"))
    assert "the log is whole" in land("restore", tmp_path / "b.zip")
    brought = land("assessment", "import", tmp_path / "a.json", "--as", "copy", *BY, "--json")
    assert brought["findings"] == 1
    compared = land("compare", "land", "copy", "--json")
    assert [cell["status"] for cell in compared["lines"][0]["cells"]] == ["partial", "partial"]


def test_an_imported_policy_without_its_file_says_that_search_does_not_find_it(land, tmp_path, monkeypatch):
    land("assessment", "export", "land", tmp_path / "a.json")
    assert "its file is not here" not in land("policies", "list")
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "second"))
    brought = CliRunner().invoke(program, ["assessment", "import", str(tmp_path / "a.json"), *BY])
    assert "Search does not find their words" in brought.output
    assert "its file is not here" in land("policies", "list")


def test_actions_measures_calendar_and_table(land, tmp_path):
    land(
        "actions",
        "add",
        "pay",
        "Pay all",
        "--due",
        "2020-01-31",
        "--finding",
        "land:R5.c",
        "--commitment",
        "crpd/art28",
        "--indicator",
        "paid,%,10,90",
        *BY,
    )
    land("actions", "measure", "pay", "2019-06-01", "40", *BY)
    land("actions", "note", "pay", "Slow.", *BY)
    assert [a["id"] for a in land("actions", "list", "--overdue", "--json")] == ["pay"]
    land(
        "measures",
        "record",
        "land",
        "pension",
        "--title",
        "Pension",
        "--commitment",
        "crpd/art28=supports",
        "--quote",
        f"act={LAW}",
        *BY,
    )
    rows = land("actions", "table", "land", "--json")
    assert [(row["measure"], row["actions"]) for row in rows] == [("pension", ["pay"])]
    land("actions", "calendar", tmp_path / "due.ics")
    assert len(Calendar.from_ical((tmp_path / "due.ics").read_bytes()).walk("VEVENT")) == 1


def test_two_people_and_a_third_act(land):
    land("double", "open", "land", "R1.a", "Ana", "Ben", "--by", "Cy")
    land("double", "say", "land", "R1.a", "--status", "partial", "--rationale", "some", "--done", "--by", "Ana")
    assert land("double", "show", "land", "R1.a", "--viewer", "Ben", "--json")["sheets"][0]["by"] == "Ben"
    land("double", "say", "land", "R1.a", "--status", "contrary", "--rationale", "none", "--done", "--by", "Ben")
    found = land("double", "show", "land", "R1.a", "--json")
    assert found["disagreements"]["status"] == {"Ana": "partial", "Ben": "contrary"}
    made = land(
        "double", "settle", "land", "R1.a", "--status", "partial", "--reason", "the act", "--by", "Cy", "--json"
    )
    assert made["settled_by"] == ["Cy"]


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (("findings", "list", "nowhere"), NotFound),
        (("findings", "show", "land", "R9.z"), NotFound),
        (("findings", "list", "land", "--at", "soon"), InputError),
        (("compare", "land@never"), InputError),
        (("policies", "add", "land", "no-such-file", "--standing", "draft", *BY), NotFound),
        (("actions", "add", "a", "A", "--finding", "R1.a", *BY), InputError),
    ],
)
def test_mistakes_are_named(land, command, error):
    with pytest.raises(error):
        land(*command)


def test_a_policy_of_the_library_brings_its_date_and_standing(land, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("Housing Act\n\nSection 1. Every household is entitled to a dwelling within two years.\n")
    added = land(
        "add",
        other,
        "--policy",
        "--country",
        "KEN",
        "--title",
        "Housing Act",
        "--date",
        "2019",
        "--status",
        "adopted",
        "--json",
    )
    land("policies", "add", "land", added["id"], *BY)
    held = {one["id"]: one["versions"][-1] for one in land("policies", "list", "--json")[0]["policies"]}
    assert (held[added["id"]]["dated"], held[added["id"]]["standing"]) == ("2019", "adopted")


def test_a_file_without_a_standing_is_refused(land, tmp_path):
    with pytest.raises(InputError, match="how the text stands"):
        land("policies", "add", "land", tmp_path / "act.txt", *BY)


def test_log_is_proved_against_what_left_it(land, tmp_path):
    land("findings", "key", tmp_path / "key")
    land("findings", "anchor", tmp_path / "a.txt", "--key", tmp_path / "key")
    land("backup", tmp_path / "b.zip")
    land("findings", "set", "land", "R1.a", "--gap", "one", *BY)
    said = land("findings", "prove", "--against", tmp_path / "a.txt", "--public-key", tmp_path / "key.pub")
    assert "is still on the chain" in said and "signature under event 2 fits" in said
    assert land("findings", "prove", "--against", tmp_path / "b.zip", "--json")["whole"]
    mark = land("findings", "anchor").strip()
    (tmp_path / "forged.txt").write_text(mark.replace("/3/", "/2/"))
    with pytest.raises(DataError, match="written anew"):
        land("findings", "prove", "--against", tmp_path / "forged.txt")


def test_set_is_renamed_given_a_country_put_aside_and_taken_back_and_the_log_keeps_each(kb):
    kb("policies", "create", "kenya", "Kenia", *BY)
    assert kb("policies", "change", "kenya", "--title", "Kenya", "--country", "KEN", *BY) == "kenya: Kenya KEN\n"
    assert "put aside" in kb("policies", "change", "kenya", "--archive", *BY)
    assert "kenya: Kenya KEN (put aside)" in kb("policies", "list")
    assert "put aside" not in kb("policies", "change", "kenya", "--unarchive", *BY)
    said = kb("findings", "history", "kenya")
    assert (
        "title was changed from Kenia to Kenya" in said
        and "country was set to KEN" in said
        and "archived was changed from yes to no" in said
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [((), "not said what to change"), (("--country", "ZZZ"), "no country code"), (("--title", " "), "title")],
)
def test_change_of_a_set_that_says_nothing_or_nothing_real_is_refused(kb, given, said):
    kb("policies", "create", "kenya", "Kenya", *BY)
    with pytest.raises(InputError, match=said):
        kb("policies", "change", "kenya", *given, *BY)
