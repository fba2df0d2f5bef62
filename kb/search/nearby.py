"""Measure how near a user's question is in meaning to everyday questions, whose answer is an entry of the register or a
passage of the paper (corpus/search/nearby.npz).

Two questions about one subject are nearer to each other than a question is to the words of a treaty or a plan. Everyday
questions are the project's own words, for finding only: they change a score and are never shown, quoted or exported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.engine import Leg, picked
from kb.index.encoders import Encoder, normalise
from kb.languages import is_main
from kb.search.arrays import arrays_of
from kb.search.entries import Entries, Holding
from kb.search.pool import LEXICAL, Pool
from kb.search.ranking import Nearness
from kb.text import sha256_text

if TYPE_CHECKING:
    from kb.index.live import Index

FILE = "search/nearby.npz"
"""Path of the file below the corpus.

`entries` are those of the register, then passages of the paper; `made_of` is the `digest` of the questions. For each
space NAME there are: `NAME.encoder` (its identity), `NAME.languages`, `NAME.means` float16 [languages, dim],
`NAME.owner` int16 [questions] (position in `entries`), `NAME.rows` int8 [questions, dim] and `NAME.scale`.
"""
LONG = 6
"""Minimum number of words of an everyday question that counts as a sentence. Vectors of sentences and of phrases are
far apart, and most user questions are sentences."""
_ENTRY_SHARE = 0.5
"""Share of the mean vector of an entry's questions that is added to each of its questions. With 0.5, the entry is among
the five nearest for 83 in 100 questions of `search_first`, without it for 80; the other test sets lose 1 or 2
questions."""


@dataclass(frozen=True)
class QuestionSpace:
    """The everyday questions in one vector space, prepared for comparison.

    `means`: for each language, the mean vector of its questions. `rows`: for each question, its vector minus the mean
    of its language and form (sentence or phrase), plus a share of the mean of its entry. `owner`: the entry number of
    each question.
    """

    encoder: str
    means: Mapping[str, np.ndarray]
    owner: np.ndarray
    rows: np.ndarray

    def _less_mean(self, vector: np.ndarray, language: str) -> np.ndarray:
        """Subtract the mean of the question's language (the mean of all languages when that is unknown), and
        normalise."""
        mean = self.means.get(language)
        return normalise(vector - (np.mean(list(self.means.values()), axis=0) if mean is None else mean))

    def near(self, vector: np.ndarray, language: str, wanted: np.ndarray) -> np.ndarray:
        """Return for each of the `wanted` entries (int [n], increasing) the nearness of the user's question to the
        entry's nearest everyday question: float32 [n]; for an entry without questions, the lowest value found.

        Only questions of wanted entries are compared, unless they are more than half of all.
        """
        order, first, many = self._by_entry
        here = wanted[wanted < len(many)]
        sizes = many[here]
        starts, total = np.cumsum(sizes) - sizes, int(sizes.sum())
        # each question lies where its entry begins, and as far on as it is from the first of them here
        at = order[np.repeat(first[here] - starts, sizes) + np.arange(total)]
        every = self._every(vector, language, 2 * total > len(self.rows))
        found = self.rows[at] @ self._less_mean(vector, language) if every is None else every[at]
        best = np.full(len(wanted), found.min() if total else 0.0, dtype=np.float32)
        has = np.flatnonzero(sizes)
        if total:
            best[has] = np.maximum.reduceat(found, starts[has])
        return best

    def _every(self, vector: np.ndarray, language: str, many: bool) -> np.ndarray | None:
        """Return the nearness of the user's question to every everyday question: float32 [questions].

        The result for the last question is cached, because absence and ranking both need it. Returns None when it is
        not cached and `many` (the caller needs most questions) is False.
        """
        asked = vector.tobytes(), language
        found = self._last.get(asked)
        if found is None and many:
            found = self.rows @ self._less_mean(vector, language)
            self._last.clear()
            self._last[asked] = found
        return found

    @cached_property
    def _last(self) -> dict[tuple[bytes, str], np.ndarray]:
        """Cache: key of the last user's question, and its nearness to each everyday question."""
        return {}

    @cached_property
    def _by_entry(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Positions of questions sorted by entry, the position in that order where each entry begins, and the number of
        questions of each entry: int64."""
        many = np.bincount(self.owner)
        return np.argsort(self.owner, kind="stable"), np.cumsum(many) - many, many


@dataclass(frozen=True)
class Nearby:
    """All everyday questions of a corpus: `entries` maps each entry to its number, `spaces` maps each vector space to
    its questions. `made_of` is the fingerprint of their texts (see `digest`)."""

    entries: Mapping[str, int]
    spaces: Mapping[str, QuestionSpace]
    made_of: str

    @cached_property
    def documents(self) -> Holding:
        """The documents that contain entries with everyday questions."""
        return Holding(self.by_document.__contains__)

    @cached_property
    def by_document(self) -> Mapping[str, np.ndarray]:
        """For each document, the numbers of its entries, increasing."""
        held: dict[str, list[int]] = defaultdict(list)
        for entry, number in self.entries.items():
            held[entry.partition("/")[0]].append(number)
        return {document: np.array(sorted(numbers)) for document, numbers in held.items()}


def moved(
    scores: np.ndarray,
    pool: Pool,
    entries: Entries,
    nearness: Callable[[np.ndarray], np.ndarray | None],
    nearby: Nearby | None,
    rules: Nearness,
) -> tuple[np.ndarray, np.ndarray | None]:
    """Move the scores of passages of the register and the paper towards the nearness of their everyday questions to the
    user's question.

    Returns (new scores, relative nearness of each candidate): float64 [n], 1 for the nearest, 0 from the
    `rules.among`th on. Register passages are compared with each other only, passages of the paper with both. Returns
    (`scores`, None) when only words or only meaning were searched, or when no candidate has everyday questions.
    `nearness` is called with the numbers of the candidates' entries (see the function of that name).
    """
    if nearby is None or LEXICAL not in pool.legs or len(pool.legs) < 2:
        return scores, None
    names, codes = pool.columns.document.names, pool.columns.document.codes
    order = np.flatnonzero((entries.may_hold.among(names) | nearby.documents.among(names))[codes])
    of = [(i, entries.entry(id) or id) for i, id in zip(order.tolist(), picked(pool.ids, order), strict=True)]
    known = [(i, nearby.entries[entry]) for i, entry in of if entry in nearby.entries]
    if not known:
        return scores, None
    at, entry = np.array(known).T
    wanted, which = np.unique(entry, return_inverse=True)
    found = nearness(wanted)
    if found is None:
        return scores, None
    made, how = scores.copy(), np.zeros(len(scores))
    registered = entries.may_hold.among(names)[codes[at]]
    for own in (registered, ~registered):
        if not own.any():
            continue
        here = found[np.unique(which[own])] if own is registered else found
        low = np.sort(here)[-min(rules.among, len(here))]
        span = here.max() - low
        how[at[own]] = np.clip((found[which[own]] - low) / span, 0.0, 1.0) if span > 0 else 1.0
    share = np.array([rules.shares.get(name, rules.share) for name in names])[codes[at]]
    made[at] = (1 - share) * scores[at] + share * scores[at].max() * how[at]
    return made, how


def nearness(
    nearby: Nearby | None,
    vectors: Mapping[str, np.ndarray],
    encoders: Mapping[str, Encoder],
    language: str,
    rules: Nearness,
    wanted: np.ndarray,
) -> np.ndarray | None:
    """Return for each of the `wanted` entries (int [n], increasing) the nearness of a user's question to its everyday
    questions: float64 [n], the weighted sum over spaces; None when no space has everyday questions.

    `vectors` has the user's question by space. A space of one language is used only for questions in the main language.
    """
    if nearby is None or not rules.share:
        return None
    parts = [
        rules.spaces[space] * asked.near(vectors[space], language, wanted)
        for space, asked in nearby.spaces.items()
        if space in vectors
        and rules.spaces.get(space, 0.0)
        and asked.encoder == encoders[space].identity
        and (len(asked.means) > 1 or is_main(language))
    ]
    return np.stack(parts).sum(axis=0, dtype=np.float64) if parts else None


def to_nearest(
    index: Index,
    vectors: Mapping[str, np.ndarray],
    legs: Mapping[str, Leg],
    language: str,
    *,
    of_paper: bool = False,
) -> float | None:
    """Return the nearness of a user's question to the nearest everyday question of the register (with `of_paper`, of
    the paper), in the last space of `vectors`, which supports all languages.

    `vectors` are those that the encoders returned, not moved by `kb.search.turn`. None when there are no such
    questions, or when the passage nearest in meaning is of another text; a policy, for example, has no everyday
    questions.
    """
    space = list(vectors)[-1] if vectors else ""
    held = load_nearby(index.corpus) if space in legs and len(legs[space].ids) else None
    asked = held.spaces.get(space) if held else None
    if held is None or asked is None or asked.encoder != index.encoders[space].identity:
        return None
    first = legs[space].ids[0]
    of_entry = index.promises.of(first) is not None
    if of_entry == of_paper or not (of_entry or first.partition("/")[0] in held.by_document):
        return None
    asked._every(vectors[space], language, True)  # kept: the order asks for all of them next
    of = [numbers for document, numbers in held.by_document.items() if bool(index.promises.has(document)) != of_paper]
    return float(asked.near(vectors[space], language, np.sort(np.concatenate(of))).max()) if of else None


def prepared(
    encoder: str, entries: Sequence[int], languages: Sequence[str], texts: Sequence[str], vectors: np.ndarray
) -> QuestionSpace:
    """Prepare everyday questions for comparison in the space of `encoder`. The other arguments have one item for each
    question: entry number, language, text, and unit vector (float32 [n, dim])."""
    owner, lasting = np.asarray(entries), np.array([len(text.split()) >= LONG for text in texts])
    of = np.asarray(languages)
    made = np.empty(vectors.shape, dtype=np.float32)
    means = {}
    for language in dict.fromkeys(languages):
        for long in (True, False):
            some = (of == language) & (lasting == long)
            if some.any():
                mean = vectors[some].mean(0)
                made[some] = vectors[some] - mean
                if long or language not in means:
                    means[language] = mean
    made = normalise(made)
    whole = np.zeros((owner.max() + 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(whole, owner, made)
    lengths = np.linalg.norm(whole, axis=1, keepdims=True)
    return QuestionSpace(encoder, means, owner, made + _ENTRY_SHARE * (whole / np.maximum(lengths, 1e-9))[owner])


def joined(one: QuestionSpace, other: QuestionSpace) -> QuestionSpace:
    """Join the everyday questions of two sources, each prepared with its own means. A user's question will be compared
    after subtracting the means of `one`."""
    owner, rows = np.concatenate([one.owner, other.owner]), np.concatenate([one.rows, other.rows])
    return QuestionSpace(one.encoder, one.means, owner, rows)


def digest(questions: Iterable[tuple[str, str, str]]) -> str:
    """Return a hash of (entry, language, question) triples, by which a file made from them is recognised."""
    return sha256_text("\n".join("\t".join(each) for each in questions))


def write(questions: Sequence[tuple[str, str, str]], spaces: Mapping[str, QuestionSpace], path: Path) -> None:
    """Write the questions in the format that `load_nearby` reads, vectors quantised to one byte for each number.

    Entries are numbered in the order in which they first occur in `questions`.
    """
    entries = list(dict.fromkeys(entry for entry, _, _ in questions))
    held: dict[str, np.ndarray] = {"entries": np.array(entries), "made_of": np.asarray(digest(questions))}
    for name, asked in spaces.items():
        scale = np.asarray(np.abs(asked.rows).max() / 127, dtype=np.float32)
        held |= {
            f"{name}.encoder": np.asarray(asked.encoder),
            f"{name}.languages": np.array(list(asked.means)),
            f"{name}.means": np.stack(list(asked.means.values())).astype(np.float16),
            f"{name}.owner": asked.owner.astype(np.int16),
            f"{name}.rows": np.round(asked.rows / scale).astype(np.int8),
            f"{name}.scale": scale,
        }
    with path.open("wb") as file:
        np.savez(file, **held)  # type: ignore[arg-type]


@lru_cache(maxsize=4)  # cached corpora: that of an index, and of the one that replaces it
def load_nearby(corpus: Path) -> Nearby | None:
    """Load the everyday questions of a corpus; None when it has none. Raises DataError for a file that is damaged or of
    another format."""
    path = corpus / FILE
    if not path.is_file():
        return None
    with arrays_of(path) as held:
        entries = {str(entry): i for i, entry in enumerate(held["entries"])}
        names = [name.partition(".")[0] for name in held if name.endswith(".encoder")]
        spaces = {name: _space(held, name, len(entries)) for name in names}
        return Nearby(entries, spaces, str(held["made_of"]))


def _space(held: Mapping[str, np.ndarray], name: str, entries: int) -> QuestionSpace:
    """Read one vector space of the file. Raises ValueError when its tables do not fit together."""
    owner, rows = held[f"{name}.owner"].astype(np.int64), held[f"{name}.rows"].astype(np.float32)
    means = held[f"{name}.means"].astype(np.float32)
    fits = rows.ndim == means.ndim == 2 and len(rows) == len(owner) > 0 and rows.shape[1] == means.shape[1]
    if not fits or owner.min() < 0 or owner.max() >= entries or not np.isfinite(means).all():
        raise ValueError(name)
    by_language = dict(zip(map(str, held[f"{name}.languages"]), means, strict=True))
    return QuestionSpace(str(held[f"{name}.encoder"]), by_language, owner, rows * np.float32(held[f"{name}.scale"]))
