"""The table of ratings behind every figure of agreement: who coded each unit, and which codes they did not give."""

from __future__ import annotations

import csv

from click.testing import CliRunner

from kb.cli.main import root as program


def kb(*words):
    done = CliRunner().invoke(program, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_table_has_a_row_for_each_unit_code_and_coder(live_kb, tmp_path):
    for by, code in (("A. One", "group:youth"), ("B. Two", "group:women-girls"), ("=C", "group:youth")):
        kb("codes", "add", "paper/r5", code, "--by", by)
    kb("codes", "none", "crpd/art28/1", "group", "--by", "A. One")
    kb("agreement", "--facet", "group", "--table", tmp_path / "r.csv")
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    people = {(row["unit"], row["coder"], row["code"]): row["given"] for row in rows if row["machine"] == "0"}
    assert people["paper/r5", "A. One", "youth"] == "1" and people["paper/r5", "A. One", "women-girls"] == "0"
    assert people["paper/r5", "B. Two", "women-girls"] == "1" and people["crpd/art28/1", "A. One", "youth"] == "0"
    assert ("crpd/art28/1", "B. Two", "youth") not in people, "silence is no answer"
    assert {row["coder"] for row in rows} == {"A. One", "B. Two", "'=C", "machine"}, "no cell can run"
    assert {row["wording"] for row in rows} == {"verbatim", "own-words"}
