"""The features learnt from judged policies: nearness to examples, to written clauses and to a direction; None without
vectors."""

from __future__ import annotations

import numpy as np
import pytest
from assess_toys import TEXTS, policy

from kb.assess.encoding import CachedVectors
from kb.assess.examples import DIRECT, Example, ExamplePolicy, Examples
from kb.assess.lessons import Lessons, Moments, compare, directions, heading_vectors, load_lessons, written_vectors
from kb.assess.proposing import look
from kb.languages import with_probes

CRITERIA = ["R1.c", "R6.b"]


@pytest.fixture
def vectors(toy, cache):
    return CachedVectors(toy, cache)


@pytest.fixture
def found(root, vectors):
    return look(policy("law", "en", *TEXTS["en"]), "en", CRITERIA, vectors, root / "corpus")


def _examples(found, number: int, criterion: str, grade: int) -> Examples:
    example = Example(policy="other", at="art. 1", pieces=(), sha256="0" * 16, grades={criterion: grade})
    source = ExamplePolicy(id="other", title="Other", language="en", file="other.md", sha256="b" * 64)
    return Examples("toy", {"other": source}, (example,), found.vectors[number : number + 1])


def _lessons(found, number: int) -> Lessons:
    own = {"R1.c": found.vectors[number], "R6.b": -found.vectors[number]}
    return Lessons(_examples(found, number, "R1.c", DIRECT), found.vectors[number : number + 1], ("R1.c",), own)


def test_a_clause_like_an_example_scores_for_that_criterion(found):
    scores = compare(found, _lessons(found, 0)).scores
    for name in ("examples", "written", "direction"):
        assert scores[name][0].argmax() == 0
    assert not scores["examples"][1].any() and scores["direction"][1].argmin() == 0


def test_without_lessons_nothing_is_claimed(found):
    scores = compare(found, None).scores
    assert not scores["examples"].any() and np.isnan(scores["examples_level"]).all()


def test_a_direction_points_to_direct_clauses():
    clauses = np.eye(3, dtype=np.float32)
    one = Moments.of(clauses, np.array([[2, 0, 0]], dtype=np.int8), np.array([[False, True, False]]))
    way = directions([one], ["R1.a"])["R1.a"]
    assert way[0] > way[2] > way[1]


def test_headings_are_distinguished_only_where_there_are_several(vectors):
    assert not heading_vectors(["One", "Two", ""], vectors).any()
    some = heading_vectors(["One", "Two", "Three", ""], vectors)
    assert some[0].any() and not some[3].any()


def test_every_criterion_has_written_clauses_in_each_language(root, vectors, framework):
    made, owners = written_vectors(root / "corpus", vectors)
    assert len(made) == len(owners) and set(owners) == {c.id for c in framework.criteria()}
    assert len(owners) > 38 * 2 * len(with_probes())


def test_a_policy_of_one_clause_is_distinguished_by_the_clauses_written_in_its_language(root, vectors):
    one = look(policy("law", "en", TEXTS["en"][1]), "en", CRITERIA, vectors, root / "corpus")
    assert len(one.units) == 1 and np.linalg.norm(one.vectors) == pytest.approx(1.0, abs=1e-3)


def test_lessons_of_another_model_are_not_used(root, vectors):
    assert load_lessons(root / "corpus", vectors) is None
