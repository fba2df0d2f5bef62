"""The changes of the mutation run: one place at a time, the rest unchanged character by character."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

from mutation import MIRRORS, changes, passes

SOURCE = '''def over(a: int, b: "words") -> "words":
    """Words of documentation stay."""
    return "é" if a < 2 and not b else f"{a} stays"  # a remark
'''


def test_each_place_is_changed_once_and_the_rest_stays():
    found = [changed for _, _, changed in changes(SOURCE)]
    assert len(found) == len(set(found)) == 6
    for part in ("(a <= 2)", "(a < 2 or not b)", "(3)", "(b)", "('XXé')", "return None"):
        assert any(part in one for one in found), part
    for changed in found:
        assert compile(changed, "x", "exec") and "Words of documentation stay." in changed and '-> "words"' in changed


def test_modules_and_their_tests_are_there(root):
    assert [path for file, tests in MIRRORS.items() for path in (file, *tests) if not (root / path).is_file()] == []


def test_each_fault_made_by_hand_finds_its_words_and_its_tests(root):
    faults = yaml.safe_load((root / "benchmarks" / "mutants.yaml").read_text(encoding="utf-8"))
    lost = [one["name"] for one in faults if (root / one["file"]).read_text(encoding="utf-8").count(one["find"]) != 1]
    assert lost == [] and all((root / test).is_file() for one in faults for test in one["tests"])


@pytest.mark.parametrize(
    ("ends", "told"), [(lambda *_: 0, True), (lambda *_: 1, False), (lambda *_: time.sleep(60), None)]
)
def test_tests_that_take_too_long_are_distinguished_from_tests_that_notice(tmp_path, monkeypatch, ends, told):
    monkeypatch.setattr("mutation.SECONDS", 1)
    monkeypatch.setattr("pytest.main", ends)
    assert passes(tmp_path, []) is told
