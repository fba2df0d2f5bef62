"""Proposals of the machine beside people's verdicts, which a new run and a new version of the text keep."""

from __future__ import annotations

from datetime import date

import pytest
from workspace_toys import BOARD, LAW, WORDS, document, framework, judged

from kb.assessment.change import changes, requote
from kb.assessment.findings import finding
from kb.assessment.models import Evidence
from kb.assessment.policies import add_version
from kb.assessment.proposals import accept, machine_states, proposals, reject, store_run
from kb.errors import InputError, NotFound, RefusedError

FRAMEWORK = framework()
MODELS = {"embedding": "toy@1"}


def result(**found):
    """Return a result of the machine; `found` maps criterion to keys of passages."""
    found = {key.replace("_", "."): keys for key, keys in found.items()}
    rows = [
        {
            "id": c.id,
            "state": "proposed" if found.get(c.id) else "no-evidence-found",
            "proposals": [
                {
                    "rank": n,
                    "passage": f"pension-act/{key}",
                    "text": NEW[key],
                    "citation": key,
                    "grade": grade,
                    "confidence": 0.7,
                    "type": "structural",
                    "why": {"terms": ["pension"]},
                }
                for n, (key, grade) in enumerate(found.get(c.id, ()), 1)
            ],
        }
        for c in FRAMEWORK.criteria()
    ]
    return {
        "policy": "pension-act",
        "framework": {"version": "1.0", "stated": 2, "derived": 1},
        "method": MODELS,
        "criteria": rows,
    }


NEW = {**WORDS, "art5": "Pensions are adjusted each year."}
FIRST = result(R2_a=[("art1", "direct"), ("art4", "related")])


@pytest.fixture
def run(land):
    """Store the first run."""
    return store_run(land, "land", "pension-act", FIRST, models=MODELS)


def test_machine_says_proposed_or_nothing_found_and_no_status(land, run):
    states = machine_states(land, "land", FRAMEWORK)
    assert states["R2.a"] == "proposed" and states["R2.b"] == "no-evidence-found"
    assert finding(land, "land", "R2.b").status == "not-assessed"
    assert land.events("run")[0].origin == "machine"


def test_notes_on_the_method_are_kept_and_name_no_model(land):
    noted = {**FIRST, "method": {**MODELS, "notes": ["Found by words alone."]}}
    store_run(land, "land", "pension-act", noted)
    assert land.events("run")[-1].author == f"model:{','.join(sorted(MODELS.values()))}"


def test_before_any_run_the_machine_says_nothing(land):
    assert set(machine_states(land, "land", FRAMEWORK).values()) == {"not-run"}


def test_same_result_again_is_the_same_run(land, run):
    assert store_run(land, "land", "pension-act", FIRST, models=MODELS) == run
    assert len(land.events("run")) == 1


def test_a_result_of_before_is_the_latest_again_when_another_run_came_between(land, run):
    texts = lambda: [one.text for one in proposals(land, "land", "R2.a")]
    first = texts()
    other = store_run(land, "land", "pension-act", result(R2_a=[("art4", "direct")]), models=MODELS)
    assert len(texts()) == 1
    again = store_run(land, "land", "pension-act", FIRST, models=MODELS)
    assert texts() == first and len({run, other, again}) == 3
    assert store_run(land, "land", "pension-act", FIRST, models=MODELS) == again, "and the same once more is the same"


def test_accepting_makes_evidence_but_no_status(land, run):
    made = accept(land, FRAMEWORK, "land", "R2.a", run, 1, by="Ana", expected=0, role="instrument")
    assert (made.status, made.evidence[0].verified) == ("not-assessed", True)
    assert made.evidence[0].from_proposal == f"{run} R2.a 1"
    assert [one.verdict for one in proposals(land, "land", "R2.a")] == ["accepted", None]


def test_the_kind_of_evidence_is_not_stated_until_a_person_states_it(land, run):
    row = accept(land, FRAMEWORK, "land", "R2.a", run, 1, by="Ana", expected=0, role="instrument").evidence[0]
    assert (row.type, row.level) == (None, None), "nobody has said"
    assert (row.machine_type, row.machine_level) == ("structural", "measure"), "marked as the machine's"
    said = {**row.model_dump(exclude={"id", "standing"}), "type": "process", "level": "principle"}
    told = judged(land, "R2.a", {"evidence": [said]}, by="Ben", expected=1).evidence[0]
    assert (told.type, told.level, told.machine_level) == ("process", "principle", "measure")
    assert (told.id, told.added_by) == (row.id, "Ana"), "who put it here stays"


def test_an_older_row_that_the_machine_had_called_a_measure_states_no_kind_again():
    before = {"source": "act", "quotation": "Words.", "from_proposal": "run R2.a 1", "level": "measure"}
    row = Evidence.model_validate(before)
    assert (row.level, row.machine_level) == (None, "measure")
    assert Evidence.model_validate({**before, "from_proposal": None}).level == "measure", "that one a person had said"


