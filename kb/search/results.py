"""What a search gives back; `kb.api` makes the records of its answers from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeVar, cast

from pydantic import Field
from typing_extensions import TypedDict

from kb.models import Checked, Force, Model, Place, Span, Tag, Wording
from kb.search.reorder import Moves

_M = TypeVar("_M", bound=Model)


class Why(TypedDict, total=False):
    """Why a passage is where it is among the hits."""

    legs: dict[str, float]
    """Retriever to the score that it gave; one that did not find the passage is left out."""
    weights: dict[str, float]
    """Retriever to its share in the fused score."""
    factor: float
    """By how much the kind and the part of the passage hold it back; 1 is not at all."""
    moved: Moves
    marks: list[Span]
    """Characters of `text` that share a stem with a word of the query."""
    widened: dict[str, tuple[str, ...]]
    """Words of the query to the other words that were searched with them."""
    nearest: bool
    """Whether nothing answers the query, so that this is only one of the nearest."""
    matches: bool
    """Whether the passage has a word of the query; the others are near in meaning alone."""


class StoredTag(TypedDict):
    """One tag of a passage, under its facet."""

    id: str
    origin: str
    confidence: float
    state: str
    span: list[int] | None


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
    """The answer to one query. `total` and `near` have the same meaning in every answer, command and file."""

    query: str
    mode: str
    took_ms: float
    total: int = Field(description="passages that match; 0 when only the nearest are shown")
    near: int = Field(0, description="hits that do not match: near in meaning alone, or only the nearest")
    message: str = Field("", description="what a reader must know: a phrase that is nowhere, a word read as another")
    absent: bool = Field(False, description="True when nothing says this and the hits are only the nearest passages")
    state: Literal["answered", "probably-nothing", "nothing"] = Field(
        "answered",
        description="'nothing': what the query requires is nowhere, which is certain; 'probably-nothing': an "
        "estimate from "
        "nearness in meaning and shared words, wrong for about one question in twenty",
    )
    hits: tuple[Hit, ...] = ()
    facets: dict[str, dict[str, int]] = Field(default_factory=dict)


def results_of(fields: dict[str, object]) -> Results:
    """All fields of an answer as one, without a check of each: its hits are made here, and everything else is a word or
    a number of this program."""
    return _ready(Results, fields)


def tags_of(tags: tuple[Tag, ...]) -> dict[str, tuple[StoredTag, ...]]:
    """Tags by facet, each with id, state, origin, confidence and span; rejected ones are kept and say so."""
    return stored_tags(cast(TagFields, vars(tag)) for tag in tags)


class TagFields(TypedDict, total=False):
    """A tag as it is stored; a field at its default may be left out."""

    id: str
    facet: str
    origin: str
    confidence: float
    state: str
    span: Sequence[int] | None


class StoredPlace(TypedDict, total=False):
    """A place as JSON has it: pairs are lists, and what it lacks is left out."""

    file: str
    sha256: str
    chars: Sequence[int] | None
    lines: Sequence[int] | None
    page: int | None
    boxes: Sequence[Mapping[str, float]]
    pieces: Sequence[Sequence[object]]


class Stored(TypedDict, total=False):
    """The fields of a passage that a hit is made of, as `Engine.fields` gives them."""

    id: str
    document: str
    kind: str
    text: str
    citation: str
    force: str
    section: Sequence[str]
    place: StoredPlace
    wording: str
    verified: object
    may_quote: bool
    tags: Sequence[TagFields]
    notes: Sequence[str]
    number: str | None


Card = dict[str, object]
"""The fields of a hit, ready but for its rank, its score, why it is there, and what stands with it."""


def card_of(fields: Stored) -> Card:
    """The stored fields of a passage (see `Engine.fields`) as what every hit of it shows.

    They are not checked again: the build did, and the manifest proves its files. Hits of one passage may share it:
    nothing in it is ever changed.
    """
    return {
        "rank": 0,
        "id": fields["id"],
        "document": fields["document"],
        "kind": fields["kind"],
        "score": 0.0,
        "text": fields["text"],
        "citation": fields["citation"],
        "force": Force(fields["force"]),  # type: ignore[call-arg]
        "section": tuple(fields.get("section", ())),
        "source": _place(fields["place"]),
        "wording": fields["wording"],
        "verified": fields["verified"],
        "may_quote": fields["may_quote"],
        "why": {},
        "tags": stored_tags(fields.get("tags", ())),
        "notes": tuple(fields.get("notes", ())),
        "number": fields.get("number"),
        "also": (),
        "entry": None,
        "statement": "",
    }


def hit_of(
    card: Card, rank: int, score: float, why: Why, also: tuple[str, ...] = (), statement: Card | None = None
) -> Hit:
    """The card of a passage as the hit of that rank, with that of the entry of the register that explains it."""
    fields = card.copy()
    fields["rank"], fields["score"], fields["why"], fields["also"] = rank, round(score, 4), why, also
    if statement:
        fields["entry"], fields["statement"] = statement["id"], statement["text"]
    return _ready(Hit, fields)


def stored_tags(tags: Iterable[TagFields]) -> dict[str, tuple[StoredTag, ...]]:
    """`tags_of` over stored tags."""
    grouped: dict[str, list[StoredTag]] = {}
    for tag in tags:
        span = tag.get("span")
        row: StoredTag = {
            "id": tag["id"],
            "origin": tag["origin"],
            "confidence": tag.get("confidence", 1.0),
            "state": tag.get("state", "proposed"),
            "span": list(span) if span else None,
        }
        if (facet := tag["facet"]) in grouped:
            grouped[facet].append(row)
        else:
            grouped[facet] = [row]
    return {facet: tuple(found) for facet, found in grouped.items()}


def _place(stored: StoredPlace) -> Place:
    """A stored place; one with rectangles is read by its model, the others are made in a tenth of the time."""
    if stored.get("boxes"):
        return Place.model_validate(stored)
    chars, lines = stored.get("chars"), stored.get("lines")
    made = _ready(
        Place,
        {
            "file": stored["file"],
            "sha256": stored["sha256"],
            "chars": tuple(chars) if chars else None,
            "lines": tuple(lines) if lines else None,
            "page": stored.get("page"),
            "boxes": (),
            "pieces": tuple(map(tuple, stored.get("pieces", ()))),
        },
    )
    object.__setattr__(made, "__pydantic_fields_set__", set(stored))
    return made


def _ready(model: type[_M], fields: dict[str, object]) -> _M:
    """A model over fields that are complete and checked: `model_construct` without its look at each of them, in a
    tenth of the time."""
    made = model.__new__(model)
    keep = object.__setattr__
    keep(made, "__dict__", fields)
    keep(made, "__pydantic_fields_set__", set(fields))
    keep(made, "__pydantic_extra__", None)
    keep(made, "__pydantic_private__", None)
    return made
