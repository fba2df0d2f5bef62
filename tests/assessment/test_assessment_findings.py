"""Findings: which values are allowed, who may decide, and how a finding is read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from workspace_toys import BOARD, LAW, PAID, WORDS, document, framework, judged

from kb.assessment import policies
from kb.assessment.findings import add_evidence, decide, finding, findings, remove_evidence, timeline
from kb.commitments.register import load_register
from kb.config import settings
from kb.errors import InputError, NotFound, RefusedError

FRAMEWORK = framework()


def register():
    """Return every entry of the register."""
    return [entry for each in load_register(settings().corpus / "commitments") for entry in each.entries]


def say(ws, changes, criterion="R2.a", by="Ana", **how):
    """Decide on the present version of a finding."""
    how.setdefault("expected", finding(ws, "land", criterion).version)
    return judged(ws, criterion, changes, by=by, **how)


def test_untouched_findings_are_not_assessed(land):
    rows = findings(land, FRAMEWORK, "land")
    assert [row.criterion for row in rows] == ["R2.a", "R2.b", "R3.d", "R3.e", "D7.a", "D7.f"]
    assert {row.status for row in rows} == {"not-assessed"} and {row.workflow for row in rows} == {"to-do"}


def test_decision_keeps_who_when_why_and_framework(land):
    made = say(land, {"status": "partial", "rationale": "Covers residents only.", "evidence": [LAW]})
    assert (made.status, made.decided_by, made.changed_by, made.framework) == ("partial", "Ana", "Ana", "toy 1.0")
    assert made.decided_at and made.workflow == "draft"
    event = timeline(land, "land", "R2.a")[0]
    assert event.reason == "Covers residents only." and event.before["status"] is None


def test_evidence_is_placed_and_proved(land):
    row = say(land, {"evidence": [LAW]}).evidence[0]
    assert (row.passage, row.locator, row.standing, row.verified) == (
        "pension-act/art1",
        "pension-act art1",
        "in-force",
        True,
    )
    assert row.may_quote
    assert row.added_by == "Ana" and row.added_at and row.effective is None


def test_quotation_that_does_not_stand_in_the_policy_is_refused(land):
    wrong = {**LAW, "quotation": "Every resident is entitled to a basic pension from the age of sixty."}
    with pytest.raises(RefusedError, match="does not stand in 'pension-act'.*nearest passage is pension-act/art1"):
        say(land, {"evidence": [wrong]})


def test_quotation_may_break_lines_otherwise(land):
    assert say(land, {"evidence": [{**LAW, "quotation": WORDS["art1"].replace(" ", "\n ")}]}).evidence[0].verified


def test_words_that_a_machine_read_from_a_picture_are_found_and_may_not_be_quoted(land, monkeypatch):
    printed = document()
    guessed = tuple(each.model_copy(update={"verified": "unverified", "may_quote": False}) for each in printed.passages)
    scan = printed.model_copy(update={"passages": guessed})
    monkeypatch.setattr("kb.assessment.evidence.document_of", lambda reader, version: scan)
    row = say(land, {"evidence": [{**LAW, "recognised": False}]}).evidence[0]
    assert row.verified and row.recognised and not row.may_quote


def test_outside_source_is_kept_but_not_verified(land):
    row = say(
        land, {"evidence": [{"source": "Budget 2025", "quotation": "Pensions: 4.1 billion", "role": "operation"}]}
    )
    assert not row.evidence[0].verified


@pytest.mark.parametrize("cut", [0, 4])
def test_our_statement_of_a_commitment_is_refused_as_words_of_the_treaty(land, cut):
    """Also in another layout, and with a few words left out."""
    entry = next(each for each in register() if each.id == "crpd/art12/2")
    words = "\n ".join(entry.statement.upper().split()[cut:])
    outside = {"source": "CRPD", "quotation": words, "role": "instrument", "standing": "in-force"}
    with pytest.raises(RefusedError, match=r"own statement of CRPD art. 12\(2\)"):
        say(land, {"evidence": [outside]})
    assert finding(land, "land", "R2.a").evidence == ()


def test_words_of_a_treaty_that_its_statement_also_uses_are_taken(land):
    words = "Women and men shall have on an equal basis with others and in all areas of life a legal capacity."
    assert say(land, {"evidence": [{"source": "CRPD", "quotation": words, "role": "instrument"}]}).evidence


def test_claimed_proof_is_not_believed(land):
    forged = {**LAW, "quotation": "No such words.", "added_at": "2020-01-01T00:00:00Z", "verified": True, "id": "x"}
    with pytest.raises(RefusedError, match="does not stand"):
        say(land, {"evidence": [forged]})


def test_claimed_force_must_be_the_recorded_one(land):
    with pytest.raises(RefusedError, match="recorded as 'in-force', not 'draft'"):
        say(land, {"evidence": [{**LAW, "standing": "draft"}]})


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([], "law in force"),
        ([LAW], "evidence at work"),
        ([BOARD], "law in force"),
        ([LAW, {**LAW, "role": "operation"}], "evidence at work"),
        ([LAW, {**BOARD, "stance": "context"}], "evidence at work"),
        ([{**LAW, "stance": "contradicts"}, BOARD], "law in force"),
    ],
)
def test_met_needs_instrument_and_operation(land, rows, wrong):
    with pytest.raises(RefusedError, match=wrong):
        say(land, {"status": "met", "rationale": "It is.", "evidence": rows})
    assert finding(land, "land", "R2.a").version == 0


def test_met_with_both_is_a_persons_decision(land):
    assert say(land, {"status": "met", "rationale": "Law and payment.", "evidence": [LAW, BOARD]}).status == "met"


SAID = {
    "draft": "DRAFT",
    "repealed": "repealed",
    "adopted": "adopted, not in force",
    "unknown": "legal status unknown",
}


@pytest.mark.parametrize("standing", SAID)
def test_policy_without_force_cannot_carry_met(land, standing):
    policies.set_standing(land, "land", "pension-act", standing, by="Ana", reason="Gazette 3/2026")
    outside = {"source": "Budget", "quotation": "paid", "role": "operation", "standing": "in-force"}
    with pytest.raises(RefusedError, match=f"the law it quotes is: {SAID[standing]}"):
        say(land, {"status": "met", "rationale": "It is.", "evidence": [LAW, outside]})


def test_met_cannot_be_confirmed_once_the_law_is_repealed(land):
    say(land, {"status": "met", "rationale": "Law and payment.", "evidence": [LAW, BOARD]})
    policies.set_standing(land, "land", "pension-act", "repealed", by="Ana", reason="Gazette 9/2026")
    with pytest.raises(RefusedError, match="repealed"):
        say(land, {"workflow": "agreed"}, by="Ben")


def test_law_alone_never_shows_that_redress_works(land):
    with pytest.raises(RefusedError, match="a law alone never"):
        say(land, {"status": "met", "rationale": "Board.", "evidence": [LAW, BOARD]}, criterion="R3.e")
    assert say(land, {"status": "met", "rationale": "Use.", "evidence": [LAW, PAID]}, criterion="R3.e").status == "met"


def test_evidence_of_met_cannot_be_taken_away_under_it(land):
    made = say(land, {"status": "met", "rationale": "Both.", "evidence": [LAW, BOARD]})
    with pytest.raises(RefusedError, match="evidence at work"):
        remove_evidence(land, FRAMEWORK, "land", "R2.a", made.evidence[1].id, by="Ben", expected=1, reason="not mine")


def test_not_applicable_needs_a_reason(land):
    with pytest.raises(RefusedError, match="needs a reason in the rationale"):
        say(land, {"status": "not-applicable"}, reason="because")
    assert say(land, {"status": "not-applicable", "rationale": "No charged services."}).status == "not-applicable"


def test_status_without_any_reason_is_refused(land):
    with pytest.raises(RefusedError, match="'partial' needs a reason"):
        say(land, {"status": "partial"})


@pytest.mark.parametrize("author", ["machine", "rule:probes", "model:e5@1", "System", "", "  "])
def test_machine_and_nobody_set_no_status(land, author):
    with pytest.raises(RefusedError):
        say(land, {"status": "no-evidence-found", "rationale": "silent"}, by=author)
    with pytest.raises(RefusedError):
        say(land, {"status": "no-evidence-found", "rationale": "silent"}, origin="machine")


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"status": "compliant"}, "status"), ({"score": 3}, "score"), ({"evidence": [{"source": "x"}]}, "quotation")],
)
def test_unknown_values_are_named(land, changes, named):
    with pytest.raises(InputError, match=named):
        say(land, changes, reason="r")


def test_unknown_set_and_criterion_are_not_found(land):
    with pytest.raises(NotFound, match="Sets are: land"):
        decide(land, FRAMEWORK, "sea", "R2.a", {"gap": "x"}, by="Ana", expected=0)
    with pytest.raises(NotFound):
        say(land, {"gap": "x"}, criterion="R9.z")


def test_second_of_two_officers_is_shown_what_the_first_did(land):
    say(land, {"status": "partial", "rationale": "some"}, by="Ana", expected=0)
    with pytest.raises(RefusedError, match="by Ana.*status was set to partial"):
        say(land, {"status": "contrary", "rationale": "none"}, by="Ben", expected=0)
    assert finding(land, "land", "R2.a").status == "partial"


def test_same_quotation_twice_in_one_role_is_refused(land):
    made = add_evidence(land, FRAMEWORK, "land", "R2.a", LAW, by="Ana", expected=0)
    with pytest.raises(RefusedError, match="already there"):
        add_evidence(land, FRAMEWORK, "land", "R2.a", LAW, by="Ben", expected=made.version)


def test_agreed_finding_opens_again_when_touched(land):
    say(land, {"status": "partial", "rationale": "some"})
    agreed = say(land, {"workflow": "agreed"}, by="Ben")
    assert agreed.agreed_by == "Ben"
    changed = say(land, {"status": "commitment-only", "rationale": "a plan"}, by="Cy")
    assert (changed.workflow, changed.agreed_by, changed.decided_by) == ("draft", "", "Cy")


def test_unassessed_finding_is_not_agreed(land):
    with pytest.raises(RefusedError, match="not assessed cannot be agreed"):
        say(land, {"workflow": "agreed"})


def test_finding_is_read_back_as_of_a_date(land, clock):
    say(land, {"status": "commitment-only", "rationale": "a plan"})
    then = clock.time
    clock.time += timedelta(days=30)
    say(land, {"status": "partial", "rationale": "a law", "evidence": [LAW]}, by="Ben")
    past = finding(land, "land", "R2.a", until=then)
    assert (past.status, past.evidence, past.version, past.changed_by) == ("commitment-only", (), 1, "Ana")
    then_all = findings(land, FRAMEWORK, "land", until=then)
    assert [row.status for row in then_all][:2] == ["commitment-only", "not-assessed"]
    assert finding(land, "land", "R2.a").status == "partial"


def test_a_change_has_no_reason_that_its_author_did_not_write(land):
    say(land, {"status": "partial", "rationale": "Covers residents only."})
    say(land, {"gap": "Migrants"}, expected=1)
    with land.reading() as reader:
        reasons = [event.reason for event in reader.events("finding/land/R2.a")]
    assert reasons[-2:] == ["Covers residents only.", ""]
