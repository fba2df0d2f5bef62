"""Names and texts have a maximum length, checked where events are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.cli.main import root as program
from kb.errors import InputError
from kb.log import bounds
from kb.log.bounds import refuse_too_long


@pytest.mark.parametrize(
    ("stream", "author", "reason", "data", "words"),
    [
        ("set/" + "a" * 301, "A. Name", "", {}, "an id has 301 characters; at most 300"),
        ("set/a", "A" * 201, "", {}, "the name of a person has 201"),
        ("set/a", "A. Name", "x" * 200_001, {}, "the reason has 200,001"),
        ("set/a", "A. Name", "", {"title": "x" * 1001}, "'title' has 1,001"),
        ("set/a", "A. Name", "", {"evidence": [{"locator": "x" * 1001}]}, "'locator' has 1,001"),
        ("set/a", "A. Name", "", {"rationale": "x" * 200_001}, "'rationale' has 200,001"),
        ("set/a", "A. Name", "", {"list": ["x"] * 50_001}, "more than 50000 values"),
    ],
)
def test_what_is_too_long_is_named_with_its_length(
    stream: str, author: str, reason: str, data: dict, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        refuse_too_long(stream, author, reason, data)


def test_what_is_just_short_enough_passes() -> None:
    refuse_too_long(
        "set/" + "a" * bounds.PART,
        "A" * bounds.NAME,
        "x" * bounds.TEXT,
        {"title": "x" * bounds.LABEL, "rationale": "x" * bounds.TEXT},
    )


def test_a_command_refuses_a_name_without_end_and_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path))
    monkeypatch.delenv("KB_DATABASE_URL", raising=False)
    done = CliRunner().invoke(program, ["policies", "create", "land", "Land", "--by", "A" * 100_000])
    assert isinstance(done.exception, InputError) and "the name of a person" in str(done.exception)
    done = CliRunner().invoke(program, ["policies", "create", "land", "L" * 100_000, "--by", "A. Name"])
    assert isinstance(done.exception, InputError) and "'title' has 100,000" in str(done.exception)
    assert "land" not in CliRunner().invoke(program, ["policies", "list"]).output
