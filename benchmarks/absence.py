"""How rightly "probably nothing here says this" is said, and the weights of that decision fitted anew.

usage: python benchmarks/absence.py FIT_FILE... -- TEST_FILE...

Files are JSON lines as in tests/relevance: questions with `entries` or `relevant` that answer them, or `absent: true`.
The weights are a logistic regression over the first files, English and other languages apart, with a base at which LOST
of the answered questions there are told that nothing answers; the second files say how it does on questions it has not
seen. Prints the block `nothing_said` of corpus/search/ranking.yaml, and a table from the live index for the weights in
force and for those.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kb.search import absence, searcher

LOST = {"en": 0.03, "other": 0.03}
"""Share of answered questions that may be told "probably nothing" where the weights are fitted: under the promised
5 %."""
KEYS = {"en": ("english", "multilingual", "shared"), "other": ("multilingual", "shared")}
"""What is weighed; the English model has nothing to say to a question in another language."""


def seen(question: str) -> tuple[str, dict[str, float]]:
    """Which weights a question takes, and what they weigh."""
    live = searcher()
    asked, _, _ = live.asked(question)
    language = asked.matched.language
    return "en" if language == "en" else "other", {**asked.beyond, "shared": absence.share(asked)}


def read(files: Sequence[str]) -> list[dict[str, Any]]:
    """Questions with what the decision weighs."""
    rows = [
        json.loads(line)
        for file in files
        for line in Path(file).read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    answered = [row for row in rows if row.get("absent") or row.get("entries") or row.get("relevant")]
    return [{**row, "seen": seen(row["query"])} for row in answered]


def fit(rows: Sequence[dict[str, Any]], keys: Sequence[str], lost: float) -> tuple[float, dict[str, float]]:
    """Base and weights of the evidence."""
    from sklearn.linear_model import LogisticRegression

    x = np.array([[row["seen"][1][key] for key in keys] for row in rows])
    absent = np.array([bool(row.get("absent")) for row in rows])
    mean, spread = x.mean(0), x.std(0)
    model = LogisticRegression(C=1.0).fit((x - mean) / spread, absent)
    weights = model.coef_[0] / spread
    base = -float(np.quantile(x[~absent] @ weights, 1 - lost))
    return round(base, 3), {key: round(float(weight), 3) for key, weight in zip(keys, weights)}


def table(name: str, rows: Sequence[dict[str, Any]], said: Callable[[dict[str, Any]], bool]) -> None:
    """One line for each language, and one for all."""
    for language in ("all", "en", "es", "fr"):
        some = [row for row in rows if language in ("all", row.get("language", "en"))]
        absent = [said(row) for row in some if row.get("absent")]
        told = [said(row) for row in some if not row.get("absent")]
        print(
            f"{name:34} {language:4} absence said {sum(absent)}/{len(absent)} = {np.mean(absent or [0]):.3f}   "
            f"answered told nothing {sum(told)}/{len(told)} = {np.mean(told or [0]):.3f}"
        )


def main(arguments: Sequence[str]) -> None:
    """Fit, then print weights and tables."""
    cut = arguments.index("--")
    first, second = read(arguments[:cut]), read(arguments[cut + 1 :])
    fitted = {}
    for language, lost in LOST.items():
        base, weights = fit([row for row in first if row["seen"][0] == language], KEYS[language], lost)
        fitted[language] = (base, weights)
        print(f"  {language}: {{base: {base}, weights: {json.dumps(weights)}}}".replace('"', ""))

    def now(row: dict[str, Any]) -> bool:
        return searcher().search(row["query"], limit=1).absent

    def then(row: dict[str, Any]) -> bool:
        base, weights = fitted[row["seen"][0]]
        return base + sum(weight * row["seen"][1][key] for key, weight in weights.items()) > 0

    for name, rows in (("fitted on", first), ("not seen", second)):
        table(f"{name}, weights in force", rows, now)
        table(f"{name}, weights fitted", rows, then)


if __name__ == "__main__":
    main(sys.argv[1:])
