"""Two people on one finding: the later one sees both versions, and nothing is replaced."""

from __future__ import annotations

import pytest
from workspace_toys import framework, judged

from kb.assessment.findings import finding
from kb.errors import RefusedError
from kb.log.conflict import ConflictError

FRAMEWORK = framework()


def test_both_versions_are_in_the_error_and_nothing_is_written(land):
    judged(land, "R2.a", {"status": "partial", "rationale": "half", "gap": "rural"}, by="Ana", expected=0)
    with pytest.raises(ConflictError) as caught:
        judged(land, "R2.a", {"status": "contrary", "rationale": "no"}, by="Ben", expected=0, reason="read it again")
    error = caught.value
    assert isinstance(error, RefusedError) and error.exit_code == 5
    assert [(event.author, event.after["status"], event.after["gap"]) for event in error.theirs] == [
        ("Ana", "partial", "rural")
    ]
    assert error.mine == {"status": "contrary", "rationale": "no"}
    rows = {side.field: (side.seen, side.theirs, side.mine) for side in error.sides}
    assert rows["status"] == (None, "partial", "contrary") and rows["gap"] == (None, "rural", None)
    assert "status: you write contrary | now there is partial" in str(error)
    assert error.present.version == 1 and finding(land, "land", "R2.a").status == "partial"


def test_conflict_is_reported_before_what_follows_from_it(land):
    judged(land, "R2.a", {"status": "partial", "rationale": "half"}, by="Ana", expected=0)
    with pytest.raises(ConflictError):
        judged(land, "R2.a", {"status": "met"}, by="Ben", expected=0)


def test_version_that_does_not_exist_is_no_conflict(land):
    with pytest.raises(RefusedError, match="Version 7 does not exist yet") as caught:
        judged(land, "R2.a", {"gap": "x"}, by="Ana", expected=7)
    assert not isinstance(caught.value, ConflictError)
