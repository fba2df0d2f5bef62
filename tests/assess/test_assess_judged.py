"""Judgements: by quotation, or by place and hash if the texts may not be copied here."""

from __future__ import annotations

import hashlib
import json

import pytest

from kb.assess.judged import grams, load_judged
from kb.errors import InputError, NotFound

WORDS = "The Ministry shall pay a pension to every person over seventy."


def row(**passage):
    return {
        "doc": "law",
        "file": "law.txt",
        "lang": "en",
        "criterion": "R5.c",
        "label": "partial",
        "more": False,
        "passages": [{"grade": 2, **passage}],
        "hard_negatives": [],
    }


def placed(text=WORDS, start=0):
    return row(chars=[start, start + len(WORDS)], sha256=hashlib.sha256(text.encode()).hexdigest()[:16])


@pytest.fixture
def judged(tmp_path):
    (tmp_path / "law.txt").write_text(WORDS + "\n", encoding="utf-8")

    def write(entry):
        file = tmp_path / "judged.jsonl"
        file.write_text(json.dumps(entry) + "\n", encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize("entry", [row(quote=WORDS), placed()], ids=["by quotation", "by place"])
def test_both_forms_give_the_same_judgement(judged, entry):
    (policy,) = load_judged(judged(entry))
    assert policy.rows["R5.c"].grade(grams(WORDS)) == 2


def test_other_words_at_the_place_are_refused_with_file_and_character(judged):
    with pytest.raises(InputError, match="law.txt, character 4.*judge the passage again"):
        load_judged(judged(placed(start=4)))


def test_a_policy_that_is_not_there_is_named(judged, tmp_path):
    with pytest.raises(NotFound, match="law.txt"):
        load_judged(judged(placed()), tmp_path / "nowhere")


@pytest.mark.parametrize(
    "file,judged_policies", [("mapping_policies", 12), ("mapping_unseen", 1), ("mapping_apart", 2)]
)
def test_own_judgements_are_where_they_were_found_and_cover_every_criterion(
    file, judged_policies, root, shared, framework
):
    policies = load_judged(root / "tests" / "relevance" / f"{file}.jsonl", shared / "data" / "policies")
    ids = {criterion.id for criterion in framework.criteria()}
    assert len(policies) == judged_policies and all(set(policy.rows) == ids for policy in policies)
    for policy in policies:
        for judgement in policy.rows.values():
            assert bool(judgement.direct) == (judgement.label in ("partial", "contrary")), (
                policy.id,
                judgement.criterion,
            )


@pytest.mark.parametrize("file,texts", [("mapping_codes", 9), ("mapping_short", 18)])
def test_judgements_of_codes_cover_every_criterion_agree_with_their_labels_and_hold_no_words_of_the_laws(
    file, texts, root, framework
):
    lines = (root / "tests" / "relevance" / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    ids = {criterion.id for criterion in framework.criteria()}
    assert len({row["doc"] for row in rows}) == texts
    for doc in {row["doc"] for row in rows}:
        assert {row["criterion"] for row in rows if row["doc"] == doc} == ids, doc
    for row in rows:
        passages = row["passages"] + row["hard_negatives"]
        assert any(one["grade"] == 2 for one in passages) == (row["label"] == "partial"), (row["doc"], row["criterion"])
        assert all(set(one) == {"chars", "sha256", "grade", "at"} for one in passages)
        assert len({tuple(one["chars"]) for one in passages}) == len(passages), (row["doc"], row["criterion"])
        assert all(len(one["at"].split()) <= 4 for one in passages), "a place, not a quotation"


def test_judgements_that_a_model_is_fitted_on_are_not_those_kept_unseen(root):
    def files(name):
        lines = (root / "tests" / "relevance" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return {json.loads(line)["file"] for line in lines}

    fitted = json.loads((root / "corpus" / "models" / "assess.json").read_text(encoding="utf-8"))["judgements"]
    kept = files("mapping_unseen") | files("mapping_apart")
    assert "mapping_unseen" not in fitted and "mapping_apart" not in fitted
    assert not kept & files("mapping_policies")
