"""Filters as people give them, `NAME=VALUE`: one reader for search, export and every list, so that a misspelt filter is
refused everywhere in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.engine import Engine
from kb.engine.filters import And, Filter, Is
from kb.errors import InputError, QueryError
from kb.index.names import Names
from kb.search import constraint
from kb.search.query import Field

Pairs = Sequence[tuple[str, str]]
"""(facet, term); terms of one facet are alternatives, facets narrow each other."""


def read_filter(text: str) -> tuple[str, str]:
    """The facet and the term of `NAME=VALUE`. Raises InputError for anything else."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise InputError(f"'{text}' is no facet filter.", do="Write it as NAME=VALUE, e.g. group=older-persons.")
    return name.strip(), value.strip()


def resolved(
    terms: constraint.Vocabulary, facets: Sequence[str], pairs: Iterable[tuple[str, str]], names: Names | None = None
) -> dict[str, tuple[str, ...]]:
    """Facet to the terms that are meant, as the index writes them ('force=legal' is force: legal-obligation).

    `facets` are those of the index and `terms` knows their terms; `names` lets a term be given by a label
    ('country=Kenya'). Raises QueryError for a facet or a term that the index does not have, with those that it has;
    it names the filter as it was given.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, term in pairs:
        key, typed = name.casefold().replace("-", "_"), f"the filter {name}={term}"
        if key not in facets:
            do = f"Facets are: {', '.join(facets)}."
            raise QueryError(f"there is no facet '{name}'.", column=1, where=typed, do=do)
        try:
            meant = constraint.terms_meant(Field(key, term, 1), terms, names)
        except QueryError as error:
            do = error.do.replace(f"{key}:", f"{key}=")  # as filters are written beside a query
            raise QueryError(error.what, column=1, where=typed, do=do) from error
        found[key] = tuple(dict.fromkeys([*found.get(key, ()), *meant]))
    return found


def filter_of(engine: Engine, pairs: Iterable[tuple[str, str]], names: Names | None = None) -> Filter:
    """The filter of an engine that pairs stand for; everything where there are none. Raises QueryError as
    `resolved`."""
    wanted = resolved(engine, engine.facets(), pairs, names)
    return And(tuple(Is(facet, terms) for facet, terms in wanted.items()))
