"""What a search gives back; `kb.api` makes the records of its answers from it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from kb.models import Checked, Force, Model, Passage, Place, Tag, Wording


class Hit(Model):
    """One passage with its rank and the reason for it."""

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
    why: dict[str, Any] = Field(
        description="legs with their scores, words matched, factor, nearest: true when it is only near"
    )
    tags: dict[str, tuple[dict[str, Any], ...]]
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
    """The answer to one query."""

    query: str
    mode: str
    took_ms: float
    total: int = Field(description="passages that match; 0 when only the nearest are shown")
    message: str = Field("", description="what a reader must know: a phrase that is nowhere, a word read as another")
    absent: bool = Field(False, description="True when nothing says this and the hits are only the nearest passages")
    state: Literal["answered", "probably-nothing", "nothing"] = Field(
        "answered",
        description="'nothing': what the query requires is nowhere, which is certain; 'probably-nothing': an estimate from "
        "nearness in meaning and shared words, wrong for about one question in twenty",
    )
    hits: tuple[Hit, ...] = ()
    facets: dict[str, dict[str, int]] = Field(default_factory=dict)


def tags_of(tags: tuple[Tag, ...]) -> dict[str, tuple[dict[str, Any], ...]]:
    """Tags by facet, each with id, state, origin, confidence and span; rejected ones are kept and say so."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for tag in tags:
        row = {"id": tag.id, "origin": tag.origin, "confidence": tag.confidence, "state": tag.state}
        grouped.setdefault(tag.facet, []).append(row | {"span": list(tag.span) if tag.span else None})
    return {facet: tuple(found) for facet, found in grouped.items()}


def hit_of(
    passage: Passage,
    rank: int,
    score: float,
    why: dict[str, Any],
    also: tuple[str, ...] = (),
    statement: Passage | None = None,
) -> Hit:
    """A passage as the hit of that rank, with the statement of the register that explains it.

    Its fields are those of a passage that was validated when it was read.
    """
    return Hit.model_construct(
        rank=rank,
        id=passage.id,
        document=passage.document,
        kind=passage.kind,
        score=round(score, 4),
        text=passage.text,
        citation=passage.citation,
        force=passage.force,
        section=passage.section,
        source=passage.place,
        wording=passage.wording,
        verified=passage.verified,
        may_quote=passage.may_quote,
        why=why,
        tags=tags_of(passage.tags),
        notes=passage.notes,
        number=passage.number,
        also=also,
        entry=statement.id if statement else None,
        statement=statement.text if statement else "",
    )
