"""Document styles: convert the paragraphs of a reader to a document with sections, numbered passages and leftovers."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Required, TypedDict, Unpack

from kb.errors import InputError
from kb.models import Document, Force, Pages

STYLES = {
    "paper": "kb.structure.paper",
    "treaty": "kb.structure.treaty",
    "resolution": "kb.structure.resolution",
    "generic": "kb.structure.generic",
}


class Meta(TypedDict, total=False):
    """Keyword arguments of `parse` below: metadata of a document that its pages do not contain. All are optional; a
    style accepts those that its own `parse` function has."""

    document: Required[str]
    title: Required[str]
    force: Force
    language: str | None
    file: str
    sha256: str
    short: str | None
    notes: tuple[str, ...]
    cite_as: str
    levels: Mapping[str, int]
    typos: Mapping[str, str]


def parse(pages: Pages, style: str, **meta: Unpack[Meta]) -> Document:
    """Convert `pages` to a document in a style (a name in `STYLES`). `meta` holds the document's id, its title, and
    further fields that the style accepts.

    Raises InputError for an unknown style.
    """
    if style not in STYLES:
        raise InputError(f"unknown style '{style}'.", do=f"Styles are: {', '.join(STYLES)}.")
    made: Document = import_module(STYLES[style]).parse(pages, **meta)
    return made


__all__ = ["STYLES", "Meta", "parse"]
