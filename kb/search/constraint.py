"""What a query requires: the set of passages that its phrases, operators and fields allow."""

from __future__ import annotations

import difflib
from collections.abc import Callable

from kb.errors import QueryError
from kb.index.names import Names
from kb.index.store import Store
from kb.search.query import And, Bag, Field, Near, Node, Not, Or, Phrase, Prefix, Word

Rows = Callable[[Node], set[int]]


def allowed(tree: Node, rows: Rows, store: Store, names: Names | None = None) -> set[int] | None:
    """Rows that satisfy the query, or None when it requires nothing (words only).

    In a bag of parts side by side the words only rank; phrases, prefixes, fields and negations are required. `names` lets a
    field be given by a label of its term ('country:Kenya').
    """
    if isinstance(tree, Word):
        return None
    if isinstance(tree, Bag):
        required = [part for part in tree.parts if not isinstance(part, Word)]
        sets = [_rows(part, rows, store, names) for part in required]
        return set.intersection(*sets) if sets else None
    return _rows(tree, rows, store, names)


def _rows(node: Node, rows: Rows, store: Store, names: Names | None) -> set[int]:
    if isinstance(node, Field):
        return field_rows(node, store, names)
    if isinstance(node, Not):
        return store.all_rowids() - _rows(node.part, rows, store, names)
    if isinstance(node, And):
        return set.intersection(*(_rows(part, rows, store, names) for part in node.parts))
    if isinstance(node, Or):
        return set().union(*(_rows(part, rows, store, names) for part in node.parts))
    if isinstance(node, Bag):
        return _bag_rows(node, rows, store, names)
    return rows(node)


def _bag_rows(bag: Bag, rows: Rows, store: Store, names: Names | None) -> set[int]:
    """Words side by side under an operator: any of the words, and everything else that is required."""
    words = [rows(part) for part in bag.parts if isinstance(part, Word)]
    others = [_rows(part, rows, store, names) for part in bag.parts if not isinstance(part, Word)]
    return set.intersection(*others, *([set().union(*words)] if words else []))


def field_rows(field: Field, store: Store, names: Names | None = None) -> set[int]:
    """Rows whose facet has the term. Raises QueryError as `terms_meant`."""
    return store.rowids(field.name, terms_meant(field, store, names))


def terms_meant(field: Field, store: Store, names: Names | None = None) -> list[str]:
    """The terms of a facet that a value means: a term, all that begin with it ('force:legal'), or the term that a label names
    in any language ('country:Kenya', 'country:Kenia').

    Raises QueryError with the nearest terms when the facet has no such term.
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
        close = difflib.get_close_matches(wanted, terms, n=3, cutoff=0.4) or list(terms)[:5]
        raise QueryError(
            f"{field.name} has no term '{field.value}'.",
            column=field.column,
            do=f"Try {', '.join(f'{field.name}:{term}' for term in close)}.",
        )
    return found


def _by_label(field: Field, names: Names | None) -> set[str]:
    """Terms of the field's facet that a label names; a region's states are no terms of the facet region."""
    meant = names.of(field.value) if names is not None else ()
    targets = (each.split("=", 1)[1].split(":", 1) for each in meant if each.startswith(f"{field.name}="))
    return {term for facet, term in targets if facet == field.name}


def phrases_of(tree: Node) -> list[Phrase | Prefix | Near]:
    """Phrases, prefixes and nearness that the query requires, for saying which of them is nowhere."""
    if isinstance(tree, Phrase | Prefix | Near):
        return [tree]
    if isinstance(tree, And | Or | Bag):
        return [found for part in tree.parts for found in phrases_of(part)]
    return []
