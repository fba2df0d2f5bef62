"""The tables for the appendix of a study, from the command line: quotations, counts by source, codebook, shares."""

from __future__ import annotations

import csv
import json

import pytest
from click.testing import CliRunner

from kb.cli.main import root as program
from kb.errors import InputError
from kb.log.noted import noted
from kb.text import sha256_of


def kb(*words):
    done = CliRunner().invoke(program, [str(word) for word in words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_list_of_quotations_has_words_path_memo_coder_and_source(live_kb, tmp_path):
    kb("codes", "add", "paper/r5", "group:older-persons", "--by", "A. One", "--memo", "=why", "--span", "3-29")
    kb("codes", "reject", "crpd/art28/1", "sector:housing", "--by", "B. Two")
    kb("codes", "list", "--table", tmp_path / "q.csv")
    own, given = table(tmp_path / "q.csv")
    assert (given["quotation"], given["wording"], given["may_quote"]) == (
        "Guaranteed social protecti",
        "verbatim",
        "True",
    )
    assert given["path"].endswith("> Older persons") and given["memo"] == "'=why" and given["coder"] == "A. One"
    assert (given["source_year"], given["source_body"]) == ("2008", "Attributed to Clare Ferguson")
    assert (own["state"], own["wording"], own["may_quote"]) == ("rejected", "own-words", "False")
    assert (own["source_year"], own["source_body"]) == ("2006", "United Nations General Assembly")


def test_counts_by_the_year_of_the_source_are_a_table_with_denominators(live_kb, tmp_path):
    kb("counts", "group", "--by", "source.year", "--table", tmp_path / "t.csv")
    rows = {(row["group"], row["code"]): row for row in table(tmp_path / "t.csv")}
    assert {year for year, _ in rows} >= {"1979", "1995", "2002", "2006"}
    assert int(rows["1979", "women-girls"]["of"]) < int(rows["1995", "women-girls"]["of"])
    with pytest.raises(InputError, match="sources have no 'source.colour'"):
        kb("counts", "group", "--by", "source.colour")


def test_tables_and_plots_say_by_which_command_and_from_which_log_they_are(live_kb, tmp_path):
    kb("codes", "add", "paper/r5", "group:older-persons", "--by", "A. One")
    kb("counts", "group", "--by", "force", "--table", tmp_path / "c.csv", "--plot", tmp_path / "c.vl.json")
    kb("codes", "list", "--table", tmp_path / "q.csv")
    kb("agreement", "--facet", "group", "--table", tmp_path / "r.csv")
    for name, words in (("c", "kb counts group --by force"), ("q", "kb codes list"), ("r", "kb agreement --facet")):
        beside = tmp_path / f"{name}.csv-metadata.json"
        made = json.loads(beside.read_text())
        assert made["kb:provenance"]["command"].startswith(words) and made["kb:provenance"]["index"]
        assert made["kb:sha256"] == sha256_of(tmp_path / f"{name}.csv")
        assert [one.sequence for one in noted(beside)] == [1]
    assert [one.sequence for one in noted(tmp_path / "c.vl.json")] == [1]


def test_codes_on_the_same_words_are_at_most_those_in_the_same_passage(live_kb, tmp_path):
    for code, span in (("group:youth", "0-10"), ("sector:housing", "10-20"), ("sector:health", "9-20")):
        kb("codes", "add", "paper/r5", code, "--by", "A. One", "--span", span)
    for within in ("passage", "span"):
        kb("counts", "group", "--with", "sector", "--within", within, "--table", tmp_path / f"{within}.csv")
    by = {w: {(r["a"], r["b"]): int(r["n"]) for r in table(tmp_path / f"{w}.csv")} for w in ("passage", "span")}
    assert by["span"] and all(n <= by["passage"][pair] for pair, n in by["span"].items())
    assert sum(by["passage"].values()) - sum(by["span"].values()) == 1, "the two that only touch"


def test_a_codebook_of_two_columns_is_read_back_with_its_paths(live_kb, tmp_path):
    kb("codebook", "export", "--format", "two-columns", "--out", tmp_path / "c.csv")
    rows = table(tmp_path / "c.csv")
    assert list(rows[0]) == ["Code", "Definition"] and len({row["Code"] for row in rows}) == len(rows)
    said = kb("codebook", "import", tmp_path / "c.csv", "--out", tmp_path / "c.yaml")
    assert f"{len(rows)} codes" in said


def test_a_blind_round_goes_from_one_workspace_to_another(live_kb, tmp_path, monkeypatch):
    who = ["--coder", "A. One", "--coder", "B. Two"]
    kb("codes", "open", "pilot", *who, "--sample", 4, "--facet", "group", "--double", 1, "--by", "A. Lead")
    passage = kb("codes", "next", "pilot", "--by", "B. Two").split()[0]
    kb("codes", "share", "pilot", "--by", "B. Two", "--out", tmp_path / "round.json")
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "other"))
    assert "pilot: opened" in kb("codes", "merge", tmp_path / "round.json", "--by", "B. Two")
    kb("codes", "none", passage, "group", "--session", "pilot", "--by", "B. Two", "--memo", "nobody")
    kb("codes", "share", "pilot", "--by", "B. Two", "--out", tmp_path / "two.json")
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    assert "1 time 'none applies'" in kb("codes", "merge", tmp_path / "two.json", "--by", "A. Lead")
    kb("codes", "none", passage, "group", "--session", "pilot", "--by", "A. One")
    kb("codes", "close", "pilot", "--anyway", "--by", "A. Lead")
    kb("agreement", "--session", "pilot", "--table", tmp_path / "r.csv")
    assert "n 1" in kb("agreement", "--session", "pilot") or table(tmp_path / "r.csv") == []


@pytest.mark.parametrize("name", ["kb", "python -m kb"])
def test_a_table_names_the_same_command_however_the_program_was_started(live_kb, tmp_path, name):
    CliRunner().invoke(
        program, ["counts", "group", "--by", "force", "--table", str(tmp_path / "c.csv")], prog_name=name
    )
    made = json.loads((tmp_path / "c.csv-metadata.json").read_text(encoding="utf-8"))["kb:provenance"]
    assert made["command"] == "kb counts group --by force --table c.csv"
