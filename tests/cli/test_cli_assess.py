"""`kb assess`: errors in one line, a batch that continues after an error, files that are written completely or not at
all."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import kb.assess
from kb.assess.models import FrameworkStamp, MethodStamp, PolicyStamp, Proposals
from kb.cli.assess import command
from kb.errors import InputError


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs the command with a `propose` that finds nothing."""

    def nothing(policy, framework, **_):
        stamp = PolicyStamp(
            id=policy.id,
            title=policy.title,
            file=policy.place.file,
            sha256=policy.place.sha256,
            language=policy.language,
            words=1,
        )
        return Proposals(
            policy=stamp,
            framework=FrameworkStamp(id="f", version=framework.version, stated=6, derived=1),
            method=MethodStamp(model="m", encoder="e", probes="p"),
            criteria=(),
        )

    monkeypatch.setattr(kb.assess, "propose", nothing)
    return lambda *arguments: CliRunner().invoke(command, [str(a) for a in arguments])


@pytest.fixture
def act(tmp_path):
    """Return the path of a small act."""
    path = tmp_path / "act.txt"
    path.write_text(
        "Every child has the right to free and compulsory education in a school near home.\n", encoding="utf-8"
    )
    return path


def test_json_for_one_policy(run, act):
    found = json.loads(run(act, "--json").stdout)
    assert found["framework"]["stated"] == 6 and found["policy"]["id"] == "act"


def test_people_read_that_nothing_here_is_a_finding(run, act):
    assert "nothing here is a finding" in run(act).output


def test_one_bad_file_does_not_stop_the_others(run, act, tmp_path):
    result = run(tmp_path / "none.pdf", act, "--out", tmp_path / "out")
    assert result.exit_code == 2 and "no such file" in result.stderr
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["act.json"]


def test_the_same_file_twice_is_taken_once(run, act, tmp_path):
    copy = tmp_path / "copy.txt"
    copy.write_bytes(act.read_bytes())
    assert "taken once" in run(act, copy, "--json").stderr


def test_an_unknown_framework_version_names_the_known_one(run, act):
    error = run(act, "--framework", "9.9").exception
    assert isinstance(error, InputError) and "not 9.9" in str(error)


def test_the_background_paper_is_refused(run, root):
    error = run(root / "corpus" / "background-paper" / "background-paper.txt").exception
    assert isinstance(error, InputError) and "not a policy" in str(error)
