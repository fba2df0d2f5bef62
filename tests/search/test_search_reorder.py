"""Reordering of the first candidates: by what the query names, the best passage, the section."""

import numpy as np
import pytest
from kb_toys import TOY, toy_document, toy_passage, toy_searcher

from kb.engine.filters import AnyOf, Is
from kb.index.names import LabelNames
from kb.search import reorder

NAMES = LabelNames({}, {"peru": ("country=country:PER",), "africa": ("region=region:africa", "region=country:KEN")})
TERMS = {"country": ["PER", "KEN"], "region": ["africa"]}.get


def test_a_named_state_gives_the_filter_of_what_carries_it():
    assert reorder.named("pensions in Peru", NAMES, ["country"], TERMS) == {
        "country": AnyOf((Is("country", ("PER",)),))
    }


def test_a_region_is_met_by_its_states_too():
    found = reorder.named("pensions in Africa", NAMES, ["country", "region"], TERMS)
    assert found == {"region": AnyOf((Is("region", ("africa",)), Is("country", ("KEN",))))}


@pytest.mark.parametrize("question,facets", [("pensions", ["country"]), ("pensions in Peru", ["region"])])
def test_nothing_named_or_a_facet_that_does_not_count_holds_nothing_back(question, facets):
    assert reorder.named(question, NAMES, facets, TERMS) == {}


def test_what_no_passage_carries_tells_nothing():
    assert reorder.named("pensions in Peru", NAMES, ["country"], lambda facet: ()) == {}


def test_passages_without_the_name_are_held_back_once_for_each_facet():
    carrying = {"country": np.array([True, False, False]), "region": np.array([True, True, False])}
    moved = reorder.held_back(np.ones(3), carrying, 0.5)
    assert moved.scores.tolist() == [1.0, 0.5, 0.25]
    assert moved.reasons(np.array([2, 0])) == [{"lacks": ["country", "region"]}, {}]


def test_scores_move_towards_the_best_of_their_own_document():
    scores, groups = np.array([1.0, 0.5, 0.5, 0.9]), np.array([7, 7, 7, 3])
    cosines = {(0, 0): 1.0, (1, 0): 0.8, (2, 0): 0.2, (3, 3): 1.0}

    def like(members, leaders):
        return np.array([cosines[pair] for pair in zip(members.tolist(), leaders.tolist(), strict=True)])

    moved, near = reorder.towards_best(scores, groups, like, np.ones(4), 0.2, 10)
    assert near.tolist() == [1.0, pytest.approx(0.75), 0.0, 1.0]
    assert moved[1] > moved[2] and moved[0] == 1.0 and moved[3] == pytest.approx(0.92)


def test_only_documents_among_the_best_are_looked_at():
    like = lambda members, leaders: np.ones(len(members))  # noqa: E731
    moved, near = reorder.towards_best(np.array([1.0, 0.1]), np.array([0, 1]), like, np.ones(2), 0.5, 1)
    assert np.isnan(near[1]) and moved[1] == 0.05


def test_scores_move_towards_the_mean_of_the_best_in_their_section():
    scores, sections = np.array([1.0, 0.4, 0.4, 0.0]), np.array([0, 0, 1, 0])
    moved, means = reorder.with_section(scores, sections, np.ones(4), 0.5, 2)
    assert means[1] == pytest.approx(0.7) and moved[1] == pytest.approx(0.55) and moved[2] == pytest.approx(0.4)


def test_a_heading_does_not_rise_with_its_section():
    moved, _ = reorder.with_section(np.array([1.0, 0.3]), np.array([0, 0]), np.array([1.0, 0.3]), 0.5, 1)
    assert moved[1] == pytest.approx(0.3)


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
    assert reorder.moves(first[1].why["moved"])[0] == "held back: it lacks the country that the question names"


def test_a_short_question_is_ranked_by_its_words_alone(root):
    searcher = toy_searcher(TOY, root / "corpus")
    short, long = searcher.search("pension"), searcher.search("older women receive a pension every month")
    assert set(short.hits[0].why["moved"]) == set() and {"best", "section"} <= set(long.hits[0].why["moved"])


