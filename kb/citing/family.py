"""Relate a register to its official texts in all languages, by identifiers alone."""

from __future__ import annotations

from kb.ids import split

TEXT = "-text"
"""Suffix of an official text's id, after that of its register."""


def entry_of(id: str) -> str:
    """Return the register's identifier for an official passage: 'crpd/art33/2' for 'crpd-text-es/art33/2'; any other id
    unchanged."""
    document, locator = split(id)
    return f"{family(document)}/{locator}" if TEXT in document else id


def family(document: str) -> str:
    """Return the id shared by a register and its official texts in all languages: 'crpd' for 'crpd-text-es'."""
    return document.split(TEXT)[0]
