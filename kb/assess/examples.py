"""Judged clauses of other policies as examples: location, hash, grades and vector of each. Their text is not stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, ValidationError

from kb.errors import DataError
from kb.files import replacing
from kb.models import Model, Span

Origin = Literal["judged", "decision", "import"]
DIRECT, RELATED, NOT_EVIDENCE, UNJUDGED = 2, 1, 0, -1
"""Grades of a clause under a criterion; NOT_EVIDENCE looks like evidence and was judged not to be."""
NEIGHBOURS = 8
"""Nearest examples whose cosines are averaged: one alone follows chance (unseen recall@5 .42 with 1, .48 with 3, .52
with 8 on the twenty policies), the mean of all blurs a criterion's several forms."""


class ExamplePolicy(Model):
    """A policy from which examples were taken."""

    id: str
    title: str
    language: str
    file: str
    sha256: str = Field(description="hash of the file that was judged; examples of a file never serve that file itself")


class Example(Model):
    """One clause with its judgement; its text is only in the policy's own file."""

    policy: str
    at: str = Field(description="where it stands, as the policy's passage is cited")
    pieces: tuple[Span, ...] = Field(description="characters of the file's text as it is read")
    sha256: str = Field(description="first 16 characters of the hash over the clause, white space squeezed")
    grades: dict[str, int] = Field(description="criterion to 2 direct, 1 related, 0 looks like evidence and is not")
    origin: Origin = "judged"
    by: str = Field("", description="who decided, where it comes from a decision")
    decision: str = Field(
        "", description="which decision it is from: clauses of one quotation share it; never exported"
    )


class ExampleFile(Model):
    """The content of judged.json; the examples' vectors are in judged.npy beside it."""

    space: str = Field(description="name of the embedding model, to which the vectors belong")
    vectors_sha256: str
    policies: tuple[ExamplePolicy, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Examples:
    """Clauses with their vectors (float32 [clauses, dimension]), each minus the mean of its own policy, scaled to
    length one."""

    space: str
    policies: dict[str, ExamplePolicy]
    clauses: tuple[Example, ...]
    vectors: np.ndarray

    def __len__(self) -> int:
        return len(self.clauses)

    def keep(self, wanted: Callable[[Example], bool]) -> Examples:
        """Return the examples for whose clause `wanted` returns True."""
        at = [i for i, clause in enumerate(self.clauses) if wanted(clause)]
        return Examples(self.space, self.policies, tuple(self.clauses[i] for i in at), self.vectors[at])

    def without_file(self, sha256: str) -> Examples:
        """Return the examples without those of one file (by its hash), because a policy must not be evaluated by its
        own judgements."""
        out = {policy.id for policy in self.policies.values() if policy.sha256 == sha256}
        return self.keep(lambda clause: clause.policy not in out) if out else self

    def plus(self, other: Examples) -> Examples:
        """Return these examples followed by others. Raises DataError when their vectors are of different models."""
        if other.space != self.space:
            raise DataError(
                f"examples of '{other.space}' beside those of '{self.space}'", do="Make them with one model."
            )
        return Examples(
            self.space,
            self.policies | other.policies,
            self.clauses + other.clauses,
            np.concatenate([self.vectors, other.vectors]),
        )

    def graded(self, criterion: str) -> np.ndarray:
        """Return the grade of each clause under a criterion: int8 [clauses], UNJUDGED for one without."""
        return self._grades.get(criterion, np.full(len(self.clauses), UNJUDGED, dtype=np.int8))

    @cached_property
    def _grades(self) -> dict[str, np.ndarray]:
        """Grade of each clause by criterion: int8 [clauses], UNJUDGED for one without."""
        made: dict[str, np.ndarray] = {}
        for number, clause in enumerate(self.clauses):
            for criterion, grade in clause.grades.items():
                made.setdefault(criterion, np.full(len(self.clauses), UNJUDGED, dtype=np.int8))[number] = grade
        return made

    def nearest(self, vectors: np.ndarray, criterion: str, grade: int = DIRECT) -> tuple[Example, float] | None:
        """Return the clause with this grade under the criterion that is nearest to any of `vectors`, and its cosine;
        None when there is none."""
        at = np.flatnonzero(self.graded(criterion) == grade)
        if not len(at) or not len(vectors):
            return None
        cosines = (vectors @ self.vectors[at].T).max(axis=0)
        best = int(cosines.argmax())
        return self.clauses[at[best]], float(cosines[best])


def similarities(examples: Examples, vectors: np.ndarray, criteria: Sequence[str]) -> dict[str, np.ndarray]:
    """Return four measures of how near each unit (`vectors` [units, dimension]) is to examples of each criterion:
    float32 [criteria, units] each.

    `direct` is the mean cosine with the nearest NEIGHBOURS direct clauses, `direct_three` with the nearest three,
    `related` with the nearest four related ones, `not_evidence` with the nearest three that are not evidence; 0 when
    there are none.
    """
    cosines = vectors @ examples.vectors.T
    # as many nearest examples as the model in use was fitted with
    parts = {"direct": (DIRECT, NEIGHBOURS), "direct_three": (DIRECT, 3), "related": (RELATED, 4)}
    parts |= {"not_evidence": (NOT_EVIDENCE, 3)}
    grades = {criterion: examples.graded(criterion) for criterion in criteria}
    return {
        name: np.stack([nearest_mean(cosines[:, grades[c] == grade], count) for c in criteria])
        for name, (grade, count) in parts.items()
    }


def nearest_mean(cosines: np.ndarray, count: int) -> np.ndarray:
    """Return the mean of the `count` highest values of each row: float32 [units]; 0 when there are no columns."""
    width = cosines.shape[1]
    if not width:
        return np.zeros(len(cosines), dtype=np.float32)
    count = min(count, width)
    return np.partition(cosines, width - count, axis=1)[:, width - count :].mean(axis=1)


def write_examples(folder: Path, examples: Examples) -> None:
    """Write judged.json and judged.npy into `folder`, each atomically."""
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / "judged.npy") as beside, open(beside, "wb") as file:
        np.save(file, examples.vectors.astype(np.float16), allow_pickle=False)
    digest = hashlib.sha256((folder / "judged.npy").read_bytes()).hexdigest()
    used = {clause.policy for clause in examples.clauses}
    policies = tuple(policy for id, policy in sorted(examples.policies.items()) if id in used)
    content = ExampleFile(space=examples.space, vectors_sha256=digest, policies=policies, examples=examples.clauses)
    with replacing(folder / "judged.json") as beside:
        beside.write_text(_by_line(content), encoding="utf-8")


