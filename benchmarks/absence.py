"""Measure how often “probably nothing here says this” is right, and fit the weights of that decision.

usage: python benchmarks/absence.py --fit FILE... --test FILE... [--save SEEN] [--and SEEN]

Files are JSON lines as in tests/relevance: questions with `entries` or `relevant` that answer them, or `absent: true`.
The weights are a logistic regression over the files of `--fit`, English and other languages separately; the base is
chosen so that the share RECOGNISED of the absent questions is found, each by weights that were fitted without it (ten
folds, all forms of a question in one). The files of `--test` measure it on other questions. `--save` stores the
evidence seen in the live index, `--and` adds evidence seen in another one: the decision must be right with and without
official texts. Prints the block `nothing_said` of corpus/search/ranking.yaml, and a table for the present and for the
new weights.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kb.search import absence, live_searcher
from kb.search.ranking import AbsenceWeights, load_ranking

RECOGNISED = 0.92
"""Share of absent questions that must be recognised where the weights are fitted (0.9 is promised)."""
OBLIQUE = 3
"""Weight in the fit of a question whose words are far from those of the texts: the files have few of these, but people
ask many."""
FOLDS = 10
KEYS = {"en": ("english", "multilingual", "shared"), "other": ("multilingual", "shared")}
"""Names of the evidence that is weighed, for questions in English and in other languages. The English model is left out
for other languages, because it cannot embed them."""
Row = dict[str, Any]


def seen(question: str) -> tuple[str, dict[str, float]]:
    """Return (set of weights, evidence) for a question: 'en' or 'other', and the values that the weights are multiplied
    with, by name."""
    live = live_searcher()
    asked, _, _ = live.retrieve(question)
    language = asked.matched.language
    weighs = {**asked.beyond, "shared": absence.share(asked)}
    near = {"near": asked.near, "near_paper": asked.near_paper}
    return "en" if language == "en" else "other", weighs | {name: to for name, to in near.items() if to is not None}


def read(files: Sequence[str]) -> list[Row]:
    """Return the questions of the files, each with the evidence (see `seen`) that the live index gives."""
    lines = [line for file in files for line in Path(file).read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = [json.loads(line) for line in lines]
    answered = [row for row in rows if row.get("absent") or row.get("entries") or row.get("relevant")]
    return [{**row, "seen": seen(row["query"])} for row in answered]


def fit(rows: Sequence[Row], keys: Sequence[str]) -> AbsenceWeights:
    """Return base and weights of the evidence `keys`, fitted on `rows`. The nearness to everyday questions is not
    fitted; its weight is set separately."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    x, absent = _values(rows, keys), np.array([bool(row.get("absent")) for row in rows])
    mean, spread = x.mean(0), x.std(0)
    scaled = (x - mean) / spread
    share = np.array([OBLIQUE if row.get("oblique") else 1 for row in rows])
    unseen = np.zeros(len(rows))
    for train, test in GroupKFold(FOLDS).split(scaled, absent, [row["query"] for row in rows]):
        model = LogisticRegression().fit(scaled[train], absent[train], sample_weight=share[train])
        unseen[test] = model.decision_function(scaled[test])
    limit = float(np.quantile(unseen[absent], 1 - RECOGNISED))
    oblique = unseen[np.array([bool(row.get("oblique")) for row in rows])]
    print(
        f"# held apart by question: answered told nothing {np.mean(unseen[~absent] > limit):.3f}, "
        f"oblique {np.mean(oblique > limit):.3f}"
    )
    model = LogisticRegression().fit(scaled, absent, sample_weight=share)
    weights = model.coef_[0] / spread
    base = float(model.intercept_[0]) - float(mean @ weights) - limit
    return AbsenceWeights(base=round(base, 3), weights={key: round(float(w), 3) for key, w in zip(keys, weights)})


def _values(rows: Sequence[Row], keys: Sequence[str]) -> np.ndarray:
    return np.array([[row["seen"][1][key] for key in keys] for row in rows])


def weighed(row: Row, evidence: dict[str, AbsenceWeights]) -> bool:
    """Return whether the weighted sum of a row declares the question absent. A search also declares questions of one or
    two words present when a passage contains them; this is not done here."""
    name, values = row["seen"]
    of = evidence[name]
    weighed = of.base + sum(weight * values[key] for key, weight in of.weights.items())
    weighed += absence.question_far(values.get("near"), of) + absence.paper_question_far(values.get("near_paper"), of)
    return weighed > 0


def table(name: str, rows: Sequence[Row], is_declared: Callable[[Row], bool]) -> None:
    """Print a table of `rows`: one line for each language, one for all, and one for oblique questions.
    `is_declared` returns whether a question is declared absent."""
    for of in ("all", "en", "es", "fr", "oblique"):
        some = [r for r in rows if of in ("all", r.get("language", "en")) or (of == "oblique" and r.get("oblique"))]
        absent = [is_declared(row) for row in some if row.get("absent")]
        present = [is_declared(row) for row in some if not row.get("absent")]
        print(
            f"{name:34} {of:8} absence said {sum(absent)}/{len(absent)} = {np.mean(absent or [0]):.3f}   "
            f"answered told nothing {sum(present)}/{len(present)} = {np.mean(present or [0]):.3f}"
        )


def main() -> None:
    """Fit the weights on the files of --fit, then print them and the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", nargs="+", required=True)
    parser.add_argument("--test", nargs="+", required=True)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--and", dest="other", type=Path)
    asked = parser.parse_args()
    here = {"fit": read(asked.fit), "test": read(asked.test)}
    if asked.save:
        asked.save.write_text(json.dumps(here, ensure_ascii=False), encoding="utf-8")
    there = json.loads(asked.other.read_text(encoding="utf-8")) if asked.other else {"fit": [], "test": []}
    learn = here["fit"] + there["fit"]
    fitted = {name: fit([row for row in learn if row["seen"][0] == name], keys) for name, keys in KEYS.items()}
    force = load_ranking(live_searcher().index.corpus).nothing_said
    for name, found in fitted.items():
        kept = force[name].model_dump(include={"near", "near_from", "paper", "paper_from"})
        near = ", ".join(f"{key}: {value}" for key, value in kept.items())
        print(f"  {name}: {{base: {found.base}, weights: {json.dumps(found.weights)}, {near}}}".replace('"', ""))
        fitted[name] = found.model_copy(update=kept)
    for library, sets in (("this index", here), ("the other", there)):
        for name, evidence in (("in force", force), ("fitted", fitted)):
            for of in ("fit", "test") if sets["fit"] else ():
                table(f"{library}, {of}, weights {name}", sets[of], lambda row, e=evidence: weighed(row, e))


if __name__ == "__main__":
    main()
