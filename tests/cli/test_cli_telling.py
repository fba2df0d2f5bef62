"""A long command reports what it does and its progress, on standard error only."""

from __future__ import annotations

import json
import zipfile
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from kb.cli import telling
from kb.cli.main import root as program
from kb.errors import InputError

ACT = "Pension Act\n\nArticle 1\n\nEvery resident is entitled to a basic pension from the age of sixty-five.\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs a command in its own workspace, without an index."""
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "indexes"))
    monkeypatch.delenv("KB_DATABASE_URL", raising=False)

    def invoke(*words):
        done = CliRunner().invoke(program, [str(word) for word in words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return invoke


@pytest.fixture
def clock(monkeypatch):
    """Return a clock that the test sets."""
    now = [100.0]
    monkeypatch.setattr(telling.time, "monotonic", lambda: now[0])
    return now


def test_a_step_says_how_far_it_is_now_and_then_and_how_long_it_takes(clock, capsys):
    told = telling.ProgressReport(shows=True)
    told.say("bringing the index up to date")
    for done in range(0, 1201, 100):
        told.progress("embed (english)", done, 1200)
        clock[0] += 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "==> bringing the index up to date"
    assert lines[1:] == [
        "    embedding, english: 500 of 1200, about 7 s left",
        "    embedding, english: 1000 of 1200, about 2 s left",
    ]


def test_a_step_that_counts_nothing_says_that_it_goes_on(clock, capsys):
    told = telling.ProgressReport(shows=True)
    told.say("reading plan.pdf")
    waits = iter([False, False, False, True])
    told._over.wait = lambda _seconds: (clock.__setitem__(0, clock[0] + 5), next(waits))[1]
    told.watch()
    assert capsys.readouterr().err.splitlines() == ["==> reading plan.pdf", "    still at it: reading plan.pdf, 10 s"]


def heard(capsys, words: str) -> str:
    """Return what was said until `words` were, or in a minute."""
    said = ""
    for _ in range(1200):
        if words in (said := said + capsys.readouterr().err):
            break
        telling.time.sleep(0.05)
    return said


def test_any_command_that_takes_long_says_that_it_goes_on(monkeypatch, capsys):
    monkeypatch.setattr(telling, "SILENT", 0.02)
    with telling.telling(begin="kb codes", late=True):
        with telling.telling(begin="reading plan.pdf"):
            begun = heard(capsys, "==> reading plan.pdf")
            inner = heard(capsys, "still at it: reading plan.pdf, ")
        outer = heard(capsys, "still at it: kb codes, ")
    assert "==> reading plan.pdf" in begun and "still at it: reading plan.pdf, " in inner
    assert "kb codes" not in inner, "one voice at a time, the innermost"
    assert "still at it: kb codes, " in outer


def test_a_command_that_is_quick_says_nothing_and_nobody_speaks_while_a_person_is_asked(monkeypatch, capsys):
    with telling.telling(begin="kb show", late=True):
        pass
    monkeypatch.setattr(telling, "SILENT", 1.0)  # a busy machine takes a while to come to the question
    monkeypatch.setattr(telling.click, "confirm", lambda question, **_: telling.time.sleep(1.5) or True)
    with telling.telling(begin="kb remove", late=True):
        assert telling.confirm("Delete it?")
    assert capsys.readouterr().err == ""


def test_an_export_says_how_many_rows_are_collected():
    from kb.export import request

    told = []
    taken = SimpleNamespace(rows=iter("abc"), total=5)
    assert list(request._counted(taken, 3, lambda *step: told.append(step))) == ["a", "b", "c"]
    assert told == [("row", 1, 3), ("row", 2, 3), ("row", 3, 3), ("writing", 3, 3)]


def test_what_is_left_out_is_reported_whatever_was_asked(capsys):
    with telling.telling(shows=False, begin="building") as (say, progress):
        say("read 3 documents")
        say("! left out: library/bad.pdf: it cannot be read")
        progress("tag", 1, 2)
    assert capsys.readouterr().err == "! left out: library/bad.pdf: it cannot be read\n"


def test_a_policy_that_comes_in_is_named_on_standard_error_and_not_with_quiet_or_json(run, tmp_path):
    act = tmp_path / "act.txt"
    act.write_text(ACT, encoding="utf-8")
    by = ("--by", "A. Officer")
    run("policies", "create", "toyland", "Toyland", *by)
    add = ("policies", "add", "toyland", act, "--standing", "in-force", "--date", "2001", *by)
    said = run(*add)
    assert "==> reading act.txt" in said.stderr and "==>" not in said.stdout
    for n, text in enumerate((ACT.replace("sixty-five", "seventy"), ACT.replace("sixty-five", "eighty")), 1):
        (tmp_path / f"act{n}.txt").write_text(text, encoding="utf-8")
    assert "==>" not in run("--quiet", *add[:3], tmp_path / "act1.txt", *add[4:]).output
    as_json = run(*add[:3], tmp_path / "act2.txt", *add[4:], "--json")
    assert json.loads(as_json.stdout) and "==>" not in as_json.stderr


def test_backup_and_restore_say_what_they_do_and_what_is_no_backup(run, tmp_path):
    run("policies", "create", "toyland", "Toyland", "--by", "A. Officer")
    assert "==> writing b.kb.zip" in run("backup", tmp_path / "b.kb.zip").stderr
    said = run("restore", tmp_path / "b.kb.zip", "--force")
    assert "==> checking b.kb.zip, and putting it in the place of the workspace" in said.stderr
    other = tmp_path / "report.docx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(InputError, match="The file is no backup: it was not written by kb backup") as refused:
        run("restore", other, "--force")
    assert "manifest" not in str(refused.value) and "archive" not in str(refused.value)
