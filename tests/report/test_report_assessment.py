"""The report of a self-assessment shows what people decided, in whose words, and what nobody has assessed; no score."""

from __future__ import annotations

from datetime import date

import pytest

from kb.assessment.models import Finding
from kb.assessment.policies import create_set, policy_sets
from kb.assessment.proposals import store_run
from kb.framework import load
from kb.log import open_workspace
from kb.report import html_
from kb.report.assessment import self_assessment
from kb.report.blocks import Heading, Quote, Table
from kb.report.comparison import comparison
from kb.report.front import summary
from kb.workspace import sample

ON = date(2026, 11, 28)


@pytest.fixture(scope="module")
def framework(root):
    return load(root / "corpus" / "framework")


@pytest.fixture(scope="module")
def ws(root, framework, tmp_path_factory):
    """Return a workspace with the sample that comes with the program, without proposals of the machine."""
    with (
        open_workspace(f"sqlite:///{tmp_path_factory.mktemp('report') / 'workspace.sqlite'}") as opened,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sample, "look_through", lambda *given, **more: "")
        sample.add(opened, framework, root / "corpus", sample.load_sample(root / "corpus"))
        yield opened


def test_the_sample_shows_every_state_and_its_quotations_stand_in_its_texts(ws, framework):
    from kb.assessment.findings import findings

    held = findings(ws, framework, "sampleland")
    assert {one.status for one in held} == {
        "not-assessed",
        "met",
        "partial",
        "commitment-only",
        "contrary",
        "no-evidence-found",
        "not-applicable",
    }
    assert all(row.verified for one in held for row in one.evidence)


def test_stated_rows_come_first_and_our_addition_is_shown_apart(ws, framework):
    made = self_assessment(ws, framework, "sampleland", on=ON)
    captions = [block.caption for block in made.blocks if isinstance(block, Table)]
    assert captions.index("The recommendations of the paper: criteria by decision") < next(
        n for n, caption in enumerate(captions) if caption.startswith("Our addition")
    )
    assert any(block.text.endswith("(our addition)") for block in made.blocks if isinstance(block, Heading))
    words = [
        block for block in made.blocks if isinstance(block, Quote) and block.citation.startswith("background paper")
    ]
    assert [block.force for block in words] == ["expert-recommendation"] * 6 + ["observation"], (
        "ours is no recommendation"
    )
    assert any("not a recommendation of the paper" in note for note in words[-1].notes)
    assert not any(f"lines {n}–{n}" in block.citation for block in words for n in range(1, 2000))
    signing = next(block for block in made.blocks if isinstance(block, Table) and block.heads[-1] == "Signature")
    assert [row[0] for row in signing.rows] == [
        value for name, value in made.facts if name == "Decided by" for value in value.split(", ")
    ]
    without = html_.page(self_assessment(ws, framework, "sampleland", on=ON, derived=False))
    assert "D7" not in without and "Our addition" not in without


def test_every_decision_has_its_person_its_words_and_what_is_missing(ws, framework):
    page = html_.page(self_assessment(ws, framework, "sampleland", on=ON))
    for words in (
        "6 of 38 criteria are decided.",
        "6 decisions are one person’s each: nobody else has agreed to them.",
        "Sample officer",
        "No figures on how many people pay no fee.",
        "in the documents supplied",
        "draft or bill, not in force",
        "kb-log/",
        "pays no fee for a guaranteed service",
        "does not mean that nothing exists",
        "Not assessed:",
    ):
        assert words in page
    assert "as a draft" not in page and "State of work" not in page, (
        "a state that nobody chose is no act and no finding"
    )
    assert "%" not in page.split("</style>")[1] and "nothing -&gt; nothing" not in page


def test_a_decision_settled_from_two_assessments_is_not_called_one_persons(framework):
    done = {"policy_set": "land", "status": "partial", "decided_by": "Ana"}
    held = [
        Finding(criterion="R1.a", **done),
        Finding(criterion="R1.b", settled_by=("Ana", "Ben"), **done),
        Finding(criterion="R1.c", stated="a file", **done),
        Finding(criterion="R1.d", workflow="agreed", agreed_by="Ben", **done),
    ]
    blocks = summary({one.criterion: one for one in held}, framework.recommendations[:1], framework, (), set())
    assert "1 decision is one person’s: nobody else has agreed to it." in [
        getattr(block, "text", "") for block in blocks
    ]


def test_a_text_that_lost_its_force_since_is_named_where_its_words_carry_a_finding(ws, framework):
    from kb.assessment.evidence import changed_since
    from kb.assessment.findings import findings
    from kb.assessment.policies import policy_set, set_standing

    met = next(one for one in findings(ws, framework, "sampleland") if one.status == "met")
    law = next(row for row in met.evidence if row.role == "instrument")
    before = html_.page(self_assessment(ws, framework, "sampleland", on=ON))
    assert "Look again:" not in before
    set_standing(ws, "sampleland", law.source, "draft", by="Ana", reason="withdrawn")
    try:
        with ws.reading() as reader:
            assert changed_since(reader, policy_set(ws, "sampleland"), met.evidence)[law.id] == "draft"
        made = self_assessment(ws, framework, "sampleland", on=ON)
        assert any("; today draft" in block.citation for block in made.blocks if isinstance(block, Quote))
        assert any(getattr(block, "strong", "") == "Look again:" for block in made.blocks)
    finally:
        set_standing(ws, "sampleland", law.source, law.standing, by="Ana", reason="it was in force after all")


