"""Graded questions: the value of a hit, which texts count, the order against similar passages, absence."""

import json

import pytest
from pydantic import ValidationError

from kb.citing.promises import Promises
from kb.errors import InputError
from kb.evaluation.graded import GradedPassage, GradedQuestion, evaluate, is_graded, score
from kb.evaluation.judged import load_judged

PLACE = {"file": "policies/somewhere/act.md", "chars": (100, 200), "sha256": "00"}
HALVES = ("search_first.jsonl", "search_heldout.jsonl")
OF_PAPER = ("search_paper.jsonl", "search_paper_heldout.jsonl")


@pytest.fixture(scope="module")
def promises(root):
    return Promises.of_corpus(root / "corpus")


def question(relevant=(), alike=(), **rest):
    """Return a question; `relevant` and `alike` are (grade, lines) or (grade, entry) pairs."""
    return GradedQuestion(
        **{"id": "q", "language": "en", "about": "paper", "query": "q"} | rest,
        relevant=tuple(passage(grade, where) for grade, where in relevant),
        hard_negatives=tuple(passage(0, where) for where in alike),
    )


def passage(grade, where):
    name = {str: "entry", tuple: "lines", dict: "place"}[type(where)]
    return GradedPassage(grade=grade, **{name: where})


def hit(where, chars=None):
    """Return a hit in the paper (by lines), in the register (by entry), or in a file (by name and characters)."""
    if isinstance(where, tuple):
        return {"id": "paper/p1", "document": "paper", "source": {"file": "paper.txt", "lines": where}}
    return {"id": where, "document": where.split("/")[0], "source": {"file": where, "chars": chars}}


def found(*hits, absent=False):
    return {"hits": list(hits), "absent": absent}


def test_a_perfect_order_scores_one_and_a_range_counts_once(promises):
    one = question([(2, (1, 9)), (1, (20, 29))], [(40, 49)])
    got = score(one, found(hit((1, 4)), hit((20, 29)), hit((40, 49))), promises)
    assert (got.ndcg, got.recall, got.first, got.pairs, got.wrong) == (1.0, 1.0, True, 1, 0.0)
    twice = score(one, found(hit((1, 4)), hit((5, 9)), hit((20, 29))), promises)
    assert twice.ndcg < 1.0


def test_a_look_alike_above_an_answer_is_in_the_wrong_order(promises):
    one = question([(2, (1, 9)), (2, (20, 29))], [(40, 49)])
    assert score(one, found(hit((40, 49)), hit((1, 9)), hit((20, 29))), promises).wrong == 2
    assert score(one, found(hit((1, 9)), hit((40, 49))), promises).wrong == 1


def test_neither_found_counts_half(promises):
    assert score(question([(2, (1, 9))], [(40, 49)]), found(hit((60, 69))), promises).wrong == 0.5


def test_texts_that_the_question_does_not_name_are_passed_over(promises):
    one = question([(2, (1, 9))])
    assert score(one, found(hit("crpd/art9"), hit("act.md", (100, 200)), hit((1, 9))), promises).first
    law = question([(2, "crpd/art9")])
    assert score(law, found(hit((1, 9)), hit("crpd/art9")), promises).first


def test_official_words_count_as_the_entry_that_they_stand_under(promises):
    one = question([(2, "beijing/para206")])
    assert score(one, found(hit("beijing-text/para206/f/iii")), promises).first


def test_a_place_that_nobody_graded_is_taken_for_the_graded_one_above(promises):
    one = question([(2, "crpd/art24/2"), (1, "crpd/art24")])
    assert score(one, found(hit("crpd/art24/2/c")), promises).first
    assert not score(one, found(hit("crpd/art24/5")), promises).first


def test_a_passage_of_a_policy_is_met_by_its_characters(promises):
    one = question([(2, PLACE)])
    assert score(one, found(hit("folder/act.md", (120, 160))), promises).first
    assert score(one, found(hit("folder/act.md", (300, 400))), promises).recall == 0.0


def test_only_ten_hits_count_for_recall(promises):
    others = [hit((100 + n, 100 + n)) for n in range(10)]
    assert score(question([(2, (1, 9))]), found(*others, hit((1, 9))), promises).recall == 0.0


def test_groups_count_absence_and_what_is_left_out(promises):
    asked = [
        question([(2, (1, 9))], id="a"),
        question(id="b", absent=True, about="absent", language="fr"),
        question([(2, PLACE)], id="c", about="policy", oblique=True),
    ]
    rows = {row.of: row for row in evaluate(asked, lambda query: found(absent=True), promises, {"paper"})}
    assert list(rows) == ["all", "en", "fr", "paper", "absent", "policy", "oblique"]
    assert (rows["all"].questions, rows["all"].absent, rows["all"].left_out) == (1, 1, 1)
    assert (rows["all"].absent_wrong, rows["fr"].absent_right, rows["fr"].ndcg) == (1.0, 1.0, None)
    assert rows["policy"].row()["nDCG@10"] == "-"


def test_a_question_is_answered_or_absent_and_a_passage_is_somewhere():
    with pytest.raises(ValidationError, match="has a passage that answers it, or it is absent"):
        question([(1, (1, 9))])
    with pytest.raises(ValidationError, match="has lines, an entry or a place"):
        GradedPassage(grade=2)


def test_a_row_that_cannot_be_read_is_named(tmp_path):
    file = tmp_path / "search.jsonl"
    file.write_text(json.dumps({"id": "x", "about": "paper"}) + "\n")
    assert is_graded(file)
    with pytest.raises(InputError, match="no judgement can be read"):
        load_judged(file, GradedQuestion)


def test_older_judgements_are_not_graded_questions(tmp_path):
    (tmp_path / "old.jsonl").write_text('{"id": "x", "query": "q", "relevant": []}\n')
    assert not is_graded(tmp_path / "old.jsonl") and not is_graded(tmp_path / "none.jsonl")


def test_the_halves_share_no_question_and_no_answer(root):
    first, second = (load_judged(root / "tests" / "relevance" / name, GradedQuestion) for name in HALVES)
    assert not {one.query for one in first} & {one.query for one in second}
    assert not _answers(first) & _answers(second)


def _answers(questions):
    """Return the first place that answers each question."""
    return {one.relevant[0].model_dump_json() for one in questions if one.relevant}


def test_every_graded_place_of_this_project_is_there(root, promises):
    paper = (root / "corpus" / "background-paper" / "background-paper.txt").read_text(encoding="utf-8").split("\n")
    for name in (*HALVES, *OF_PAPER):
        for one in load_judged(root / "tests" / "relevance" / name, GradedQuestion):
            for place in (*one.relevant, *one.hard_negatives):
                assert not place.entry or place.entry in promises.entries, (one.id, place.entry)
                assert not place.lines or paper[place.lines[0] - 1].strip() and paper[place.lines[1] - 1].strip(), (
                    one.id
                )
