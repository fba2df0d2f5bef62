"""The complete list of a query depends only on query, filters and index: every search, page, count and export shows a
part of this list."""

import json
import time

import pytest
from kb_toys import toy_document, toy_passage, toy_searcher

from kb.cli.search import _counted
from kb.export.collect import Bench
from kb.export.request import Request, take
from kb.search import MODES, Searcher, live_searcher
from kb.search.browse import count_all
from kb.search.listing import falling
from kb.search.room import PER_FORCE

QUESTIONS = [
    *(
        "pension",
        "older women",
        "rural women land",
        "violence",
        "droits des personnes âgées",
        "rights of older persons",
    ),
    *("work AND women", '"social protection"', "pension*", "children NEAR/8 school", "land NOT rural", "group:youth"),
    *("zebra crossings on mars", '"guaranteed jobs for life"', "treatment of ballast water from ships", "nosuchword"),
    *("¿quién paga la pensión?", "une épouse peut choisir où elle habite", "housing", "coordination across ministries"),
]
"""Words, phrases, requirements, filters, other languages, and what nothing answers."""


def questions(root) -> list[str]:
    """Return these questions, and the first ten of a development set."""
    lines = (root / "tests/relevance/search_first.jsonl").read_text(encoding="utf-8").splitlines()
    return [*QUESTIONS, *(json.loads(line)["query"] for line in lines[:10])]


ROOMS = [{}, *({"limit": n} for n in (1, 3, 20, 100, 500, 5000)), *({"per_force": n} for n in (1, 10, 40, 2000))]


@pytest.mark.parametrize("mode", MODES)
def test_every_row_that_any_search_shows_is_in_the_export_of_the_question_and_all_count_the_same(live_kb, root, mode):
    searcher, bench = live_searcher(), Bench.here()
    for query in questions(root):
        taken = take(bench, Request(kind="results", query=query, mode=mode))
        rows = list(taken.rows)
        order = {row.id: at for at, row in enumerate(rows)}
        matches = [row.id for row in rows if row.fields["matches"]]
        assert len(order) == len(rows) == count_all(searcher, query, {}, mode)[0], query
        assert sum(count_all(searcher, query, {}, mode)[1].values()) == len(matches), query
        assert taken.total == len(matches), query
        for room in ROOMS:
            found = searcher.search(query, mode=mode, counts=False, **room)
            shown = [hit.id for hit in found.hits]
            assert [id for id in order if id in set(shown)] == shown, (query, room)
            assert (found.total, found.at_most) == (len(matches), False), (query, room)
            assert [hit.id for hit in found.hits if hit.why["matches"]] == [id for id in matches if id in set(shown)]
            if "limit" in room:
                assert shown == list(order)[: room["limit"]], (query, room)
        assert set(shown) == set(order), "with room for all of each force, all are shown"
        for first in (0, 3, len(order) - 1, len(order)):
            page = searcher.search(query, mode=mode, counts=False, part=(first, 4)).hits
            assert [hit.id for hit in page] == list(order)[first : first + 4], (query, first)
            assert [hit.rank for hit in page] == [n + 1 for n in range(first, first + len(page))]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "query", ["pension", "older women in rural areas", '"social protection"', "NOT land", "zebra on mars"]
)
def test_in_an_index_of_which_only_a_part_is_looked_at_a_search_shows_nothing_that_the_list_lacks(live_kb, mode, query):
    live = live_searcher()
    searcher = Searcher(live.index, live.ranking.model_copy(update={"whole": 0, "pool": 40, "candidates": 30}))
    every = searcher.search(query, mode=mode, every=True)
    page = searcher.search(query, mode=mode, part=(35, 20)).hits
    assert [hit.id for hit in page] == [hit.id for hit in every.hits[35:55]], "a page is a part of the whole list"
    shown = [hit for hit in every.hits if hit.why["matches"]]
    assert not every.at_most and (every.absent or every.total == len(shown)), "a whole list is counted truly"
    assert every.absent or sum(count_all(searcher, query, {}, mode)[1].values()) == len(shown)
    held = {id for hit in every.hits for id in (hit.id, *hit.also)}
    matching = {id for hit in every.hits if hit.why["matches"] for id in (hit.id, *hit.also)}
    for room in ROOMS:
        found = searcher.search(query, mode=mode, counts=False, **room)
        assert {hit.id for hit in found.hits} <= held, room
        assert {hit.id for hit in found.hits if hit.why["matches"]} <= matching, room
        assert found.total == every.total or found.at_most and found.total > every.total, room
        scores = [hit.score for hit in found.hits]
        assert scores == sorted(scores, reverse=True), room
    if query == "pension" and mode != "semantic":
        words = {hit.id for hit in live.search(query, mode="lexical", every=True).hits}
        assert words <= matching, "whatever has the word matches, however few are looked at"


