"""Other words for the words of a query: acronyms, spellings, synonyms, and labels in other languages."""
from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kb.errors import IndexError_
from kb.index.terms import words
from kb.tagging.taxonomy import Taxonomy, is_pattern

FILE = "expansions.json"


@dataclass(frozen=True)
class Expansions:
    """Equivalents by label. `exact` keys keep their capitals ('WHO'), `folded` keys are in small letters without accents."""

    exact: Mapping[str, tuple[str, ...]]
    folded: Mapping[str, tuple[str, ...]]

    @cached_property
    def longest(self) -> int:
        """Words in the longest label."""
        return max((key.count(" ") + 1 for table in (self.exact, self.folded) for key in table), default=1)

    def of(self, typed: str) -> tuple[str, ...]:
        """Equivalents of a label as it was typed; nothing when it is no label."""
        return self.exact.get(typed) or self.folded.get(" ".join(words(typed)), ())

    def found_in(self, typed: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
        """(first word, past the last, equivalents) for every label among the words, the longest at each place."""
        found, at = [], 0
        while at < len(typed):
            for size in range(min(self.longest, len(typed) - at), 0, -1):
                others = self.of(" ".join(typed[at:at + size]))
                if others:
                    found.append((at, at + size, others))
                    at += size - 1
                    break
            at += 1
        return found

    def save(self, folder: Path) -> None:
        """Write the table beside the index, whole or not at all."""
        part = folder / (FILE + ".part")
        part.write_text(json.dumps({"exact": dict(self.exact), "folded": dict(self.folded)}, ensure_ascii=False),
                        encoding="utf-8")
        os.replace(part, folder / FILE)

    @classmethod
    def load(cls, folder: Path) -> Expansions:
        """The table of an index; empty where it has none. Raises IndexError_ when it cannot be read."""
        path = folder / FILE
        if not path.exists():
            return cls({}, {})
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(*({key: tuple(value) for key, value in data[name].items()} for name in ("exact", "folded")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexError_("the table of other words cannot be read.", where=str(path), do="Run: kb build") from error


def compile_expansions(taxonomy: Taxonomy) -> Expansions:
    """The table from the taxonomy: its equivalences both ways, and labels of other languages to the English ones."""
    exact: dict[str, dict[str, None]] = {}
    folded: dict[str, dict[str, None]] = {}
    for row in taxonomy.synonyms.rows():
        for label in row.labels:
            others = dict.fromkeys(other for other in row.labels if other != label)
            if _is_acronym(label) and not row.any_case:
                exact.setdefault(label, {}).update(others)
            else:
                folded.setdefault(" ".join(words(label)), {}).update(others)
    for label, english in _translations(taxonomy):
        folded.setdefault(" ".join(words(label)), {}).update(dict.fromkeys(english))
    return Expansions({k: tuple(v) for k, v in exact.items()}, {k: tuple(v) for k, v in folded.items() if k})


def _is_acronym(label: str) -> bool:
    return label.isupper() and " " not in label


def _translations(taxonomy: Taxonomy) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(label in another language, English labels) for every term; patterns are for tagging and are left out."""
    for facet in taxonomy.facets.values():
        for term in facet.terms:
            english = term.labels["en"]
            wanted = tuple(label for label in (english.preferred, *english.alternative) if not is_pattern(label))
            for language, labels in term.labels.items():
                if language != "en":
                    yield from ((label, wanted) for label in labels.strong() if not is_pattern(label))
