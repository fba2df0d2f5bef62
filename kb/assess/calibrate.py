"""The small calibrated model: three linear scores over named features, kept as JSON with how they were obtained.

`rank` orders the clauses under a criterion, `row` gives the probability that a policy holds direct evidence for a
criterion at all, `proposal` the probability that a shown passage would be judged direct. One set of weights serves
every criterion and language, so that criteria without a judged example are served too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from pydantic import Field, ValidationError, model_validator

from kb.assess.features import Evidence
from kb.assess.windows import Window
from kb.errors import DataError
from kb.models import Model

RANK = ("dense_above", "bm25_share", "strength_share", "fires", "item", "mode_may", "inert")
"""Few, because long lists and trees ranked held-out policies worse (twelve policies, before the vectors were taken apart:
recall@5 .65 with seven features, .64 with twenty-six, .61 to .64 with boosted trees). `fires`, `item` and `mode_may` were kept from thirty tried singly on six
held-out policies: a choice that the figures beside the model do not hold apart."""
ROW = ("strength_max", "strength_third", "dense_max", "dense_third", "dense_over_others", "strength_over_others")
"""The last two say how the policy does for this criterion beside how it does for the others: policies differ in length and
manner. Nine features without them kept fewer silences at the same loss (held-out silent recall .70 against .75)."""
PROPOSAL = (
    "row",
    "rank_score",
    "order",
    "strength",
    "fires",
    "fires_with_heading",
    "dense_level",
    "fit",
    "heading",
    "against",
    "kind_definition",
    "kind_editor_note",
    "kind_repeal",
    "kind_transitional",
    "kind_preamble",
    "kind_staff",
    "kind_accounts",
    "mode_shall",
    "mode_entitlement",
    "mode_will",
    "mode_should",
    "words",
)


class Linear(Model):
    """A standardised linear score: intercept + Σ weight · (feature - mean) / scale."""

    names: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float = 0.0

    @model_validator(mode="after")
    def _same_length(self) -> Linear:
        if not len(self.names) == len(self.mean) == len(self.scale) == len(self.weights):
            raise ValueError("names, mean, scale and weights differ in length")
        return self

    def score(self, values: np.ndarray) -> np.ndarray:
        """Scores of `values` [..., features]; an unknown one (not a number) counts as the mean."""
        values = np.where(np.isnan(values), self.mean, values)
        return (values - np.array(self.mean)) / np.array(self.scale) @ np.array(self.weights) + self.intercept

    def probability(self, values: np.ndarray) -> np.ndarray:
        """The score through the logistic function."""
        return 1 / (1 + np.exp(-self.score(values)))


class Calibrated(Model):
    """The model in use, with its origin and its held-out figures."""

    version: str
    trained_on: str = Field(description="sha256 of the judgements")
    judgements: str = Field(description="name of the set, and what it holds")
    encoders: dict[str, str] = Field(description="language to name of the embedding model")
    rank: Linear
    row: Linear
    proposal: Linear
    silent_below: float = Field(description="row probability under which the answer is 'no evidence found'")
    direct_from: float = Field(description="confidence from which a proposal is graded direct")
    held_out: dict[str, float] = Field(
        description="figures with policies held apart; nothing in them saw its own policy"
    )

    @model_validator(mode="after")
    def _fits_this_program(self) -> Calibrated:
        for part, names in (("rank", RANK), ("row", ROW), ("proposal", PROPOSAL)):
            if getattr(self, part).names != names:
                raise ValueError(f"'{part}' was trained on other features than this program computes")
        return self


@lru_cache(maxsize=2)
def load_model(path: Path) -> Calibrated:
    """The model in `path`. Raises DataError where it is absent or broken."""
    try:
        return Calibrated.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise DataError(
            f"the model of self-assessment cannot be used: {error}",
            where=str(path),
            do="Restore it from the repository, or train it: python benchmarks/train_assess.py.",
        ) from error


def centred(found: Evidence, names: Sequence[str] = RANK) -> np.ndarray:
    """[criteria, units, features] less the mean of each criterion: ranking asks only which unit is better."""
    values = found.matrix(names)
    return values - values.mean(axis=1, keepdims=True)


def row_features(found: Evidence) -> np.ndarray:
    """[criteria, len(ROW)]: what the whole policy holds for a criterion."""
    top = lambda name, nth: _nth(found.scores[name], nth)
    strength, dense = top("strength", 0), top("dense_level", 0)
    columns = [
        strength,
        top("strength", 2),
        dense,
        top("dense_level", 2),
        dense - dense.mean(),
        strength - strength.mean(),
    ]
    return np.stack(columns, axis=-1)


def proposal_features(
    found: Evidence, criterion: int, shown: Sequence[Window], rank_scores: np.ndarray, row_score: float
) -> np.ndarray:
    """[windows, len(PROPOSAL)]: what speaks for and against each shown passage."""
    best = ("strength", "fires", "fires_with_heading", "dense_level", "fit", "heading")
    rows = []
    for order, window in enumerate(shown):
        inside = slice(window.first, window.last + 1)
        values = {
            "row": row_score,
            "rank_score": rank_scores[criterion, window.centre] - rank_scores[criterion].mean(),
            "order": np.log1p(order),
            "against": found.scores["against"][criterion, window.centre],
            "words": np.log(sum(len(unit.text.split()) for unit in found.units[inside]) + 1),
        }
        values |= {name: found.scores[name][criterion, inside].max() for name in best}
        values |= {
            name: float(found.traits.flags[name][window.centre]) for name in PROPOSAL if name[:5] in ("kind_", "mode_")
        }
        rows.append([values[name] for name in PROPOSAL])
    return np.array(rows, dtype=np.float64).reshape(len(shown), len(PROPOSAL))


def confidence(
    model: Linear, found: Evidence, criterion: int, shown: Sequence[Window], rank_scores: np.ndarray, row_score: float
) -> np.ndarray:
    """Probability of each shown passage to be direct evidence, never rising from one rank to the next."""
    return never_rising(model.probability(proposal_features(found, criterion, shown, rank_scores, row_score)))


def never_rising(values: np.ndarray) -> np.ndarray:
    """The nearest sequence that does not rise: neighbours in the wrong order share their mean (isotonic regression)."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        mean, count = float(value), 1
        while blocks and blocks[-1][0] < mean:
            before, times = blocks.pop()
            mean, count = (before * times + mean * count) / (times + count), times + count
        blocks.append((mean, count))
    return np.array([mean for mean, count in blocks for _ in range(count)])


def _nth(values: np.ndarray, nth: int) -> np.ndarray:
    """The nth largest value of each row (0 is the largest); the smallest where there are fewer."""
    ordered = -np.sort(-values, axis=1)
    return ordered[:, min(nth, ordered.shape[1] - 1)]
