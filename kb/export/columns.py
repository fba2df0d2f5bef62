"""What each exported column holds: the data dictionary in the metadata of a CSV file and in the documentation."""

from __future__ import annotations

from kb.export.fields import FIELDS
from kb.export.layouts import LAYOUT_NAMES, LAYOUTS, Column, wide_layout
from kb.export.rows import Provenance

WORDS: dict[str, str] = {
    "id": "identifier of the row, stable over exports",
    "document": "identifier of the source document",
    "title": "title of the source document",
    "citation": "how one cites it",
    "text": "the source's words; empty when none are held",
    "statement": "this project's own words, never to be quoted as the source",
    "words": "the source's words, or our own with the mark that says so",
    "wording": "verbatim: the source's words; own-words: a statement of this project, never to be quoted as the source",
    "verified": "how the words, or a register's entry, were checked: source, official-text, secondary, unverified",
    "may_quote": "whether the text may be quoted as the words of its source",
    "force": "what it binds: legal-obligation, political-commitment, expert-recommendation, national-measure, "
    "observation",
    "section": "headings above it, outermost first, as a JSON list",
    "number": "number printed in the source; of an entry of the register, its identifier as one cites it",
    "language": "ISO 639-1 code of the text",
    "file": "file of the source",
    "sha256": "hash of that file's bytes",
    "page": "page, from 1; formats with pages only",
    "line_first": "first line, from 1; text formats only",
    "line_last": "last line",
    "char_first": "first character in the decoded text of the file, from 0, in Unicode code points",
    "char_end": "the character after the last",
    "boxes": "rectangles on the page in PDF points, as a JSON list; PDF only",
    "pieces": "character spans that make up the text when it is not one run, as a JSON list",
    "url": "address of the official text; the earlier name of `official_url`",
    "pinpoint": "the place inside its document: art. 33(2)",
    "official_url": "address of the official text",
    "why": "results: which retrievers found it and what moved it, as a JSON object; no measure across questions",
    "notes": "what a reader must know, as a JSON list",
    "tags": "every tag in words: facet, term, state, origin",
    "tags_json": "every tag with origin, confidence, state and span, as a JSON list",
    "facet": "long layout: kind of the tag",
    "tag": "long layout: term of the tag",
    "origin": "long layout: rule:NAME, model:NAME@VERSION or person:NAME",
    "confidence": "of a tag, from 0 to 1, an aid to order one's reading; of a finding, low, medium or high as a "
    "person said",
    "state": "long layout: proposed (a machine's, seen by nobody), confirmed or rejected",
    "span_first": "long layout: first character of the row's text that the tag points to",
    "span_end": "long layout: the character after the last",
    "kind": "paragraph, provision, commitment, heading, list-item, …",
    "part": "part of the document: definition, argument, evidence, recommendation, …",
    "duty_bearer": "who must do it",
    "rank": "place in the answer of the search, from 1",
    "found_by": "retrievers that found it: lexical, english, multilingual",
    "matches": "whether it is among those that match; false: near in meaning alone, or only the nearest",
    "also": "identifiers of passages with the same words, folded into this one",
    "coder": "people who coded the passage",
    "memo": "remarks of coders",
    "at": "time of the decision or code, ISO, UTC",
    "identifier": "how one cites the entry of the register",
    "heading": "official heading of the entry, or of the nearest above it",
    "scope": "limits a reader must know: progressive realization, parties only, …",
    "range": "numbered paragraphs of the official text that hold the entry",
    "deadline": "day by which it is due; of a commitment, its deadline or target as the text has it",
    "country": "ISO 3166-1 alpha-3 code of the assessment's country",
    "recommendation": "R1 to R6, or D7 with the words that it is derived",
    "theme": "this project's label of the recommendation",
    "criterion": "criterion and its element, in this project's words",
    "body": "body that is responsible",
    "action": "action that follows from the finding",
    "indicator": "how progress is measured",
    "status": "status that a person set; empty or 'Not assessed' where nobody did; never set by a machine",
    "source": "file, sha256, characters, lines or page and boxes, as a JSON object; of findings and actions, where the "
    "evidence is from, with its place",
    "rationale": "why, in the words of the person named",
    "gap": "what is missing, in the words of the person named",
    "next_step": "what is to be done next, in the words of the person named",
    "author": "person who decided",
    "workflow": "to-do, draft, in-review or agreed",
    "agreed_by": "person who agreed to it",
    "settled_by": "people who settled two independent assessments",
    "changed_by": "person who changed the finding last",
    "changed_at": "time of that change",
    "evidence_role": "instrument: a rule or plan; operation: that it is put into practice",
    "evidence_stance": "supports, contradicts or context",
    "evidence_type": "structural, process or outcome, as in HR/PUB/12/5; empty until a person says so",
    "evidence_level": "a measure, or a principle only; empty until a person says so",
    "evidence_machine_type": "what the machine took it for, structural, process or outcome: nobody's word",
    "evidence_machine_level": "what the machine took it for, measure or principle: nobody's word",
    "evidence_standing": "whether the text is in force, adopted, a draft or repealed",
    "evidence_passage": "identifier of the passage that the quotation stands in",
    "evidence_effective": "day it took effect, or of its figures",
    "evidence_from": "proposal that the evidence was taken from, if any",
    "evidence_by": "person who set it beside the criterion",
    "evidence_at": "time when they did",
    "start": "day on which the action starts",
    "note": "description of the action",
    "owner": "person or body that carries out the action",
    "place": "where it stands, in words",
}
"""Column to its description. Columns of the wide layout are named SIDE:FACET/TERM and hold 1 or 0."""

_WIDE = (
    "1: the tag was given on that side (machine or person); 0: it was not, which does not say that it was considered"
)


def words_of_column(name: str) -> str:
    """Return the description of a column; '' for an unknown one."""
    if name.startswith(("machine:", "person:")):
        return _WIDE
    return WORDS.get(name.removeprefix("field_"), "")


def columns_of(kind: str, layout: str) -> tuple[Column, ...]:
    """Return the columns of a kind of rows in a layout; for the wide one without the columns of tags."""
    provenance = Provenance(kind=kind)  # type: ignore[arg-type]
    made = wide_layout(provenance, ()) if layout == "wide" else LAYOUTS[layout](provenance)
    return made.columns


__all__ = ["FIELDS", "LAYOUT_NAMES", "WORDS", "columns_of", "words_of_column"]
