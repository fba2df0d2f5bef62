"""The small calibrated model: three linear scores over named features, stored as JSON with a record of how they were
obtained.

`rank` orders the clauses under a criterion; `row` gives the probability that a policy has any direct evidence for a
criterion; `proposal` gives the probability that a shown passage would be judged direct evidence. One set of weights
serves every criterion and language, so that it also works for criteria without a judged example.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from pydantic import Field, ValidationError, model_validator

from kb.assess.features import PolicyFeatures
from kb.assess.judged import Grams, grams
from kb.assess.windows import KEEP, Window, text_of, windows, worth
from kb.errors import DataError
from kb.models import Model

RANK = (
    "dense_above",
    "bm25_share",
    "strength_share",
    "fires",
    "item",
    "mode_may",
    "inert",
    "examples",
    "written",
    "direction",
    "heading_examples",
    "heading_written",
)
"""Few, because long lists and trees ranked held-out policies worse. Each of the last five was added to the seven before
and measured over twenty held-out policies; sections, articles, words of examples, length, place, money and mode were
tried likewise and added nothing (the table is in corpus/examples/README.md)."""
AT_BEST = ("strength", "dense_level", "examples_level", "written_level", "direction_level", "fit", "nearer")
ROW = (
    "strength_max",
    "strength_third",
    "dense_max",
    "dense_third",
    "dense_over_others",
    "strength_over_others",
    "examples_max",
    "examples_third",
    "examples_over_others",
    "written_max",
    "written_third",
    "written_over_others",
    "direction_max",
    "direction_third",
    "direction_over_others",
    "related_max",
    "related_third",
    "related_over_others",
    "examples_five",
    "direction_five",
    *(f"best_{name}" for name in AT_BEST),
    "best_inert",
    "best_rank",
    "words",
)
"""'over others' compares the policy's value for this criterion with its values for the others: policies differ in
length and style. 'related' is nearness to clauses judged related, 'five' the mean of the five best clauses, 'best' a
property of the best clause. With these and the policy's length .74 of the rows with nothing are found, without them
.69, at the same precision (single fits, the threshold chosen on the other 21 policies). How often other policies are
silent on the criterion added nothing."""
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
    "examples_level",
    "written_level",
    "direction_level",
    "nearer",
    "past_related",
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
_BEST = PROPOSAL[PROPOSAL.index("strength") : PROPOSAL.index("against")]
"""Features for which a passage has the maximum over its clauses."""
CANDIDATES = 12
"""Passages of a criterion that are re-ranked before KEEP of them are shown."""
FIVE = 5
"""Best clauses of a criterion whose mean is a feature of the row."""
REPEATED = 0.6
"""Share of a passage's four-word runs in a better one from which it counts as a repeat: as in the measure."""


WHOLE, LEAST_WORDS = 4000, 200
"""Words from which the threshold of silence applies fully, and below which it falls no further. Thresholds are chosen
on laws of 9,000 words, where two rows in five have direct evidence; of a few pages one row in six does, so that nearly
any silence is right there and the same threshold hid 22 of 54 rows with direct evidence (eight short laws that no model
had seen), the root of the length 12. A WHOLE of 6,000 hides fewer, and finds less than .70 of the French rows with
nothing in the judged policies."""


class Linear(Model):
    """A linear score of standardised features: intercept + Σ weight · (feature - mean) / scale."""

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
        """Return the scores of `values` [..., features]: float [...]. NaN counts as the mean."""
        values = np.where(np.isnan(values), self.mean, values)
        return (values - np.array(self.mean)) / np.array(self.scale) @ np.array(self.weights) + self.intercept

    def probability(self, values: np.ndarray) -> np.ndarray:
        """Return the logistic function of the scores: float [...], 0 to 1."""
        return 1 / (1 + np.exp(-self.score(values)))


class Calibrated(Model):
    """The calibrated model in use, with a record of its origin and its held-out figures."""

    version: str
    trained_on: str = Field(description="sha256 of the judgements")
    judgements: str = Field(description="name of the set, and what it holds")
    encoders: dict[str, str] = Field(description="language to name of the embedding model")
    rank: Linear
    row: Linear
    proposal: Linear
    silent_below: float = Field(description="row probability under which the answer is 'no evidence found'")
    silent_below_in: dict[str, float] = Field(
        default_factory=dict, description="the same for a language whose judged policies were enough to choose it by"
    )
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

    def is_silent(self, row: float, language: str, words: int) -> bool:
        """Return whether a criterion with the row probability `row` is answered 'no evidence found', in a policy of
        this language and number of words."""
        return row < self.silent_below_in.get(language, self.silent_below) * held_back(words)


def held_back(words: int) -> float:
    """Return the share (0 to 1) of the silence threshold that applies to a policy of this many words: 1 for a long
    policy, less for a short one."""
    return float(np.sqrt(min(1.0, max(words, LEAST_WORDS) / WHOLE)))


@lru_cache(maxsize=2)
def load_model(path: Path) -> Calibrated:
    """Load the model from a file. Raises DataError when it is missing or invalid."""
    try:
        return Calibrated.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise DataError(
            f"the model of self-assessment cannot be used: {error}",
            where=str(path),
            do="Restore it from the repository, or train it: python benchmarks/train_assess.py.",
        ) from error


def centred(found: PolicyFeatures, names: Sequence[str] = RANK) -> np.ndarray:
    """Return the features minus the mean of each criterion, because ranking only compares units: float [criteria,
    units, features]."""
    values = found.matrix(names)
    return values - values.mean(axis=1, keepdims=True)


