"""Search figures: exact on cases made by hand, and equal to the shared scoring script on any ranking."""

import json
import math
import random
import subprocess
import sys

import pytest

from kb.errors import InputError
from kb.evaluation.judged import Judged, JudgedQuery, load_judged, meets
from kb.evaluation.search import evaluate, score_query, summarise


@pytest.mark.parametrize(
    "a,b,met",
    [
        ((1, 4), (4, 9), False),
        ((1, 4), (3, 9), True),
        ((5, 5), (1, 9), True),
        ((1, 2), (3, 4), False),
        ((1, 3), (3, 4), True),
    ],
)
def test_ranges_meet_when_they_share_half_of_the_shorter(a, b, met):
    assert meets(a, b) is met and meets(b, a) is met


def judged(relevant, wrong=()):
    return JudgedQuery(
        id="q",
        query="q",
        relevant=tuple(Judged(lines=lines, grade=grade) for lines, grade in relevant),
        hard_negatives=tuple(Judged(lines=lines) for lines in wrong),
    )


def test_a_perfect_ranking_scores_one():
    score = score_query(judged([((1, 4), 2), ((9, 9), 1)]), [(1, 4), (9, 9)])
    assert (score.ndcg, score.recall, score.traps) == (1.0, 1.0, 0)


def test_gains_are_three_and_one_and_fall_with_the_rank():
    score = score_query(judged([((1, 4), 2), ((9, 9), 1)]), [(50, 60), (9, 9), (1, 4)])
    assert score.ndcg == pytest.approx((1 / math.log2(3) + 3 / math.log2(4)) / (3 + 1 / math.log2(3)))


def test_a_range_counts_once():
    assert score_query(judged([((1, 4), 2)]), [(1, 2), (3, 4)]).ndcg == 1.0
    assert score_query(judged([((1, 4), 2), ((30, 31), 2)]), [(1, 2), (3, 4)]).recall == 0.5


def test_look_alikes_are_counted_in_the_first_five_only():
    score = score_query(judged([((1, 1), 2)], wrong=[(9, 9), (8, 8)]), [(9, 9), (2, 2), (3, 3), (4, 4), (5, 5), (8, 8)])
    assert (score.traps, score.shown) == (1, 5)


def test_queries_without_an_answer_are_left_out_of_the_means():
    scores = [score_query(judged([((1, 1), 2)]), [(1, 1)]), score_query(judged([((1, 1), 1)]), [])]
    assert summarise("hybrid", scores).queries == 1 and summarise("hybrid", scores).ndcg == 1.0


def test_hits_of_other_documents_are_passed_over():
    hits = [{"document": "crpd", "source": {"lines": [1, 1]}}, {"document": "paper", "source": {"lines": [1, 1]}}]
    assert evaluate([judged([((1, 1), 2)])], "lexical", lambda query, mode: hits).ndcg == 1.0


def test_the_shared_script_gives_the_same_figures(shared, tmp_path):
    file = shared / "data/judged/queries_dev.jsonl"
    queries, chance = load_judged(file, JudgedQuery), random.Random(7)
    results = {}
    for query in queries:
        near = [list(r.lines) for r in (*query.relevant, *query.hard_negatives)]
        far = [[a, a + chance.randrange(12)] for a in chance.sample(range(1, 1800), 8)]
        results[query.query] = [
            {"document": "paper", "source": {"lines": span}} for span in chance.sample(near + far, 8)
        ]
    rows = [json.dumps({"id": q.id, "hits": results[q.query]}) for q in queries]
    (tmp_path / "results.jsonl").write_text("\n".join(rows), encoding="utf-8")
    said = subprocess.run(
        [sys.executable, shared / "tools/score_search.py", file, tmp_path / "results.jsonl"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()[-1]
    ours = evaluate(queries, "hybrid", lambda query, mode: results[query])
    assert 0.1 < ours.ndcg < 0.9 and ours.hard_negatives > 0
    assert said == (
        f"queries {ours.queries}\tmissing 0\tnDCG@10 {ours.ndcg:.3f}\trecall@10 {ours.recall:.3f}"
        f"\thard negatives@5 {ours.hard_negatives:.3f}"
    )


def test_a_judgement_that_cannot_be_read_is_reported_with_its_line(tmp_path):
    (tmp_path / "q.jsonl").write_text('{"id": "1", "query": "x"}\n\n{"id": 2\n', encoding="utf-8")
    with pytest.raises(InputError, match="q.jsonl:3: no judgement can be read"):
        load_judged(tmp_path / "q.jsonl", JudgedQuery)
