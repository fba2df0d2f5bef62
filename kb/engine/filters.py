"""Filters: conditions on the passages that a search may return. Each engine compiles them for its own storage."""

from __future__ import annotations

from dataclasses import dataclass

from kb.engine.query import Query


@dataclass(frozen=True)
class Is:
    """Matches passages that carry at least one of `terms` in the facet `facet`."""

    facet: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Has:
    """Matches passages that match the word query `query`."""

    query: Query


@dataclass(frozen=True)
class Among:
    """Matches the passages with these identifiers."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class And:
    """Matches passages that match every one of `parts`; with no parts, all passages."""

    parts: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class Or:
    """Matches passages that match at least one of `parts`; with no parts, none."""

    parts: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class Not:
    """Matches passages that do not match `part`."""

    part: Filter


Filter = Is | Has | Among | And | Or | Not

EVERYTHING = And()
"""The filter that every passage passes."""


def both(*filters: Filter) -> Filter:
    """Combine filters into one that requires them all; `EVERYTHING` is left out, and nested `And`s are flattened."""
    parts = tuple(part for each in filters for part in (each.parts if isinstance(each, And) else (each,)))
    return parts[0] if len(parts) == 1 else And(parts)
