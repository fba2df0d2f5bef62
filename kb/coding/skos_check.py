"""Check the integrity conditions of SKOS (W3C Recommendation, 2009) that concern a single vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rdflib import RDF, SKOS, Graph
from rdflib.term import Node

from kb.coding.codebook import cycle_of


def broader_pairs(graph: Graph) -> set[tuple[Node, Node]]:
    """Return the pairs (concept, broader concept) that the graph states with `broader` or `narrower`."""
    return set(graph.subject_objects(SKOS.broader)) | {(b, a) for a, b in graph.subject_objects(SKOS.narrower)}


def _two_labels(graph: Graph) -> Iterator[str]:
    for node in sorted(set(graph.subjects(SKOS.prefLabel)), key=str):
        tags = [str(getattr(label, "language", None) or "") for label in graph.objects(node, SKOS.prefLabel)]
        for tag in sorted({tag for tag in tags if tags.count(tag) > 1}):
            yield f"{node}: {tags.count(tag)} preferred labels in the language '{tag}'; SKOS S14 allows one."


def _label_clash(graph: Graph) -> Iterator[str]:
    for node, label in sorted(graph.subject_objects(SKOS.prefLabel), key=lambda pair: tuple(map(str, pair))):
        if (node, SKOS.altLabel, label) in graph or (node, SKOS.hiddenLabel, label) in graph:
            yield f"{node}: '{label}' is preferred and alternative or hidden label at once (SKOS S13)."


def _both_kinds(graph: Graph) -> Iterator[str]:
    for node in sorted(set(graph.subjects(RDF.type, SKOS.Concept)), key=str):
        if (node, RDF.type, SKOS.ConceptScheme) in graph:
            yield f"{node}: is a Concept and a ConceptScheme at once (SKOS S9)."


def _circles(graph: Graph) -> Iterator[str]:
    parents: dict[str, list[str]] = {}
    for node, broader in sorted(broader_pairs(graph)):
        parents.setdefault(str(node), []).append(str(broader))
    circle = cycle_of(parents)
    if circle:
        yield f"Concepts stand in a circle: {' > '.join([*circle, circle[0]])}."


def _related_above(graph: Graph) -> Iterator[str]:
    for node, other in sorted(graph.subject_objects(SKOS.related)):
        if other in graph.transitive_objects(node, SKOS.broader):
            yield f"{node}: {other} is related and broader at once (SKOS S27)."


_CHECKS: tuple[Callable[[Graph], Iterator[str]], ...] = (
    _two_labels,
    _label_clash,
    _both_kinds,
    _circles,
    _related_above,
)


def check_skos(graph: Graph) -> list[str]:
    """Return a sentence for each broken integrity condition (S9, S13, S14, S27, no cycle of broader concepts); empty
    if none is broken."""
    return [problem for check in _CHECKS for problem in check(graph)]
