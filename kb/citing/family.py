"""A register and its official texts in all languages: which entry an official passage is the text of, by identifiers
alone."""

from __future__ import annotations

from kb.ids import split

TEXT = "-text"
"""What the id of an official text has behind that of its register."""


def entry_of(id: str) -> str:
    """The register's entry that an official passage is the text of: 'crpd/art33/2' for 'crpd-text-es/art33/2'; else
    `id`."""
    document, locator = split(id)
    return f"{family(document)}/{locator}" if TEXT in document else id


def family(document: str) -> str:
    """A register and its official texts in all languages are one family: 'crpd' for 'crpd-text-es'."""
    return document.split(TEXT)[0]
