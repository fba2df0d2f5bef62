"""Two people at the command line: without --seen, a newer change of another person is shown, never replaced."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from kb_commands import answered

from kb.cli.main import root as program
from kb.errors import NotFound, RefusedError
from kb.log.conflict import ConflictError

LAW = "Every resident is entitled to a basic pension."
ANA, BEN = ("--by", "Ana"), ("--by", "Ben")


@pytest.fixture
def kb(tmp_path, monkeypatch):
    """Create a set 'land' with one act; return a function that runs a command and returns its output."""
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "indexes"))
    monkeypatch.delenv("KB_DATABASE_URL", raising=False)

    (tmp_path / "act.txt").write_text(f"Pension Act\n\nArticle 1\n\n{LAW}\n")
    answered("policies", "create", "land", "Land", *ANA)
    answered("policies", "add", "land", tmp_path / "act.txt", "--id", "act", "--standing", "in-force", *ANA)
    return answered


FIRST = {
    "finding": ("findings", "set", "land", "R1.a", "--status", "partial", "--rationale", "half of it"),
    "action": ("actions", "add", "pay", "Pay all"),
    "measure": ("measures", "record", "land", "pension", "--title", "Pension"),
    "standing": ("policies", "standing", "land", "act", "adopted", "--reason", "not yet in force"),
}
SECOND = {
    "finding": ("findings", "set", "land", "R1.a", "--status", "contrary", "--rationale", "none of it"),
    "action": ("actions", "update", "pay", "--title", "Pay some"),
    "measure": ("measures", "record", "land", "pension", "--title", "Grant"),
    "standing": ("policies", "standing", "land", "act", "repealed", "--reason", "Gazette 7"),
}


@pytest.mark.parametrize("what", FIRST)
def test_newer_word_of_another_person_stops_every_deciding_command(kb, what):
    kb(*FIRST[what], *ANA)
    events = kb("findings", "prove")
    with pytest.raises(ConflictError) as caught:
        kb(*SECOND[what], *BEN)
    assert "Ana" in str(caught.value) and "you write" in str(caught.value)
    assert kb("findings", "prove") == events
    kb(*SECOND[what], *BEN, "--seen", caught.value.present.version)
    assert kb("findings", "prove") != events


@pytest.mark.parametrize("what", FIRST)
def test_own_word_may_be_changed_without_seen(kb, what):
    kb(*FIRST[what], *ANA)
    kb(*SECOND[what], *ANA)


def test_message_sets_both_versions_side_by_side(kb):
    kb(*FIRST["finding"], *ANA)
    result = CliRunner().invoke(program, [*SECOND["finding"], *BEN])
    text = str(result.exception)
    assert "status: you write contrary | now there is partial | you saw nothing" in text
    assert "rationale: you write none of it | now there is half of it" in text
    assert "--seen 1" in text


def test_an_added_quotation_is_kept_beside_the_words_of_others(kb):
    kb(*FIRST["finding"], *ANA)
    kb("findings", "quote", "land", "R1.a", LAW, "--source", "act", "--role", "instrument", *BEN)
    found = kb("findings", "show", "land", "R1.a", "--json")["finding"]
    assert (found["status"], found["decided_by"], len(found["evidence"])) == ("partial", "Ana", 1)


def test_adding_a_quotation_to_what_another_agreed_to_is_asked(kb):
    kb(*FIRST["finding"], *ANA)
    kb("findings", "set", "land", "R1.a", "--workflow", "agreed", "--seen", "1", "--by", "Cy")
    with pytest.raises(ConflictError):
        kb("findings", "quote", "land", "R1.a", LAW, "--source", "act", "--role", "instrument", *BEN)


def test_an_empty_decision_is_refused_and_evidence_is_taken_out_by_its_row(kb):
    from kb.errors import InputError, NotFound

    with pytest.raises(InputError, match="Nothing was given"):
        kb("findings", "set", "land", "R1.a", *ANA)
    kb("findings", "quote", "land", "R1.a", LAW, "--source", "act", "--role", "instrument", *ANA)
    [row] = kb("findings", "show", "land", "R1.a", "--json")["finding"]["evidence"]
    with pytest.raises(NotFound, match="no evidence row"):
        kb("findings", "unquote", "land", "R1.a", "none", *ANA)
    kb("findings", "unquote", "land", "R1.a", row["id"], "--reason", "the wrong act", *ANA)
    assert kb("findings", "show", "land", "R1.a", "--json")["finding"]["evidence"] == []
    assert len(kb("findings", "history", "land", "R1.a", "--json")) == 2


def test_verdict_of_another_person_is_not_replaced(kb, tmp_path):
    from kb.assessment.proposals import store_run
    from kb.config import settings
    from kb.log import open_workspace

    result = {
        "framework": {"version": "1"},
        "criteria": [{"id": "R1.a", "state": "proposed", "proposals": [{"text": LAW, "grade": "direct"}]}],
    }
    with open_workspace(settings().database_url) as ws:
        run = store_run(ws, "land", "act", result, models={"m": "toy@1"})
    kb("findings", "reject", "land", "R1.a", run, 1, *ANA)
    with pytest.raises(ConflictError, match="Ana"):
        kb("findings", "accept", "land", "R1.a", run, 1, "--role", "instrument", *BEN)
    assert kb("findings", "show", "land", "R1.a", "--json")["finding"]["evidence"] == []
    kb("findings", "accept", "land", "R1.a", run, 1, "--role", "instrument", *BEN, "--seen-verdict", "1")
    assert kb("findings", "show", "land", "R1.a", "--json")["proposals"][0]["verdict_by"] == "Ben"


def test_a_proposal_has_the_number_that_the_screen_gives_it(kb):
    from kb.assessment.proposals import store_run
    from kb.config import settings
    from kb.log import open_workspace

    rows = [
        {"text": LAW, "grade": "direct", "confidence": 0.2},
        {"text": LAW[:20], "grade": "direct", "confidence": 0.7},
    ]
    result = {
        "framework": {"version": "1"},
        "criteria": [{"id": "R1.a", "state": "proposed", "proposals": rows}],
    }
    with open_workspace(settings().database_url) as ws:
        store_run(ws, "land", "act", result, models={"m": "toy@1"})
    shown = kb("findings", "show", "land", "R1.a", "--json")["proposals"]
    assert [(one["number"], one["rank"]) for one in shown] == [(1, 2), (2, 1)], "most often judged direct first"
    assert kb("findings", "reject", "land", "R1.a", 1, *ANA, "--json")["rank"] == 2
    with pytest.raises(NotFound, match="R1.a has no proposal '3'; it has 2"):
        kb("findings", "accept", "land", "R1.a", 3, "--role", "instrument", *BEN)


def test_a_refusal_says_what_is_wrong_before_where(kb):
    with pytest.raises(RefusedError) as refused:
        kb("findings", "set", "land", "R1.a", "--status", "met", "--rationale", "r", *ANA)
    assert str(refused.value).startswith("'Met' needs supporting evidence of law in force")
    assert str(refused.value).endswith("(land R1.a)")


def test_settling_sees_what_changed_since_the_round_began(kb):
    kb("double", "open", "land", "R1.a", "Ana", "Ben", "--by", "Cy")
    for name, status in (("Ana", "partial"), ("Ben", "contrary")):
        kb("double", "say", "land", "R1.a", "--status", status, "--rationale", "r", "--done", "--by", name)
    kb("findings", "set", "land", "R1.a", "--rationale", "a third view", "--seen", "1", "--by", "Dee")
    settle = ("double", "settle", "land", "R1.a", "--status", "partial", "--reason", "the act", "--by", "Eve")
    with pytest.raises(ConflictError, match="Dee"):
        kb(*settle)
    assert kb(*settle, "--seen", "2", "--json")["settled_by"] == ["Eve"]
