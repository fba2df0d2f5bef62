"""The names that a question can contain: labels of taxonomy terms, looked up without loading the tagger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kb.index.label_table import LabelTable, folded, is_acronym

if TYPE_CHECKING:
    from kb.tagging.taxonomy import Facet, Taxonomy, Term, TermLabels


class LabelNames(LabelTable):
    """Maps a label to strings 'FACET=TAG_FACET:TERM'. The label names a term of FACET; passages about it are found by
    the tag TERM of the facet TAG_FACET.

    'Africa' maps to region=region:africa, region=region:eastern-africa and region=country:KEN.
    """

    FILE = "names.json"


def compile_names(taxonomy: Taxonomy) -> LabelNames:
    """Compile the table from the taxonomy. Labels that are only cues for tagging (hidden labels, weak labels, patterns)
    are left out."""
    exact: dict[str, dict[str, None]] = defaultdict(dict)
    small: dict[str, dict[str, None]] = defaultdict(dict)
    for facet in taxonomy.facets.values():
        for term in facet.terms:
            meant = dict.fromkeys(f"{facet.facet}={one}" for one in _meant(taxonomy, facet, term))
            for labels in term.labels.values():
                for label in _names(facet, labels):
                    (exact[label] if is_acronym(label) else small[folded(label)]).update(meant)
    for label in _negatives(taxonomy):
        small.setdefault(folded(label), {})
    return LabelNames({k: tuple(v) for k, v in exact.items()}, {k: tuple(v) for k, v in small.items() if k})


def _names(facet: Facet, labels: TermLabels) -> Iterator[str]:
    from kb.tagging.taxonomy import is_pattern

    own = (labels.preferred, *labels.alternative, *labels.asked) if facet.named else labels.alternative
    yield from (label for label in (*own, *labels.adjectives) if not is_pattern(label))


def _negatives(taxonomy: Taxonomy) -> Iterator[str]:
    from kb.tagging.taxonomy import is_pattern

    for facet in taxonomy.facets.values():
        for term in facet.terms:
            for labels in term.labels.values():
                yield from (label for label in labels.negative if not is_pattern(label))


def _meant(taxonomy: Taxonomy, facet: Facet, term: Term) -> Iterator[str]:
    """Yield the tags by which passages match a term, as 'FACET:TERM': the term itself, its narrower terms, and for a
    region the states in it."""
    yield f"{facet.facet}:{term.id}"
    if facet.facet == "region" and "country" in taxonomy.facets:
        yield from (f"country:{state.id}" for state in taxonomy.facets["country"].terms if state.region == term.id)
    for id in term.narrower:
        yield from _meant(taxonomy, facet, facet.term(id))
