"""Find a quotation in the text it was taken from, verbatim, or in a later version."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
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
    """Return `text` without white space, case, soft hyphens and variants of quotation marks and dashes, which differ
    between layouts."""
    return bare(unicodedata.normalize("NFKC", text).translate(_SAME)).casefold()


def fingerprint(quotation: str) -> str:
    """Return a hash of a quotation that does not depend on its layout; people's verdicts are stored under it."""
    return sha256_text(loose(quotation))


class Text:
    """A document prepared for looking up quotations, including those that span several passages."""

    def __init__(self, document: Document, spell=bare) -> None:
        self.passages = document.passages
        self._spell = spell
        pieces = [spell(passage.text) for passage in self.passages]
        self._whole = "".join(pieces)
        self._starts = [0, *accumulate(len(piece) for piece in pieces)]

    def find(self, quotation: str, at: str | None = None) -> Passage | None:
        """Return the passage in which the quotation begins: `at` if it is there, otherwise the first; None if the
        document does not contain it."""
        places = [
            self.passages[bisect_right(self._starts, place) - 1] for place in self._places(self._spell(quotation))
        ]
        return next((passage for passage in places if passage.id == at), places[0] if places else None)

    def _places(self, wanted: str) -> Iterator[int]:
        """Yield the offset of every occurrence of the words `wanted` in the text."""
        place = self._whole.find(wanted) if wanted else -1
        while place >= 0:
            yield place
            place = self._whole.find(wanted, place + 1)

    def nearest(self, quotation: str) -> Passage | None:
        """Return the passage with the words most similar to the quotation; None if nothing is similar (below NEAR)."""
        alike = self.alike(quotation)
        return alike.passage if alike and alike.share >= NEAR else None

    def alike(self, quotation: str) -> Alike | None:
        """Return the place with the most words in common with the quotation, in order; it tolerates OCR errors and
        amended words. None if no two consecutive words are shared."""
        wanted = _words(quotation)
        votes: Counter[int] = Counter()
        for place, pair in enumerate(pairwise(wanted)):
            for found in self._pairs.get(pair, ()):
                votes[(found - place) // _DRIFT] += 1
        best = max(
            (_like(wanted, self._all_words, slot * _DRIFT) for slot, _ in votes.most_common(_TRIED)), default=None
        )
        return Alike(self.passages[bisect_right(self._firsts, best[1]) - 1], best[0]) if best else None

    @cached_property
    def _all_words(self) -> list[str]:
        """All words of the document, in order."""
        return [word for passage in self.passages for word in _words(passage.text)]

    @cached_property
    def _firsts(self) -> list[int]:
        """The position, counted in words, at which each passage begins."""
        return [0, *accumulate(len(_words(passage.text)) for passage in self.passages)][:-1]

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], list[int]]:
        """Maps each pair of consecutive words to the positions at which it occurs."""
        places: dict[tuple[str, str], list[int]] = {}
        for place, pair in enumerate(pairwise(self._all_words)):
            places.setdefault(pair, []).append(place)
        return places


class Alike(NamedTuple):
    """Words similar to a quotation: the passage where they begin, and the share of words in common, in order (0 to
    1)."""

    passage: Passage
    share: float


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _like(wanted: list[str], spoken: list[str], start: int) -> tuple[float, int]:
    """Return the share of words that `wanted` (the quotation) and `spoken` (the document) have in common near position
    `start` (difflib's ratio), and the position of the first common word."""
    first = max(0, start - _DRIFT)
    run = spoken[first : start + len(wanted) + 2 * _DRIFT]
    blocks = [block for block in SequenceMatcher(None, wanted, run, autojunk=False).get_matching_blocks() if block.size]
    if not blocks:
        return 0.0, first
    reach = blocks[-1].b + blocks[-1].size - blocks[0].b
    return 2 * sum(block.size for block in blocks) / (len(wanted) + reach), first + blocks[0].b
