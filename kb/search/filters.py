"""Parse filters given as `NAME=VALUE`. Search, export and every list use this one parser, so that a misspelt filter
gives the same error everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.engine import Contents
from kb.engine.filters import AllOf, Filter, Is
from kb.errors import InputError, QueryError
from kb.index.names import LabelNames
from kb.search import constraint
from kb.search.query import Field


def read_filter(text: str) -> tuple[str, str]:
    """Split `NAME=VALUE` into facet and term. Raises InputError for anything else."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise InputError(f"'{text}' is no facet filter.", do="Write it as NAME=VALUE, e.g. group=older-persons.")
    return name.strip(), value.strip()


def resolved(
    terms: constraint.FacetTerms,
    facets: Sequence[str],
    pairs: Iterable[tuple[str, str]],
    names: LabelNames | None = None,
) -> dict[str, tuple[str, ...]]:
    """Return facet to the terms meant, spelt as in the index ('force=legal' gives force: legal-obligation).

    `pairs` are (facet, term) as typed; `facets` are those of the index, `terms` lists their terms. With `names`, a term
    may also be given by a label ('country=Kenya'). Raises QueryError for an unknown facet or term; the message quotes
    the filter as typed and lists known ones.
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


def filter_of(engine: Contents, pairs: Iterable[tuple[str, str]], names: LabelNames | None = None) -> Filter:
    """Build an engine filter from (facet, term) pairs as typed; without pairs all passages pass. Raises QueryError as
    `resolved`."""
    wanted = resolved(engine, engine.facets(), pairs, names)
    return AllOf(tuple(Is(facet, terms) for facet, terms in wanted.items()))
