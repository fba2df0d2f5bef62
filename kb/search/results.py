"""Types of a search's answer; `kb.api` makes its own records from them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from kb.engine.fields import HitFields, StoredTag, ready
from kb.models import Checked, Force, Model, Place, Span, Wording
from kb.search.reorder import Moves


class Why(TypedDict, total=False):
    """The reasons for the rank of a hit."""

    legs: dict[str, float]
    """Retriever to the score that it gave; retrievers that did not find the passage are left out."""
    weights: dict[str, float]
    """Retriever to its share in the fused score."""
    factor: float
    """Factor by which the score was multiplied, for the kind and the part of the passage; 1 leaves it unchanged."""
    moved: Moves
    marks: list[Span]
    """Spans of characters in `text` that share a stem with a word of the query."""
    widened: dict[str, tuple[str, ...]]
    """Words of the query to the equivalents that were searched with them."""
    nearest: bool
    """True when no passage answers the query, so that this hit is only one of the nearest passages."""
    matches: bool
    """Whether the passage has a word of the query; the others are only near in meaning."""


class Hit(Model):
    """One passage in the results, with its rank and the reasons for it."""

    rank: int
    id: str
    document: str
    kind: str
    score: float = Field(description="0-1 within this result; no measure across queries")
    text: str
    citation: str
    force: Force
    section: tuple[str, ...]
    source: Place
    why: Why = Field(description="legs with their scores, words matched, factor, nearest: true when it is only near")
    tags: dict[str, tuple[StoredTag, ...]]
    wording: Wording = Field(description="whose words `text` is: the source's (verbatim) or this project's (own-words)")
    verified: Checked = Field(description="how the text was checked; see Passage.verified")
    may_quote: bool = Field(description="whether `text` may be quoted as the words of the instrument")
    notes: tuple[str, ...] = ()
    number: str | None = None
    also: tuple[str, ...] = Field((), description="passages with the same words, folded into this one")
    entry: str | None = Field(
        None, description="entry of the register of commitments that an official passage is the text of"
    )
    statement: str = Field(
        "",
        description="that entry's statement, in this project's own words: an explanation, never to be "
        "quoted as the source",
    )


class Results(Model):
    """The answer to one query: its hits, and how many passages match (`total`) or are only near in meaning (`near`).
    Every command, page and export counts in the same way."""

    query: str
    mode: str
    took_ms: float
    total: int = Field(description="passages that match; 0 when only the nearest are shown")
    at_most: bool = Field(
        False,
        description="True in a large index, of which a part was looked at: passages that repeat others may be counted",
    )
    near: int = Field(0, description="hits that do not match: near in meaning alone, or only the nearest")
    message: str = Field("", description="what a reader must know: a phrase that is nowhere, a word read as another")
    absent: bool = Field(False, description="True when nothing says this and the hits are only the nearest passages")
    state: Literal["answered", "probably-nothing", "nothing"] = Field(
        "answered",
        description="'nothing': what the query requires is nowhere, which is certain; 'probably-nothing': an "
        "estimate from "
        "nearness in meaning and shared words, wrong for about one question in twenty",
    )
    worded: int = Field(
        0,
        description="with filters and 'probably-nothing': passages that have words of the query, which is what a "
        "filter's count says; none of them counts as a match",
    )
    hits: tuple[Hit, ...] = ()
    facets: dict[str, dict[str, int]] = Field(default_factory=dict)


def results_of(fields: dict[str, object]) -> Results:
    """Build `Results` without validation: `fields` must be complete and of the right types."""
    return ready(Results, fields)


def hit_of(
    fields: HitFields, rank: int, score: float, why: Why, also: tuple[str, ...] = (), statement: HitFields | None = None
) -> Hit:
    """Build the hit at a rank from a passage's fields. `also` names the passages folded into it; `statement` has the
    fields of the register entry that explains it, or None.

    Nothing is validated again (see `kb.engine.fields`), which takes a tenth of the time of `Hit(...)`. Fields are in
    the order of `Hit`, which is the order in JSON.
    """
    made: dict[str, object] = {
        "rank": rank,
        "id": fields["id"],
        "document": fields["document"],
        "kind": fields["kind"],
        "score": round(score, 4),
        "text": fields["text"],
        "citation": fields["citation"],
        "force": fields["force"],
        "section": fields["section"],
        "source": fields["source"],
        "wording": fields["wording"],
        "verified": fields["verified"],
        "may_quote": fields["may_quote"],
        "why": why,
        "tags": fields["tags"],
        "notes": fields["notes"],
        "number": fields["number"],
        "also": also,
        "entry": statement["id"] if statement else None,
        "statement": statement["text"] if statement else "",
    }
    return ready(Hit, made)
