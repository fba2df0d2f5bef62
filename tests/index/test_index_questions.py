"""Everyday questions help to find the passage that answers them, and are in no answer themselves."""

import pytest
from building import toy_job
from kb_toys import TOY, ToyEncoder

from kb.build.job import build
from kb.engine.filters import EVERYTHING
from kb.index.live import open_index
from kb.index.questions import load_questions

UNASKED = {"heading", "title", "footnote", "source-line"}
"""Kinds of passage of the paper that answer nothing by themselves."""


@pytest.fixture(scope="module")
def listed(root):
    return load_questions(root / "corpus")


def test_every_passage_of_the_paper_has_some_and_nothing_else_has(listed, paper):
    assert listed.keys() == {passage.id for passage in paper.passages if passage.kind not in UNASKED}
    assert all(questions and all(each.strip() for each in questions) for questions in listed.values())


def test_they_are_own_words_in_no_passage_and_none_is_asked_twice_of_one_passage(listed, paper):
    texts = {passage.id: passage.text for passage in paper.passages}
    assert all(len(set(questions)) == len(questions) for questions in listed.values())
    long = [(id, each) for id, questions in listed.items() for each in questions if len(each.split()) > 6]
    assert [(id, each) for id, each in long if each in texts.get(id, "")] == []


def test_a_question_brings_its_passage_and_is_kept_nowhere(tmp_path):
    passage, asked, found = TOY[0].passages[-1], "zebra quagga okapi", {}
    for name, questions in (("without", {}), ("with", {passage.id: [asked]})):
        build(toy_job(tmp_path / name, questions=questions))
        index = open_index(tmp_path / name, tmp_path)
        found[name] = index.engine.nearest("english", ToyEncoder().query(asked), EVERYTHING, 1).ids[0]
        assert asked not in "".join(each.model_dump_json() for each in index.store.passages())
    assert found["with"] == passage.id != found["without"]


def test_a_corpus_without_the_file_has_none(tmp_path):
    assert load_questions(tmp_path) == {}
