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
class AllOf:
    """Matches passages that match every one of `parts`; with no parts, all passages."""

    parts: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class AnyOf:
    """Matches passages that match at least one of `parts`; with no parts, none."""

    parts: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class NoneOf:
    """Matches passages that do not match `part`."""

    part: Filter


Filter = Is | Has | Among | AllOf | AnyOf | NoneOf

EVERYTHING = AllOf()
"""The filter that every passage passes."""


def both(*filters: Filter) -> Filter:
    """Combine filters into one that requires them all; `EVERYTHING` is left out, and nested `AllOf`s are flattened."""
    parts = tuple(part for each in filters for part in (each.parts if isinstance(each, AllOf) else (each,)))
    return parts[0] if len(parts) == 1 else AllOf(parts)
