"""Lessons from judged policies about each criterion, and features that compare a policy's clauses with them.

A clause is compared with three things: clauses judged for the criterion (`examples`), clauses that the project wrote
for it (`written`), and the direction in vector space in which direct clauses are (`directions`, fitted by ridge
regression on all clauses of judged policies).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from pydantic import RootModel

from kb.assess import retrieval
from kb.assess.encoding import CachedVectors
from kb.assess.examples import Examples, nearest_mean, read_examples, similarities, unit
from kb.assess.features import PolicyFeatures
from kb.data import load_yaml
from kb.errors import DataError

PENALTY = 30.0
"""Of the ridge regression: 3 to 300 were tried on the twenty policies; 30 to 100 rank clauses equally well."""
TRAP_WEIGHT = -0.25
"""Target value of a clause that looks like evidence and is not, where a direct one has 1."""
WRITTEN_NEAREST = 4
"""Written clauses whose cosines are averaged, of about ten for each criterion."""


class WrittenFile(RootModel[dict[str, dict[str, tuple[str, ...]]]]):
    """The content of corpus/examples/written.yaml: criterion to language to clauses that the project wrote."""


@dataclass(frozen=True)
class Lessons:
    """What a policy's clauses are compared with: judged `examples`; the vectors of clauses that the project wrote
    (`written`, float32 [clauses, dimension]) with the criterion of each in `written_for`; and for each criterion the
    direction in vector space in which direct clauses lie (`directions`, float32 [dimension])."""

    examples: Examples
    written: np.ndarray
    written_for: tuple[str, ...]
    directions: dict[str, np.ndarray]

    def without_file(self, sha256: str) -> Lessons:
        """Return the lessons without the examples of one file (by its hash). The directions are kept, because none of
        them represents a single clause."""
        return replace(self, examples=self.examples.without_file(sha256))


@dataclass(frozen=True)
class Moments:
    """The sums over one policy's clauses that ridge regression needs: Σ v vᵀ, and for each criterion Σ v · y, where
    v is a clause's vector and y how direct it is."""

    square: np.ndarray
    toward: np.ndarray

    @classmethod
    def of(cls, vectors: np.ndarray, grades: np.ndarray, traps: np.ndarray) -> Moments:
        """Compute the sums from vectors (float32 [units, dimension]), grades (int8) and traps (bool) (both [criteria,
        units])."""
        target = (grades == 2) + TRAP_WEIGHT * (traps & (grades != 2))
        return cls(vectors.T @ vectors, target.astype(np.float32) @ vectors)


