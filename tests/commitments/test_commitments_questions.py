"""The advocates' questions with which search over commitments is measured: well formed, and answered by existing
entries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.commitments.register import load_register
from kb.evaluation.judged import JudgedQuestion, load_judged


@pytest.fixture(scope="module")
def questions(root: Path) -> list[dict]:
    text = (root / "tests" / "relevance" / "commitments.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_forty_different_questions_each_with_an_answer(questions: list[dict]) -> None:
    assert len(questions) == len({row["id"] for row in questions}) == len({row["query"] for row in questions}) == 40
    assert all(row["entries"] for row in questions)


def test_answers_are_entries_of_the_registers_and_all_four_are_asked_about(questions: list[dict], root: Path) -> None:
    registers = load_register(root / "corpus" / "commitments")
    known = {entry.id for instrument in registers for entry in instrument.entries}
    asked = {entry for row in questions for entry in row["entries"]}
    assert asked <= known
    assert {entry.partition("/")[0] for entry in asked} == {"beijing", "crpd", "mipaa", "wssd"}


def test_the_unseen_questions_are_others_and_have_answers(questions: list[dict], root: Path) -> None:
    text = (root / "tests" / "relevance" / "commitments_unseen.jsonl").read_text(encoding="utf-8")
    unseen = [json.loads(line) for line in text.splitlines()]
    known = {entry.id for each in load_register(root / "corpus" / "commitments") for entry in each.entries}
    assert len(unseen) == 20 and {row["query"] for row in unseen} & {row["query"] for row in questions} == set()
    assert {entry for row in unseen for entry in row["entries"]} <= known


@pytest.mark.parametrize(
    "name", ["commitments_official.jsonl", "commitments_official_heldout.jsonl", "commitments_official_after.jsonl"]
)
def test_questions_of_the_official_texts_are_answered_by_entries_in_three_languages_or_absent(
    root: Path, name: str
) -> None:
    rows = load_judged(root / "tests" / "relevance" / name, JudgedQuestion)
    known = {entry.id for each in load_register(root / "corpus" / "commitments") for entry in each.entries}
    assert len({row.query for row in rows}) == len(rows) and {row.language for row in rows} == {"en", "es", "fr"}
    assert {entry for row in rows for entry in row.entries} <= known
    assert sum(row.absent for row in rows) >= 0.1 * len(rows) and {
        row.instrument for row in rows if not row.absent
    } == {"beijing", "mipaa"}


def test_no_question_is_in_both_halves(root: Path) -> None:
    halves = [
        load_judged(root / "tests" / "relevance" / name, JudgedQuestion)
        for name in ("commitments_official.jsonl", "commitments_official_heldout.jsonl")
    ]
    assert {row.query for row in halves[0]} & {row.query for row in halves[1]} == set()
