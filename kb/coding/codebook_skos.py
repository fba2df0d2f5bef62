"""Write a codebook as SKOS (W3C Recommendation, 2009) in Turtle or JSON-LD.

A facet becomes a ConceptScheme and each of its codes a Concept; the codebook is a collection of the schemes. SKOS
has no terms for include, exclude, typical and borderline example; they are written as sub-properties of SKOS notes,
declared in the same file, so that other programs still read them as notes. A concept without an address of its own
is named by its GUID (urn:uuid:…).
"""

from __future__ import annotations

import json
from pathlib import Path

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kb.coding.codebook import Code, Codebook, guid_of
from kb.errors import InputError
from kb.files import written

KB = Namespace("urn:kb:codebook#")
NOTES = {
    "definition": SKOS.definition,
    "include": KB.include,
    "exclude": KB.exclude,
    "typical": KB.typicalExample,
    "borderline": KB.borderlineExample,
}
_KIND_OF = {
    KB.include: SKOS.scopeNote,
    KB.exclude: SKOS.scopeNote,
    KB.typicalExample: SKOS.example,
    KB.borderlineExample: SKOS.example,
}
FALLBACK = {"include": SKOS.scopeNote, "typical": SKOS.example}
FORMATS = ("turtle", "jsonld")


def node_of(code: Code) -> URIRef:
    """Return the URI of the code's concept: its own address, or urn:uuid: with its GUID."""
    return URIRef(code.uri or f"urn:uuid:{code.guid}")


def _labels(graph: Graph, node: Node, code: Code, language: str) -> None:
    graph.add((node, SKOS.prefLabel, Literal(code.name, lang=language)))
    for tag, label in code.labels.items():
        graph.add((node, SKOS.prefLabel, Literal(label, lang=tag)))
    for tag, labels in code.alternatives.items():
        for label in labels:
            if (node, SKOS.prefLabel, Literal(label, lang=tag)) not in graph:  # one of the two only (SKOS S13)
                graph.add((node, SKOS.altLabel, Literal(label, lang=tag)))


def _describe(graph: Graph, node: Node, code: Code, order: int, language: str) -> None:
    _labels(graph, node, code, language)
    for field, predicate in NOTES.items():
        if getattr(code, field):
            graph.add((node, predicate, Literal(getattr(code, field), lang=language)))
    graph.add((node, SKOS.notation, Literal(code.id)))
    graph.add((node, DCTERMS.identifier, Literal(code.guid)))
    graph.add((node, KB.order, Literal(order)))
    graph.add((node, KB.codable, Literal(code.codable)))
    for predicate, value in ((DCTERMS.source, code.source), (KB.color, code.color)):
        if value:
            graph.add((node, predicate, Literal(value)))


def _top(code: Code, codes: dict[str, Code]) -> Code:
    while code.parent is not None:
        code = codes[code.parent]
    return code


def _is_scheme(code: Code) -> bool:
    return code.parent is None and not code.codable


def _place(graph: Graph, book: Codebook, code: Code, book_node: URIRef) -> None:
    node, codes = node_of(code), book.by_id()
    if _is_scheme(code):
        graph.add((node, RDF.type, SKOS.ConceptScheme))
        graph.add((node, DCTERMS.isPartOf, book_node))
        return
    graph.add((node, RDF.type, SKOS.Concept))
    top = _top(code, codes)
    if _is_scheme(top):
        graph.add((node, SKOS.inScheme, node_of(top)))
    parent = codes[code.parent] if code.parent else None
    if parent is not None and "broader" in code.relations:
        graph.add((node, KB.under, node_of(parent)))  # which of several broader concepts the tree shows it under
    if parent is not None and not _is_scheme(parent):
        graph.add((node, SKOS.broader, node_of(parent)))
        graph.add((node_of(parent), SKOS.narrower, node))
    elif parent is not None:
        graph.add((node, SKOS.topConceptOf, node_of(parent)))
        graph.add((node_of(parent), SKOS.hasTopConcept, node))


def property_of(relation: str) -> URIRef:
    """Return the RDF property that expresses a relation of codes, a key of `Code.relations`."""
    return RDFS.seeAlso if relation == "seeAlso" else SKOS[relation]


def _relate(graph: Graph, code: Code, known: dict[str, URIRef]) -> None:
    for name, aims in code.relations.items():
        for aim in aims:
            graph.add((node_of(code), property_of(name), known.get(aim) or URIRef(aim)))


def to_graph(book: Codebook) -> Graph:
    """Return the codebook as an RDF graph."""
    graph = Graph()
    for prefix, namespace in (("skos", SKOS), ("dct", DCTERMS), ("kb", KB), ("owl", OWL)):
        graph.bind(prefix, namespace)
    for predicate, kind in _KIND_OF.items():
        graph.add((predicate, RDFS.subPropertyOf, kind))
    book_node = URIRef(f"urn:uuid:{guid_of(book.id, '')}")
    graph.add((book_node, RDF.type, KB.Codebook))
    for predicate, value in (
        (DCTERMS.identifier, book.id),
        (DCTERMS.title, book.title),
        (OWL.versionInfo, book.version),
        (DCTERMS.language, book.language),
    ):
        graph.add((book_node, predicate, Literal(value)))
    for at, revision in enumerate(book.history):
        node = URIRef(f"{book_node}#r{at}")
        graph.add((book_node, KB.revision, node))
        graph.add((node, KB.order, Literal(at)))
        graph.add((node, RDF.value, Literal(revision.model_dump_json())))
    known = {code.id: node_of(code) for code in book.codes}
    for order, code in enumerate(book.codes):
        _describe(graph, node_of(code), code, order, book.language)
        _place(graph, book, code, book_node)
        _relate(graph, code, known)
    return graph


def write_skos(book: Codebook, path: Path, format: str = "turtle") -> Path:
    """Write the codebook in `format` 'turtle' or 'jsonld'; return its path. Raises InputError for another format."""
    if format not in FORMATS:
        raise InputError(f"Unknown SKOS format '{format}'.", do=f"Formats are: {', '.join(FORMATS)}.")
    graph = to_graph(book)
    text = graph.serialize(format="turtle") if format == "turtle" else _json_ld(graph)
    with written(path) as beside:
        beside.write_text(text, encoding="utf-8")
    return path


def _json_ld(graph: Graph) -> str:
    """Return the graph as JSON-LD in a fixed order; rdflib's own order differs between processes."""
    return (
        json.dumps(
            _in_order(json.loads(graph.serialize(format="json-ld", auto_compact=True))),
            ensure_ascii=False,
            indent=1,
            sort_keys=True,
        )
        + "\n"
    )


def _in_order(value: object) -> object:
    if isinstance(value, dict):
        return {key: _in_order(inner) for key, inner in value.items()}
    if isinstance(value, list):  # every list here is a set: the graph holds no rdf:List
        return sorted(map(_in_order, value), key=lambda inner: json.dumps(inner, sort_keys=True))
    return value
