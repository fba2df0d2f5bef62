"""Build from the stored form of a passage the fields that a hit shows. Nothing is validated again, because the build
did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar, cast

from typing_extensions import TypedDict

from kb.models import Checked, Force, Model, Passage, Place, Tag, Wording

_M = TypeVar("_M", bound=Model)


class StoredTag(TypedDict):
    """One tag of a passage, as an entry of `HitFields.tags` (facet to tags). `span` is [start, end) in the passage's
    text, or None when the tag applies to the whole passage."""

    id: str
    origin: str
    confidence: float
    state: str
    span: list[int] | None


class HitFields(TypedDict):
    """The fields of a passage that a hit shows. Hits of one passage may share this object, so it must not be
    changed."""

    id: str
    document: str
    kind: str
    text: str
    citation: str
    force: Force
    section: tuple[str, ...]
    source: Place
    wording: Wording
    verified: Checked
    may_quote: bool
    tags: dict[str, tuple[StoredTag, ...]]
    notes: tuple[str, ...]
    number: str | None


class TagFields(TypedDict, total=False):
    """A tag in the stored JSON of a passage; a field with its default value may be left out."""

    id: str
    facet: str
    origin: str
    confidence: float
    state: str
    span: Sequence[int] | None


class StoredPlace(TypedDict, total=False):
    """A `kb.models.Place` in the stored JSON: pairs are lists, and empty fields are left out."""

    file: str
    sha256: str
    chars: Sequence[int] | None
    lines: Sequence[int] | None
    page: int | None
    boxes: Sequence[Mapping[str, float]]
    pieces: Sequence[Sequence[object]]


class StoredPassage(TypedDict, total=False):
    """A `kb.models.Passage` as stored JSON. A field with its default value may be left out, except `wording`,
    `verified` and `may_quote`."""

    id: str
    document: str
    kind: str
    text: str
    citation: str
    force: str
    section: Sequence[str]
    place: StoredPlace
    wording: Wording
    verified: Checked
    may_quote: bool
    tags: Sequence[TagFields]
    notes: Sequence[str]
    number: str | None


def fields_of(stored: StoredPassage) -> HitFields:
    """Build the fields that a hit shows from a stored passage. Nothing is validated again: the build validated the
    passage, and the hashes in the index's manifest prove that its files are unchanged."""
    return {
        "id": stored["id"],
        "document": stored["document"],
        "kind": stored["kind"],
        "text": stored["text"],
        "citation": stored["citation"],
        "force": Force(stored["force"]),  # type: ignore[call-arg]
        "section": tuple(stored.get("section", ())),
        "source": _place(stored["place"]),
        "wording": stored["wording"],
        "verified": stored["verified"],
        "may_quote": stored["may_quote"],
        "tags": _by_facet(stored.get("tags", ())),
        "notes": tuple(stored.get("notes", ())),
        "number": stored.get("number"),
    }


def fields_of_passage(passage: Passage) -> HitFields:
    """Build the fields that a hit shows from a `Passage` object."""
    return fields_of(cast(StoredPassage, passage.model_dump(mode="json")))


def tags_of(tags: Iterable[Tag]) -> dict[str, tuple[StoredTag, ...]]:
    """Group tags by facet, each with id, state, origin, confidence and span; rejected tags are included, with their
    state."""
    return _by_facet(cast(TagFields, vars(tag)) for tag in tags)


def _by_facet(tags: Iterable[TagFields]) -> dict[str, tuple[StoredTag, ...]]:
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
    """Build a `Place` from its stored form. One with rectangles (`boxes`) is validated by its model; any other is built
    without validation, in a tenth of the time."""
    if stored.get("boxes"):
        return Place.model_validate(stored)
    chars, lines = stored.get("chars"), stored.get("lines")
    made = ready(
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


def ready(model: type[_M], fields: dict[str, object]) -> _M:
    """Build an object of class `model` from fields that are already complete and valid: like `model_construct`, but ten
    times as fast."""
    made = model.__new__(model)
    keep = object.__setattr__
    keep(made, "__dict__", fields)
    keep(made, "__pydantic_fields_set__", set(fields))
    keep(made, "__pydantic_extra__", None)
    keep(made, "__pydantic_private__", None)
    return made
