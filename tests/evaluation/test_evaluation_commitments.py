"""Is the entry that answers an advocate's question among the first five commitments found?"""
import pytest

from kb.errors import InputError
from kb.evaluation.commitments import evaluate
from kb.evaluation.judged import JudgedQuestion, load_judged
from kb.evaluation.run import judged_file, mapping_rows

QUESTION = JudgedQuestion(id="c1", query="who pays", entries=("crpd/art9",))


def score(*ids, kind="commitment"):
    hits = [{"id": id, "kind": "paragraph" if id.startswith("paper") else kind} for id in ids]
    return evaluate([QUESTION], "hybrid", lambda query, mode: hits)


def test_an_answer_among_the_first_five_commitments_counts():
    assert score("a", "b", "c", "d", "crpd/art9").hit == 1.0
    assert score("a", "b", "c", "d", "e", "crpd/art9").missed == ("c1",)


def test_passages_of_the_paper_are_passed_over():
    assert score(*(f"paper/p{n}" for n in range(9)), "crpd/art9").hit == 1.0


def test_a_part_of_the_entry_is_not_the_entry():
    assert score("crpd/art9/1").hit == 0.0


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


def test_a_set_whose_part_is_not_installed_is_told(tmp_path, monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="cannot be measured here yet"):
        mapping_rows(tmp_path / "mapping_dev.jsonl")