def _by_line(content: ExampleFile) -> str:
    """Return JSON with one clause on a line, so that a diff shows which clauses changed."""
    head = content.model_dump_json(exclude={"examples"})[:-1]
    lines = ",\n".join(one.model_dump_json(exclude_defaults=True) for one in content.examples)
    return f'{head},"examples":[\n{lines}\n]}}\n'


@lru_cache(maxsize=4)  # cached folders: one corpus, and those that tests build
def read_examples(folder: Path) -> Examples:
    """Read judged.json and judged.npy as written by `write_examples`. Raises DataError when a file is missing or
    invalid, or when the two do not belong together."""
    table = folder / "judged.json"
    try:
        content = ExampleFile.model_validate_json(table.read_text(encoding="utf-8"))
        raw = (folder / "judged.npy").read_bytes()
        vectors = np.load(folder / "judged.npy", allow_pickle=False).astype(np.float32)
    except (OSError, ValueError, ValidationError) as error:
        raise DataError(
            f"the examples cannot be used: {error}", where=str(table), do="Restore corpus/examples from the repository."
        ) from error
    if hashlib.sha256(raw).hexdigest() != content.vectors_sha256 or len(vectors) != len(content.examples):
        raise DataError(
            "judged.npy does not belong to judged.json", where=str(table), do="Restore both from the repository."
        )
    return Examples(content.space, {policy.id: policy for policy in content.policies}, content.examples, unit(vectors))


def unit(vectors: np.ndarray) -> np.ndarray:
    """Normalise rows to length one, float32; a row of zeros stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)


def together(parts: Iterable[Examples]) -> Examples:
    """Join several sets of examples, in their order. `parts` must not be empty."""
    first, *rest = parts
    for one in rest:
        first = first.plus(one)
    return first
