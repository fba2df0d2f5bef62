"""Each check finds its fault and returns nothing for a correct finding."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from workspace_toys import BOARD, LAW, PAID, WORDS, document, framework, judged

from kb.assessment import checks, policies
from kb.assessment.checks import run_checks
from kb.assessment.double import open_double
from kb.assessment.findings import finding
from kb.assessment.proposals import store_run
from kb.errors import InputError, NotFound

FRAMEWORK = framework()
TODAY = date(2026, 6, 1)
GUESSED = {"source": "pension-act", "quotation": WORDS["art4"], "machine_level": "principle"}
PROMISE = {"source": "pension-act", "quotation": WORDS["art4"], "level": "principle"}


def say(ws, criterion="R2.a", by="Ana", **changes):
    """Decide a criterion, with a default rationale unless one is given."""
    changes.setdefault("rationale", "because")
    return judged(ws, criterion, changes, by=by, reason="r", expected=finding(ws, "land", criterion).version)


def found(ws, **how):
    """Return (check, criterion) of all remarks."""
    return {(remark.check, remark.criterion) for remark in run_checks(ws, FRAMEWORK, "land", today=TODAY, **how)}


def test_untouched_assessment_has_no_remarks(land):
    assert found(land) == set()


def test_a_check_that_there_is_none_of_is_refused_and_not_silent(land):
    with pytest.raises(InputError, match="no check 'partial-without-evidnce'.*partial-without-evidence"):
        found(land, only=("partial-without-evidnce",))


def test_sound_finding_has_no_remarks(land):
    say(land, status="met", evidence=[LAW, BOARD])
    say(land, by="Ben", workflow="agreed")
    assert found(land) == set()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": "partial"}, "partial-without-evidence"),
        ({"status": "commitment-only"}, "partial-without-evidence"),
        ({"status": "contrary", "evidence": [LAW]}, "partial-without-evidence"),
        ({"status": "no-evidence-found", "evidence": [LAW]}, "silence-with-evidence"),
        ({"status": "partial", "evidence": [PROMISE]}, "principle-only"),
        ({"status": "partial", "evidence": [GUESSED]}, "principle-only"),
        ({"status": "partial", "evidence": [PAID]}, "old-figure"),
        ({"status": "partial", "evidence": [{**PAID, "effective": "2015-01-01"}]}, "old-figure"),
        ({"status": "partial", "evidence": [LAW], "rationale": ""}, "no-rationale"),
        (
            {"status": "met", "evidence": [LAW, BOARD, {**PAID, "stance": "contradicts", "effective": "2025-01-01"}]},
            "contradiction",
        ),
        ({"status": "partial", "evidence": [{"source": "Budget", "quotation": "4 billion"}]}, "unproved"),
        (
            {"status": "partial", "evidence": [{"source": "Survey", "quotation": "81 per cent", "type": "outcome"}]},
            "undated-figure",
        ),
    ],
)
def test_check_finds_its_fault(land, changes, expected):
    say(land, **changes)
    assert (expected, "R2.a") in found(land)


def test_old_figure_that_is_called_old_is_fine(land):
    say(land, status="partial", evidence=[PAID], rationale="Figures of 2019, the latest.")
    assert found(land) == set()


@pytest.mark.parametrize("standing", ["draft", "repealed"])
def test_evidence_from_a_text_without_force(land, standing):
    say(land, status="met", evidence=[LAW, BOARD])
    policies.set_standing(land, "land", "pension-act", standing, by="Ana", reason="Gazette")
    assert {("no-force", "R2.a"), ("rule-broken", "R2.a"), ("policy-changed", "R2.a")} <= found(land)


def test_criterion_untouched_since_the_policy_changed(land):
    say(land, status="partial", evidence=[LAW])
    policies.add_version(
        land, "land", "pension-act", document(words={"art1": "Another text."}), by="Ana", label="2", standing="draft"
    )
    assert {("policy-changed", "R2.a"), ("words-gone", "R2.a")} <= found(land)
    words = next(
        one.message for one in run_checks(land, FRAMEWORK, "land", today=TODAY) if one.check == "policy-changed"
    )
    assert words == "Untouched since the policy changed: Pension Act.", "by its title, not by its identifier"
    say(land, status="partial", rationale="looked again")
    assert ("policy-changed", "R2.a") not in found(land)


def test_same_passage_for_r2_and_d7f_is_counted_once(land):
    say(land, "R2.b", status="partial", evidence=[LAW])
    say(land, "D7.f", status="partial", evidence=[{**LAW, "quotation": "entitled to a basic pension"}])
    remark = next(r for r in run_checks(land, FRAMEWORK, "land", today=TODAY) if r.check == "counted-twice")
    assert remark.criterion == "D7.f" and "R2.b" in remark.message and remark.link == "finding/land/D7.f"


def test_agreeing_alone_and_unsettled_rounds(land):
    say(land, status="partial", evidence=[LAW])
    say(land, workflow="agreed")
    open_double(land, FRAMEWORK, "land", "R2.b", ("Ana", "Ben"), by="Cy", expected=0)
    assert {("agreed-alone", "R2.a"), ("unsettled", "R2.b")} <= found(land)


def test_silence_over_unanswered_proposals(land):
    store_run(
        land,
        "land",
        "pension-act",
        {
            "framework": {"version": "1"},
            "criteria": [
                {"id": "R2.a", "state": "proposed", "proposals": [{"text": WORDS["art1"], "grade": "direct"}]}
            ],
        },
        models={},
    )
    say(land, status="no-evidence-found")
    assert ("proposal-unanswered", "R2.a") in found(land)


def test_decisions_under_another_framework_are_kept_and_shown(land):
    say(land, status="partial", evidence=[LAW])
    say(land, "R3.d", status="partial", evidence=[LAW])
    kept = [recommendation for recommendation in FRAMEWORK.recommendations if recommendation.id != "R3"]
    newer = FRAMEWORK.model_copy(update={"version": "2.0", "recommendations": tuple(kept), "criteria_count": 4})
    remarks = {r.criterion: r.message for r in run_checks(land, newer, "land", today=TODAY)}
    assert "Decided under framework toy 1.0; this is toy 2.0" in remarks["R2.a"]
    assert "has no such criterion" in remarks["R3.d"]


def test_met_written_around_the_rules_is_found(land):
    """An import or a direct change of the database can cause this."""
    say(land, status="partial", evidence=[LAW])
    with land.writing() as writer:
        writer.connection.execute(text("update states set data = replace(data, '\"partial\"', '\"met\"')"))
    assert ("rule-broken", "R2.a") in found(land)


def test_checks_can_be_chosen_and_errors_come_first(land):
    say(land, status="partial", rationale="")
    remarks = run_checks(land, FRAMEWORK, "land", today=TODAY)
    assert [remark.severity for remark in remarks] == ["error", "warning"]
    assert found(land, only=("no-rationale",)) == {("no-rationale", "R2.a")}
    with pytest.raises(NotFound):
        run_checks(land, FRAMEWORK, "sea")


def test_every_check_says_what_it_is_for():
    assert all(function.__doc__ for _, function in checks.CHECKS.values())


def test_a_check_speaks_the_language_of_the_reader():
    from kb.assessment.models import Finding
    from kb.assessment.rules import needs_reason
    from kb.i18n import use

    use("fr")
    try:
        found = Finding(policy_set="s", criterion="R1.a", status="not-applicable")
        assert needs_reason(found, None) == "«\xa0Sans objet\xa0» exige un motif dans la justification"
    finally:
        use("en")
