"""Find labels among typed words: a table stored in the index, which is read without loading spaCy."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self

from kb.engine.analysis import words
from kb.errors import IndexError_
from kb.files import replacing


def is_acronym(label: str) -> bool:
    """Return whether a label is one word in capitals; such a label is looked up exactly as typed, so that 'WHO' is not
    'who'."""
    return label.isupper() and " " not in label


@lru_cache(maxsize=20_000)  # cached words: those of some thousand questions
def folded(label: str) -> str:
    """Return a label as a key of `LabelTable.folded`: its words in lower case, without accents, joined by blanks."""
    return " ".join(words(label))


@dataclass(frozen=True)
class LabelTable:
    """Maps labels to their meanings. Keys of `exact` keep their capitals ('WHO'); keys of `folded` are normalised by
    the function `folded`.

    A label with an empty tuple of meanings hides the shorter labels inside it: in "South African", "African" must not
    match.
    """

    exact: Mapping[str, tuple[str, ...]]
    folded: Mapping[str, tuple[str, ...]]

    FILE = "labels.json"
    """Name of the file in the index folder."""

    @cached_property
    def longest(self) -> int:
        """Number of words in the longest label."""
        return max((key.count(" ") + 1 for table in (self.exact, self.folded) for key in table), default=1)

    def of(self, typed: str) -> tuple[str, ...]:
        """Return the meanings of a label as typed; empty when it is no label."""
        return self._get(typed) or ()

    def matches_in(self, typed: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
        """Return (position of the first word, position after the last word, meanings) for each label in the words
        `typed`: the longest at each position, without overlaps."""
        found, at = [], 0
        while at < len(typed):
            longest = self.longest if self._begins(typed[at]) else 0
            for size in range(min(longest, len(typed) - at), 0, -1):
                value = self._get(" ".join(typed[at : at + size]))
                if value is not None:
                    found += [(at, at + size, value)] if value else []
                    at += size - 1
                    break
            at += 1
        return found

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        """The first words of all labels, for a quick test of whether a label may begin at a word."""
        return frozenset(key.split(" ", 1)[0] for table in (self.exact, self.folded) for key in table)

    @cached_property
    def _begins(self) -> Callable[[str], bool]:
        """The function `_may_begin` with a cache, because questions share most of their words."""
        return lru_cache(maxsize=20_000)(self._may_begin)  # cached words: those of some thousand questions

    def _may_begin(self, word: str) -> bool:
        """Return whether a label may begin with this word; True also for a word that is empty after normalisation."""
        alone = folded(word)
        first = {word, alone.split(" ", 1)[0], folded(f"{word} x").split(" ", 1)[0]}
        return not alone or not first.isdisjoint(self._beginnings)

    def _get(self, typed: str) -> tuple[str, ...] | None:
        return self.exact.get(typed) or self.folded.get(folded(typed))

    def save(self, folder: Path) -> None:
        """Write the table into the index folder, atomically."""
        with replacing(folder / self.FILE) as beside:
            beside.write_text(
                json.dumps({"exact": dict(self.exact), "folded": dict(self.folded)}, ensure_ascii=False),
                encoding="utf-8",
            )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load the table of an index; an empty table when it has none. Raises IndexError_ when the file cannot be
        read."""
        path = folder / cls.FILE
        if not path.exists():
            return cls({}, {})
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(*({key: tuple(value) for key, value in data[name].items()} for name in ("exact", "folded")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexError_(f"the table {cls.FILE} cannot be read.", where=str(path), do="Run: kb build") from error