def row_features(found: PolicyFeatures, ranks: np.ndarray) -> np.ndarray:
    """Return features of the whole policy for each criterion: float [criteria, len(ROW)], NaN for unknown ones.

    `ranks` are the rank scores of its units, float [criteria, units].
    """
    columns: dict[str, np.ndarray] = {}
    parts = {"strength": "strength", "dense": "dense_level", "examples": "examples_level", "written": "written_level"}
    levels = {name: found.scores[score] for name, score in (parts | {"direction": "direction_level"}).items()}
    levels["related"] = found.scores["examples_level"] - found.scores["past_related"]
    for name, level in levels.items():
        best = _nth(level, 0)
        columns |= {f"{name}_max": best, f"{name}_third": _nth(level, 2), f"{name}_over_others": best - best.mean()}
    order = np.argsort(-ranks, axis=1)[:, :FIVE]
    columns |= {
        f"{name}_five": np.take_along_axis(levels[name], order, 1).mean(1) for name in ("examples", "direction")
    }
    rows, best_unit = np.arange(len(ranks)), ranks.argmax(axis=1)
    columns |= {f"best_{name}": found.scores[name][rows, best_unit] for name in AT_BEST}
    columns["best_inert"] = found.traits.flags["inert"][best_unit]
    columns["best_rank"] = (ranks.max(1) - ranks.mean(1)) / np.maximum(ranks.std(1), 1e-9)
    columns["words"] = np.full(len(ranks), np.log(max(found.words, 1)))
    return np.stack([columns[name] for name in ROW], axis=-1)


def proposal_features(
    found: PolicyFeatures, criterion: int, shown: Sequence[Window], rank_scores: np.ndarray, row_score: float
) -> np.ndarray:
    """Return the features of each passage in `shown` for a criterion (its position): float [windows, len(PROPOSAL)].
    `rank_scores` are those of the units under the criterion."""
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
        values |= {name: found.scores[name][criterion, inside].max() for name in _BEST}
        values |= {
            name: float(found.traits.flags[name][window.centre]) for name in PROPOSAL if name[:5] in ("kind_", "mode_")
        }
        rows.append([values[name] for name in PROPOSAL])
    return np.array(rows, dtype=np.float64).reshape(len(shown), len(PROPOSAL))


def candidates(
    found: PolicyFeatures, rank_scores: np.ndarray, keep: int = KEEP, taken: np.ndarray | None = None
) -> list[Window]:
    """Return the passages of a criterion to be re-ranked; `rank_scores` are those of the units under it. None of them
    contains a title or a unit in `taken` (bool [units])."""
    left_out = found.titles if taken is None else found.titles | taken
    return windows(found.units, rank_scores, max(keep, CANDIDATES), taken=left_out)


def shown(
    model: Linear,
    found: PolicyFeatures,
    criterion: int,
    parts: Sequence[Window],
    rank_scores: np.ndarray,
    row_score: float,
    keep: int = KEEP,
    features: np.ndarray | None = None,
) -> tuple[list[Window], np.ndarray]:
    """Return the passages to show for a criterion, best first, and for each the probability that it is direct evidence.

    They are ranked by the sum of two scores, each in standard deviations of the candidates: the worth of a passage's
    clauses, and how direct the passage is as a whole. A passage that repeats a better one comes after all others.
    `features` is the result of `proposal_features`, if it is known already. Probabilities never rise from one rank to
    the next.
    """
    if features is None:
        features = proposal_features(found, criterion, parts, rank_scores, row_score)
    second = model.score(features)
    first = np.array([worth(rank_scores[criterion], part) for part in parts])
    best = np.argsort(-(_standard(first) + _standard(second)), kind="stable")
    order = repeats_last([text_of(found.units, parts[i]) for i in best], best.tolist())[:keep]
    sure = 1 / (1 + np.exp(-second[order]))
    return [parts[i] for i in order], never_rising(sure)


def repeats_last(texts: Sequence[str], order: Sequence[int]) -> list[int]:
    """Return `order` (positions of passages, best first) with passages that repeat a better one moved to the end;
    `texts` are their texts in the same order.

    Reports and laws with amendments repeat sentences: the same sentence in five places is one proposal.
    """
    first: list[int] = []
    later: list[int] = []
    seen: list[Grams] = []
    for number, text in zip(order, texts, strict=True):
        words = grams(text)
        if any(len(words & other) >= REPEATED * len(words) for other in seen):
            later.append(int(number))
            continue
        seen.append(words)
        first.append(int(number))
    return first + later


def _standard(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / max(float(values.std()), 1e-9) if len(values) else values


def never_rising(values: np.ndarray) -> np.ndarray:
    """Return the nearest sequence that does not rise (isotonic regression): values in the wrong order are replaced
    by their mean.

    >>> never_rising(np.array([0.9, 0.4, 0.6, 0.1])).tolist()
    [0.9, 0.5, 0.5, 0.1]
    """
    blocks: list[tuple[float, int]] = []
    for value in values:
        mean, count = float(value), 1
        while blocks and blocks[-1][0] < mean:
            before, times = blocks.pop()
            mean, count = (before * times + mean * count) / (times + count), times + count
        blocks.append((mean, count))
    return np.array([mean for mean, count in blocks for _ in range(count)])


def _nth(values: np.ndarray, nth: int) -> np.ndarray:
    """Return the nth largest value of each row (0 is the largest); the smallest value when a row has fewer."""
    ordered = -np.sort(-values, axis=1)
    return ordered[:, min(nth, ordered.shape[1] - 1)]
