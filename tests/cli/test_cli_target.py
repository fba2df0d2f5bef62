"""A command never writes over files of the program itself."""

from __future__ import annotations

import pytest
from kb_commands import outcome

from kb.config import settings
from kb.errors import InputError


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Create a workspace with a set, a library and indexes, all in one folder."""
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "w"))
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "indexes"))
    monkeypatch.delenv("KB_DATABASE_URL", raising=False)
    outcome("policies", "create", "land", "Land", "--by", "Ada")
    (tmp_path / "w" / "library" / "policies").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    "place",
    [
        "w/workspace.sqlite",
        "w/workspace.sqlite.sha256",
        "w/workspace.head",
        "w/library/policies/act.md",
        "indexes/x.json",
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        ("method", "--out", "FILE"),
        ("export", "commitments", "--out", "FILE"),
        ("assessment", "export", "land", "FILE"),
        ("findings", "anchor", "FILE"),
        ("backup", "FILE", "--force"),
        ("report", "assessment", "land", "--format", "html", "--out", "FILE"),
    ],
    ids=lambda command: command[0],
)
def test_no_output_takes_the_place_of_what_is_kept(kept, command, place):
    file = kept / place
    before = file.read_bytes() if file.exists() else None
    with pytest.raises(InputError, match="program's own"):
        outcome(*(str(file) if word == "FILE" else word for word in command))
    assert (file.read_bytes() if file.exists() else None) == before


def test_the_corpus_is_not_written_over(kept):
    with pytest.raises(InputError, match="program's own"):
        outcome("method", "--out", settings().corpus / "sources.yaml")


def test_an_older_anchor_is_not_written_over(kept):
    outcome("findings", "anchor", kept / "anchor.txt")
    before = (kept / "anchor.txt").read_text()
    outcome("policies", "create", "sea", "Sea", "--by", "Ada")
    with pytest.raises(InputError, match="older proof"):
        outcome("findings", "anchor", kept / "anchor.txt")
    assert (kept / "anchor.txt").read_text() == before
