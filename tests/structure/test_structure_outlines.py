"""Real laws and plans compared with outlines made by reading their sources; benchmarks/structure.py prints the
table."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_FILE = Path(__file__).resolve().parents[2] / "benchmarks" / "structure.py"
_SPEC = importlib.util.spec_from_file_location("benchmark_structure", _FILE)
structure = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(structure)

QUICK = [
    "argentina-ley-26061",
    "chile-juventudes-rurales",
    "chile-ley-19253",
    "luxembourg-2018",
    "philippines-ra-8371",
    "portugal-lei-93-2017",
    "sri-lanka-gender-equality-bill",
    "uruguay-ley-19580",
]


@pytest.mark.parametrize("name", QUICK)
def test_sections_and_numbers_of_a_policy(shared, name: str) -> None:
    score = structure.score(name)
    assert score.f1 >= 0.95 and score.numbers >= 0.98, (score.missing, score.extra, score.wrong)


def test_every_outline_belongs_to_a_policy_and_has_numbers() -> None:
    names = {path.stem for path in structure.OUTLINES.glob("*.tsv")}
    assert names == set(structure.FILES)
    assert all(structure.outline(name) for name in names)


def test_a_missed_and_an_invented_section_count() -> None:
    rows = [structure.Row("1", "Article 1 Wells", False), structure.Row("2", "Article 2 Pumps", False)]
    paragraph = structure.Paragraph
    found = [
        paragraph(text="Article 1 Wells", kind="heading", number="Article 1"),
        paragraph(text="Springs", kind="heading"),
        paragraph(text="Article 2 Pumps", kind="heading", number="Article 3"),
    ]
    score = structure.compare(rows, found)
    assert (score.recall, round(score.precision, 3), score.numbers) == (1.0, 0.667, 0.5)
    assert structure.compare(rows, found[:1]).recall == 0.5
