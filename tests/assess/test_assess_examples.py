"""Examples: stored without words, separated by file, verified by hash, and named in a proposal that resembles one."""

from __future__ import annotations

import json

import numpy as np
import pytest

from kb.assess.examples import (
    Example,
    ExamplePolicy,
    Examples,
    nearest_mean,
    read_examples,
    similarities,
    unit,
    write_examples,
)
from kb.errors import DataError


def _examples(*grades: dict[str, int], policy: str = "law", sha256: str = "a" * 64) -> Examples:
    clauses = tuple(
        Example(policy=policy, at=f"art. {n}", pieces=((n, n + 9),), sha256="0" * 16, grades=own)
        for n, own in enumerate(grades)
    )
    source = ExamplePolicy(id=policy, title="The Law", language="en", file="law.md", sha256=sha256)
    return Examples("toy", {policy: source}, clauses, np.eye(4, dtype=np.float32)[: len(grades)])


def test_nearness_is_to_clauses_of_the_criterion_and_of_the_grade():
    examples = _examples({"R1.a": 2}, {"R1.a": 0}, {"R1.b": 2})
    near = similarities(examples, np.eye(4, dtype=np.float32)[:3], ["R1.a", "R1.b", "R1.c"])
    assert near["direct"].tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 0]]
    assert near["not_evidence"][0].tolist() == [0, 1, 0]


def test_the_nearest_few_are_averaged():
    assert nearest_mean(np.array([[0.1, 0.9, 0.5]]), 2) == pytest.approx([0.7])
    assert nearest_mean(np.array([[0.1, 0.9]]), 8) == pytest.approx([0.5])


def test_a_file_never_learns_from_its_own_judgements():
    both = _examples({"R1.a": 2}).plus(_examples({"R1.a": 2}, policy="other", sha256="b" * 64))
    assert [one.policy for one in both.without_file("a" * 64).clauses] == ["other"]
    assert len(both.without_file("c" * 64)) == 2


def test_the_nearest_example_is_named():
    example, cosine = _examples({"R1.a": 2}, {"R1.a": 2}).nearest(np.eye(4, dtype=np.float32)[1:2], "R1.a")
    assert (example.at, cosine) == ("art. 1", 1.0)
    assert _examples({"R1.a": 0}).nearest(np.eye(4, dtype=np.float32), "R1.a") is None


def test_vectors_of_two_models_are_never_mixed():
    other = Examples("another", {}, (), np.zeros((0, 4), dtype=np.float32))
    with pytest.raises(DataError, match="another"):
        _examples({"R1.a": 2}).plus(other)


def test_what_is_written_is_read_again_and_a_change_is_named(tmp_path):
    write_examples(tmp_path, _examples({"R1.a": 2}, {"R1.b": 1}))
    again = read_examples(tmp_path)
    assert again.clauses == _examples({"R1.a": 2}, {"R1.b": 1}).clauses
    assert np.allclose(again.vectors, np.eye(4)[:2])
    changed = tmp_path / "changed"
    changed.mkdir()
    (changed / "judged.json").write_text((tmp_path / "judged.json").read_text())
    np.save(changed / "judged.npy", np.ones((2, 4), dtype=np.float16))
    with pytest.raises(DataError, match="does not belong"):
        read_examples(changed)


def test_the_shipped_examples_hold_places_and_no_words(root):
    stored = json.loads((root / "corpus" / "examples" / "judged.json").read_text(encoding="utf-8"))
    assert {key for one in stored["examples"] for key in one} <= {"policy", "at", "pieces", "sha256", "grades"}
    assert max(len(one["at"]) for one in stored["examples"]) < 60
    examples = read_examples(root / "corpus" / "examples")
    assert len(examples) > 2000 and {p.language for p in examples.policies.values()} == {"en", "es", "fr"}
    assert np.allclose(np.linalg.norm(examples.vectors, axis=1), 1, atol=1e-3)
    assert all(policy.title != id for id, policy in examples.policies.items())


def test_a_row_of_zeros_stays_zeros():
    assert unit(np.zeros((1, 3))).tolist() == [[0, 0, 0]]
