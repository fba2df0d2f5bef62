"""Filters: which passages may be found. Each engine compiles them for its own storage."""

from __future__ import annotations

from dataclasses import dataclass

from kb.engine.query import Query


@dataclass(frozen=True)
class Is:
    """Passages that carry one of these terms in the facet."""

    facet: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Has:
    """Passages that match the words of a query."""

    query: Query


@dataclass(frozen=True)
class Among:
    """Passages with one of these identifiers."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class And:
    """Passages that pass every part; with no parts, all passages."""

    parts: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class Or:
    """Passages that pass any part; with no parts, none."""

    parts: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class Not:
    """Passages that do not pass the part."""

    part: Filter


Filter = Is | Has | Among | And | Or | Not

EVERYTHING = And()
"""The filter that every passage passes."""


def both(*filters: Filter) -> Filter:
    """Combine filters that must all pass; `EVERYTHING` is left out, and nested `And`s are flattened."""
    parts = tuple(part for each in filters for part in (each.parts if isinstance(each, And) else (each,)))
    return parts[0] if len(parts) == 1 else And(parts)
