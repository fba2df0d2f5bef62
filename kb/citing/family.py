"""Relate the identifiers of register entries to those of their official texts in all languages."""

from __future__ import annotations

from kb.ids import split

TEXT = "-text"
"""Suffix of an official text's id, after that of its register."""


def entry_of(id: str) -> str:
    """Return the register's identifier for a passage of an official text; any other identifier unchanged.

    >>> entry_of("crpd-text-es/art33/2")
    'crpd/art33/2'
    """
    document, locator = split(id)
    return f"{family(document)}/{locator}" if TEXT in document else id


def family(document: str) -> str:
    """Return the id that a register and its official texts in all languages share: 'crpd' for 'crpd-text-es'."""
    return document.split(TEXT)[0]
