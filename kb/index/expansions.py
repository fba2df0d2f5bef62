"""Equivalents of query words: acronyms, other spellings, synonyms, and labels in other languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kb.index.label_table import LabelTable, folded, is_acronym
from kb.languages import MAIN, is_main

if TYPE_CHECKING:
    from kb.tagging.taxonomy import Taxonomy


class Expansions(LabelTable):
    """Maps a word or phrase of a query to its equivalents: acronyms, other spellings, synonyms, English labels."""

    FILE = "expansions.json"


def compile_expansions(taxonomy: Taxonomy) -> Expansions:
    """Compile the table from the taxonomy: each synonym maps to the others, each label in another language to the
    English ones."""
    exact: dict[str, dict[str, None]] = {}
    small: dict[str, dict[str, None]] = {}
    for row in taxonomy.synonyms.rows():
        for label in row.labels:
            others = dict.fromkeys(other for other in row.labels if other != label)
            if is_acronym(label) and not row.any_case:
                exact.setdefault(label, {}).update(others)
            else:
                small.setdefault(folded(label), {}).update(others)
    for label, english in _translations(taxonomy):
        small.setdefault(folded(label), {}).update(dict.fromkeys(english))
    return Expansions({k: tuple(v) for k, v in exact.items()}, {k: tuple(v) for k, v in small.items() if k and v})


def _translations(taxonomy: Taxonomy) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (label in another language, English labels) for every term; patterns, which are only for tagging, are left
    out."""
    from kb.tagging.taxonomy import is_pattern

    for facet in taxonomy.facets.values():
        for term in facet.terms:
            english = term.labels[MAIN]
            wanted = tuple(label for label in (english.preferred, *english.alternative) if not is_pattern(label))
            for language, labels in term.labels.items():
                if not is_main(language):
                    yield from ((label, wanted) for label in labels.strong() if not is_pattern(label))
