"""A codebook as SKOS (W3C Recommendation, 2009) in Turtle or JSON-LD, and back.

A facet is a ConceptScheme, a code a Concept in it; the codebook is the collection that the schemes are part of. What
SKOS has no word for (include, exclude, typical and borderline example) is a sub-property of the SKOS note it is a kind
of, declared in the same file, so that a program which knows SKOS alone still finds a note. No address is invented:
concepts that have none are named by their GUID (urn:uuid:…).
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import ValidationError
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kb.coding.codebook import Code, Codebook, Revision, code_id, cycle_of, guid_of, in_tree_order
from kb.coding.files import read_text, replacing
from kb.errors import InputError

KB = Namespace("urn:kb:codebook#")
_NOTES = {"definition": SKOS.definition, "include": KB.include, "exclude": KB.exclude, "typical": KB.typicalExample,
          "borderline": KB.borderlineExample}
_KIND_OF = {KB.include: SKOS.scopeNote, KB.exclude: SKOS.scopeNote, KB.typicalExample: SKOS.example,
            KB.borderlineExample: SKOS.example}
_FALLBACK = {"include": SKOS.scopeNote, "typical": SKOS.example}
FORMATS = {"turtle": "turtle", "jsonld": "json-ld"}
_SUFFIXES = {".ttl": "turtle", ".jsonld": "json-ld", ".json": "json-ld"}


def node_of(code: Code) -> URIRef:
    """The address of the concept: its own, or its GUID."""
    return URIRef(code.uri or f"urn:uuid:{code.guid}")


def _labels(graph: Graph, node: Node, code: Code, language: str) -> None:
    graph.add((node, SKOS.prefLabel, Literal(code.name, lang=language)))
    for tag, label in code.labels.items():
        graph.add((node, SKOS.prefLabel, Literal(label, lang=tag)))
    for tag, labels in code.alternatives.items():
        for label in labels:
            graph.add((node, SKOS.altLabel, Literal(label, lang=tag)))


def _describe(graph: Graph, node: Node, code: Code, order: int, language: str) -> None:
    _labels(graph, node, code, language)
    for field, predicate in _NOTES.items():
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


def _place(graph: Graph, book: Codebook, code: Code, whole: URIRef) -> None:
    node, codes = node_of(code), book.by_id()
    if _is_scheme(code):
        graph.add((node, RDF.type, SKOS.ConceptScheme))
        graph.add((node, DCTERMS.isPartOf, whole))
        return
    graph.add((node, RDF.type, SKOS.Concept))
    top = _top(code, codes)
    if _is_scheme(top):
        graph.add((node, SKOS.inScheme, node_of(top)))
    parent = codes[code.parent] if code.parent else None
    if parent is not None and not _is_scheme(parent):
        graph.add((node, SKOS.broader, node_of(parent)))
        graph.add((node_of(parent), SKOS.narrower, node))
    elif parent is not None:
        graph.add((node, SKOS.topConceptOf, node_of(parent)))
        graph.add((node_of(parent), SKOS.hasTopConcept, node))


def to_graph(book: Codebook) -> Graph:
    """The codebook as an RDF graph."""
    graph = Graph()
    for prefix, namespace in (("skos", SKOS), ("dct", DCTERMS), ("kb", KB), ("owl", OWL)):
        graph.bind(prefix, namespace)
    for predicate, kind in _KIND_OF.items():
        graph.add((predicate, RDFS.subPropertyOf, kind))
    whole = URIRef(f"urn:uuid:{guid_of(book.id, '')}")
    graph.add((whole, RDF.type, KB.Codebook))
    for predicate, value in ((DCTERMS.identifier, book.id), (DCTERMS.title, book.title), (OWL.versionInfo, book.version),
                             (DCTERMS.language, book.language)):
        graph.add((whole, predicate, Literal(value)))
    for at, revision in enumerate(book.history):
        node = URIRef(f"{whole}#r{at}")
        graph.add((whole, KB.revision, node))
        graph.add((node, KB.order, Literal(at)))
        graph.add((node, RDF.value, Literal(revision.model_dump_json())))
    for order, code in enumerate(book.codes):
        _describe(graph, node_of(code), code, order, book.language)
        _place(graph, book, code, whole)
    return graph


def write_skos(book: Codebook, path: Path, format: str = "turtle") -> Path:
    """Write `book` as 'turtle' or 'jsonld'; raises InputError for another format."""
    if format not in FORMATS:
        raise InputError(f"Unknown SKOS format '{format}'.", do=f"Formats are: {', '.join(FORMATS)}.")
    with replacing(path) as beside:
        to_graph(book).serialize(destination=str(beside), format=FORMATS[format], encoding="utf-8", sort_keys=True,
                                 **({"auto_compact": True} if format == "jsonld" else {}))
    return path


# --- the check -------------------------------------------------------------------------------------------------------


def _two_labels(graph: Graph) -> Iterator[str]:
    for node in sorted(set(graph.subjects(SKOS.prefLabel))):
        tags = [str(label.language or "") for label in graph.objects(node, SKOS.prefLabel)]
        for tag in sorted({tag for tag in tags if tags.count(tag) > 1}):
            yield f"{node}: {tags.count(tag)} preferred labels in the language '{tag}'; SKOS S14 allows one."


def _label_clash(graph: Graph) -> Iterator[str]:
    for node, label in sorted(graph.subject_objects(SKOS.prefLabel)):
        if (node, SKOS.altLabel, label) in graph or (node, SKOS.hiddenLabel, label) in graph:
            yield f"{node}: '{label}' is preferred and alternative or hidden label at once (SKOS S13)."


def _both_kinds(graph: Graph) -> Iterator[str]:
    for node in sorted(set(graph.subjects(RDF.type, SKOS.Concept))):
        if (node, RDF.type, SKOS.ConceptScheme) in graph:
            yield f"{node}: is a Concept and a ConceptScheme at once (SKOS S9)."


def _circles(graph: Graph) -> Iterator[str]:
    circle = cycle_of({str(node): str(broader) for node, broader in sorted(_broader(graph))})
    if circle:
        yield f"Concepts stand in a circle: {' > '.join([*circle, circle[0]])}."


def _related_above(graph: Graph) -> Iterator[str]:
    for node, other in sorted(graph.subject_objects(SKOS.related)):
        if other in graph.transitive_objects(node, SKOS.broader):
            yield f"{node}: {other} is related and broader at once (SKOS S27)."


_CHECKS: tuple[Callable[[Graph], Iterator[str]], ...] = (_two_labels, _label_clash, _both_kinds, _circles, _related_above)


def check_skos(graph: Graph) -> list[str]:
    """Every integrity condition of SKOS (S9, S13, S14, S27, and no circle of broader) that the graph breaks."""
    return [problem for check in _CHECKS for problem in check(graph)]


# --- reading ---------------------------------------------------------------------------------------------------------


def _broader(graph: Graph) -> set[tuple[Node, Node]]:
    return set(graph.subject_objects(SKOS.broader)) | {(b, a) for a, b in graph.subject_objects(SKOS.narrower)}


def _text(graph: Graph, node: Node, predicate: URIRef, language: str) -> str:
    values = sorted(graph.objects(node, predicate), key=lambda v: (getattr(v, "language", None) != language, str(v)))
    return str(values[0]) if values else ""


def _by_language(graph: Graph, node: Node, predicate: URIRef) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for label in sorted(graph.objects(node, predicate)):
        found.setdefault(str(getattr(label, "language", None) or "und"), []).append(str(label))
    return {tag: tuple(labels) for tag, labels in sorted(found.items())}


def _parents(graph: Graph) -> dict[Node, Node]:
    """One parent for each concept: its broader concept, else its scheme. A second broader concept is not kept."""
    parents: dict[Node, Node] = {}
    for node, broader in sorted(_broader(graph)):
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
    return (_text(graph, node, SKOS.prefLabel, language) or _text(graph, node, DCTERMS.title, language)
            or _text(graph, node, RDFS.label, language) or str(node))


def _other_names(graph: Graph, node: Node, language: str, name: str) -> dict[str, str]:
    preferred = {tag: labels[0] for tag, labels in _by_language(graph, node, SKOS.prefLabel).items()}
    own = language if language in preferred else next((tag for tag, label in preferred.items() if label == name), "")
    return {tag: label for tag, label in preferred.items() if tag != own}


def _fields(graph: Graph, node: Node, language: str) -> dict[str, object]:
    notes = {field: _text(graph, node, predicate, language) for field, predicate in _NOTES.items()}
    for field, predicate in _FALLBACK.items():
        notes[field] = notes[field] or _text(graph, node, predicate, language)
    name, codable = _name(graph, node, language), _text(graph, node, KB.codable, "")
    return {**notes, "name": name, "labels": _other_names(graph, node, language, name),
            "alternatives": _by_language(graph, node, SKOS.altLabel),
            "source": _text(graph, node, DCTERMS.source, ""), "color": _text(graph, node, KB.color, "") or None,
            "uri": None if str(node).startswith("urn:uuid:") else str(node),
            "codable": codable == "true" if codable else (node, RDF.type, SKOS.ConceptScheme) not in graph}


def _ids(graph: Graph, nodes: list[Node], parents: dict[Node, Node], language: str) -> dict[Node, str]:
    known = set(nodes)
    ids: dict[Node, str] = {}

    def own(node: Node) -> str:
        return _text(graph, node, SKOS.notation, "") if (node, KB.order, None) in graph else ""

    def path(node: Node) -> str:
        if node not in ids:
            above = parents.get(node)
            prefix = f"{path(above)}/" if above in known else ""
            ids[node] = own(node) or prefix + code_id(_name(graph, node, language))
        return ids[node]

    for node in nodes:
        path(node)
    return ids


def _head(graph: Graph, path: Path) -> dict[str, object]:
    whole = next(iter(graph.subjects(RDF.type, KB.Codebook)), None)
    if whole is None:
        tags = [str(label.language) for label in graph.objects(None, SKOS.prefLabel) if label.language]
        language = "en" if "en" in tags or not tags else max(sorted(set(tags)), key=tags.count)
        return {"id": path.stem, "title": path.stem, "version": "1", "language": language}
    nodes = sorted(graph.objects(whole, KB.revision), key=lambda n: int(_text(graph, n, KB.order, "")))
    history = [Revision.model_validate_json(_text(graph, node, RDF.value, "")) for node in nodes]
    return {"id": _text(graph, whole, DCTERMS.identifier, ""), "title": _text(graph, whole, DCTERMS.title, ""),
            "version": _text(graph, whole, OWL.versionInfo, ""), "language": _text(graph, whole, DCTERMS.language, ""),
            "history": history}


def from_graph(graph: Graph, path: Path) -> Codebook:
    """The codebook in a SKOS graph. Raises InputError with every condition that it breaks."""
    problems = check_skos(graph)
    if problems:
        raise InputError(" ".join(problems[:5]), where=str(path), do="Mend the vocabulary and import again.")
    head, nodes, parents = _head(graph, path), _nodes(graph), _parents(graph)
    if not nodes:
        raise InputError("holds no skos:Concept.", where=str(path), do="Give a SKOS vocabulary.")
    language, ids = str(head["language"]), _ids(graph, nodes, parents, str(head["language"]))
    codes = []
    for node in nodes:
        guid = (_text(graph, node, DCTERMS.identifier, "") if (node, KB.order, None) in graph else "") \
            or guid_of(str(node), "")
        codes.append(Code(id=ids[node], guid=guid, parent=ids.get(parents.get(node)), **_fields(graph, node, language)))
    return Codebook.model_validate({**head, "codes": in_tree_order(codes) if "history" not in head else tuple(codes)})


def _local_only(text: str, path: Path) -> None:
    """Refuse a JSON-LD context that would be fetched: an import reads one file and nothing else."""
    import json

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
            raise InputError("names a context by address, which would have to be fetched.", where=str(path),
                             do="Export it with the context inside, or as Turtle.")


def parse_graph(path: Path) -> Graph:
    """The RDF graph in a Turtle or JSON-LD file, by its ending. Raises InputError when it cannot be parsed."""
    format = _SUFFIXES.get(path.suffix.lower())
    if format is None:
        raise InputError(f"'{path.suffix}' is no ending for SKOS.", where=str(path), do="Endings: .ttl, .jsonld.")
    text = read_text(path)
    if format == "json-ld":
        _local_only(text, path)
    try:
        return Graph().parse(data=text, format=format)
    except Exception as error:  # rdflib's parsers raise many kinds, none with a common root
        raise InputError(f"cannot be read as {format} ({str(error)[:200]}).", where=str(path),
                         do="Export it again.") from error


def read_skos(path: Path) -> Codebook:
    """The codebook in a Turtle (.ttl) or JSON-LD (.jsonld) file. Raises InputError when a rule is broken."""
    try:
        return from_graph(parse_graph(path), path)
    except ValidationError as error:
        raise InputError(error.errors()[0]["msg"], where=str(path), do="Mend the vocabulary.") from error
