"""Guarantees of the workspace at their limits: each was broken by hand once and no test failed."""

from __future__ import annotations

import pytest
import workspace_toys as toys
from sqlalchemy import text, update
from workspace_toys import LAW, WORDS, framework, judged

from kb.assessment import policies
from kb.assessment.findings import decide, finding, findings
from kb.assessment.history import history
from kb.assessment.proposals import machine_states, proposals, reject, store_run
from kb.errors import RefusedError
from kb.log.database import transaction
from kb.log.decisions import broken, seal
from kb.log.proving import prove
from kb.log.states import as_row
from kb.log.tables import EventRow
from kb.plan.actions import actions, create_action
from kb.plan.measures import measures, record_measure
from kb.workspace.exchange import export_assessment

FRAMEWORK = framework()


def policy(ws, name, standing):
    """Add a second policy with this legal status to the set."""
    words = {"art1": f"The {name} pays each pension on the first of the month."}
    policies.add_policy(ws, "land", toys.document(name, words), by="Ana", label="1", standing=standing, dated="2025")
    return {"source": name, "quotation": words["art1"], "role": "operation", "type": "process"}


@pytest.mark.parametrize(("standing", "carries"), [("draft", False), ("repealed", False), ("in-force", True)])
def test_operation_in_a_draft_never_carries_met(land, standing, carries):
    row = policy(land, "treasury-plan", standing)
    change = {"status": "met", "rationale": "Law and payment.", "evidence": [LAW, row]}
    if carries:
        assert judged(land, "R2.a", change, by="Ana", expected=0).status == "met"
        return
    with pytest.raises(RefusedError, match="evidence at work"):
        judged(land, "R2.a", change, by="Ana", expected=0)
    outside = {"source": "Budget", "quotation": "is paid", "role": "operation", "standing": standing}
    with pytest.raises(RefusedError, match="evidence at work"):
        judged(land, "R2.a", {**change, "evidence": [LAW, outside]}, by="Ana", expected=0)


def test_operation_of_a_text_that_became_a_draft_again_no_longer_carries_met(land):
    row = policy(land, "treasury-plan", "in-force")
    judged(land, "R2.a", {"status": "met", "rationale": "x", "evidence": [LAW, row]}, by="Ana", expected=0)
    policies.set_standing(land, "land", "treasury-plan", "draft", by="Ana", reason="withdrawn")
    with pytest.raises(RefusedError, match="evidence at work"):
        judged(land, "R2.a", {"workflow": "agreed"}, by="Ben", expected=1)


NAMES = ("kenya", "kenya-2026", "kenya.north", "kenya_2", "kenyan", "north.kenya")


def test_set_never_reads_another_whose_name_begins_the_same(ws):
    for number, name in enumerate(NAMES):
        policies.create_set(ws, name, name, by="Ana")
        policies.add_policy(
            ws,
            name,
            toys.document(f"act{number}", {"art1": f"Pension number {number}."}),
            by="Ana",
            label="1",
            standing="in-force",
        )
        decide(ws, FRAMEWORK, name, "R2.a", {"gap": name}, by="Ana", expected=0)
        record_measure(ws, name, "m", {"title": name}, by="Ana", expected=0)
        create_action(
            ws, f"a{number}", {"title": name, "findings": [{"policy_set": name, "criterion": "R2.a"}]}, by="Ana"
        )
        store_run(
            ws,
            name,
            f"act{number}",
            {
                "framework": {"version": "1"},
                "criteria": [{"id": "R2.a", "state": "proposed", "proposals": [{"text": f"Pension number {number}."}]}],
            },
            models={"m": "t@1"},
        )
    for number, name in enumerate(NAMES):
        assert [f.gap for f in findings(ws, FRAMEWORK, name) if f.gap] == [name]
        assert [p.id for p in policies.policy_set(ws, name).policies] == [f"act{number}"]
        assert [p.text for p in proposals(ws, name, "R2.a")] == [f"Pension number {number}."]
        assert [m.title for m in measures(ws, name)] == [a.title for a in actions(ws, policy_set=name)] == [name]
        assert {event.stream.split("/")[1] for event in history(ws, f"finding/{name}")} == {name}
        streams = {event["stream"].split("/")[1] for event in export_assessment(ws, name)["events"]}
        assert streams == {name, f"a{number}"}
        assert machine_states(ws, name, FRAMEWORK)["R2.a"] == "proposed"
    assert finding(ws, "keny", "R2.a").version == 0


@pytest.mark.parametrize(
    "again",
    [WORDS["art1"], WORDS["art1"].upper(), "  " + WORDS["art1"].replace(" ", "\n ")],
    ids=["same words", "capitals", "other lines"],
)
def test_passage_that_a_person_rejected_stays_rejected_when_it_is_proposed_again(land, again):
    def run(words, model):
        return store_run(
            land,
            "land",
            "pension-act",
            {
                "framework": {"version": "1"},
                "criteria": [{"id": "R2.a", "state": "proposed", "proposals": [{"text": words, "grade": "direct"}]}],
            },
            models={"m": model},
        )

    reject(land, "land", "R2.a", run(WORDS["art1"], "toy@1"), 1, by="Ben", reason="no")
    run(again, "toy@2")
    assert [(p.verdict, p.verdict_by, p.verdict_reason) for p in proposals(land, "land", "R2.a")] == [
        ("rejected", "Ben", "no")
    ]
    run(WORDS["art2"], "toy@3")
    assert [p.verdict for p in proposals(land, "land", "R2.a")] == [None]


def _rewrite(ws, event):
    """Replace the event with the same sequence in the database; its protection is removed and restored."""
    on = " on events" if ws.engine.dialect.name == "postgresql" else ""
    with transaction(ws.engine, write=True) as connection:
        connection.execute(text(f"drop trigger events_keep_update{on}"))
        connection.execute(update(EventRow).where(EventRow.sequence == event.sequence).values(**as_row(event)))


def test_event_whose_own_hash_was_made_to_fit_is_found_by_the_chain(land):
    """The hash of an event includes the hash before it, and both are compared."""
    for version in range(3):
        judged(land, "R2.a", {"gap": f"gap {version}"}, by="Ana", expected=version)
    forged = seal(land.events()[3].model_copy(update={"author": "Eve"}))
    _rewrite(land, forged)
    assert any("event 5" in line for line in prove(land).problems)
    assert any("event 5" in line for line in broken(land.events()))


def test_last_event_whose_hash_was_made_to_fit_is_found_by_the_head(land):
    judged(land, "R2.a", {"gap": "x"}, by="Ana", expected=0)
    _rewrite(land, seal(land.events()[-1].model_copy(update={"author": "Eve"})))
    assert any("the head says" in line for line in prove(land).problems)


def test_event_that_points_elsewhere_is_found_although_its_own_hash_fits(land):
    judged(land, "R2.a", {"gap": "x"}, by="Ana", expected=0)
    judged(land, "R2.a", {"gap": "y"}, by="Ana", expected=1)
    _rewrite(land, seal(land.events()[2].model_copy(update={"previous_hash": "0" * 64})))
    assert any("event 3" in line for line in prove(land).problems)
