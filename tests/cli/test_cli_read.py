"""kb read: the JSON format, folders of results, a batch that continues after a bad file."""

import json

from click.testing import CliRunner

from kb.cli.read import command


def run(*arguments):
    return CliRunner().invoke(command, [str(a) for a in arguments])


def test_json_has_exactly_the_promised_keys(tmp_path):
    file = tmp_path / "law.txt"
    file.write_text("CHAPTER I\n\nArticle 1. Every person takes part in the life of the community.\n", encoding="utf-8")
    found = json.loads(run(file, "--json").stdout)
    assert list(found) == ["file", "sha256", "type", "language", "pages", "paragraphs", "leftovers", "problems"]
    assert found["paragraphs"][1]["number"] == "Article 1" and found["paragraphs"][1]["section"] == ["CHAPTER I"]
    assert set(found["paragraphs"][1]) >= {"text", "kind", "page", "boxes", "chars", "section", "number"}


def test_a_batch_goes_on_and_ends_with_a_summary_and_a_code(tmp_path):
    good, bad = tmp_path / "a.txt", tmp_path / "b.pdf"
    good.write_text("Every person takes part.", encoding="utf-8")
    bad.write_bytes(b"")
    result = run(bad, good, "--out", tmp_path / "out")
    assert result.exit_code == 2 and "1 of 2 files read, 1 failed" in result.stderr and "0 bytes" in result.stderr
    assert [f.name for f in (tmp_path / "out").iterdir()] == ["a.json"]


def test_a_file_is_asked_what_it_says_of_its_own_dates(tmp_path):
    file = tmp_path / "law.txt"
    file.write_text(
        "Pension Act\n\nThis Act was adopted on 12 March 2019.\n\nArticle 1. Everybody.\n", encoding="utf-8"
    )
    assert "hint: adopted 2019-03-12: “" in run(file, "--dates").stdout
    found = json.loads(run(file, "--dates", "--json").stdout)["dates"]
    assert [(cue["kind"], cue["value"]) for cue in found] == [("adopted", "2019-03-12")]
