"""Find a quotation in the text it was taken from, or in a later version of that text."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from kb.models import Document, Passage
from kb.text import bare, sha256_text

_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\u00ad": None})
_WORD = re.compile(r"[^\W_]+")
_DRIFT = 8  # words that may be lost or added before a run still counts as the same place
_TRIED = 5  # places looked at closely
NEAR = 1 / 3  # share of words from which a run is worth showing as the nearest


def loose(text: str) -> str:
    """Return `text` without white space, soft hyphens and differences of case, quotation marks and dashes, so that
    two layouts of the same words compare equal."""
    return bare(unicodedata.normalize("NFKC", text).translate(_SAME)).casefold()


def fingerprint(quotation: str) -> str:
    """Return a hash of a quotation's words that does not depend on their layout (see `loose`); verdicts are stored
    under it."""
    return sha256_text(loose(quotation))


class SearchedText:
    """A document prepared for looking up quotations, including those that span several passages."""

    def __init__(self, document: Document, normalise: Callable[[str], str] = bare) -> None:
        """Prepare `document`. `normalise` is applied to its text and to each quotation before they are compared; the
        default ignores white space."""
        self.passages = document.passages
        self._normalise = normalise
        pieces = [normalise(passage.text) for passage in self.passages]
        self._normalised = "".join(pieces)
        self._starts = [0, *accumulate(len(piece) for piece in pieces)]

    def find(self, quotation: str, at: str | None = None) -> Passage | None:
        """Return the passage in which the quotation begins, or None if the document does not contain the quotation.
        If it occurs several times, the passage with id `at` is preferred, otherwise the first is returned."""
        places = [
            self.passages[bisect_right(self._starts, place) - 1] for place in self._places(self._normalise(quotation))
        ]
        return next((passage for passage in places if passage.id == at), places[0] if places else None)

    def _places(self, wanted: str) -> Iterator[int]:
        """Yield the character offset of every occurrence of `wanted` in the normalised text of the document."""
        place = self._normalised.find(wanted) if wanted else -1
        while place >= 0:
            yield place
            place = self._normalised.find(wanted, place + 1)

    def nearest(self, quotation: str) -> Passage | None:
        """Return the passage that shares most words with the quotation; None if the share is below NEAR."""
        alike = self.alike(quotation)
        return alike.passage if alike and alike.share >= NEAR else None

    def alike(self, quotation: str) -> SimilarWords | None:
        """Return the passage with the most words in common with the quotation, in the same order, and their share.
        OCR errors and amended words are tolerated. None if no two consecutive words are shared."""
        wanted = _words(quotation)
        votes: Counter[int] = Counter()
        for place, pair in enumerate(pairwise(wanted)):
            for found in self._pairs.get(pair, ()):
                votes[(found - place) // _DRIFT] += 1
        best = max(
            (_like(wanted, self._all_words, slot * _DRIFT) for slot, _ in votes.most_common(_TRIED)), default=None
        )
        return SimilarWords(self.passages[bisect_right(self._firsts, best[1]) - 1], best[0]) if best else None

    @cached_property
    def _all_words(self) -> list[str]:
        """All words of the document, in order."""
        return [word for passage in self.passages for word in _words(passage.text)]

    @cached_property
    def _firsts(self) -> list[int]:
        """The number of words before each passage: the index of its first word in `_all_words`."""
        return [0, *accumulate(len(_words(passage.text)) for passage in self.passages)][:-1]

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], list[int]]:
        """Each pair of consecutive words, mapped to the indices in `_all_words` at which it occurs."""
        places: dict[tuple[str, str], list[int]] = {}
        for place, pair in enumerate(pairwise(self._all_words)):
            places.setdefault(pair, []).append(place)
        return places


class SimilarWords(NamedTuple):
    """The result of a search for similar words: the passage in which they begin, and the share of words in common,
    in order (0 to 1)."""

    passage: Passage
    share: float


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _like(wanted: list[str], spoken: list[str], start: int) -> tuple[float, int]:
    """Return two values: the share (0 to 1) of words that `wanted`, the quotation, has in common with `spoken`, the
    document, near word `start` (as in difflib's ratio), and the index of the first common word."""
    first = max(0, start - _DRIFT)
    run = spoken[first : start + len(wanted) + 2 * _DRIFT]
    blocks = [block for block in SequenceMatcher(None, wanted, run, autojunk=False).get_matching_blocks() if block.size]
    if not blocks:
        return 0.0, first
    reach = blocks[-1].b + blocks[-1].size - blocks[0].b
    return 2 * sum(block.size for block in blocks) / (len(wanted) + reach), first + blocks[0].b
