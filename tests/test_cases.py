"""The cases of the shared data on more than one reader: citations, searches and projects of other programs.

Those on reading are in tests/read/test_read_cases.py; together they are forty.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.citing.cite import Citations
from kb.citing.installed import open_citations
from kb.config import settings
from kb.errors import KBError
from kb.read import read_here

ANSWERS = {
    "cite-ga-res": [["crpd/art12"]] * 3,
    "cite-optional-protocol": [[], []],
    "cite-other-programme-of-action": [[], [], []],
    "cite-part-lost-silently": [["crpd/art12/3"]] * 2,
    "cite-plural": [["crpd/art19", "crpd/art28"], ["crpd/art4/3", "crpd/art33/3"]],
    "cite-review-documents": [[], []],
    "cite-trailing-point": [["beijing/H.1"]] * 2,
    "cite-un-report-footnote": [["wssd/poa"]],
}
TEXTS = {
    "pdf-empty-cells": [
        "Action | Lead body | Deadline | Budget",
        "Build ramps | | 2027 |",
        "Open day centres | Municipalities | | 2026",
        "Train nurses | Ministry of Health | 2028 | 300",
        "Print sign books | | | 120",
    ],
    "pdf-form-values": [
        "Progress report on the disability strategy",
        "Number of ramps built: One hundred and forty ramps in nine counties",
        "Public body: Ministry of Works",
        "☑ The plan was consulted with organisations of persons with disabilities",
    ],
    "pdf-rotated-text": [
        "The plan has one table, printed across the next page.",
        "Objective 1: schools open to every child by the year 2030.",
        "Objective 2: a sign language interpreter in every court.",
    ],
}
NUMBERS = {
    "numbers-with-letters": ["33", "34", "34A", "35B", "36-1"],
    "spaced-headings": ["CHAPTER I", "ARTICLE 1", "ARTICLE 2"],
    "pdf-line-numbers": [f"Section {n}" for n in range(1, 7)],
    "pdf-side-notes": ["4", "5", "6"],
}


@pytest.fixture
def folder(shared: Path):
    """Return a function: `folder(name)` returns the folder of a case."""

    def find(name: str) -> Path:
        found = shared / "data" / "cases" / name
        if not found.is_dir():
            pytest.skip(f"the case {name} is not there")
        return found

    return find


@pytest.fixture
def citations(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Citations:
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path))
    return open_citations(settings())


@pytest.mark.parametrize("name", ANSWERS)
def test_a_case_of_citations_is_answered_rightly_or_not_at_all(folder, citations: Citations, name: str) -> None:
    found = []
    for typed in (folder(name) / "input").read_text(encoding="utf-8").splitlines():
        try:
            answer = citations.resolve(typed)
            found.append([answer.id, *(each.id for each in answer.also)])
        except KBError:
            found.append([])
    assert found == ANSWERS[name]


@pytest.mark.parametrize("name", TEXTS)
def test_a_case_of_pages_reads_as_printed(folder, name: str) -> None:
    pages = read_here(next(folder(name).glob("input.*")), ocr=False)
    assert [p.text for p in pages.paragraphs] == TEXTS[name]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_case_of_numbers_has_those_that_are_printed(folder, name: str) -> None:
    pages = read_here(next(folder(name).glob("input.*")), ocr=False)
    assert [p.number for p in pages.paragraphs if p.number] == NUMBERS[name]


def test_compounds_at_a_line_end_keep_their_hyphen(folder) -> None:
    text = " ".join(p.text for p in read_here(folder("pdf-hyphenated-compounds") / "input.pdf", ocr=False).paragraphs)
    assert "long-term care" in text and "non-governmental organisations" in text and "self-help groups" in text
    assert "cooperation" in text and "workshop" in text and "members" in text
