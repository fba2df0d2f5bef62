"""Resources as JSON-LD: passages as W3C Web Annotations, documents and criteria in schema.org terms; each with its
record."""

from __future__ import annotations

from kb import api
from kb.api.live import state
from kb.errors import NotFound
from kb.models import FORCE_WORDS

KB = {"kb": "urn:kb:terms#"}
SCHEMA = {"@vocab": "https://schema.org/", **KB}


def passage(id: str) -> dict[str, object]:
    """Return a passage as W3C Web Annotations: one for its words, one for each of its tags. Raises NotFound."""
    from kb.export.annotation import CONTEXT, annotations_of

    here = state()
    found = here.store.get(id)
    if found is None:
        raise NotFound(f"no passage '{id}'.", do="Find it with /search.")
    return {
        "@context": CONTEXT,
        "type": "AnnotationPage",
        "id": f"urn:kb:passage:{id}",
        "kb:record": here.record(found).model_dump(mode="json"),
        "items": list(annotations_of(here.bench.row(found), here.bench.text_of(found.document))),
    }


def document(id: str) -> dict[str, object]:
    """Return a document as a schema.org work with its parts."""
    here = state()
    head = here.documents[id]
    parts = (each for each in here.store.passages(id) if each.kind != "heading")
    return {
        "@context": SCHEMA,
        "@type": "CreativeWork",
        "@id": f"urn:kb:document:{id}",
        "identifier": id,
        "name": head.title,
        "inLanguage": head.language,
        **({"url": head.official_url} if head.official_url else {}),
        "kb:force": FORCE_WORDS[head.force],
        "kb:record": head.model_dump(mode="json"),
        "hasPart": [
            {"@id": f"urn:kb:passage:{each.id}", "identifier": each.id, "kb:citation": each.citation} for each in parts
        ],
    }


def criterion(id: str) -> dict[str, object]:
    """Return a criterion: this project's words, based on lines of the paper."""
    found: api.CriterionInfo = state().criteria[id]
    return {
        "@context": SCHEMA,
        "@type": "DefinedTerm",
        "@id": f"urn:kb:criterion:{id}",
        "identifier": id,
        "name": found.theme,
        "inLanguage": found.language,
        "isBasedOn": {"@type": "CreativeWork", "name": found.citation, "url": found.official_url},
        "kb:kind": found.kind,
        "kb:force": found.force_words,
        "kb:wording": found.wording,
        "kb:record": found.model_dump(mode="json"),
    }
