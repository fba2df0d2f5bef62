"""What a command counts has its word in the right number: "1 remark", "2 remarks"."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import kb.cli
from kb.amounts import some

VERBS = {"is", "has", "says", "does", "as", "assess", "fits", "ms"}
"""Words with an s at their end that count nothing after what stands before them, and units that have no other form."""


def counts_without_words(path):
    """Where a text puts a value before a word in the plural: `f"{n} rows"` says "1 rows"."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            for value, after in zip(node.values, node.values[1:], strict=False):
                if isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant):
                    found = re.match(r" ([a-z]+s)\b", after.value)
                    called = isinstance(value.value, ast.Call) and getattr(value.value.func, "id", "") == "some"
                    if found and found[1] not in VERBS and not called:
                        yield f"{path.name}:{node.lineno}: {after.value[:40]}"


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (0, ["remark"], "0 remarks"),
        (1, ["remark"], "1 remark"),
        (2, ["entry"], "2 entries"),
        (1, ["passage matches", "passages match"], "1 passage matches"),
        (7, ["passage matches", "passages match"], "7 passages match"),
    ],
)
def test_a_number_and_its_word_agree(count, words, said):
    assert some(count, *words) == said


def test_no_command_counts_in_the_plural_alone():
    found = [each for path in sorted(Path(kb.cli.__file__).parent.glob("*.py")) for each in counts_without_words(path)]
    assert found == [], "write some(n, 'row') of kb.amounts"
