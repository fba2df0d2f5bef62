"""A library that differs from the one of the index is reported, whatever changed it outside this program."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from kb.config import settings
from kb.index import behind
from kb.sources.keep import add_text
from kb.sources.library import CHANGE_NOTE, files
from kb.sources.manifest import Source
from kb.text import sha256_of

CRPD = Source(
    id="crpd", title="Convention", cite_as="CRPD", date="2006", force="legal-obligation", licence="UN", style="treaty"
)
TEXT = "# Convention\n\n### Article 1\n\nPurpose\n\nThe purpose is equality for all of the people.\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a library with one official text."""
    (tmp_path / "a.md").write_text(TEXT)
    add_text(tmp_path / "a.md", CRPD, tmp_path / "library")
    return tmp_path / "library"


def made_of(library: Path) -> tuple[tuple[str, str], ...]:
    """Return the inputs that an index of the present library would record."""
    return tuple((f"library/{path.relative_to(library).as_posix()}", sha256_of(path)) for path in files(library))


def now(library: Path, made) -> tuple[str, ...]:
    return behind._compared(library, behind._signature(library), made)


def test_a_library_as_it_was_says_nothing(library):
    assert now(library, made_of(library)) == now(library, None) == ()


@pytest.mark.parametrize("indexed", [True, False], ids=["with an index", "without one"])
def test_one_altered_byte_of_the_same_length_is_named(library, indexed):
    made = made_of(library) if indexed else None
    (library / "official/crpd.md").write_text(TEXT.replace("equality", "equalitx"))
    assert now(library, made) == ("library/official/crpd.md (altered)",)


@pytest.mark.parametrize("indexed", [True, False], ids=["with an index", "without one"])
def test_a_deleted_file_is_named(library, indexed):
    made = made_of(library) if indexed else None
    os.remove(library / "official/crpd.md")
    assert now(library, made) == ("library/official/crpd.md (deleted)",)


def test_what_the_index_has_not_read_is_named(library):
    """As after a restore: the library has a law that is in no answer."""
    assert now(library, ()) == ("library/official/crpd.md (new)", "library/official/crpd.md.record.json (new)")


def test_a_large_library_is_compared_by_sizes(library, monkeypatch):
    monkeypatch.setattr(behind, "MOST_BYTES", 10)
    made = made_of(library)
    assert now(library, made) == ()
    (library / "official/crpd.md").write_text(f"{TEXT} ")
    assert now(library, made) == ("library/official/crpd.md (altered)",)


def test_an_index_of_another_workspace_is_named_as_that(library, tmp_path, monkeypatch):
    there = replace(settings(), workspace=tmp_path / "second", indexes=tmp_path / "none")
    inputs = SimpleNamespace(inputs=dict(made_of(library)))
    monkeypatch.setattr(behind.live, "current", lambda _: tmp_path)
    monkeypatch.setattr(behind.manifest, "read", lambda _: inputs)
    words = behind.behind_words(there)
    assert "made for another workspace" in words and "KB_INDEXES" in words
    assert "another workspace" not in behind.behind_words(replace(there, workspace=tmp_path))


def test_words_name_files_and_what_to_do_and_a_change_under_way_says_nothing(library, tmp_path):
    there = replace(settings(), workspace=tmp_path, indexes=tmp_path / "none")
    assert there.library == library and behind.behind_words(there) == ""
    os.remove(library / "official/crpd.md")
    words = behind.behind_words(there)
    assert "library/official/crpd.md (deleted)" in words and "kb doctor" in words
    (tmp_path / CHANGE_NOTE).write_text("{}")
    assert behind.behind_words(there) == ""
