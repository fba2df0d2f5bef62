"""The list of quotations of a study: each code that a person gave, with its words, its path and its memo."""

from __future__ import annotations

from collections.abc import Iterator

from kb.coding.codebook import path_words
from kb.coding.own import tag_path, with_own
from kb.export.cases import attributes_of
from kb.export.collect import Bench
from kb.models import Passage

WORDS = {
    "passage": "identifier of the passage",
    "citation": "how one cites it; empty where the index no longer holds it",
    "document": "identifier of the source document",
    "source_country": "country of the source, where it is known",
    "source_year": "year of the source, where it is known",
    "source_body": "author or body that the source states, or that adopts texts of its force",
    "source_attributes": "what cases of other programs say of the source: name: value; …",
    "quotation": "the words coded; empty for a code of the document as a whole",
    "wording": "whose words they are: verbatim or own-words",
    "may_quote": "whether they may be quoted as the words of the source",
    "path": "names of the code from the top down; empty for one that the codebook does not have",
    "facet": "kind of the code",
    "code": "term of the facet",
    "state": "added, or rejected: the coder said that the code does not apply",
    "coder": "who gave or rejected it",
    "session": "round of coding; empty for open coding",
    "memo": "the coder's remark",
    "at": "when, ISO, UTC",
}
"""Columns of the list, with their descriptions."""
QUOTATIONS = tuple(WORDS)


def quotations(bench: Bench, session: str | None = None) -> Iterator[tuple[object, ...]]:
    """Yield a row for each code that people gave or rejected and the viewer may see, in the order of the passages.

    `quotation` has the words coded, verbatim or marked by `wording` as our own; `path` the names of the code from the
    top down, empty for one that is not in the codebook. Facts of the source are in the same row.
    """
    codes = with_own(bench.codebook, (one for held in bench.codings.values() for one in held)).by_id()
    for id in sorted(bench.codings):
        passage = bench.unit(id)
        for one in bench.codings[id]:
            if session in (None, one.session) and one.state != "withdrawn":
                yield (
                    id,
                    *_of(bench, passage),
                    one.quotation,
                    *((passage.wording, passage.may_quote) if passage and passage.text else ("", False)),
                    path_words(codes, tag_path(one.facet, one.code)),
                    one.facet,
                    one.code,
                    one.state,
                    one.coder,
                    one.session,
                    one.memo,
                    one.at.isoformat() if one.at else "",
                )


def _of(bench: Bench, passage: Passage | None) -> tuple[str, ...]:
    """Return citation, document, country, year, body and attributes; empty for a passage that is no longer in the
    index."""
    if passage is None:
        return ("",) * 6  # as many as below
    source = bench.source_of(passage.document)
    known, cases = attributes_of(source), "; ".join(each.words for each in source.attributes)
    return passage.citation, passage.document, *(known.get(name, "") for name in ("Country", "Year", "Body")), cases