@pytest.mark.parametrize(
    ("kept", "said", "earlier"),
    [
        ({"type": "structural", "from_proposal": "run R2.a 1"}, None, "structural"),
        ({"type": "outcome", "from_proposal": "run R2.a 1"}, None, "outcome"),
        ({"type": "structural"}, None, "structural"),
        ({"type": "process", "role": "operation"}, None, "process"),
        ({"type": "outcome"}, "outcome", None),
        ({"type": "process", "machine_type": None}, "process", None),
    ],
)
def test_a_kind_of_an_earlier_version_that_may_have_been_filled_in_is_nobodys_word(land, kept, said, earlier):
    held = {"id": "abc", "source": "pension-act", "quotation": WORDS["art1"], **kept}
    land.append("finding/land/R2.a", "finding.decided", {"evidence": [held]}, author="Ana")
    row = finding(land, "land", "R2.a").evidence[0]
    assert (row.type, row.earlier_type) == (said, earlier)
    gap = judged(land, "R2.a", {"gap": "none"}, by="Ben", expected=1).evidence[0]
    assert (gap.type, gap.earlier_type) == (said, earlier), "and it stays so when somebody changes something else"
    told = {**row.model_dump(), "type": "process"}
    now = judged(land, "R2.a", {"evidence": [told]}, by="Ben", expected=2).evidence[0]
    assert now.type == "process", "until a person says it"


def test_a_kind_that_a_program_gives_for_a_new_row_is_the_persons(land):
    given = {"source": "pension-act", "quotation": WORDS["art1"], "type": "structural"}
    row = judged(land, "R2.a", {"evidence": [given]}, by="Ana", expected=0).evidence[0]
    assert (row.type, row.earlier_type) == ("structural", None)


def test_a_part_of_the_passage_may_be_quoted(land, run):
    made = accept(
        land,
        FRAMEWORK,
        "land",
        "R2.a",
        run,
        1,
        by="Ana",
        expected=0,
        role="instrument",
        quotation="entitled to a basic pension",
    )
    assert made.evidence[0].passage == "pension-act/art1"
    with pytest.raises(RefusedError, match="does not stand"):
        accept(
            land, FRAMEWORK, "land", "R2.a", run, 1, by="Ana", expected=1, role="operation", quotation="entitled to all"
        )


def test_joined_clauses_are_marked_and_quoted_in_part_only(land):
    joined = result(R2_a=[("art1", "direct")])
    joined["criteria"][0]["proposals"][0]["text"] = f"{WORDS['art1']} {WORDS['art3']}"
    run = store_run(land, "land", "pension-act", joined)
    assert not proposals(land, "land", "R2.a")[0].verbatim
    with pytest.raises(RefusedError, match="joined from clauses"):
        accept(land, FRAMEWORK, "land", "R2.a", run, 1, by="Ana", expected=0, role="instrument")
    made = accept(
        land, FRAMEWORK, "land", "R2.a", run, 1, by="Ana", expected=0, role="instrument", quotation=WORDS["art1"]
    )
    assert made.evidence[0].verified and proposals(land, "land", "R2.a")[0].verdict == "accepted"


def test_a_passage_that_is_evidence_is_not_called_irrelevant_in_silence(land, run):
    made = accept(land, FRAMEWORK, "land", "R2.a", run, 1, by="Ana", expected=0, role="instrument")
    with pytest.raises(RefusedError, match="This passage is evidence of the finding"):
        reject(land, "land", "R2.a", run, 1, by="Ben")
    assert proposals(land, "land", "R2.a")[0].verdict == "accepted" and len(finding(land, "land", "R2.a").evidence) == 1
    reject(land, "land", "R2.a", run, 1, by="Ben", framework=FRAMEWORK, evidence_seen=made.version)
    assert proposals(land, "land", "R2.a")[0].verdict == "rejected"
    assert finding(land, "land", "R2.a").evidence == (), "verdict and evidence change in one act"


def test_a_rejection_with_evidence_that_somebody_changed_meanwhile_changes_nothing(land, run):
    made = accept(land, FRAMEWORK, "land", "R2.a", run, 1, by="Ana", expected=0, role="instrument")
    with pytest.raises(RefusedError):
        reject(land, "land", "R2.a", run, 1, by="Ben", framework=FRAMEWORK, evidence_seen=made.version - 1)
    assert proposals(land, "land", "R2.a")[0].verdict == "accepted" and len(finding(land, "land", "R2.a").evidence) == 1


def test_rerun_keeps_a_persons_word(land, run):
    reject(land, "land", "R2.a", run, 2, by="Ben", reason="only a promise")
    again = store_run(
        land, "land", "pension-act", result(R2_a=[("art4", "related"), ("art2", "direct")]), models=MODELS
    )
    found = proposals(land, "land", "R2.a")
    assert {one.run for one in found} == {again}
    assert [(one.verdict, one.verdict_by) for one in found] == [("rejected", "Ben"), (None, "")]


