"""Compile the requirements of a query (phrases, operators, fields) to a filter of passages."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Protocol

from kb.engine.filters import AllOf, AnyOf, Filter, Has, Is, NoneOf
from kb.engine.query import Query
from kb.errors import QueryError
from kb.index.names import LabelNames
from kb.search.query import And, Bag, Field, Near, Node, Not, Or, Phrase, Prefix, Word, narrowed


class FacetTerms(Protocol):
    """An object that lists the terms of facets: an engine, or the store of the index."""

    def terms(self, facet: str) -> Mapping[str, int]:
        """Return the terms of a facet with the number of passages that carry each."""
        ...


Leaves = Callable[[Node], Query]
"""A function that compiles a leaf of the query tree (word, phrase, prefix or NEAR) to a query of the engine."""


def required(tree: Node, of: Leaves, terms: FacetTerms, names: LabelNames | None = None) -> Filter | None:
    """Return the filter that passages must pass to satisfy the query, or None when the query requires nothing (words
    only).

    In a list of parts without operators, words only affect ranking; phrases, prefixes, fields and negations are
    required. `of` builds the word query of a leaf, `terms` lists the facet terms. With `names` a field's value may be a
    label of its term ('country:Kenya'). Raises QueryError for an unknown term, as `terms_meant`.
    """
    if isinstance(tree, Word):
        return None
    if isinstance(tree, Bag):
        parts = tuple(_filter(part, of, terms, names) for part in tree.parts if not isinstance(part, Word))
        return AllOf(parts) if parts else None
    return _filter(tree, of, terms, names)


def split(
    tree: Node, of: Leaves, terms: FacetTerms, names: LabelNames | None = None
) -> tuple[Node, list[Filter], Filter | None]:
    """Split a query into three: the tree of what is searched for, the filters typed in the query, and the filter of its
    requirements (see `required`; None when it requires nothing).

    For a query of filters only, the tree matches all passages that pass them, and the filters are also its requirement.
    Raises QueryError for an unknown term, as `terms_meant`.
    """
    asked, beside = narrowed(tree)
    if asked is None:
        return tree, [], required(tree, of, terms, names)
    where = [_filter(node, of, terms, names) for node in beside]
    return asked, where, required(asked, of, terms, names)


def _filter(node: Node, of: Leaves, terms: FacetTerms, names: LabelNames | None) -> Filter:
    def inside(part: Node) -> Filter:
        """Compile a part of the query to a filter."""
        return _filter(part, of, terms, names)

    if isinstance(node, Field):
        return Is(node.name, tuple(terms_meant(node, terms, names)))
    if isinstance(node, Not):
        return NoneOf(inside(node.part))
    if isinstance(node, And):
        return AllOf(tuple(map(inside, node.parts)))
    if isinstance(node, Or):
        return AnyOf(tuple(map(inside, node.parts)))
    if isinstance(node, Bag):  # words side by side under an operator: any of the words, and all other requirements
        words = tuple(Has(of(part)) for part in node.parts if isinstance(part, Word))
        others = tuple(inside(part) for part in node.parts if not isinstance(part, Word))
        return AllOf((*others, *((AnyOf(words),) if words else ())))
    return Has(of(node))


def terms_meant(field: Field, store: FacetTerms, names: LabelNames | None = None) -> list[str]:
    """Return the terms of a facet that the field's value means: that term itself, each term that begins with the value
    ('force:legal'), or the term with that label in any language ('country:Kenya', 'country:Kenia').

    Raises QueryError, with the most similar terms, when none is found.
    """
    terms = store.terms(field.name)
    wanted = field.value.casefold()
    exact = [term for term in terms if term.casefold() == wanted]
    if exact:
        return exact
    if labelled := _by_label(field, names):
        if not labelled & set(terms):
            raise QueryError(
                f"no passage has {field.name} '{field.value}' ({', '.join(sorted(labelled))}).",
                column=field.column,
                do="Take this filter out, or add a document that has it.",
            )
        return [term for term in terms if term in labelled]
    found = [term for term in terms if term.casefold().startswith(wanted)]
    if not found:
        # suggestions only, never used by themselves: .4 lets "woman" find "women and girls"; by eye
        close = difflib.get_close_matches(wanted, terms, n=3, cutoff=0.4) or list(terms)[:5]
        is_country = field.name == "country"
        raise QueryError(
            f"{field.name} has no term '{field.value}'.",
            column=field.column,
            do=f"Try {', '.join(f'{field.name}:{term}' for term in close)}."
            + (f' A name of several words takes quotation marks: country:"{field.value} …".' if is_country else ""),
        )
    return found


def _by_label(field: Field, names: LabelNames | None) -> set[str]:
    """Return the terms of the field's facet that have the field's value as a label. A region's label also means its
    states, but those are terms of another facet and are left out."""
    meant = names.of(field.value) if names is not None else ()
    targets = (each.split("=", 1)[1].split(":", 1) for each in meant if each.startswith(f"{field.name}="))
    return {term for facet, term in targets if facet == field.name}


def phrases_of(tree: Node) -> list[Phrase | Prefix | Near]:
    """Return the phrases, prefixes and NEARs of a query outside NOT, so that a message can name those that no passage
    contains."""
    if isinstance(tree, Phrase | Prefix | Near):
        return [tree]
    if isinstance(tree, And | Or | Bag):
        return [found for part in tree.parts for found in phrases_of(part)]
    return []
