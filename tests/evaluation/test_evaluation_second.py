"""Two readers of one policy: which rows the second reader gets, and what counts as agreement."""

from __future__ import annotations

import json

import pytest

from kb.assess.judged import JudgedCriterion, JudgedPolicy, grams, load_judged
from kb.errors import InputError
from kb.evaluation.second import draw, fates, figures, judged_twice, table
from kb.framework import load as load_framework

PENSION = "every resident aged sixty five receives a pension from the fund"
SCHOOL = "schooling is free of charge in every public school of the country"
COURT = "whoever is refused may appeal to the labour court within one month"


def row(criterion: str, label: str, direct: tuple[str, ...] = (), related: tuple[str, ...] = ()) -> JudgedCriterion:
    return JudgedCriterion(criterion, label, tuple(map(grams, direct)), tuple(map(grams, related)), (), False)


def policy(name: str, *rows: JudgedCriterion, language: str = "en") -> JudgedPolicy:
    return JudgedPolicy(name, f"{name}.md", language, {one.criterion: one for one in rows})


def compared(first: JudgedPolicy, second: JudgedPolicy):
    return figures(judged_twice({"set": [first]}, [second]))


def test_a_policys_draw_is_the_same_whatever_others_are_drawn():
    criteria = [f"R1.{letter}" for letter in "abcdefghijkl"]
    alone, together = draw(["law"], criteria), draw(["plan", "law"], criteria[::-1])
    assert alone["law"] == together["law"] == sorted(alone["law"])
    assert len(set(alone["law"])) == 8 and alone["law"] != together["plan"]
    assert draw(["law"], criteria, seed="another") != alone


def test_readers_who_agree_on_all_have_kappa_one():
    rows = row("R5.c", "partial", (PENSION,)), row("R3.d", "no_evidence_found")
    found = compared(policy("law", *rows), policy("law", *rows))
    assert found["silence_kappa"].value == found["direct_kappa"].value == found["labels_alpha"].value == 1
    assert found["passages_shared"].value == 1 and found["silent_first"] == found["silent_second"] == 1


def test_kappa_of_silence_is_the_textbook_value():
    """Both silent on 2, both not on 2, one each way: observed 4/6, by chance 1/2, so kappa is 1/3."""
    says = [("no", "no"), ("no", "no"), ("yes", "yes"), ("yes", "yes"), ("no", "yes"), ("yes", "no")]
    label = {"no": "no_evidence_found", "yes": "commitment_only"}
    first, second = (
        policy("law", *(row(f"R{n}.a", label[pair[side]]) for n, pair in enumerate(says))) for side in (0, 1)
    )
    found = compared(first, second)
    assert found["silence_kappa"].value == pytest.approx(1 / 3, abs=1e-4)
    assert found["direct_kappa"].value is None, "nobody gave direct evidence: undefined, not one"


def test_silence_and_direct_evidence_are_two_questions():
    first = policy("law", row("R5.c", "commitment_only"), row("R3.d", "no_evidence_found"))
    second = policy("law", row("R5.c", "partial", (PENSION,)), row("R3.d", "no_evidence_found"))
    found = compared(first, second)
    assert found["silence_kappa"].value == 1 and found["direct_kappa"].value == 0
    assert (found["direct_first"], found["direct_second"]) == (0, 1)


def test_passages_agree_by_their_words_and_not_by_their_cut():
    longer = f"Article 4. {PENSION}, paid each month"
    first = policy("law", row("R5.c", "partial", (PENSION, SCHOOL)))
    second = policy("law", row("R5.c", "partial", (longer, COURT)))
    found = compared(first, second)
    assert found["passages_shared"].value == found["of_first"].value == found["of_second"].value == 0.5


def test_a_direct_passage_that_the_other_called_related_is_counted_apart():
    first = policy("law", row("R5.c", "partial", (SCHOOL,), (PENSION,)))
    second = policy("law", row("R5.c", "partial", (PENSION,)))
    found = compared(first, second)
    assert found["passages_shared"].value == 0 and found["of_second_at_least_related"].value == 1


