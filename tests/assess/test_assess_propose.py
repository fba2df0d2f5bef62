"""From a policy to proposals, with a toy encoder: in three languages, with an explicit result for silence, never a
verdict."""

from __future__ import annotations

import json

import pytest
from assess_toys import TEXTS, policy

from kb.assess import propose
from kb.assess.calibrate import held_back
from kb.errors import InputError, NotFound
from kb.text import squeeze

FOUND = {"R1.c": 2, "R6.b": 4, "R6.c": 5}
"""Criterion to the paragraph that is its evidence, the same in the three languages."""


@pytest.fixture
def run(framework, model, toy, cache):
    def _run(document):
        return propose(document, framework, encoder=toy, model=model, cache=cache)

    return _run


def _row(proposals, id):
    return next(row for row in proposals.criteria if row.id == id)


@pytest.mark.parametrize("language", ["en", "es", "fr"])
@pytest.mark.parametrize("criterion", sorted(FOUND))
def test_evidence_is_proposed_first(run, language, criterion):
    row = _row(run(policy("law", language, *TEXTS[language])), criterion)
    assert row.state == "proposed"
    words = TEXTS[language][FOUND[criterion] - 1]
    assert squeeze(words) in row.proposals[0].text


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_silence_is_reported_and_the_nearest_kept_behind_the_fold(run, language):
    row = _row(run(policy("law", language, *TEXTS[language])), "R5.c")
    assert row.state == "no-evidence-found" and not row.proposals
    assert 1 <= len(row.nearest) <= 3


def test_silence_has_the_limit_of_the_policy_s_language(framework, model, toy, cache):
    model = model.model_copy(update={"silent_below_in": {"es": 1.1 / held_back(0)}})
    for language, silent in (("es", True), ("fr", False)):
        document = policy("law", language, *TEXTS[language])
        rows = propose(document, framework, encoder=toy, model=model, cache=cache).criteria
        assert all(row.state == "no-evidence-found" for row in rows) is silent


def test_every_quotation_is_verbatim_and_placed(run):
    document = policy("law", "en", *TEXTS["en"])
    whole = squeeze(" ".join(p.text for p in document.passages))
    ids = {p.id for p in document.passages}
    for row in run(document).criteria:
        for proposal in (*row.proposals, *row.nearest):
            assert proposal.text in whole and proposal.passage in ids
            assert proposal.source.file == "law.txt" and proposal.source.lines


def test_the_json_has_the_agreed_shape(run, framework):
    made = json.loads(run(policy("law", "en", *TEXTS["en"])).model_dump_json())
    assert made["framework"]["stated"] == 6 and made["framework"]["derived"] == 1
    assert [row["id"] for row in made["criteria"]] == [c.id for c in framework.criteria()]
    proposal = next(row for row in made["criteria"] if row["proposals"])["proposals"][0]
    assert {"rank", "passage", "text", "citation", "grade", "confidence", "type", "why", "source"} <= set(proposal)
    assert proposal["why"]["probe"] and proposal["why"]["cue"]
    assert not {"status", "met"} & set(str(made).split("'"))


def test_a_two_edged_criterion_carries_its_caution(run):
    row = _row(run(policy("law", "en", *TEXTS["en"])), "R4.b1")
    assert all("targeting" in p.why.caution for p in (*row.proposals, *row.nearest))


def test_a_rule_against_the_element_is_marked_and_not_judged(run):
    text = "The benefit is paid only to employees with contributions who are registered as job seekers and available for work."
    row = _row(run(policy("law", "en", text)), "R5.b")
    assert [one.why.polarity for one in (*row.counter, *row.proposals, *row.nearest)] == ["contrary?"]
    text = "The benefit is paid to employees with contributions who are registered as job seekers."
    row = _row(run(policy("law", "en", text)), "R5.b")
    assert [one.why.polarity for one in (*row.counter, *row.proposals, *row.nearest)] == ["contrary?"], "without a cue"


def test_a_repeal_ranks_below_a_provision(run):
    text = (
        "# Unions",
        "The Trade Union Act, on the right to join trade unions and bargain collectively, is hereby repealed.",
        "# Rights",
        "Every worker has the right to join a trade union and to bargain collectively with an employer.",
    )
    best = _row(run(policy("law", "en", *text)), "R6.b").proposals[0]
    assert best.text.startswith("Every worker")


def test_a_policy_without_text_is_refused(run):
    with pytest.raises(InputError, match="no text"):
        run(policy("empty", "en"))


def test_an_unknown_language_is_refused_with_those_that_are_known(run):
    with pytest.raises(InputError, match="en, es, fr"):
        run(policy("law", "fi", "Jokaisella on oikeus sosiaaliturvaan."))


def test_the_paper_itself_is_no_policy(run, framework):
    with pytest.raises(InputError, match="not a policy"):
        run(policy(framework.document, "en", *TEXTS["en"]))


def test_the_same_policy_gives_the_same_proposals(run):
    document = policy("law", "es", *TEXTS["es"])
    assert run(document) == run(document)


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_without_the_embedding_model_words_alone_still_find_evidence(framework, model, cache, monkeypatch, language):
    def absent(*_):
        raise NotFound("model is not installed.")

    monkeypatch.setattr("kb.assess.encoding.encoder_for", absent)
    made = propose(policy("law", language, *TEXTS[language]), framework, model=model, cache=cache)
    assert made.method.encoder == "none" and "words alone" in made.method.notes[0]
    row = _row(made, "R6.b")
    assert squeeze(TEXTS[language][FOUND["R6.b"] - 1]) in row.proposals[0].text
    assert all(0 <= p.confidence <= 1 for r in made.criteria for p in (*r.proposals, *r.nearest))


def test_a_title_is_not_proposed(framework, model, toy, cache):
    law = policy("law", "en", "# One", "Trade union rights", *TEXTS["en"])
    made = propose(law, framework, encoder=toy, model=model, cache=cache)
    assert "Trade union rights" not in {p.text for row in made.criteria for p in (*row.proposals, *row.nearest)}
