"""Read SKOS in Turtle or JSON-LD as a codebook: without loss if this project wrote it, otherwise what a codebook has
fields for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

from pydantic import ValidationError
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, BNode, Graph
from rdflib.term import Node, URIRef

from kb.coding.codebook import LARGEST, Code, Codebook, Relation, Revision, code_id, guid_of, in_tree_order
from kb.coding.codebook_skos import FALLBACK, KB, NOTES, property_of
from kb.coding.skos_check import broader_pairs, check_skos
from kb.errors import InputError
from kb.files import read_text
from kb.languages import MAIN

_SUFFIXES = {".ttl": "turtle", ".jsonld": "json-ld", ".json": "json-ld"}


def _text(graph: Graph, node: Node, predicate: URIRef, language: str) -> str:
    values = sorted(graph.objects(node, predicate), key=lambda v: (getattr(v, "language", None) != language, str(v)))
    return str(values[0]) if values else ""


def _by_language(graph: Graph, node: Node, predicate: URIRef) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for label in sorted(graph.objects(node, predicate), key=str):
        found.setdefault(str(getattr(label, "language", None) or "und"), []).append(str(label))
    return {tag: tuple(labels) for tag, labels in sorted(found.items())}


def _parents(graph: Graph) -> dict[Node, Node]:
    """Return concept to parent: the parent that this project stored, or else the first broader concept, or else the
    scheme. Further broader concepts are kept as relations."""
    parents: dict[Node, Node] = dict(graph.subject_objects(KB.under))
    for node, broader in sorted(broader_pairs(graph)):
        parents.setdefault(node, broader)
    for predicate in (SKOS.topConceptOf, SKOS.inScheme):
        for node, scheme in sorted(graph.subject_objects(predicate)):
            parents.setdefault(node, scheme)
    for scheme, node in sorted(graph.subject_objects(SKOS.hasTopConcept)):
        parents.setdefault(node, scheme)
    return parents


def _nodes(graph: Graph) -> list[Node]:
    kinds = set(graph.subjects(RDF.type, SKOS.ConceptScheme)) | set(graph.subjects(RDF.type, SKOS.Concept))
    named = [node for node in kinds if not isinstance(node, BNode)]
    return sorted(named, key=lambda n: (int(_text(graph, n, KB.order, "") or 1_000_000_000), str(n)))


def _name(graph: Graph, node: Node, language: str) -> str:
    return (
        _text(graph, node, SKOS.prefLabel, language)
        or _text(graph, node, DCTERMS.title, language)
        or _text(graph, node, RDFS.label, language)
        or str(node)
    )


def _other_names(graph: Graph, node: Node, language: str, name: str) -> dict[str, str]:
    preferred = {tag: labels[0] for tag, labels in _by_language(graph, node, SKOS.prefLabel).items()}
    own = language if language in preferred else next((tag for tag, label in preferred.items() if label == name), "")
    return {tag: label for tag, label in preferred.items() if tag != own}


def _relations(graph: Graph, node: Node, parent: Node | None, ids: dict[Node, str]) -> dict[str, tuple[str, ...]]:
    found = {name: {aim for aim in graph.objects(node, property_of(name))} for name in get_args(Relation)}
    found["broader"] = {broader for own, broader in broader_pairs(graph) if own == node} - {parent}
    return {name: tuple(ids.get(aim, str(aim)) for aim in aims) for name, aims in found.items() if aims}


def _fields(graph: Graph, node: Node, language: str) -> dict[str, object]:
    notes = {field: _text(graph, node, predicate, language) for field, predicate in NOTES.items()}
    for field, predicate in FALLBACK.items():
        notes[field] = notes[field] or _text(graph, node, predicate, language)
    name, codable = _name(graph, node, language), _text(graph, node, KB.codable, "")
    return {
        **notes,
        "name": name,
        "labels": _other_names(graph, node, language, name),
        "alternatives": _by_language(graph, node, SKOS.altLabel),
        "source": _text(graph, node, DCTERMS.source, ""),
        "color": _text(graph, node, KB.color, "") or None,
        "uri": None if str(node).startswith("urn:uuid:") else str(node),
        "codable": codable == "true" if codable else (node, RDF.type, SKOS.ConceptScheme) not in graph,
    }


def _ids(graph: Graph, nodes: list[Node], parents: dict[Node, Node], language: str) -> dict[Node, str]:
    known = set(nodes)
    ids: dict[Node, str] = {}

    def own(node: Node) -> str:
        """Return the id that this project stored with the concept; '' in a file of another program."""
        return _text(graph, node, SKOS.notation, "") if (node, KB.order, None) in graph else ""

    def path(node: Node) -> str:
        """Return the id of the concept: the stored one, or else its name below the path of its parent."""
        if node not in ids:
            above = parents.get(node)
            prefix = f"{path(above)}/" if above in known else ""
            ids[node] = own(node) or prefix + code_id(_name(graph, node, language))
        return ids[node]

    for node in nodes:
        path(node)
    return ids


def _head(graph: Graph, path: Path) -> dict[str, object]:
    book_node = next(iter(graph.subjects(RDF.type, KB.Codebook)), None)
    if book_node is None:
        tags = [str(tag) for label in graph.objects(None, SKOS.prefLabel) if (tag := getattr(label, "language", None))]
        language = MAIN if MAIN in tags or not tags else max(sorted(set(tags)), key=tags.count)
        return {"id": path.stem, "title": path.stem, "version": "1", "language": language}
    nodes = sorted(graph.objects(book_node, KB.revision), key=lambda n: int(_text(graph, n, KB.order, "")))
    history = [Revision.model_validate_json(_text(graph, node, RDF.value, "")) for node in nodes]
    return {
        "id": _text(graph, book_node, DCTERMS.identifier, ""),
        "title": _text(graph, book_node, DCTERMS.title, ""),
        "version": _text(graph, book_node, OWL.versionInfo, ""),
        "language": _text(graph, book_node, DCTERMS.language, ""),
        "history": history,
    }


def from_graph(graph: Graph, path: Path) -> Codebook:
    """Convert a SKOS graph to a codebook; `path` is the file named in errors. Raises InputError with the first
    integrity conditions that the graph breaks."""
    problems = check_skos(graph)
    if problems:
        raise InputError(" ".join(problems[:5]), where=str(path), do="Mend the vocabulary and import again.")
    head, nodes, parents = _head(graph, path), _nodes(graph), _parents(graph)
    if not nodes:
        raise InputError("holds no skos:Concept.", where=str(path), do="Give a SKOS vocabulary.")
    language, ids = str(head["language"]), _ids(graph, nodes, parents, str(head["language"]))
    codes = []
    for node in nodes:
        guid = (_text(graph, node, DCTERMS.identifier, "") if (node, KB.order, None) in graph else "") or guid_of(
            str(node), ""
        )
        codes.append(
            Code(
                id=ids[node],
                guid=guid,
                parent=ids[above] if (above := parents.get(node)) in ids else None,
                relations=_relations(graph, node, parents.get(node), ids),
                **_fields(graph, node, language),
            )
        )
    return Codebook.model_validate({**head, "codes": in_tree_order(codes) if "history" not in head else tuple(codes)})


def _local_only(text: str, path: Path) -> None:
    """Raise InputError for a JSON-LD context that would have to be downloaded; an import reads only the given file."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"is not JSON ({error}).", where=str(path), do="Export it again.") from error
    waiting = [value]
    while waiting:
        item = waiting.pop()
        waiting.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
        context = item.get("@context") if isinstance(item, dict) else None
        given = context if isinstance(context, list) else [context]
        if any(isinstance(part, str) or (isinstance(part, dict) and "@import" in part) for part in given):
            raise InputError(
                "names a context by address, which would have to be fetched.",
                where=str(path),
                do="Export it with the context inside, or as Turtle.",
            )


def parse_graph(path: Path) -> Graph:
    """Parse a Turtle or JSON-LD file; its extension tells which. Raises InputError if it cannot be parsed."""
    format = _SUFFIXES.get(path.suffix.lower())
    if format is None:
        raise InputError(f"'{path.suffix}' is no ending for SKOS.", where=str(path), do="Endings: .ttl, .jsonld.")
    text = read_text(path, LARGEST)
    if format == "json-ld":
        _local_only(text, path)
    try:
        return Graph().parse(data=text, format=format)
    except Exception as error:  # rdflib's parsers raise many kinds, none with a common root
        raise InputError(
            f"cannot be read as {format} ({str(error)[:200]}).", where=str(path), do="Export it again."
        ) from error


def read_skos(path: Path) -> Codebook:
    """Read the codebook of a Turtle (.ttl) or JSON-LD (.jsonld) file. Raises InputError when a rule is broken."""
    try:
        return from_graph(parse_graph(path), path)
    except ValidationError as error:
        raise InputError(error.errors()[0]["msg"], where=str(path), do="Mend the vocabulary.") from error