def test_only_a_law_in_force_is_called_one(ws, framework):
    made = self_assessment(ws, framework, "sampleland", on=ON)
    plan = next(b for b in made.blocks if isinstance(b, Quote) and b.text.startswith("The Government intends"))
    assert "(planned, not in force yet, context; source adopted, not in force; kind: structural)" in plan.citation
    evidence = next(b for b in made.blocks if isinstance(b, Table) and b.caption == "Evidence")
    assert {row[3].split("; ")[0] for row in evidence.rows} == {"law in force", "at work", "planned, not in force yet"}


def test_the_summary_has_a_sign_for_each_criterion_words_of_people_and_the_next_steps(ws, framework):
    made = self_assessment(ws, framework, "sampleland", on=ON)
    table = next(b for b in made.blocks if isinstance(b, Table))
    signs = {row[0].split()[0]: row[1] for row in table.rows}
    assert signs["R3"] == "●○◐○○○" and len("".join(signs.values())) == 32
    steps = next(b for b in made.blocks if isinstance(b, Table) and b.caption == "Next steps, by date")
    assert [row[3] for row in steps.rows] == ["R3.c", "R6.f"], "the earliest first"
    page = html_.page(made)
    for words in ("R5.b, contrary: The household grant depends on work.", "What this report cannot say", "◐ Partial"):
        assert words in page


def test_a_comparison_is_in_the_readers_language_even_in_its_counts(ws, framework):
    from kb.i18n import use

    if "isle" not in {one.id for one in policy_sets(ws)}:
        create_set(ws, "isle", "Isle", by="Ada Example")
    use("fr")
    try:
        page = html_.page(comparison(ws, framework, ["isle", "sampleland"], on=date(2026, 11, 28)))
    finally:
        use("en")
    assert "6 énoncées + 1 dérivée" in page
    assert "6 stated" not in page and "supporting" not in page and "The paper lists" not in page


def test_no_quotation_of_the_report_lacks_its_place(ws, framework):
    made = self_assessment(ws, framework, "sampleland", on=ON)
    assert all(block.citation and block.force for block in made.blocks if isinstance(block, Quote))


def test_a_comparison_keeps_the_order_asked_for_and_adds_nothing_up(ws, framework):
    if "isle" not in {one.id for one in policy_sets(ws)}:
        create_set(ws, "isle", "Isle", by="Ada Example")
    made = comparison(ws, framework, ["isle", "sampleland"], on=date(2026, 11, 28))
    table = next(block for block in made.blocks if isinstance(block, Table))
    assert table.heads[1] == "Isle" and "total" not in html_.page(made).casefold()


def test_removing_the_sample_puts_it_aside_and_adding_it_again_keeps_what_was_decided(ws, framework, root):
    made = sample.load_sample(root / "corpus")
    before = sample.held(ws, made)
    sample.remove(ws, made, "Ada Example")
    assert sample.held(ws, made).archived
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample, "look_through", lambda *given, **more: "")
        back = sample.add(ws, framework, root / "corpus", made)
    assert not back.archived and len(back.policies) == len(before.policies)


def test_a_sample_whose_adding_was_interrupted_is_offered_nowhere_and_is_complete_when_it_is_asked_for_again(
    framework, root, tmp_path
):
    made, asked = sample.load_sample(root / "corpus"), []

    def left(ws, framework, set_id, policy, **more):
        """Interrupt the addition while the machine searches the first text."""
        raise InterruptedError

    def looks(ws, framework, set_id, policy, **more):
        asked.append(policy)
        return store_run(
            ws,
            set_id,
            policy,
            {"framework": {"version": "1"}, "criteria": [{"id": "R1.a", "state": "silent", "proposals": []}]},
        )

    with open_workspace(f"sqlite:///{tmp_path / 'workspace.sqlite'}") as opened, pytest.MonkeyPatch.context() as patch:
        assert not sample.in_part(opened, made), "nothing was begun"
        patch.setattr(sample, "look_through", left)
        with pytest.raises(InterruptedError):
            sample.add(opened, framework, root / "corpus", made)
        assert sample.in_part(opened, made) and sample.held(opened, made).archived
        patch.setattr(sample, "look_through", looks)
        whole = sample.add(opened, framework, root / "corpus", made)
        assert not sample.in_part(opened, made) and len(whole.policies) == len(made.documents)
        assert not whole.archived
        assert asked == [text.id for text in made.documents], "the text that was in already is looked through too"


def test_the_kind_that_a_person_stated_is_in_the_report_and_the_machines_is_not(ws, framework):
    from kb.assessment.findings import decide, findings
    from kb.assessment.models import EvidenceLevel

    met = next(one for one in findings(ws, framework, "sampleland") if one.status == "met")
    guessed, *others = met.evidence
    unsaid = guessed.model_copy(update={"type": None, "level": None})

    def record(row):
        """Return the finding with this row instead of its first."""
        now = next(one for one in findings(ws, framework, "sampleland") if one.criterion == met.criterion)
        decide(ws, framework, "sampleland", met.criterion, {"evidence": [row, *others]}, by="Ana", expected=now.version)

    as_said = guessed.model_copy(update={"type": "process", "level": EvidenceLevel("measure")})
    as_guessed = unsaid.model_copy(update={"machine_type": "outcome", "machine_level": EvidenceLevel("principle")})
    for row, words in ((as_said, "; kind: process, a measure"), (as_guessed, "")):
        record(row)
        made = self_assessment(ws, framework, "sampleland", on=ON)
        cited = next(b.citation for b in made.blocks if isinstance(b, Quote) and b.text == guessed.quotation)
        assert words in cited and "outcome" not in cited and "an aim" not in cited
        assert ("kind:" in cited) is bool(words)
    record(guessed)
