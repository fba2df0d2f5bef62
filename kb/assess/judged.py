"""Load judgements (which passages are evidence for which criterion), and match them with passages of a policy."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from kb.assess.examples import NOT_EVIDENCE, Example, ExamplePolicy, Examples
from kb.assess.features import PolicyFeatures
from kb.assess.provisions import source_pieces
from kb.errors import InputError, NotFound
from kb.extras import install
from kb.models import Span
from kb.text import sha256_text

Grams = frozenset[tuple[str, ...]]


def grams(text: str) -> Grams:
    """Return the set of word 4-grams of a text; one shorter gram for a text of fewer words. Same as in the scoring
    script."""
    found = re.findall(r"\w+", text.lower())
    return frozenset(tuple(found[i : i + 4]) for i in range(max(1, len(found) - 3)))


def meets(quote: Grams, text: Grams) -> bool:
    """Return whether a quotation and a text share 60 % of the quotation's 4-grams, or 60 % of the text's."""
    shared = len(quote & text)
    # three fifths of the words in common: quotations are cut and joined by hand; chosen by eye on the judged policies
    return shared >= 0.6 * len(quote) or shared >= 0.6 * len(text)


@dataclass(frozen=True)
class JudgedCriterion:
    """The judgements on one criterion in one policy: direct, related and misleading (`traps`) passages as 4-grams.
    With `more`, the judge did not list all passages."""

    criterion: str
    label: str
    direct: tuple[Grams, ...]
    related: tuple[Grams, ...]
    traps: tuple[Grams, ...]
    more: bool

    @property
    def nothing(self) -> bool:
        """Whether the judge found no evidence."""
        return self.label == "no_evidence_found"

    def grade(self, text: Grams) -> int:
        """Return 2 when the text overlaps direct evidence, 1 for related evidence, 0 for neither."""
        if any(meets(quote, text) for quote in self.direct):
            return 2
        return 1 if any(meets(quote, text) for quote in self.related) else 0

    def is_trap(self, text: Grams) -> bool:
        """Return whether the text overlaps a passage that looks like evidence but was judged not to be."""
        return any(meets(quote, text) for quote in self.traps)


@dataclass(frozen=True)
class JudgedPolicy:
    """One policy with its judgements, by criterion."""

    id: str
    file: str
    language: str
    rows: dict[str, JudgedCriterion]


def load_judged(path: Path, policies: Path | None = None) -> list[JudgedPolicy]:
    """Read policies with their judgements, in the order of the file.

    A passage is given by its `quote`, or by its offsets in the policy's text ("chars") and the beginning of the
    text's "sha256", so that judgements can be stored without the texts; these need `policies`, the folder of the
    texts. Raises NotFound if a file is missing, InputError if there is other text at the offsets.
    """
    found: dict[str, JudgedPolicy] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        policy = found.setdefault(entry["doc"], JudgedPolicy(entry["doc"], entry["file"], entry["lang"], {}))
        policy.rows[entry["criterion"]] = _row(entry, (policies or path.parent) / entry["file"])
    return list(found.values())


def _row(entry: dict, file: Path) -> JudgedCriterion:
    cut = lambda passages: tuple(grams(_quote(passage, file)) for passage in passages)
    direct, related = (cut(p for p in entry["passages"] if p["grade"] == grade) for grade in (2, 1))
    traps = cut(entry.get("hard_negatives", ()))
    return JudgedCriterion(entry["criterion"], entry["label"], direct, related, traps, bool(entry.get("more")))


def _quote(passage: dict, file: Path) -> str:
    if "quote" in passage:
        return passage["quote"]
    start, end = passage["chars"]
    words = _text(file)[start:end]
    if not sha256_text(words).startswith(passage["sha256"]):
        raise InputError(
            "other words stand where a passage was judged",
            where=f"{file.name}, character {start}",
            do="Take the file that was judged; where its reading has changed, judge the passage again.",
        )
    return words


@lru_cache(maxsize=4)  # cached files: one set of judgements, and those that tests build
def _text(file: Path) -> str:
    from kb.read import read

    if not file.is_file():
        raise NotFound("the judged policy's file is not there", where=file.name, do="Name its folder with --policies.")
    return read(file).text


def unit_grades(policy: JudgedPolicy, criteria: Sequence[str], texts: Sequence[str]) -> np.ndarray:
    """Return the judged grade of each unit: int8 [criteria, units], 2 direct, 1 related, 0 neither. -1 (unknown) in a
    row with unlisted passages, for units that overlap neither evidence nor a trap."""
    cut = [grams(text) for text in texts]
    grades = np.zeros((len(criteria), len(cut)), dtype=np.int8)
    for i, row in ((i, policy.rows[c]) for i, c in enumerate(criteria) if c in policy.rows):
        grades[i] = [row.grade(text) or (-1 if row.more and not row.is_trap(text) else 0) for text in cut]
    return grades


def examples_of(
    policy: JudgedPolicy, found: PolicyFeatures, grades: np.ndarray, traps: np.ndarray, space: str
) -> Examples:
    """Return the judged clauses of a policy as examples; `grades` (int8) and `traps` (bool) are [criteria, units],
    `space` is the name of the embedding model. Raises InputError when the policy was read without the embedding
    model."""
    at = np.flatnonzero((grades > 0).any(axis=0) | traps.any(axis=0))
    clauses = tuple(_example(policy.id, found, grades, traps, int(number)) for number in at)
    place = found.units[0].first.place
    source = ExamplePolicy(
        id=policy.id, title=policy.id, language=policy.language, file=Path(policy.file).name, sha256=place.sha256
    )
    if found.vectors is None:
        raise InputError("examples need the embedding model", where=policy.id, do=f"Install it: {install('build')}")
    return Examples(space, {policy.id: source}, clauses, found.vectors[at])


def _example(policy: str, found: PolicyFeatures, grades: np.ndarray, traps: np.ndarray, number: int) -> Example:
    unit = found.units[number]
    own = {c: int(grades[i, number]) for i, c in enumerate(found.criteria) if grades[i, number] > 0}
    own |= {c: NOT_EVIDENCE for i, c in enumerate(found.criteria) if traps[i, number] and c not in own}
    pieces = source_pieces(unit.parts)
    at = place_without_words(unit.first.citation.removeprefix(policy), pieces)
    return Example(policy=policy, at=at, pieces=pieces, sha256=sha256_text(unit.text)[:16], grades=own)


def place_without_words(citation: str, pieces: Sequence[Span]) -> str:
    """Return a citation without quoted headings, because examples must contain no text of others; if nothing is
    left, the character offsets in `pieces`."""
    left = re.sub(r"[“«][^”»]*[”»]", "", citation)
    left = ", ".join(part for part in (piece.strip() for piece in left.split(",")) if part)
    return left or (f"characters {pieces[0][0]} to {pieces[-1][1]}" if pieces else "no place")
