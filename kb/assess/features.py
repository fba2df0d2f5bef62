"""Features of every pair of a criterion and a unit, the same for all criteria, so that one small model serves all of
them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kb.assess import retrieval
from kb.assess.cues import Cues
from kb.assess.probes import Probe, Probes, ProbeWords
from kb.assess.retrieval import BM25
from kb.assess.terms import TermIndex
from kb.assess.traits import Traits, traits
from kb.assess.units import PolicyUnit, titles


@dataclass(frozen=True)
class PolicyFeatures:
    """The features of all pairs of criterion and unit in one policy; arrays are [criteria, units] unless described
    otherwise."""

    criteria: tuple[str, ...]
    units: tuple[PolicyUnit, ...]
    traits: Traits
    table: TermIndex
    above: TermIndex
    best_probe: np.ndarray
    scores: dict[str, np.ndarray]
    vectors: np.ndarray | None = None
    """float32 [units, dimension]: each unit's vector minus the policy's mean, of length one."""
    headings: np.ndarray | None = None
    """float32 [units, dimension]: the vector of the heading over each unit; zeros where there is none."""

    @property
    def words(self) -> int:
        """Number of words in all units."""
        return sum(len(unit.text.split()) for unit in self.units)

    @cached_property
    def titles(self) -> np.ndarray:
        """Which units are titles or table cells, which are never proposed: bool [units]."""
        return np.array(titles(self.units), dtype=bool)

    @property
    def embedded(self) -> np.ndarray:
        """The vectors of the units. Raises ValueError when the policy was processed without an embedding model."""
        if self.vectors is None:
            raise ValueError("this policy was looked at by its words alone: it has no vectors")
        return self.vectors

    def matrix(self, names: Sequence[str]) -> np.ndarray:
        """Return the features with these names, in this order: float32 [criteria, units, features]."""
        shape = (len(self.criteria), len(self.units))
        columns = [self.scores[n] if n in self.scores else np.broadcast_to(self.traits.flags[n], shape) for n in names]
        return np.stack(columns, axis=-1).astype(np.float32)


@dataclass(frozen=True)
class _Match:
    """How well one probe matches each unit: float32 [units] each."""

    share: np.ndarray
    fires: np.ndarray
    fires_with_heading: np.ndarray
    heading: np.ndarray
    plus: np.ndarray
    terms: np.ndarray
    against: np.ndarray

    @property
    def strength(self) -> np.ndarray:
        """One number for each unit, by which the best probe of a criterion is chosen."""
        # weights chosen by eye; a fitted model uses the parts as separate features
        return (
            self.share  # weights chosen by eye; a fitted model uses the parts as separate features
            + 0.6 * self.fires
            + 0.3 * self.fires_with_heading
            + 0.2 * np.minimum(self.plus, 4)
            + 0.1 * np.minimum(self.terms, 5)
            - 0.8 * self.against
        )


def evidence(
    units: Sequence[PolicyUnit],
    language: str,
    cues: Cues,
    probes: Probes,
    criteria: Sequence[str],
    vectors: np.ndarray | None,
    probe_vectors: dict[str, np.ndarray] | None,
    headings: np.ndarray | None = None,
    middle: np.ndarray | None = None,
) -> PolicyFeatures:
    """Return the features of every pair of a criterion and a unit.

    Without `vectors` or `probe_vectors` the dense features are zero, or NaN where 0 would mean something. The mean
    of the vectors, or `middle` if given, is subtracted from them. `headings` are vectors that are only stored in the
    result.
    """
    table = TermIndex([unit.text for unit in units])
    above = TermIndex([unit.context for unit in units])
    kinds = traits(units, cues, table, above)
    hits = {c: [_match(probe.wording(language), table, above) for probe in probes.of(c)] for c in criteria}
    best = np.stack([np.argmax([hit.strength for hit in hits[c]], axis=0) for c in criteria])
    scores = _lexical_scores(hits, best, criteria)
    scores |= _bm25_scores(table, language, probes, criteria)
    own = None if vectors is None else retrieval.apart(vectors, middle).astype(np.float32)
    scores |= _dense_scores(own, probe_vectors, criteria, len(units))
    scores["hybrid"] = retrieval.hybrid(scores["bm25"], scores["dense"])
    scores |= {f"{name}_share": retrieval.unit_range(scores[name]) for name in ("strength", "bm25")}
    scores |= _competition(scores)
    scores |= _shape(units, len(criteria), scores)
    return PolicyFeatures(tuple(criteria), tuple(units), kinds, table, above, best, scores, own, headings)


def _match(wording: ProbeWords, table: TermIndex, above: TermIndex) -> _Match:
    own = np.stack([table.any(group) for group in wording.need])
    over = np.stack([above.any(group) for group in wording.need])
    joined = (own | over).all(axis=0) & (own.mean(axis=0) >= 0.5)
    flat = [term for group in wording.need for term in group]
    arrays = (
        own.mean(axis=0),
        own.all(axis=0),
        joined,
        over.mean(axis=0),
        table.count(wording.plus),
        table.count(flat),
        table.any(wording.against) | above.any(wording.against),
    )
    return _Match(*(np.asarray(a, dtype=np.float32) for a in arrays))


def _lexical_scores(hits: dict[str, list[_Match]], best: np.ndarray, criteria: Sequence[str]) -> dict[str, np.ndarray]:
    def pick(name: str) -> np.ndarray:
        """Return the array `name` of the best probe of each criterion: float32 [criteria, units]."""
        rows = [np.stack([getattr(hit, name) for hit in hits[c]]) for c in criteria]
        return np.stack([row[best[i], np.arange(row.shape[1])] for i, row in enumerate(rows)])

    found = {name: pick(name) for name in ("share", "fires", "fires_with_heading", "heading", "against", "strength")}
    # five words that speak for a criterion, or eight of its terms, say no more than twenty: lists of words stay in
    # bounds
    found["plus"] = np.minimum(pick("plus"), 5)
    found["terms"] = np.minimum(pick("terms"), 8)
    found["probes_fired"] = np.stack([np.sum([hit.fires for hit in hits[c]], axis=0) / len(hits[c]) for c in criteria])
    return found


def _bm25_scores(table: TermIndex, language: str, probes: Probes, criteria: Sequence[str]) -> dict[str, np.ndarray]:
    raw = retrieval.lexical(BM25(table.texts, language), probes, criteria)
    return {"bm25": raw, "bm25_log": np.log1p(raw)}


def _dense_scores(
    vectors: np.ndarray | None, probe_vectors: dict[str, np.ndarray] | None, criteria: Sequence[str], count: int
) -> dict[str, np.ndarray]:
    if vectors is None or probe_vectors is None:
        zero = np.zeros((len(criteria), count), dtype=np.float32)
        unknown = np.full_like(zero, np.nan)
        return {"dense": zero, "dense_level": unknown, "dense_centred": unknown, "dense_above": zero}
    probe_vectors = _probes_apart(probe_vectors, criteria)
    best, mean = retrieval.dense(vectors, probe_vectors, criteria)
    low, spread = _probe_scale(probe_vectors, criteria)
    centred = best - best.mean(axis=1, keepdims=True) - best.mean(axis=0, keepdims=True) + best.mean()
    return {
        "dense": best + 0.5 * mean,
        "dense_level": (best - low) / spread,
        "dense_centred": centred / spread,
        "dense_above": retrieval.standard(best + 0.5 * mean),
    }


def _probes_apart(probe_vectors: dict[str, np.ndarray], criteria: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the probe vectors minus the mean of all, normalised to length one."""
    middle = np.concatenate([probe_vectors[c] for c in criteria]).mean(axis=0)
    return {c: retrieval.apart(probe_vectors[c], middle) for c in criteria}


