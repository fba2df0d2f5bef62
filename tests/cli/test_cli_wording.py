"""Wherever a command shows a text it says whose words these are; every table counts both."""

import json

import pytest
from click.testing import CliRunner

from kb.api import Record
from kb.cli.main import root as program
from kb.models import OWN_MARK

OURS, THEIRS = "crpd/art33/2", "paper/r5"
BESIDE = ("before", "after", "parts", "about")


@pytest.fixture
def run(live_kb):
    """Return a function that runs a command over the paper and the register and returns its output."""

    def ask(*words):
        result = CliRunner().invoke(program, list(words), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    return ask


def test_search_says_it_in_json_and_in_text(run):
    found = json.loads(run("search", "national monitoring framework", "--json"))
    by_document = {hit["document"]: (hit["wording"], hit["may_quote"]) for hit in found["hits"]}
    assert by_document["crpd"] == ("own-words", False) and by_document["paper"] == ("verbatim", True)
    assert all(hit["verified"] for hit in found["hits"])
    said = run("search", "national monitoring framework", "--facet", "document=crpd", "--limit", "1")
    assert OWN_MARK in said and "not to be quoted" in said
    assert OWN_MARK not in run("search", "social integration", "--facet", "wording=verbatim", "--limit", "3")


def records_of(run):
    """Yield the records that commands print as JSON, each with the command."""
    for words in (
        ("search", "national monitoring framework", "--json"),
        ("search", "national monitoring framework", "--facet", "document=crpd", "--json"),
        ("show", OURS, "--json"),
        ("show", THEIRS, "--json"),
        ("passages", "--document", "crpd", "--json"),
    ):
        said = json.loads(run(*words))
        lists = [said] if isinstance(said, dict) else said
        for each in lists:
            yield from ((words, record) for record in each.get("hits", [each]))
            yield from ((words, record) for side in ("before", "after", "parts") for record in each.get(side, ()))


def test_every_command_gives_the_one_record_of_the_api_and_never_our_words_as_text(run):
    found = list(records_of(run))
    assert {record["wording"] for _, record in found} == {"verbatim", "own-words"}
    for words, record in found:
        record = {name: value for name, value in record.items() if name not in BESIDE}
        assert Record.model_validate(record).model_dump(mode="json") == record, words
        assert bool(record["text"]) == (record["wording"] == "verbatim") != bool(record["statement"]), words


def test_a_batch_of_questions_gives_the_same_records(run, tmp_path):
    (tmp_path / "q.jsonl").write_text('{"id": 7, "query": "national monitoring framework"}', encoding="utf-8")
    batch = json.loads(run("search", "--queries", str(tmp_path / "q.jsonl"), "--jsonl"))
    alone = json.loads(run("search", "national monitoring framework", "--json"))
    assert batch["id"] == 7 and batch["hits"] == alone["hits"]


def test_passages_are_listed_with_it_and_counted(run):
    rows = [json.loads(line) for line in run("passages", "--jsonl").splitlines()]
    assert {row["document"]: row["wording"] for row in rows} == {
        "paper": "verbatim",
        "beijing": "own-words",
        "cedaw": "own-words",
        "crpd": "own-words",
        "mipaa": "own-words",
        "wssd": "own-words",
    }
    assert all(row["may_quote"] == (row["wording"] == "verbatim") for row in rows)
    ours = sum(row["wording"] == "own-words" for row in rows)
    assert run("passages").rstrip().endswith(f"{len(rows)} passages: {len(rows) - ours} verbatim, {ours} own words")
    assert run("passages", "--wording", "verbatim").rstrip().endswith(f"{len(rows) - ours} verbatim, 0 own words")


def test_a_concordance_never_shows_our_statement_as_the_platforms_words(run):
    lines = [json.loads(line) for line in run("kwic", "topics", "--jsonl").splitlines()]
    assert lines and all(
        (line["wording"], line["may_quote"]) == ("own-words", False)
        for line in lines
        if line["passage"].startswith("beijing/")
    )
    assert all("[own words" in line for line in run("kwic", "topics").splitlines() if " beijing/" in line)
    assert "Topics" not in run("kwic", "topics", "--wording", "verbatim", "--document", "beijing")


def test_every_count_has_both_denominators(run):
    for words in (
        ("counts", "group"),
        ("counts", "group", "--by", "document"),
        ("counts", "group", "--with", "sector"),
    ):
        for row in map(json.loads, run(*words, "--jsonl").splitlines()):
            assert row["n_verbatim"] + row["n_own_words"] == row["n"]
            assert row["of_verbatim"] + row["of_own_words"] == row["of"]
    assert " · verbatim " in run("counts", "group").splitlines()[0]


def test_show_and_cite_say_it_of_every_text_they_show(run):
    shown = json.loads(run("show", OURS, "--json"))
    assert (shown["wording"], shown["may_quote"]) == ("own-words", False)
    assert all("wording" in p for p in [*shown["before"], *shown["after"], *shown["parts"]])
    said = run("show", OURS)
    assert f"{OWN_MARK}States parties must maintain" in said and "Wording   own words" in said
    assert "Wording   verbatim" in run("show", THEIRS)
    cited = json.loads(run("cite", "CRPD art. 33(2)", "--json"))
    assert (cited["wording"], cited["may_quote"], cited["entry"]["wording"]) == ("own-words", False, "own-words")
    assert "In our words: " in run("cite", "CRPD art. 33(2)") and "not to be quoted)" in run("cite", "CRPD art. 33(2)")
    assert json.loads(run("cite", "paper r5", "--json"))["wording"] == "verbatim"


def test_documents_are_listed_with_how_many_of_their_passages_are_whose(run):
    found = {row["id"]: row["wording"] for row in json.loads(run("documents", "--json"))}
    assert found["crpd"]["verbatim"] == 0 < found["crpd"]["own-words"] and found["paper"]["own-words"] == 0


def test_verify_says_what_it_proves_and_compares_a_second_reading(run):
    said = run("verify")
    assert (
        "are unchanged and stand where they were recorded" in said
        and "Not proved: that the reader read what the file prints" in said
    )
    assert "Second reading: 277 passages compared (277 with the file itself); 0 of them differ" in said
    found = json.loads(run("verify", "--json"))
    assert (found["faults"], found["second"]["differences"]) == ([], []) and found["passages"] == 277 + found[
        "own_words"
    ]
    assert json.loads(run("verify", "--json", "--no-second"))["second"] is None
