"""Match a question with everyday questions whose answer is an entry of the register (corpus/search/everyday.tsv and
asked.yaml).

People use other words than a treaty or a plan. When a user's question shares words with an everyday question, the entry
that answers it is ranked higher. Everyday questions are the project's own words, for finding only: they change a score
and are never shown, quoted or exported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import log
from pathlib import Path

import numpy as np

from kb.amounts import some
from kb.engine import picked
from kb.engine.analysis import words
from kb.engine.orders import leading
from kb.errors import DataError
from kb.languages import MAIN
from kb.search.entries import Holding
from kb.search.pool import LEXICAL, Pool

FILE = "search/everyday.tsv"
"""Path of the file below the corpus. Its columns are `entry` and one for each language; questions in a cell are
separated by " / "."""
PAPER = "search/everyday_paper.tsv"
"""Path of the file with everyday questions of the paper, in addition to those of questions.yaml; its first column is a
passage. Used only for nearness in meaning."""


@dataclass(frozen=True)
class EverydayMatch:
    """A user's question with its language and corpus, and the parameters of its match with everyday questions: their
    `share` of the score (0 to 1), the number of top candidates that are moved (`most`), and by how much each further
    word lowers the weight of an everyday question (`word`)."""

    text: str
    language: str
    corpus: Path
    share: float
    most: int
    word: float


@dataclass(frozen=True)
class _Table:
    """The everyday questions of one language: the entry number (`owner`) and weight (`worth`) of each question, and for
    each stem the positions of the questions that contain it (`holding`)."""

    owner: np.ndarray
    worth: np.ndarray
    holding: dict[str, np.ndarray]


@dataclass(frozen=True)
class Everyday:
    """The everyday questions of a corpus: `entries` maps each entry to its number, `tables` holds the questions by
    language."""

    entries: dict[str, int]
    tables: dict[str, _Table]

    @cached_property
    def documents(self) -> Holding:
        """The documents that contain entries with everyday questions."""
        return Holding(frozenset(entry.partition("/")[0] for entry in self.entries).__contains__)

    def scores(self, text: str, language: str) -> np.ndarray | None:
        """Return for each entry the score of its best everyday question: the sum of the weights of the words of `text`
        that the question contains, rare words weighing more (float64 [entries]).

        None when no everyday question in that language contains any word of `text`.
        """
        table = self.tables.get(language)
        if table is None:
            return None
        found = np.zeros(len(table.owner))
        for stem in set(words(text, language)) & table.holding.keys():
            at = table.holding[stem]
            found[at] += log(1 + len(table.owner) / (len(at) + 0.5))
        best = np.zeros(len(self.entries))
        np.maximum.at(best, table.owner, found * table.worth)
        return best if best.any() else None


def moved(scores: np.ndarray, pool: Pool, asked: EverydayMatch) -> tuple[np.ndarray, np.ndarray | None]:
    """Move the scores of register passages towards how well their everyday questions match the user's question.

    Returns the new scores, and the match of each candidate (float64 [n], 1 for the best). Returns the scores unchanged,
    and None, when only words or only meaning were searched, or when no everyday question matches.
    """
    if not asked.share or LEXICAL not in pool.legs or len(pool.legs) < 2:
        return scores, None
    everyday = everyday_of(asked.corpus, asked.word)
    document = pool.columns.document
    holding = everyday.documents.among(document.names)[document.codes]
    if not holding.any():
        return scores, None
    order = leading(scores, asked.most)
    order = order[holding[order]]
    known = [
        (i, everyday.entries[id]) for i, id in zip(order.tolist(), picked(pool.ids, order)) if id in everyday.entries
    ]
    by_entry = everyday.scores(asked.text, asked.language) if known else None
    if by_entry is None:
        return scores, None
    at, entry = np.array(known).T
    met = by_entry[entry]
    if not met.any():
        return scores, None
    made, how = scores.copy(), np.zeros(len(scores))
    how[at] = met / met.max()
    made[at] = (1 - asked.share) * scores[at] + asked.share * scores[at].max() * how[at]
    return made, how


@lru_cache(maxsize=4)  # a corpus and what tests build
def everyday_of(corpus: Path, word: float) -> Everyday:
    """Load the everyday questions of a corpus as lookup tables; a question of n words has the weight `1 / (1 + word *
    n)`. Empty when the corpus has none."""
    by_language: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for entry, language, text in register_questions_of(corpus):
        by_language[language].append((entry, words(text, language)))
    entries = {entry: i for i, entry in enumerate(dict.fromkeys(e for held in by_language.values() for e, _ in held))}
    tables = {}
    for language, held in by_language.items():
        holding: dict[str, list[int]] = defaultdict(list)
        for number, (_, stems) in enumerate(held):
            for stem in set(stems):
                holding[stem].append(number)
        tables[language] = _Table(
            np.array([entries[entry] for entry, _ in held]),
            np.array([1 / (1 + word * len(stems)) for _, stems in held]),
            {stem: np.array(numbers) for stem, numbers in holding.items()},
        )
    return Everyday(entries, tables)


def register_questions_of(corpus: Path) -> list[tuple[str, str, str]]:
    """Return (entry, language, question) for all everyday questions and search words of a corpus's register. Raises
    DataError as `load_everyday`."""
    return [*load_everyday(corpus), *_search_words(corpus)]


def paper_questions_of(corpus: Path) -> list[tuple[str, str, str]]:
    """Return (passage, language, question) for all everyday questions of the paper: first those of questions.yaml,
    which are embedded beside its sentences, then those of PAPER. Raises DataError as `load_everyday`."""
    from kb.index.questions import load_questions  # as below

    beside = [(passage, MAIN, each) for passage, held in load_questions(corpus).items() for each in held]
    return [*beside, *load_everyday(corpus, PAPER)]


def _search_words(corpus: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the search words of the register as (entry, language, question). They are needed: without them, Spanish
    questions of the test set `commitments_blind` rank lower."""
    from kb.commitments.documents import (
        load_search_words,  # imports the register, which a search by words alone does not need
    )

    for entry, by_language in load_search_words(corpus).items():
        for language, text in by_language.items():
            yield from ((entry, language, each.strip()) for each in text.split(";"))


def load_everyday(corpus: Path, file: str = FILE) -> list[tuple[str, str, str]]:
    """Return (entry, language, question) in the order of the file; empty when the corpus has no such file.

    Raises DataError with file and line for a row that lacks a cell for a language, an entry that occurs twice, or text
    that is not UTF-8.
    """
    path = corpus / file
    if not path.is_file():
        return []
    try:
        return list(_rows(path.read_text(encoding="utf-8"), path))
    except UnicodeDecodeError as error:
        raise DataError("the file is not UTF-8", where=str(path), do="Save it as UTF-8.") from error


def _rows(text: str, path: Path) -> Iterator[tuple[str, str, str]]:
    lines = [(n, line.split("\t")) for n, line in enumerate(text.splitlines(), 1) if line and line[0] != "#"]
    head = lines[0][1][1:] if lines else []
    seen: set[str] = set()
    for number, (entry, *cells) in lines[1:]:
        if len(cells) != len(head) or not entry or entry in seen:
            why = "an entry that is there already" if entry in seen else f"not an entry and {some(len(head), 'cell')}"
            raise DataError(why, where=f"{path}, line {number}", do="Mend the line and load it again.")
        seen.add(entry)
        for language, cell in zip(head, cells, strict=True):
            yield from ((entry, language, each) for each in cell.split(" / ") if each.strip())