def directions(moments: Sequence[Moments], criteria: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the direction of each criterion (float32 [dimension]), fitted on the policies of `moments`."""
    square = np.sum([one.square for one in moments], axis=0) + PENALTY * np.eye(len(moments[0].square))
    toward = np.sum([one.toward for one in moments], axis=0)
    return dict(zip(criteria, np.linalg.solve(square, toward.T).T.astype(np.float32), strict=True))


def compare(found: PolicyFeatures, lessons: Lessons | None) -> PolicyFeatures:
    """Return `found` with features that tell how near each clause is to what the lessons contain on each criterion.

    `examples`, `written`, `direction` and `heading_…` are standardised for each criterion, for ranking; `…_level` are
    not scaled, for confidence. Without vectors or lessons the former are 0 and the levels NaN.
    """
    names = ("examples", "written", "direction", "heading_examples", "heading_written")
    levels = ("examples_level", "written_level", "direction_level", "nearer", "past_related")
    shape = (len(found.criteria), len(found.units))
    if found.vectors is None or lessons is None:
        unknown = np.full(shape, np.nan, dtype=np.float32)
        return replace(
            found, scores=found.scores | dict.fromkeys(names, np.zeros(shape)) | dict.fromkeys(levels, unknown)
        )
    near = similarities(lessons.examples, found.vectors, found.criteria)
    written = _written(found.vectors, lessons, found.criteria)
    flat = np.zeros(found.vectors.shape[1], dtype=np.float32)
    direction = np.stack([found.vectors @ lessons.directions.get(c, flat) for c in found.criteria])
    headings = np.zeros_like(found.vectors) if found.headings is None else found.headings
    kinds, which = np.unique(headings, axis=0, return_inverse=True)
    above = similarities(lessons.examples, kinds, found.criteria)["direct"][:, which.ravel()]
    above_written = _written(kinds, lessons, found.criteria)[:, which.ravel()]
    arrays = (near["direct"], written, direction, above, above_written)
    scores = {name: retrieval.standard(array) for name, array in zip(names, arrays, strict=True)}
    scores |= {"examples_level": near["direct"], "written_level": written, "direction_level": direction}
    scores["nearer"] = near["direct_three"] - near["not_evidence"]
    scores["past_related"] = near["direct"] - near["related"]
    return replace(found, scores=found.scores | scores)


def _written(vectors: np.ndarray, lessons: Lessons, criteria: Sequence[str]) -> np.ndarray:
    cosines = vectors @ lessons.written.T
    own = np.array(lessons.written_for)
    return np.stack([nearest_mean(cosines[:, own == criterion], WRITTEN_NEAREST) for criterion in criteria])


def written_vectors(corpus: Path, vectors: CachedVectors) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the vectors of the written clauses (those of each language minus their mean), and the criterion of
    each."""
    by_language: dict[str, list[tuple[str, str]]] = {}
    for criterion, languages in load_yaml(corpus / "examples" / "written.yaml", WrittenFile).root.items():
        for language, clauses in languages.items():
            by_language.setdefault(language, []).extend((criterion, clause) for clause in clauses)
    parts = [retrieval.apart(vectors.of([text for _, text in pairs])) for pairs in by_language.values()]
    return np.concatenate(parts).astype(np.float32), tuple(c for pairs in by_language.values() for c, _ in pairs)


def written_middle(corpus: Path, vectors: CachedVectors, language: str) -> np.ndarray:
    """Return the mean vector of the clauses that the project wrote in a language (corpus/examples/written.yaml), before
    any mean is subtracted: float32 [dimension]."""
    written = load_yaml(corpus / "examples" / "written.yaml", WrittenFile).root.values()
    return vectors.of([clause for languages in written for clause in languages.get(language, ())]).mean(axis=0)


def load_lessons(corpus: Path, vectors: CachedVectors) -> Lessons | None:
    """Load the shipped lessons; None when they were made with another embedding model than that of `vectors`."""
    examples = read_examples(corpus / "examples")
    if not vectors.encoder.identity.startswith(examples.space):
        return None
    return Lessons(examples, *written_vectors(corpus, vectors), _read_directions(corpus / "examples"))


@lru_cache(maxsize=2)
def _read_directions(folder: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(folder / "directions.npz", allow_pickle=False) as file:
            return {name: file[name].astype(np.float32) for name in file.files}
    except (OSError, ValueError) as error:
        raise DataError(
            f"the directions cannot be used: {error}",
            where=str(folder / "directions.npz"),
            do="Restore corpus/examples from the repository.",
        ) from error


def heading_vectors(texts: Sequence[str], vectors: CachedVectors) -> np.ndarray:
    """Return the vector of the heading over each unit, minus the mean of all distinct headings: float32 [units,
    dimension].

    A row is zeros when there is no heading; all are when there are fewer than three distinct ones.
    """
    kinds = [text for text in dict.fromkeys(texts) if text]
    if len(kinds) < 3:
        return np.zeros((len(texts), vectors.of(["-"]).shape[1]), dtype=np.float32)
    known = dict(zip(kinds, unit(retrieval.apart(vectors.of(kinds))), strict=True))
    nothing = np.zeros_like(next(iter(known.values())))
    return np.stack([known.get(text, nothing) for text in texts])
