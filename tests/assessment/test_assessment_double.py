"""Two independent assessments, and the third step that settles them."""

from __future__ import annotations

import pytest
from workspace_toys import BOARD, LAW, framework

from kb.assessment.double import disagreements, give_opinion, open_double, opinions, settle
from kb.assessment.findings import decide, finding, timeline
from kb.errors import RefusedError

FRAMEWORK = framework()
WHERE = ("land", "R2.a")


@pytest.fixture
def two(land):
    """Return a workspace in which Ana and Ben assess R2.a, blind."""
    open_double(land, FRAMEWORK, *WHERE, ("Ana", "Ben"), by="Cy", expected=0)
    return land


def opine(ws, by, status, done=True, expected=1, **more):
    """Write one person's sheet."""
    return give_opinion(
        ws, FRAMEWORK, *WHERE, {"status": status, "rationale": "because", **more}, by=by, expected=expected, done=done
    )


def both(ws):
    """Hand in two sheets that differ."""
    opine(ws, "Ana", "partial", evidence=[LAW])
    opine(ws, "Ben", "commitment-only")


def test_neither_sees_the_other_until_both_are_done(two):
    opine(two, "Ana", "partial")
    assert [sheet.by for sheet in opinions(two, *WHERE, viewer="Ana")] == ["Ana"]
    assert [sheet.by for sheet in opinions(two, *WHERE, viewer="Ben")] == ["Ben"]
    assert opinions(two, *WHERE, viewer="Cy") == []
    opine(two, "Ben", "met", evidence=[LAW, BOARD])
    assert [sheet.status for sheet in opinions(two, *WHERE, viewer="Cy")] == ["partial", "met"]


def test_open_round_shows_both(land):
    open_double(land, FRAMEWORK, *WHERE, ("Ana", "Ben"), by="Cy", expected=0, blind=False)
    assert len(opinions(land, *WHERE, viewer="Ana")) == 2


def test_disagreement_names_what_each_says(two):
    both(two)
    found = disagreements(opinions(two, *WHERE, viewer="Cy"))
    assert found["status"] == {"Ana": "partial", "Ben": "commitment-only"} and set(found) == {"status", "evidence"}


def test_rules_hold_on_sheets_too(two):
    with pytest.raises(RefusedError, match="evidence at work"):
        opine(two, "Ana", "met", evidence=[LAW])


def test_others_and_handed_in_sheets_are_refused(two):
    with pytest.raises(RefusedError, match="not one of the assessors"):
        opine(two, "Cy", "partial")
    opine(two, "Ana", "partial")
    with pytest.raises(RefusedError, match="handed in"):
        opine(two, "Ana", "contrary", expected=2)


def test_status_waits_for_the_settlement(two):
    with pytest.raises(RefusedError, match="settled, not changed"):
        decide(two, FRAMEWORK, *WHERE, {"status": "partial", "rationale": "x"}, by="Cy", expected=1)


def test_third_person_settles_with_a_reason(two):
    both(two)
    with pytest.raises(RefusedError, match="reason"):
        settle(two, FRAMEWORK, *WHERE, {"status": "partial"}, by="Cy", expected=1, reason="")
    made = settle(
        two, FRAMEWORK, *WHERE, {"status": "partial", "evidence": [LAW]}, by="Cy", expected=1, reason="The act."
    )
    assert (made.status, made.settled_by, made.double.open) == ("partial", ("Cy",), False)
    given = {event.sequence: event.author for event in two.events("opinion")}
    assert [given[sequence] for sequence in made.opinions] == ["Ana", "Ben"]
    assert [event.kind for event in timeline(two, *WHERE)] == [
        "finding.double-opened",
        "finding.settled",
        "finding.double-closed",
    ]


def test_one_assessor_does_not_settle_alone_but_both_do(two):
    both(two)
    with pytest.raises(RefusedError, match="one of the two"):
        settle(two, FRAMEWORK, *WHERE, {"status": "partial"}, by="Ana", expected=1, reason="mine")
    made = settle(
        two, FRAMEWORK, *WHERE, {"status": "partial"}, by="Ana", together=("Ben",), expected=1, reason="talked"
    )
    assert made.settled_by == ("Ana", "Ben")


def test_no_settlement_before_both_are_done(two):
    opine(two, "Ana", "partial")
    with pytest.raises(RefusedError, match="Ben did not hand in"):
        settle(two, FRAMEWORK, *WHERE, {"status": "partial"}, by="Cy", expected=1, reason="x")


def test_one_person_is_not_two(land):
    with pytest.raises(RefusedError, match="two different people"):
        open_double(land, FRAMEWORK, *WHERE, ("Ana", " ana "), by="Cy", expected=0)


def test_second_round_begins_with_empty_sheets(two):
    both(two)
    settle(two, FRAMEWORK, *WHERE, {"status": "partial"}, by="Cy", expected=1, reason="x")
    version = finding(two, *WHERE).version
    open_double(two, FRAMEWORK, *WHERE, ("Ana", "Dee"), by="Cy", expected=version)
    assert opinions(two, *WHERE, viewer="Ana")[0].status == "not-assessed"
