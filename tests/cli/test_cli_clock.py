"""If clocks disagree on the day of a decision, every state as of a day says how many changes may be missing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from kb.assessment.findings import decide
from kb.assessment.policies import create_set
from kb.cli.main import root as program
from kb.log import open_workspace

MARCH, NOVEMBER = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 11, 1, 9, tzinfo=UTC)
DAYS = [NOVEMBER, NOVEMBER, NOVEMBER + timedelta(days=1), MARCH, MARCH, MARCH, NOVEMBER + timedelta(days=20)]
CRITERIA = ["R2.a", "R2.b", "R3.d", "R1.b", "R1.c", "R1.a"]
"""Two by the right clock, three by a laptop whose clock fell back to March, and one by the right clock again."""


@pytest.fixture
def parted(tmp_path, monkeypatch):
    """Create a workspace in which the clock of one laptop is eight months slow."""
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "indexes"))
    monkeypatch.delenv("KB_DATABASE_URL", raising=False)
    (tmp_path / "workspace").mkdir()
    words = iter(DAYS)
    now = [next(words)]
    with open_workspace(f"sqlite:///{tmp_path / 'workspace' / 'workspace.sqlite'}", clock=lambda: now[0]) as ws:
        create_set(ws, "land", "Land", by="Ana")
        for criterion, day in zip(CRITERIA, words, strict=True):
            now[0] = day
            fields = {"status": "partial", "rationale": "read it"}
            decide(ws, rules(), "land", criterion, fields, by="Ben" if day == MARCH else "Ana", expected=0)
    return tmp_path


def rules():
    """Return the framework that the commands use."""
    from kb.cli.shared import framework as shipped

    return shipped()


def ran(*arguments):
    """Run a command; return its output."""
    result = CliRunner().invoke(program, list(arguments), catch_exceptions=True)
    assert result.exit_code == 0, result.output
    return result.stdout


def decided(day):
    """Return how many criteria are decided as of a day, and the warning on clocks."""
    found = json.loads(ran("findings", "list", "land", "--at", day, "--json"))
    return sum(one["status"] == "partial" for one in found["findings"]), found["doubt"]


def test_decisions_of_november_are_not_in_the_state_of_march(parted):
    count, doubt = decided("2026-03-02")
    assert count == 0 and doubt.startswith("The day of 5 changes is in doubt")
    count, doubt = decided("2026-11-05")
    assert count == 2 and doubt.startswith("The day of 3 changes is in doubt")
    assert decided("2026-11-21") == (6, "")


def test_every_state_as_of_a_day_says_it(parted):
    for command in (
        ["findings", "list", "land", "--at", "2026-11-05"],
        ["compare", "land@2026-11-05", "land"],
        ["findings", "show", "land", "R1.b", "--at", "2026-11-05"],
    ):
        assert "is in doubt, since clocks do not agree with the order of the log" in ran(*command), command
    file = parted / "compare.html"
    ran("report", "compare", "land@2026-11-05", "land", "--format", "html", "--out", str(file))
    assert "The day of 3 changes is in doubt" in file.read_text()


def test_a_state_of_now_and_of_an_event_is_in_no_doubt(parted):
    for command in (["findings", "list", "land"], ["findings", "list", "land", "--at", "4"], ["compare", "land@4"]):
        assert "in doubt" not in ran(*command), command
