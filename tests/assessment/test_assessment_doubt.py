"""A text that calls itself a bill but is recorded as in force: a question that a person answers."""

from __future__ import annotations

import pytest
from workspace_toys import BOARD, document, framework, judged

from kb.assessment.checks import run_checks
from kb.assessment.doubt import calls_itself
from kb.assessment.findings import finding
from kb.assessment.policies import add_policy, policy_set, set_standing
from kb.errors import RefusedError
from kb.log.decisions import stream

FRAMEWORK = framework()
BILL = "A BILL to make provisions for the National Policy on Equality."
RIGHT = "Every person is entitled to equal pay."


def text(*passages: str):
    """Return a document with these passages."""
    return document("bill", {f"p{n}": words for n, words in enumerate(passages)})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("GENDER EQUALITY A BILL to make provisions for the policy", "A BILL to make provisions for the"),
        ("BILL NO. 2015 Bill to make provisions", "BILL NO"),
        ("PROYECTO DE LEY de igualdad", "PROYECTO DE LEY de igualdad"),
        ("Projet de loi no 12 relatif aux personnes", "Projet de loi no 12"),
        ("Equality Act, 2019. The Bill of Rights is upheld.", ""),
        ("El Congreso ha dado su aprobación al siguiente Proyecto de ley: Artículo 1", ""),
        ("Every bill of an electricity supplier is paid by the Ministry.", ""),
    ],
)
def test_a_text_calls_itself_a_bill_at_its_beginning_in_its_own_words(words, said):
    assert calls_itself(text(words)).startswith(said) and bool(calls_itself(text(words))) == bool(said)


def test_a_word_deep_in_the_text_says_nothing_and_one_in_the_title_does():
    assert calls_itself(text("Right. " * 400, BILL)) == ""
    assert calls_itself(text(RIGHT), "Draft policy on ageing") == "Draft policy on ageing"


@pytest.fixture
def with_bill(land):
    """Return the toy assessment with a bill that somebody recorded as in force."""
    add_policy(land, "land", text(BILL, RIGHT), by="Ana", label="1", standing="in-force", id="bill")
    return land


def met(ws):
    """Decide that a criterion is met, with words of the bill and a working board as evidence."""
    rows = [{"source": "bill", "quotation": RIGHT, "role": "instrument"}, BOARD]
    fields = {"status": "met", "rationale": "because", "evidence": rows}
    return judged(ws, "R2.a", fields, by="Ana", expected=finding(ws, "land", "R2.a").version)


def test_a_bill_recorded_as_in_force_carries_no_met_until_somebody_says_why_it_is_in_force(with_bill):
    assert policy_set(with_bill, "land").policies[0].current.doubt.startswith("A BILL to make provisions")
    with pytest.raises(RefusedError, match="calls itself “A BILL to make"):
        met(with_bill)
    set_standing(with_bill, "land", "bill", "in-force", by="Ana", reason="Act No. 5 of 2024, gazette of 1 June")
    assert met(with_bill).evidence[0].doubt == ""


def test_evidence_from_it_is_kept_with_the_doubt_and_a_check_points_at_it(with_bill):
    rows = [{"source": "bill", "quotation": RIGHT, "role": "instrument"}]
    fields = {"status": "partial", "rationale": "because", "evidence": rows}
    made = judged(with_bill, "R2.a", fields, by="Ana", expected=0)
    assert made.evidence[0].doubt.startswith("A BILL")
    assert [one.check for one in run_checks(with_bill, FRAMEWORK, "land")] == ["force-doubted"]
    set_standing(with_bill, "land", "bill", "draft", by="Ana", reason="It was not passed")
    assert next(one.check for one in run_checks(with_bill, FRAMEWORK, "land")) == "no-force"


def test_a_text_loaded_before_the_question_existed_is_asked_when_it_is_opened_and_nothing_is_written(with_bill):
    loaded = policy_set(with_bill, "land").policies[0]
    changed = stream("policy", "land", "bill")
    with with_bill.writing() as writer:
        old = [{**one.model_dump(mode="json", exclude={"calls_itself"})} for one in loaded.versions]
        writer.append(changed, "policy.version-added", {"versions": old}, author="Ana", reason="as it was written then")
    with with_bill.reading() as reader:
        before = reader.state(changed)
    assert "calls_itself" not in before.data["versions"][0]
    assert policy_set(with_bill, "land").policies[0].current.doubt, "asked now"
    with pytest.raises(RefusedError, match="calls itself"):
        met(with_bill)
    with with_bill.reading() as reader:
        assert reader.state(changed).version == before.version
    set_standing(with_bill, "land", "bill", "in-force", by="Ana", reason="Gazette 12 of 3 May 2024")
    assert policy_set(with_bill, "land").policies[0].current.doubt == ""
