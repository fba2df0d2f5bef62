"""Evaluate search: nDCG@10, recall@10 of answers, and how often a look-alike (hard negative) is among the first five.

As the judged set requires, hits outside the paper are ignored, a judged range counts once, the gain is 3 for an answer
and 1 for a related passage, and a query without an answer is left out of nDCG and recall.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from pydantic import Field

from kb.evaluation.answers import MeasuredHit
from kb.evaluation.judged import Judged, JudgedQuery, meets
from kb.models import Model, Span

GAINS = {0: 0.0, 1: 1.0, 2: 3.0}
DEPTH = 10  # nDCG@10 and recall@10, as TREC and BEIR report them
TRAP_DEPTH = 5  # hard negatives count among the hits that are seen without scrolling


class QueryScore(Model):
    """The figures of one query."""

    id: str
    ndcg: float | None = Field(description="nDCG@10; None without any relevant range")
    recall: float | None = Field(description="share of grade-2 ranges (at most ten) in the first ten; None without any")
    traps: int = Field(description="hard negatives among the first five")
    shown: int = Field(description="hits of the paper among the first five")
    has_traps: bool


class SearchScore(Model):
    """The mean figures of one search mode over a set of questions."""

    mode: str
    queries: int
    ndcg: float
    recall: float
    hard_negatives: float = Field(description="share of the first five hits that are hard negatives")
    each: tuple[QueryScore, ...] = ()


def discounted(gains: Iterable[float]) -> float:
    """Return the discounted cumulative gain: gain / log2(rank + 1), ranks from 1."""
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def score_query(judged: JudgedQuery, spans: Sequence[Span]) -> QueryScore:
    """Score one ranking, given the line ranges in the paper of its hits, in order."""
    spans = spans[:DEPTH]
    gains, answers = _take(list(judged.relevant), spans)
    ideal = discounted(sorted((GAINS[r.grade] for r in judged.relevant), reverse=True)[:DEPTH])
    wanted = min(DEPTH, sum(r.grade == 2 for r in judged.relevant))
    first = spans[:TRAP_DEPTH]
    traps = sum(any(meets(span, wrong.lines) for wrong in judged.hard_negatives) for span in first)
    return QueryScore(
        id=judged.id,
        ndcg=discounted(gains) / ideal if ideal else None,
        recall=answers / wanted if wanted else None,
        traps=traps,
        shown=len(first),
        has_traps=bool(judged.hard_negatives),
    )


def _take(left: list[Judged], spans: Sequence[Span]) -> tuple[list[float], int]:
    """Return the gain of each hit, and the number of grade-2 ranges that were found. A judged range counts only for the
    first hit that matches it."""
    gains, answers = [], 0
    for span in spans:
        met = [r for r in left if meets(span, r.lines)]
        gains.append(max((GAINS[r.grade] for r in met), default=0.0))
        answers += sum(r.grade == 2 for r in met)
        left = [r for r in left if r not in met]
    return gains, answers


def paper_spans(hits: Iterable[MeasuredHit]) -> list[Span]:
    """Return the line ranges of the hits in the paper, in order."""
    lines = (hit["source"].get("lines") for hit in hits if hit["document"] == "paper")
    return [(each[0], each[1]) for each in lines if each]


def summarise(mode: str, scores: Sequence[QueryScore]) -> SearchScore:
    """Return the means over queries that have an answer; hard negatives over queries that have any."""
    counted = [s for s in scores if s.recall is not None]
    trapped = [s for s in scores if s.has_traps]
    many = max(1, len(counted))
    return SearchScore(
        mode=mode,
        queries=len(counted),
        ndcg=sum(s.ndcg or 0.0 for s in counted) / many,
        recall=sum(s.recall or 0.0 for s in counted) / many,
        hard_negatives=sum(s.traps for s in trapped) / max(1, sum(s.shown for s in trapped)),
        each=tuple(scores),
    )


def evaluate(
    judged: Sequence[JudgedQuery], mode: str, search: Callable[[str, str], Sequence[MeasuredHit]]
) -> SearchScore:
    """Return the scores of a search mode; `search(query, mode)` returns hits as `kb search --json` prints them."""
    return summarise(mode, [score_query(j, paper_spans(search(j.query, mode))) for j in judged])