def _probe_scale(probe_vectors: dict[str, np.ndarray], criteria: Sequence[str]) -> tuple[float, float]:
    """Return mean and standard deviation of the cosine between probes of different criteria. This is the level of
    'unrelated, same genre' of an encoder, so that models with other ranges of cosine can share one calibration."""
    owner = np.concatenate([[i] * len(probe_vectors[c]) for i, c in enumerate(criteria)])
    all_probes = np.concatenate([probe_vectors[c] for c in criteria])
    other = (all_probes @ all_probes.T)[owner[:, None] != owner[None, :]]
    # probes that are all alike have no spread to divide by
    return (float(other.mean()), max(1e-3, float(other.std()))) if other.size else (0.0, 1.0)


def _competition(scores: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return two features: how much better a unit fits this criterion than the others, and how common such a fit is
    in the policy."""
    strength, fires = scores["strength"], scores["fires"]
    others = (strength.sum(axis=0, keepdims=True) - strength) / max(1, len(strength) - 1)
    hybrid = scores["hybrid"]
    order = np.argsort(np.argsort(-hybrid, axis=1), axis=1)
    return {
        "fit": strength - others,
        "crowd": np.broadcast_to(fires.mean(axis=0, keepdims=True), fires.shape),
        # keeps the logarithm finite for a criterion whose probes never fire
        "rarity": np.broadcast_to(-np.log(fires.mean(axis=1, keepdims=True) + 0.005), fires.shape),
        "rank": np.log1p(order).astype(np.float32),
        "top_criterion": (strength >= strength.max(axis=0, keepdims=True)).astype(np.float32),
    }


def _shape(units: Sequence[PolicyUnit], criteria: int, scores: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    length = np.log([max(1, len(unit.text.split())) for unit in units])
    shape = (criteria, len(units))
    return {
        "length": np.broadcast_to(length.astype(np.float32), shape),
        "short": np.broadcast_to((length < np.log(8)).astype(np.float32), shape),
        "fires_dense": scores["fires"] * scores["dense_level"],
        "fires_plus": scores["fires"] * scores["plus"],
    }


def matched_terms(found: PolicyFeatures, criterion: int, unit: int, probe: Probe, language: str) -> tuple[str, ...]:
    """Return the terms of the probe that the unit contains, required terms first."""
    wording = probe.wording(language)
    needs = [term for group in wording.need for term in found.table.matched(unit, group)]
    return tuple(dict.fromkeys(needs + found.table.matched(unit, wording.plus)))
