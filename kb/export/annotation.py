"""W3C Web Annotations (Recommendation, 2017) as JSON-LD: one for a row's text, one for each of its tags.

A target has two selectors for the same text: by position (Unicode code points of the source's text, or of the row's own
text when the source is not available) and by quotation with the text before and after. Each is checked when written.
Terms that the vocabulary lacks are in the kb: namespace, declared in the file's context.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from kb.coding.codebook import NAMESPACE
from kb.export.job import ExportJob
from kb.export.offsets import SourceLocation, location_of
from kb.export.rows import Provenance, Row
from kb.models import Span, Tag, marked

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"kb": "urn:kb:terms#"}]
AROUND = 32  # characters before and after, enough to tell two equal quotations apart


def _selectors(text: str, start: int, end: int) -> list[dict[str, object]]:
    return [
        {"type": "TextPositionSelector", "start": start, "end": end},
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[max(start - AROUND, 0) : start],
            "suffix": text[end : end + AROUND],
        },
    ]


def _target(
    row: Row, location: SourceLocation, span: Span | None = None
) -> dict[str, object] | list[dict[str, object]]:
    """Return the annotation target for the row's text, or for the `span` of it. `location` is where the text is in its
    source. If the source has something else in between (a footnote mark, a page end), return a list with one
    target per piece."""
    official = {"kb:officialText": row.url} if row.url else {}
    targets: list[dict[str, object]] = [
        {"type": "SpecificResource", "source": location.source, "selector": _selectors(location.text, *run), **official}
        for run in location.runs(span)
    ]
    return targets[0] if len(targets) == 1 else targets


def annotation_id(row: str, *parts: str) -> str:
    """Return the stable identifier of an annotation, made from the row's id and the `parts` that distinguish the row's
    annotations."""
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, json.dumps([row, *parts], ensure_ascii=False))}"


def _whose(row: Row) -> dict[str, object]:
    """Return the fields that say whose words the quotation is. They are written in every annotation, since each may be
    read without its row."""
    return {"kb:wording": row.wording, "kb:verified": row.verified, "kb:mayQuote": row.may_quote}


def _creator(origin: str) -> dict[str, str]:
    kind, _, name = origin.partition(":")
    return {"type": "Person" if kind == "person" else "Software", "name": name or origin}


def _of_tag(row: Row, location: SourceLocation, tag: Tag, at: int) -> dict[str, object]:
    return {
        "type": "Annotation",
        "id": annotation_id(row.id, tag.facet, tag.id, tag.origin, str(at)),
        "motivation": "tagging",
        "creator": _creator(tag.origin),
        "body": {"type": "TextualBody", "purpose": "tagging", "value": f"{tag.facet}:{tag.id}"},
        "target": _target(row, location, tag.span),
        **_whose(row),
        "kb:of": row.id,
        "kb:tag": tag.model_dump(mode="json"),
    }


def annotations_of(row: Row, text: str | None) -> Iterator[dict[str, object]]:
    """Yield the annotations of one row; `text` is its source's decoded text, or None."""
    location = location_of(row, text)
    record = row.model_dump(mode="json", exclude={"tags"})
    yield {
        "type": "Annotation",
        "id": annotation_id(row.id),
        "motivation": "identifying",
        "body": {
            "type": "TextualBody",
            "purpose": "identifying",
            "value": marked(row.citation or row.id, row.wording),
            "format": "text/plain",
        },
        "target": _target(row, location),
        **_whose(row),
        "kb:row": record,
    }
    yield from (_of_tag(row, location, tag, at) for at, tag in enumerate(row.tags))


def _head(provenance: Provenance) -> str:
    head = {
        "@context": CONTEXT,
        "type": "AnnotationPage",
        "id": annotation_id("page", provenance.model_dump_json()),
        "kb:provenance": provenance.model_dump(mode="json"),
        "kb:method": [f"{label}: {value}" for label, value in provenance.lines()],
    }
    return json.dumps(head, ensure_ascii=False)[:-1]


def write(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    """Write one annotation page. Rows are written one by one, so that memory stays small."""
    text_of = lru_cache(maxsize=8)(job.text_of)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(_head(job.provenance) + ', "items": [')
        between = "\n"
        for row in rows:
            for item in annotations_of(row, text_of(row.document)):
                stream.write(between + json.dumps(item, ensure_ascii=False))
                between = ",\n"
        stream.write("\n]}\n")
