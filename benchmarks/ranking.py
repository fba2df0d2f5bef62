"""Measure what each part of the ranking is worth on a judged set: retrievers left out, shares changed, factors removed.

usage: python benchmarks/ranking.py JUDGED_FOLDER

One table from one run over the live index. The shares in corpus/search/ranking.yaml were chosen on the development
judgements with this table, so its figures there describe tuning, not quality on unseen questions.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kb.evaluation.judged import JudgedQuery, load_judged
from kb.evaluation.run import judged_file
from kb.evaluation.search import evaluate
from kb.search import Searcher, live_searcher
from kb.search.ranking import Ranking

SHARES = (
    (1.0, 0.0, 0.0),
    (0.0, 1.0, 0.0),
    (0.0, 0.0, 1.0),
    (0.5, 0.5, 0.0),
    (0.35, 0.25, 0.4),
    (0.25, 0.25, 0.5),
    (0.2, 0.3, 0.5),
    (0.0, 0.4, 0.6),
    (0.15, 0.0, 0.85),
    (0.25, 0.0, 0.75),
)


def variants(base: Ranking) -> dict[str, Ranking]:
    """Return name to ranking: the present ranking, and variants of it that each change one thing."""
    found = {
        "as it is": base,
        "no factors for kinds": base.model_copy(update={"kinds": {}, "parts": {}}),
        "names hold nothing back": base.model_copy(update={"named": base.named.model_copy(update={"factor": 1.0})}),
        "no nearness to the best": base.model_copy(update={"best": base.best.model_copy(update={"share": 0.0})}),
        "no share of the section": base.model_copy(update={"section": base.section.model_copy(update={"share": 0.0})}),
        "no synonyms": base.model_copy(update={"equivalent": 0.0}),
        "other languages like English": base.model_copy(update={"weights_other": base.weights}),
        "short questions like long ones": base.model_copy(update={"weights_short": base.weights}),
    }
    for shares in SHARES:
        weights = dict(zip(("lexical", "english", "multilingual"), shares, strict=True))
        name = "shares " + "/".join(f"{share:.2f}" for share in shares)
        found[name] = base.model_copy(update={"weights": weights})
    return found


def main(folder: Path) -> None:
    """Print the table of all variants, measured on the judgements in `folder`."""
    judged = load_judged(judged_file("search", folder), JudgedQuery)
    live = live_searcher()
    print(f"{'ranking':32} {'nDCG@10':>8} {'recall@10':>10} {'look-alikes@5':>14}")
    for name, ranking in variants(live.ranking).items():
        changed = Searcher(live.index, ranking)
        score = evaluate(
            judged, "hybrid", lambda query, mode, s=changed: s.search(query).model_dump(mode="json")["hits"]
        )
        print(f"{name:32} {score.ndcg:8.3f} {score.recall:10.3f} {score.hard_negatives:14.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
