"""'Nothing says this' is stated if no passage says it, and only then."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kb.engine import Leg
from kb.engine.filters import EVERYTHING
from kb.evaluation.judged import JudgedQuestion, load_judged
from kb.index.subjects import load_subjects
from kb.search.absence import Retrieved, Verdict, judge, paper_question_far, shared
from kb.search.query import parse
from kb.search.ranking import Ranking, load_ranking

RELEVANCE = Path(__file__).parent.parent / "relevance"


@pytest.mark.parametrize(
    "query,said",
    [
        ('"community land trust"', "Nothing here says “community land trust”."),
        ('pension "women older"', "Nothing here says “women older”."),
        ("zebra*", "Nothing here says “zebra*”."),
        ("children NEAR/1 road", "Nothing here says “children near road”."),
        ('"a b c" OR "d e f"', "Nothing here says “a b c” and “d e f”."),
        ("group:children AND group:women", "No passage here meets the whole query."),
    ],
)
def test_what_is_required_and_nowhere_is_reported_and_the_nearest_are_marked(kb_in_memory, query, said):
    found = kb_in_memory.search(query)
    assert found.absent and found.total == 0
    assert found.message == said + " The nearest passages follow, marked as such."
    assert all(hit.why["nearest"] for hit in found.hits)


@pytest.mark.parametrize("query", ['"older women"', "pension", "sch*", "group:women"])
def test_what_is_there_is_not_called_absent(kb_in_memory, query):
    found = kb_in_memory.search(query)
    assert not found.absent and found.total > 0 and found.message == ""
    assert not any(hit.why["nearest"] for hit in found.hits)


def test_a_phrase_that_is_only_outside_the_filters_is_absent_inside(kb_in_memory):
    found = kb_in_memory.search('"older women"', facets=[("group", "children")])
    assert found.absent and found.message.startswith("Nothing within these filters says “older women”.")
    assert [hit.id for hit in found.hits] == ["toy/s1/p3"]


def test_words_that_are_nowhere_are_named(kb_in_memory):
    assert "“qqqqq”" in kb_in_memory.search("pension for older women qqqqq").message


def test_a_word_search_for_what_is_nowhere_says_so(kb_in_memory):
    assert kb_in_memory.search("qqqqq wwwww", mode="lexical").absent


def test_how_much_of_a_question_the_nearest_passages_share_counts_rare_words_more():
    children, carbon, whale = (6, True), (1, True), (0, False)
    assert shared([children], 8) == shared([carbon, children], 8) == 1.0 and shared([whale], 8) == 0.0
    assert shared([children, whale], 8) < shared([carbon, whale], 8) < 1.0
    assert shared([(1, False), children], 8) < 0.5, "only what the nearest have counts"
    assert shared([], 8) == 0.0


def verdict(
    searcher,
    query: str,
    far: float,
    outside: float | None = None,
    near: float | None = None,
    rules: Ranking | None = None,
) -> Verdict:
    """Return the verdict on a query. `far` is how much nearer the query is to foreign subjects than to the texts; the
    nearest passage is on children. If `outside` is given, the query has filters, and `outside` is the same value
    without them. `near` is the nearness to an everyday question."""
    tree = parse(query, frozenset())
    legs = {
        name: Leg(["toy/s1/p3"], np.array([score]), 10)
        for name, score in (("lexical", 1.0), ("english", 0.4), ("multilingual", 0.8))
    }
    beyond = {"english": far, "multilingual": far}
    asked = Retrieved(tree, searcher.lexical.match(tree), searcher.lexical, EVERYTHING, legs, beyond, near)
    if outside is not None:
        wide = replace(asked, beyond=dict.fromkeys(beyond, outside))
        asked = replace(asked, unfiltered=lambda: wide)
    return judge(asked, None, rules or searcher.ranking, "hybrid")


def test_a_question_nearer_to_foreign_subjects_is_probably_absent_and_never_certainly(kb_in_memory):
    found = verdict(kb_in_memory, "speed limits for whales", 0.15)
    assert found.absent and found.state == "probably-nothing"
    assert found.message.startswith("Probably nothing here says “speed limits for whales”.")
    assert verdict(kb_in_memory, "speed limits for whales", -0.25).state == "answered"


def test_nearness_to_an_everyday_question_speaks_against_absence_and_farness_for_it(kb_in_memory, root):
    rules, doubtful = load_ranking(root / "corpus"), -0.05
    near = rules.nothing_said["en"].near_from
    assert rules.nothing_said["en"].near > 0

    def said(to: float | None) -> bool:
        return verdict(kb_in_memory, "speed limits for whales", doubtful, near=to, rules=rules).absent

    assert said(None) == said(near), "where it says nothing the other signs decide"
    assert not said(near + 1.0) and said(near - 1.0)


def test_nearness_to_a_question_of_the_paper_speaks_against_absence_and_farness_for_nothing(root):
    for rules in load_ranking(root / "corpus").nothing_said.values():
        near = rules.paper_from
        assert paper_question_far(near + 0.5, rules) < paper_question_far(near + 0.1, rules) < 0
        assert paper_question_far(near - 0.5, rules) == paper_question_far(None, rules) == 0.0


@pytest.mark.parametrize(
    ("inside", "outside", "absent"),
    [
        (-0.04, -0.25, False),  # a weak sign inside, answered outside: few passages are near, which says little
        (-0.04, -0.04, True),
        (0.15, -0.25, True),  # a strong sign inside
        (-0.25, 0.15, False),
    ],
)
def test_few_passages_within_filters_are_no_sign_of_absence_by_themselves(kb_in_memory, inside, outside, absent):
    found = verdict(kb_in_memory, "speed limits for whales", inside, outside)
    assert found.absent == absent and ("within these filters" in found.message) == absent


def test_a_question_of_a_word_or_two_that_a_passage_has_is_answered(kb_in_memory):
    assert not verdict(kb_in_memory, "older pensions", 0.15).absent
    assert verdict(kb_in_memory, "whale budgets", 0.15).absent


def test_only_what_is_required_is_certainly_nowhere(kb_in_memory):
    assert kb_in_memory.search('"community land trust"').state == "nothing"
    assert kb_in_memory.search('"older women"').state == "answered"


@pytest.mark.parametrize("file", sorted(RELEVANCE.glob("commitments*.jsonl")), ids=lambda file: file.stem)
def test_questions_of_the_judged_sets_are_read_and_stand_once(file):
    questions = load_judged(file, JudgedQuestion)
    assert len({question.id for question in questions}) == len(questions)
    assert len({question.query for question in questions}) == len(questions)


def test_the_halves_of_the_wide_set_share_no_question_and_no_place():
    first, second = (
        load_judged(RELEVANCE / f"commitments_wide{end}.jsonl", JudgedQuestion) for end in ("", "_heldout")
    )
    assert not {q.query for q in first} & {q.query for q in second}
    assert not {place for q in first for place in q.places} & {place for q in second for place in q.places}


def test_no_foreign_subject_is_a_question_of_a_judged_set(root):
    subjects = {subject.lower() for subject in load_subjects(root / "corpus")}
    questions = {
        q.query.lower() for file in RELEVANCE.glob("commitments*.jsonl") for q in load_judged(file, JudgedQuestion)
    }
    assert len(subjects) > 150 and not subjects & questions


def test_within_filters_it_says_how_many_passages_have_words_as_the_count_of_the_filter_does(kb_in_memory):
    narrowed = verdict(kb_in_memory, "speed limits for whales", 0.15, 0.15)
    assert narrowed.worded == 10 and "Passages there that have words of it: 10." in narrowed.message
    assert narrowed.state == "probably-nothing"
    whole = verdict(kb_in_memory, "speed limits for whales", 0.15)
    assert whole.worded == 0 and "have words" not in whole.message
