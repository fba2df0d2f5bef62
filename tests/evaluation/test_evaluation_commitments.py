"""Is the entry that answers an advocate's question among the first five commitments found?"""

import pytest

from kb.citing.promises import Promises
from kb.commitments.register import load_register
from kb.errors import InputError
from kb.evaluation.commitments import evaluate
from kb.evaluation.judged import JudgedQuestion, load_judged
from kb.evaluation.run import judged_file, mapping_rows

QUESTION = JudgedQuestion(id="c1", query="who pays", entries=("crpd/art9",), instrument="crpd")


@pytest.fixture(scope="module")
def promises(root):
    return Promises(load_register(root / "corpus" / "commitments"))


def score(promises, *ids, question=QUESTION, absent=False):
    """Return the first score, over one question and given hits."""
    results = {"hits": [{"id": id} for id in ids], "absent": absent}
    return evaluate([question], "hybrid", lambda query, mode: results, promises)[0]


OTHERS = ("crpd/art5", "crpd/art6", "crpd/art7", "crpd/art8")


def test_an_answer_among_the_first_five_commitments_counts(promises):
    assert score(promises, *OTHERS, "crpd/art9").hit == 1.0
    assert score(promises, *OTHERS, "crpd/art10", "crpd/art9").missed == ("c1",)


def test_passages_of_the_paper_are_passed_over(promises):
    assert score(promises, *(f"paper/p{n}" for n in range(9)), "crpd/art9").hit == 1.0


def test_a_part_of_the_entry_is_not_the_entry(promises):
    assert score(promises, "crpd/art9/1").hit == 0.0


def test_the_official_words_of_an_entry_answer_as_the_entry_does(promises):
    question = QUESTION.model_copy(update={"entries": ("beijing/para206",)})
    assert score(promises, "beijing-text/para206/f/iii", question=question).hit == 1.0
    assert score(promises, "beijing-text/para207/a", question=question).hit == 0.0
    objective = QUESTION.model_copy(update={"entries": ("mipaa/I.1/obj1",)})
    assert score(promises, "mipaa-text-es/para21/c", question=objective).hit == 1.0


def test_a_paragraph_answers_what_its_objective_answers(promises):
    question = QUESTION.model_copy(update={"entries": ("beijing/H.3",)})
    assert score(promises, "beijing/para206", question=question).hit == 1.0


def test_absence_is_right_when_it_is_reported_and_each_group_has_its_own_score(promises):
    absent = JudgedQuestion(id="x1", query="bitcoin", absent=True)
    assert score(promises, "crpd/art9", question=absent, absent=True).hit == 1.0
    assert score(promises, "crpd/art9", question=absent).missed == ("x1",)
    results = {"hits": [{"id": "crpd/art9"}], "absent": False}
    scores = evaluate([QUESTION, absent], "hybrid", lambda query, mode: results, promises)
    assert {each.of: each.hit for each in scores} == {
        "all": 1.0,
        "absent": 0.0,
        "en": 1.0,
        "crpd": 1.0,
        "answered": 1.0,
    }


def test_questions_in_words_far_from_the_text_have_scores_of_their_own(promises):
    far = QUESTION.model_copy(update={"id": "c2", "oblique": True})
    results = {"who pays": {"hits": [{"id": "crpd/art9"}], "absent": True}}
    scores = {s.of: s for s in evaluate([QUESTION, far], "hybrid", lambda query, mode: results[query], promises)}
    assert scores["oblique"].questions == 1 and scores["oblique"].hit == 1.0
    assert scores["oblique answered"].missed == ("c2",)


def test_a_question_is_answered_or_absent():
    with pytest.raises(ValueError, match="or it is absent"):
        JudgedQuestion(id="c2", query="who pays")


def test_the_projects_own_questions_can_be_read_and_their_entries_are_in_the_register(root):
    from kb.commitments.documents import register_documents

    questions = load_judged(judged_file("commitments", root / "tests/relevance"), JudgedQuestion)
    known = {p.id for d in register_documents(root / "corpus/commitments", root / "corpus") for p in d.passages}
    assert len(questions) == 40 and all(set(q.entries) <= known for q in questions)


def test_a_folder_without_judgements_says_how_to_give_one(tmp_path):
    with pytest.raises(InputError, match="queries_dev.jsonl.*kb eval --judged FOLDER"):
        judged_file("search", tmp_path)
    (tmp_path / "queries_other.jsonl").write_text("", encoding="utf-8")
    assert judged_file("search", tmp_path).name == "queries_other.jsonl"


def test_a_set_whose_part_is_not_installed_is_reported(tmp_path, monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="cannot be measured here yet"):
        mapping_rows(tmp_path / "mapping_dev.jsonl")