def test_words_alone_never_load_the_vectors(root):
    searcher = toy_searcher(TOY, root / "corpus")
    searcher.engine._open = lambda: pytest.fail("no vectors are needed")
    hit = searcher.search("older women receive a pension every month", mode="lexical").hits[0]
    assert set(hit.why["moved"]) == {"section"}


@pytest.mark.parametrize(
    ("moved", "words"),
    [
        ({}, []),
        ({"lacks": ("country", "treaty_body")}, ["lacks the country", "lacks the treaty body"]),
        ({"best": 0.5}, ["nearness to the best passage 0.50"]),
        ({"section": 0.25}, ["mean of its section 0.25"]),
        ({"best": 0.5, "section": 0.25}, ["nearness to the best passage 0.50", "mean of its section 0.25"]),
    ],
)
def test_what_moved_a_hit_is_shown_and_nothing_else(moved, words):
    said = reorder.moves(moved)
    assert len(said) == len(words) and all(part in line for part, line in zip(words, said))
    assert reorder.moves({}) == []


def test_a_part_that_scores_nearly_as_high_as_its_whole_changes_places_with_it():
    ids = ["crpd/art18/1", "cedaw/art9/1", "crpd/art18/1/a", "crpd/art18/1/b"]
    scores = np.array([0.9, 0.85, 0.8, 0.5])
    assert reorder.narrower_first(scores, ids, 0.15, 60).tolist() == [0.8, 0.85, 0.9, 0.5]
    assert reorder.narrower_first(scores, ids, 0.05, 60).tolist() == scores.tolist()
    assert scores.tolist() == [0.9, 0.85, 0.8, 0.5]


def test_only_the_best_part_takes_the_place_of_its_whole_and_none_that_is_no_part_of_it():
    ids = ["a/art1", "a/art1/1", "a/art1/2", "a/art12"]
    assert reorder.narrower_first(np.array([0.9, 0.88, 0.87, 0.86]), ids, 0.15, 60).tolist() == [0.88, 0.9, 0.87, 0.86]
    assert reorder.narrower_first(np.zeros(0), [], 0.15, 60).tolist() == []


ABOVE = {"crpd/art27/1": "crpd/art27", "crpd/art24": "crpd/part2"}.get
HITS = ["crpd/art5", "crpd/art27", "crpd/art27/1", "crpd/art24"]


def test_what_holds_the_first_hit_comes_nearer_to_it_and_passes_none_that_is_as_near():
    scores = np.array([0.6, 0.5, 0.9, 0.8])
    moved, of = reorder.above_first(scores, HITS, ABOVE, 0.5, 60)
    assert moved.tolist() == [0.6, pytest.approx(0.7), 0.9, 0.8]
    assert of[1] == 0.9 and np.isnan(of[[0, 2, 3]]).all()
    because = reorder.Moved(moved, above=of).reasons(np.array([1, 0]))
    assert because == [{"above": 0.9}, {}] and reorder.moves(because[0]) == ["directly above the first hit"]


@pytest.mark.parametrize(
    ("scores", "share", "most"),
    [
        ([0.6, 0.5, 0.9, 0.8], 0.0, 60),  # no share
        ([0.6, 0.5, 0.9, 0.8], 0.5, 2),  # too far below
        ([0.6, 0.5, 0.8, 0.9], 0.5, 60),  # what holds the first is no candidate
        ([0.9, 0.5, 0.6, 0.8], 0.5, 60),  # nothing holds the first
        ([], 0.5, 60),
    ],
)
def test_nothing_moves_where_nothing_near_holds_the_first_hit(scores, share, most):
    moved, of = reorder.above_first(np.array(scores), HITS[: len(scores)], ABOVE, share, most)
    assert moved.tolist() == scores and of is None


def test_what_a_text_lays_down_is_ranked_before_its_preamble():
    ids = ["cedaw/preamble", "cedaw/art2", "crpd/preamble/d", "crpd/art4/1/a"]
    order = reorder.preambles_last(np.arange(4), ids)
    assert [ids[n] for n in order] == ["cedaw/art2", "crpd/art4/1/a", "cedaw/preamble", "crpd/preamble/d"]