def test_stale_verdict_is_refused(land, run):
    reject(land, "land", "R2.a", run, 2, by="Ben", expected=0)
    with pytest.raises(RefusedError, match="by Ben"):
        reject(land, "land", "R2.a", run, 2, by="Ana", expected=0)


def test_refused_acceptance_leaves_no_verdict(land, run):
    with pytest.raises(RefusedError):
        accept(land, FRAMEWORK, "land", "R2.a", run, 1, by="Ana", expected=9, role="instrument")
    assert proposals(land, "land", "R2.a")[0].verdict is None


def test_unknown_proposal_and_strange_result(land, run):
    with pytest.raises(NotFound):
        reject(land, "land", "R2.a", run, 99, by="Ana")
    with pytest.raises(InputError, match="no result of kb assess"):
        store_run(land, "land", "pension-act", {"criteria": []}, models={})


def test_new_version_keeps_decisions_and_lists_what_changed(land, run):
    judged(land, "R2.a", {"status": "met", "rationale": "both", "evidence": [LAW, BOARD]}, by="Ana", expected=0)
    judged(
        land,
        "R2.b",
        {
            "status": "commitment-only",
            "rationale": "promise",
            "evidence": [{"source": "pension-act", "quotation": WORDS["art4"]}],
        },
        by="Ana",
        expected=0,
    )
    words = {
        "art1": WORDS["art1"],
        "art2": "General part.",
        "art3": WORDS["art2"],
        "art5": NEW["art5"],
        "art6": "The Minister shall adopt further measures by June.",
    }
    add_version(
        land,
        "land",
        "pension-act",
        document(words=words),
        by="Ana",
        label="2024",
        standing="in-force",
        dated=date(2024, 1, 1),
    )
    store_run(land, "land", "pension-act", result(R2_a=[("art1", "direct"), ("art5", "direct")]))
    report = changes(land, FRAMEWORK, "land", "pension-act")
    fates = {one.quotation: (one.outcome, one.now) for one in report.evidence}
    assert fates == {
        WORDS["art1"]: ("same", "pension-act/art1"),
        WORDS["art2"]: ("moved", "pension-act/art3"),
        WORDS["art4"]: ("gone", "pension-act/art6"),
    }
    assert [one.text for one in report.new] == [NEW["art5"]]
    assert report.kept == {"R2.a": "met", "R2.b": "commitment-only"}
    assert (report.before, report.after) == ("2018", "2024")
    assert finding(land, "land", "R2.a").status == "met" and finding(land, "land", "R2.a").version == 1


def test_other_typography_is_found_but_not_called_verbatim(land):
    judged(land, "R2.a", {"evidence": [LAW]}, by="Ana", expected=0)
    add_version(
        land,
        "land",
        "pension-act",
        document(words={"art1": WORDS["art1"].replace("-", "–")}),
        by="Ana",
        label="2024",
        standing="draft",
    )
    assert changes(land, FRAMEWORK, "land", "pension-act").evidence[0].outcome == "reprinted"


def test_a_scan_of_the_same_law_alters_a_quotation_but_does_not_lose_it(land):
    judged(land, "R2.a", {"evidence": [BOARD]}, by="Ana", expected=0)
    scan = {
        "p1": "Preamble.",
        "p2": "(2) The Pensìon Board pays the pension each rnonth and reports to Parliament every year.",
    }
    add_version(land, "land", "pension-act", document(words=scan), by="Ana", label="scan", standing="in-force")
    fate = changes(land, FRAMEWORK, "land", "pension-act").evidence[0]
    assert (fate.outcome, fate.now) == ("altered", "pension-act/p2") and fate.share < 1


def test_requoting_follows_the_words_into_the_text_in_force(land):
    made = judged(land, "R2.a", {"evidence": [BOARD]}, by="Ana", expected=0)
    add_version(
        land,
        "land",
        "pension-act",
        document(words={"art9": WORDS["art2"]}),
        by="Ana",
        label="2024",
        standing="in-force",
    )
    again = requote(land, FRAMEWORK, "land", "R2.a", made.evidence[0].id, by="Ben", expected=1)
    assert (again.evidence[0].passage, again.evidence[0].added_by) == ("pension-act/art9", "Ben")


def test_words_that_a_new_law_dropped_are_no_longer_in_force(land):
    judged(land, "R2.a", {"evidence": [LAW]}, by="Ana", expected=0)
    add_version(
        land,
        "land",
        "pension-act",
        document(words={"art1": "Repealed and replaced."}),
        by="Ana",
        label="2024",
        standing="in-force",
    )
    touched = judged(land, "R2.a", {"gap": "The entitlement was dropped."}, by="Ana", expected=1)
    assert touched.evidence[0].standing == "repealed"
