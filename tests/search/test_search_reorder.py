"""The second look: what the question names, the best passage, the section."""

import pytest
from kb_toys import TOY, toy_document, toy_passage, toy_searcher

from kb.index.names import Names
from kb.search import reorder

NAMES = Names({}, {"peru": ("country=country:PER",), "africa": ("region=region:africa", "region=country:KEN")})
CARRY = {"country": {"PER": {1}, "KEN": {2}}, "region": {"africa": {3}}}


def rows(facet, terms):
    return set().union(*(CARRY.get(facet, {}).get(term, set()) for term in terms))


def test_a_named_state_gives_the_rows_that_carry_it():
    assert reorder.named("pensions in Peru", NAMES, ["country"], rows) == {"country": {1}}


def test_a_region_is_met_by_its_states_too():
    assert reorder.named("pensions in Africa", NAMES, ["country", "region"], rows) == {"region": {2, 3}}


@pytest.mark.parametrize("question,facets", [("pensions", ["country"]), ("pensions in Peru", ["region"])])
def test_nothing_named_or_a_facet_that_does_not_count_holds_nothing_back(question, facets):
    assert reorder.named(question, NAMES, facets, rows) == {}


def test_what_no_passage_carries_tells_nothing():
    assert reorder.named("pensions in Peru", NAMES, ["country"], lambda facet, terms: set()) == {}


def test_rows_without_the_name_are_held_back_once_for_each_facet():
    moved = reorder.held_back({1: 1.0, 2: 1.0, 3: 1.0}, {"country": {1}, "region": {1, 2}}, 0.5)
    assert moved.scores == {1: 1.0, 2: 0.5, 3: 0.25}
    assert moved.why(3) == {"lacks": ["country", "region"]} and moved.why(1) == {}


def test_scores_move_towards_the_best_of_their_own_document():
    scores, groups = {1: 1.0, 2: 0.5, 3: 0.5, 4: 0.9}, {1: "a", 2: "a", 3: "a", 4: "b"}
    like = {1: {1: 1.0, 2: 0.8, 3: 0.2, 4: 0.9}, 4: {4: 1.0, 1: 0.9}}
    moved, near = reorder.towards_best(scores, groups, like.__getitem__, dict.fromkeys(scores, 1.0), 0.2, 10)
    assert near == {1: 1.0, 2: pytest.approx(0.75), 3: 0.0, 4: 1.0}
    assert moved[2] > moved[3] and moved[1] == 1.0 and moved[4] == pytest.approx(0.92)


def test_only_documents_among_the_best_are_looked_at():
    moved, near = reorder.towards_best(
        {1: 1.0, 2: 0.1}, {1: "a", 2: "b"}, lambda row: {row: 1.0}, {1: 1.0, 2: 1.0}, 0.5, 1
    )
    assert 2 not in near and moved[2] == 0.05


def test_scores_move_towards_the_mean_of_the_best_in_their_section():
    scores = {1: 1.0, 2: 0.4, 3: 0.4, 4: 0.0}
    moved, means = reorder.with_section(scores, {1: "s", 2: "s", 3: "t", 4: "s"}, dict.fromkeys(scores, 1.0), 0.5, 2)
    assert means[2] == pytest.approx(0.7) and moved[2] == pytest.approx(0.55) and moved[3] == pytest.approx(0.4)


def test_a_heading_does_not_rise_with_its_section():
    moved, _ = reorder.with_section({1: 1.0, 2: 0.3}, {1: "s", 2: "s"}, {1: 1.0, 2: 0.3}, 0.5, 1)
    assert moved[2] == pytest.approx(0.3)


def test_a_question_about_one_state_is_answered_by_that_state_first(root):
    searcher = toy_searcher(
        [
            toy_document(
                toy_passage(
                    "toy/p1",
                    "Old people of the villages live on what a pension gives every person.",
                    tags={"country": ["CHL"]},
                ),
                toy_passage("toy/p2", "A pension for every older person in the towns.", tags={"country": ["BRA"]}),
                toy_passage("toy/p3", "Children walk far to school."),
            )
        ],
        root / "corpus",
    )
    first = searcher.search("a pension for every older person in villages of Brazil").hits
    assert [hit.id for hit in first][:2] == ["toy/p2", "toy/p1"]
    assert reorder.moves(first[1].why)[0] == "held back: it lacks the country that the question names"


def test_a_short_question_is_ranked_by_its_words_alone(root):
    searcher = toy_searcher(TOY, root / "corpus")
    short, long = searcher.search("pension"), searcher.search("older women receive a pension every month")
    assert set(short.hits[0].why["moved"]) == set() and {"best", "section"} <= set(long.hits[0].why["moved"])


def test_words_alone_never_load_the_vectors(root):
    searcher = toy_searcher(TOY, root / "corpus")
    searcher.index.__dict__["spaces"] = None
    hit = searcher.search("older women receive a pension every month", mode="lexical").hits[0]
    assert set(hit.why["moved"]) == {"section"}
