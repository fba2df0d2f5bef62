"""Finding a quotation again: in the text it was taken from, word for word, and in a later version of it."""
from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from kb.models import Document, Passage
from kb.text import bare, sha256_text

_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-",
                       "\u00ad": None})


def loose(text: str) -> str:
    """`text` without white space, case, soft hyphens and kinds of quotation marks: what a new layout keeps."""
    return bare(unicodedata.normalize("NFKC", text).translate(_SAME)).casefold()


def mark(quotation: str) -> str:
    """One mark for one quotation, however it is laid out; what a person's word is remembered by."""
    return sha256_text(loose(quotation))


class Text:
    """A document ready for looking up quotations, also those that run over several passages."""

    def __init__(self, document: Document, spell=bare) -> None:
        self.passages = document.passages
        self._spell = spell
        pieces = [spell(passage.text) for passage in self.passages]
        self._whole = "".join(pieces)
        self._starts = [0, *accumulate(len(piece) for piece in pieces)]

    def find(self, quotation: str, at: str | None = None) -> Passage | None:
        """The passage in which the quotation begins: `at` if it stands there, else the first; None if the document does
        not hold it."""
        places = [self.passages[bisect_right(self._starts, place) - 1]
                  for place in self._places(self._spell(quotation))]
        return next((passage for passage in places if passage.id == at), places[0] if places else None)

    def _places(self, wanted: str) -> Iterator[int]:
        """Offsets of every occurrence."""
        place = self._whole.find(wanted) if wanted else -1
        while place >= 0:
            yield place
            place = self._whole.find(wanted, place + 1)

    def nearest(self, quotation: str) -> Passage | None:
        """The passage that shares most words with the quotation (Jaccard); None if none shares a third."""
        wanted = set(quotation.casefold().split())
        best = max(self.passages, key=lambda p: _overlap(wanted, p.text), default=None)
        return best if best and _overlap(wanted, best.text) >= 1 / 3 else None


def _overlap(wanted: set[str], text: str) -> float:
    words = set(text.casefold().split())
    return len(wanted & words) / (len(wanted | words) or 1)
