"""Document styles: from what a reader found in a file to sections, numbered passages and leftovers."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kb.errors import InputError
from kb.models import Document, Pages

STYLES = {
    "paper": "kb.structure.paper",
    "treaty": "kb.structure.treaty",
    "resolution": "kb.structure.resolution",
    "generic": "kb.structure.generic",
}


def parse(pages: Pages, style: str, **meta: Any) -> Document:
    """`pages` structured in a style; `meta` is what that style's `parse` takes (document, title, force, ...).

    Raises InputError for a style that is not known.
    """
    if style not in STYLES:
        raise InputError(f"unknown style '{style}'.", do=f"Styles are: {', '.join(STYLES)}.")
    return import_module(STYLES[style]).parse(pages, **meta)


__all__ = ["STYLES", "parse"]
