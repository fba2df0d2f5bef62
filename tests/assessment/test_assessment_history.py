"""Reading the log, and proving that it is complete."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from workspace_toys import LAW, framework, judged

from kb.assessment.double import give_opinion, open_double
from kb.assessment.findings import finding
from kb.assessment.history import history, lines
from kb.log.database import transaction
from kb.log.decisions import Event, sentence
from kb.log.proving import prove

FRAMEWORK = framework()


@pytest.fixture
def used(land):
    """Return a workspace with three decisions."""
    for version, status in enumerate(["commitment-only", "partial", "contrary"]):
        judged(land, "R2.a", {"status": status, "rationale": f"reason {version}"}, by="Ana", expected=version)
    return land


def test_complete_log_is_proved_complete(used):
    proof = prove(used)
    assert proof.is_complete and proof.events == 5 and proof.head == used.events()[-1].hash


def test_state_that_no_event_explains_is_found(used):
    with transaction(used.engine, write=True) as connection:
        connection.execute(text("update states set data = replace(data, 'contrary', 'met')"))
    assert any("finding/land/R2.a" in line for line in prove(used).problems)


def test_forged_event_is_found_although_triggers_were_dropped(used):
    drop = "drop trigger events_keep_update" + (" on events" if used.engine.dialect.name == "postgresql" else "")
    with transaction(used.engine, write=True) as connection:
        connection.execute(text(drop))
        connection.execute(text("update events set author = 'Eve' where sequence = 4"))
    assert any("event 4" in line for line in prove(used).problems)


def test_head_that_does_not_fit_is_found(used):
    with transaction(used.engine, write=True) as connection:
        connection.execute(text("update head set sequence = 9"))
    assert any("the head says 9" in line for line in prove(used).problems)


def test_lines_tell_who_what_and_why(used):
    line = lines(history(used, "finding/land/R2.a"))[1]
    assert (
        "by Ana" in line and "status was changed from commitment-only to partial" in line and "Reason: reason 1" in line
    )


def test_history_hides_blind_sheets(used):
    open_double(used, FRAMEWORK, "land", "R2.b", ("Ana", "Ben"), by="Cy", expected=0)
    give_opinion(
        used,
        FRAMEWORK,
        "land",
        "R2.b",
        {"status": "partial", "rationale": "x", "evidence": [LAW]},
        by="Ana",
        expected=1,
    )
    seen = {
        who: [event.author for event in history(used, "opinion", viewer=who) if event.kind == "opinion.given"]
        for who in ("Ana", "Ben", "")
    }
    assert seen == {"Ana": ["Ana"], "Ben": [], "": []}


def test_every_state_is_reproducible_as_of_any_event(land):
    """After 200 random decisions, the log gives each state that was returned when the decision was made."""
    dice, returned = random.Random(7), {}
    for count in range(200):
        criterion = dice.choice(["R2.a", "R2.b", "R3.d"])
        changes = {
            "status": dice.choice(["partial", "contrary", "no-evidence-found"]),
            "rationale": f"r{count}",
            "gap": dice.choice(["", "x"]),
            "evidence": dice.choice([[], [LAW]]),
        }
        made = judged(
            land, criterion, changes, by=dice.choice(["Ana", "Ben"]), expected=finding(land, "land", criterion).version
        )
        returned[made.sequence] = made
    for sequence in dice.sample(sorted(returned), 30):
        made = returned[sequence]
        assert finding(land, "land", made.criterion, until=sequence) == made
        assert finding(land, "land", made.criterion, until=made.changed_at) == made
    assert prove(land).is_complete


def test_change_is_described_in_a_sentence_and_nothing_that_stayed_nothing_is_described():
    event = Event(
        sequence=1,
        stream="finding/land/R2.a",
        version=2,
        kind="finding.decided",
        author="Ana",
        at=datetime(2026, 3, 1, tzinfo=UTC),
        effective=datetime(2026, 3, 1, tzinfo=UTC),
        before={"agreed_by": None, "status": None, "gap": "none yet", "rationale": "old", "groups": []},
        after={"agreed_by": "", "status": "met", "gap": "", "rationale": "new", "groups": ["a"]},
    )
    assert sentence(event) == (
        "Ana on 2026-03-01 00:00 UTC (version 2): status was set to met; gap was removed (it was none yet); "
        "rationale was changed from old to new; groups was set to 1 entry"
    )
