"""A report contains how it was made: `kb reproduce REPORT` makes the same bytes, or says what differs."""

from __future__ import annotations

import json
import zipfile

import pytest
from click.testing import CliRunner
from docx import Document

from kb import office
from kb.cli.main import root as program
from kb.errors import InputError
from kb.export.zips import settle
from kb.report.made import brief_words, read_made

WORD_AND_PAGE = ["docx", "html"]
BY = ["--by", "A. Name"]


def kb(*words):
    """Run a command; return its output and exit code."""
    return CliRunner().invoke(program, [str(word) for word in words])


@pytest.fixture
def land(live_kb):
    """Create an assessment with one decision."""
    kb("policies", "create", "kenya", "Kenya", "--country", "KEN", *BY)
    done = kb("findings", "set", "kenya", "R1.a", "--status", "not-applicable", "--rationale", "One.", *BY)
    assert done.exit_code == 0, done.output


@pytest.fixture(params=[*WORD_AND_PAGE, "pdf"])
def file(request, land, tmp_path):
    """Write the report of the assessment, for an earlier day, in Spanish; return its path."""
    if request.param == "pdf" and office.program() is None:
        pytest.skip("LibreOffice is not on this machine")
    out = tmp_path / f"r.{request.param}"
    done = kb("report", "assessment", "kenya", "--out", out, "--on", "2026-03-01", "--language", "es")
    assert done.exit_code == 0, done.output
    return out


def test_the_same_log_gives_the_same_bytes_and_nothing_is_written(file, tmp_path):
    before = file.read_bytes(), sorted(tmp_path.iterdir())
    done = kb("reproduce", file)
    assert done.exit_code == 0 and "The same bytes." in done.output, done.output
    assert (file.read_bytes(), sorted(tmp_path.iterdir())) == before
    command = read_made(file)[0].command
    assert command.startswith("kb report assessment kenya --language es --on 2026-03-01"), "no path of this machine"


def test_a_later_decision_is_named_with_both_ends_of_the_log_and_the_lines(file):
    written = kb("findings", "set", "kenya", "R1.a", "--rationale", "Another reason.", *BY)
    assert written.exit_code == 0, written.exception
    done = kb("reproduce", file, "--json")
    assert done.output, done.exception
    found = json.loads(done.stdout)
    assert done.exit_code == 1 and not found["same"] and not found["beside_changed"]
    then, now = found["differs"]["log"]
    assert then != now and all(mark.startswith("kb-log/") for mark in (then, now))
    assert any("Another reason." in line for line in found["new"])


def test_a_change_by_hand_is_named(land, tmp_path):
    out = tmp_path / "r.html"
    kb("report", "assessment", "kenya", "--out", out)
    out.write_text(out.read_text("utf-8").replace("One.", "Two."), "utf-8")
    done = kb("reproduce", out)
    assert done.exit_code == 1 and "it was changed since" in done.output and "Two." in done.output


def test_a_word_file_that_somebody_wrote_in_is_named(land, tmp_path):
    out, other = tmp_path / "r.docx", tmp_path / "s.docx"
    kb("report", "assessment", "kenya", "--out", out)
    with zipfile.ZipFile(out) as archive:
        words = archive.read("word/document.xml").replace(b"One.", b"Two.")
    settle(out, other, {"word/document.xml": words})
    done = kb("reproduce", other)
    assert done.exit_code == 1 and "s.docx is not as it was written" in done.output


def test_a_word_file_that_was_packed_anew_is_not_called_changed(land, tmp_path):
    out, other = tmp_path / "r.docx", tmp_path / "s.docx"
    kb("report", "assessment", "kenya", "--out", out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_STORED) as new:
        for member in reversed(old.namelist()):
            new.writestr(member, old.read(member))
    done = kb("reproduce", other)
    assert done.exit_code == 0 and "The same contents, byte for byte" in done.output, done.output


def test_a_brief_and_a_comparison_are_made_again_too(land, tmp_path):
    kb("policies", "create", "ghana", "Ghana", "--country", "GHA", *BY)
    for n, words in enumerate(
        [
            ["compare", "kenya", "ghana"],
            ["brief", "--query", "-pension work", "--sector", "social-protection"],
            ["brief", "--passage", "paper/r5", "--passage", "crpd/art28", "--title", "--picked--"],
        ]
    ):
        out = tmp_path / f"{n}.html"
        done = kb("report", *words, "--out", out)
        assert done.exit_code == 0, done.output or done.exception
        done = kb("reproduce", out)
        assert done.exit_code == 0, done.output or done.exception
    assert "index" in read_made(out)[0].made_from, "passages of the index stand in a brief"


def test_the_words_of_a_brief_keep_a_title_that_begins_with_a_hyphen():
    assert brief_words("-a", "-b", [("group", "youth")], ["x"], 2) == [
        "brief", "--title=-a", "--query=-b", "--group=youth", "--passage=x", "--more=2"
    ]  # fmt: skip


def test_a_template_is_asked_for_and_known_by_its_hash(land, tmp_path):
    look, out = tmp_path / "look.docx", tmp_path / "r.docx"
    Document().save(str(look))
    kb("report", "assessment", "kenya", "--out", out, "--template", look)
    asked = kb("reproduce", out)
    assert isinstance(asked.exception, InputError) and "--template" in str(asked.exception)
    assert kb("reproduce", out, "--template", look).exit_code == 0
    other = Document()
    other.add_paragraph("x")
    other.save(str(look))
    assert "another template" in str(kb("reproduce", out, "--template", look).exception)


@pytest.mark.parametrize("name", ["a.docx", "a.html", "a.pdf"])
@pytest.mark.parametrize("content", [b"", b"<!doctype html><html></html>", b"PK\x03\x04", b"%PDF-1.4\n"])
def test_a_file_that_does_not_say_it_is_refused(live_kb, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert "does not say how it was made" in str(kb("reproduce", tmp_path / name).exception)


def test_a_command_that_is_no_report_is_never_run(live_kb, tmp_path):
    page = '<!doctype html><head><meta name="kb-report" content="{&quot;command&quot;: &quot;rm -rf x&quot;}"></head>'
    (tmp_path / "a.html").write_text(page, "utf-8")
    assert "does not say how it is made again" in str(kb("reproduce", tmp_path / "a.html").exception)