def test_a_reader_is_scored_as_the_system_is():
    """Three clauses to find, one of them found; and a second row with one clause, for which the other reader has
    none."""
    first = policy("law", row("R5.c", "partial", (PENSION, SCHOOL, COURT)), row("R3.d", "partial", (COURT,)))
    second = policy("law", row("R5.c", "partial", (SCHOOL,)), row("R3.d", "no_evidence_found"))
    assert compared(first, second)["recall_at_5_of_a_reader"].value == pytest.approx(1 / 6, abs=1e-4)


def test_every_direct_passage_has_one_fate():
    cut = "whoever is refused may appeal and is heard by a judge of the district in person"
    first = policy("law", row("R5.c", "partial", (PENSION, SCHOOL, COURT)))
    second = policy("law", row("R5.c", "partial", (PENSION, cut), (SCHOOL,)))
    ours, theirs = fates(judged_twice({"set": [first]}, [second]))
    assert [ours[one] for one in ("direct too", "related", "cut otherwise", "not marked")] == [1, 1, 1, 0]
    assert [theirs[one] for one in ("direct too", "related", "cut otherwise", "not marked")] == [1, 0, 1, 0]
    none = policy("law", row("R5.c", "no_evidence_found"))
    assert fates(judged_twice({"set": [first]}, [none]))[0]["not marked"] == 3


def test_the_table_is_by_language_and_by_the_first_readers_sets():
    law, ley = policy("law", row("R5.c", "partial", (PENSION,))), policy("ley", row("R3.d", "partial"), language="es")
    made = table(judged_twice({"old": [law], "new": [ley]}, [law, ley]))
    assert [one["rows"].strip() for one in made] == ["all", "en", "es", "new", "old"]
    assert [one["n"] for one in made] == [2, 1, 1, 1, 1]


def test_a_row_that_the_first_reader_did_not_judge_is_named():
    second = policy("law", row("R5.c", "partial"))
    with pytest.raises(InputError, match="law R5.c"):
        judged_twice({"set": [policy("law", row("R5.d", "partial"))]}, [second])
    with pytest.raises(InputError, match="law R5.c"):
        judged_twice({"set": []}, [second])


@pytest.mark.parametrize("file,policies", [("mapping_second", 22), ("mapping_second_codes", 9)])
def test_the_second_readers_rows_are_those_drawn_and_hold_no_words_of_a_policy(file, policies, root):
    lines = (root / "tests" / "relevance" / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    criteria = [one.id for one in load_framework(root / "corpus" / "framework").criteria()]
    drawn = draw(dict.fromkeys(one["doc"] for one in rows), criteria)
    assert {(one["doc"], one["criterion"]) for one in rows} == {(p, c) for p, cs in drawn.items() for c in cs}
    assert len(drawn) == policies and len(rows) == policies * 8
    for one in rows:
        assert any(passage["grade"] == 2 for passage in one["passages"]) == (one["label"] in ("partial", "contrary"))
        assert all(set(passage) <= {"chars", "sha256", "grade", "polarity"} for passage in one["passages"])


def test_the_second_reader_of_the_codes_read_the_files_of_the_first(root):
    def files(name):
        lines = (root / "tests" / "relevance" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return {(one["doc"], one["file"], one["lang"]) for one in map(json.loads, lines)}

    assert files("mapping_second_codes") == files("mapping_codes")


def test_a_second_readers_passages_stand_where_they_were_judged(root, shared, tmp_path):
    """Policies of each language, and the PDF files that a change of the reader affects first; all of them would take
    minutes."""
    kept = ("pk-rte-amendment", "ar-ley-26061", "lu-loi-2003", "zw-gender-commission-2015", "pk-baitulmal-1991")
    lines = (root / "tests" / "relevance" / "mapping_second.jsonl").read_text(encoding="utf-8").splitlines()
    some = tmp_path / "second.jsonl"
    some.write_text("\n".join(one for one in lines if json.loads(one)["doc"] in kept), encoding="utf-8")
    assert len(load_judged(some, shared / "data" / "policies")) == len(kept)