def test_what_meaning_alone_brings_is_listed_where_the_first_view_shows_it_and_no_further(root):
    texts = ["pension", *(f"a sentence on subject {n} with words of its own number {n}" for n in range(90))]
    searcher = toy_searcher(
        [toy_document(*(toy_passage(f"a/{n}", text) for n, text in enumerate(texts)))], root / "corpus"
    )
    near = searcher.ranking.near
    found = searcher.search("pension", limit=1000)
    assert (found.total, found.near, len(found.hits)) == (1, near - 1, near) and near > PER_FORCE
    assert searcher.search("pension", every=True).hits == found.hits


def test_a_passage_with_a_word_of_the_question_matches_however_late_its_words_stand(root):
    texts = [f"pension {'pension ' * (40 - n)}for people of place {n}" for n in range(40)]
    searcher = toy_searcher(
        [toy_document(*(toy_passage(f"a/{n}", text) for n, text in enumerate(texts)))], root / "corpus"
    )
    searcher.ranking = searcher.ranking.model_copy(update={"whole": 0, "pool": 5})
    for room in ({}, {"limit": 5}, {"limit": 200}):
        found = searcher.search("pension for people", **room)
        assert all(hit.why["matches"] for hit in found.hits), room


def test_a_count_over_an_index_of_which_a_part_is_looked_at_says_at_most_and_a_file_has_the_true_one(live_kb, tmp_path):
    live = live_searcher()
    searcher = Searcher(live.index, live.ranking.model_copy(update={"whole": 0, "pool": 40, "candidates": 30}))
    bench = Bench.here()
    bench.searcher = searcher
    found, whole = searcher.search("persons OR women", limit=5), live.search("persons OR women", limit=5)
    assert found.at_most and not whole.at_most and found.total >= whole.total
    request = Request(kind="results", query="persons OR women", limit=5)
    assert take(bench, request).total == whole.total == take(bench, request).provenance.total
    assert _counted(found).startswith(f"at most {found.total} passages match, 5 shown")
    assert _counted(whole).startswith(f"{whole.total} passages match, 5 shown")


def test_texts_that_stand_twice_are_counted_once_wherever_all_is_looked_at(root):
    """Of forty repeated texts, a search that compares a few says at most eighty; the complete list has forty."""
    documents = [
        toy_document(*(toy_passage(f"{name}/{n}", f"pension for people of place number {n}") for n in range(40)))
        for name in "ab"
    ]
    documents[1] = documents[1].model_copy(update={"id": "b"})
    searcher = toy_searcher(documents, root / "corpus")
    assert searcher.search("pension", limit=3).total == 40
    searcher = toy_searcher(documents, root / "corpus")
    searcher.ranking = searcher.ranking.model_copy(update={"whole": 0, "pool": 10})
    few, every = searcher.search("pension", limit=3), searcher.search("pension", every=True)
    assert (few.at_most, every.at_most, every.total, len(every.hits)) == (True, False, 40, 40)
    assert 40 < few.total <= 80 and sum(count_all(searcher, "pension", {}, "hybrid")[1].values()) == 40


def test_a_long_list_is_put_in_order_in_no_more_time_than_its_length_asks_for():
    many = 100_000  # 40 seconds, when for each the list was made anew
    began = time.process_time()
    ids, scores = falling({f"p{n}": float(n % 7) for n in range(many)})
    assert time.process_time() - began < 20
    assert ids[:2] == ["p6", "p13"] and ids[-1] == "p99995" and scores[0] == 6.0 and len(ids) == many
