"""Files of the corpus that contradict each other stop a build, with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kb.commitments.consistency import check_corpus
from kb.errors import DataError


@pytest.fixture
def corpus(root: Path, tmp_path: Path) -> Path:
    """Return a copy of the corpus to change."""
    return Path(shutil.copytree(root / "corpus", tmp_path / "corpus"))


def edit(file: Path, old: str, new: str) -> int:
    """Replace the first `old`; return its line number, from 1."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def refused(corpus: Path) -> str:
    with pytest.raises(DataError) as error:
        check_corpus(corpus)
    return str(error.value)


def test_the_corpus_that_ships_agrees(root: Path) -> None:
    check_corpus(root / "corpus")


@pytest.mark.parametrize(
    "field,facet", [("sectors: [", "sector"), ("processes: [", "process"), ("duty_bearers: [", "actor")]
)
def test_a_term_that_no_facet_has(corpus: Path, field: str, facet: str) -> None:
    line = edit(corpus / "commitments" / "wssd.yaml", field, field + "nonsense, ")
    said = refused(corpus)
    assert f"wssd.yaml line {line}: wssd/decl: the facet '{facet}' has no term 'nonsense'" in said


def test_a_range_outside_the_entry_above(corpus: Path) -> None:
    line = edit(corpus / "commitments" / "wssd.yaml", "range: {first: 1, last: 13,", "range: {first: 1, last: 133,")
    said = refused(corpus)
    assert f"wssd.yaml line {line}: wssd/decl/intro: paragraphs 1-133 lie outside those of wssd/decl, 1-29" in said


def test_a_quotation_that_is_not_the_papers(corpus: Path) -> None:
    edit(corpus / "framework" / "recommendations.yaml", "Establish social justice as", "Establish charity as")
    assert "R1: the words are not those of lines 1823-1829" in refused(corpus)


def test_a_link_to_nothing(corpus: Path) -> None:
    edit(corpus / "links" / "crosswalk.yaml", "target: wssd/c1,", "target: wssd/c11,")
    assert "crosswalk.yaml row 1: target 'wssd/c11' is no known id" in refused(corpus)


def test_a_register_of_which_nothing_could_be_cited(corpus: Path) -> None:
    edit(corpus / "citations" / "names.yaml", "  wssd:\n    commitment:", "  other:\n    commitment:")
    assert "names.yaml: 'wssd' of wssd.yaml has no entry under 'places'" in refused(corpus)
