"""Comparison of assessments side by side, without a score."""

from __future__ import annotations

from datetime import date

import pytest
from workspace_toys import BOARD, LAW, document, framework, judged

from kb.assessment.compare import ComparedSet, Matrix, matrix
from kb.assessment.policies import add_policy, create_set
from kb.errors import NotFound

FRAMEWORK = framework()


@pytest.fixture
def two(land, clock):
    """Return a workspace with two sets; the decision on R2.a in the first was changed."""
    create_set(land, "isle", "Isle", by="Ana")
    add_policy(land, "isle", document("isle-act"), by="Ana", label="1", standing="draft", dated=date(2020, 1, 1))
    judged(land, "R2.a", {"status": "partial", "rationale": "x", "evidence": [LAW]}, by="Ana", expected=0)
    land.before = clock.time
    judged(land, "R2.a", {"status": "met", "rationale": "y", "evidence": [LAW, BOARD]}, by="Ana", expected=1)
    judged(land, "D7.f", {"status": "partial", "rationale": "z", "evidence": [LAW]}, by="Ana", expected=0)
    return land


def test_columns_stand_in_the_order_asked_for(two):
    assert [column.title for column in matrix(two, FRAMEWORK, ["isle", "land"]).columns] == ["Isle", "Land"]


def test_moments_of_one_set_are_columns_too(two):
    found = matrix(two, FRAMEWORK, [ComparedSet(policy_set="land", until=two.before), "land"])
    cells = found.lines[0].cells
    assert [(cell.status, cell.supports) for cell in cells] == [("partial", 1), ("met", 2)]
    assert cells[0].machine is None and cells[1].machine == "not-run"


def test_derived_row_is_apart_and_its_shared_quotation_counted_once(two):
    found = matrix(two, FRAMEWORK, ["land"])
    assert found.size == "2 stated + 1 derived"
    assert (found.stated[0].criteria, found.stated[0].quotations) == (4, 2)
    assert (found.derived[0].criteria, found.derived[0].quotations) == (2, 0)
    assert found.stated[0].statuses == {"met": 1, "not-assessed": 3}


def test_derived_row_can_be_switched_off(two):
    found = matrix(two, FRAMEWORK, ["land"], derived=False)
    assert {line.kind for line in found.lines} == {"stated"} and found.derived == ()


def test_there_is_no_score_and_no_rank():
    names = " ".join(str(Matrix.model_json_schema()).lower().split())
    assert not any(word in names for word in ("score", "rank", "average", "percent"))


def test_unknown_set(two):
    with pytest.raises(NotFound):
        matrix(two, FRAMEWORK, ["sea"])
