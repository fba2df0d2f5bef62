"""Two editions of one text in one file ("Ancien" / "Nouveau"): the new one is the text, the old one is kept apart, both
are said."""

from __future__ import annotations

import functools

from pydantic import BaseModel, ConfigDict

from kb.read.draft import Draft, Reading
from kb.read.layout.titles import plain
from kb.read.numbering import number_of
from kb.read.vocabulary import vocabulary

SHORT = 60
"""Characters of the longest line that is looked at as a label; labels of the data file have up to 25."""


class Editions(BaseModel):
    """Lines that name the old or the new edition."""

    model_config = ConfigDict(extra="forbid")

    old: frozenset[str]
    new: frozenset[str]


@functools.cache
def labels() -> Editions:
    """The vocabulary of corpus/reading/editions.yaml, validated."""
    return vocabulary("editions", Editions)


def edition_of(text: str) -> str:
    """'old' or 'new' where a line names an edition, else ''."""
    if len(text) > SHORT:
        return ""
    words = plain(text)
    return "old" if words in labels().old else "new" if words in labels().new else ""


def set_apart(reading: Reading) -> None:
    """Move what stands under a label of the old edition, up to the next label or numbered heading, to the leftovers.

    Nothing is done unless the file names both editions: one word alone is a heading like others.
    """
    named = [edition_of(draft.text) for draft in reading.drafts]
    _columns(reading)
    if not {"old", "new"} <= set(named):
        return
    kept: list[Draft] = []
    inside = ""
    for draft, name in zip(reading.drafts, named, strict=True):
        inside = name or ("" if inside and _opens(draft) else inside)
        if name:
            reading.leftovers.append(_as(draft, "label"))
        elif inside == "old":
            reading.leftovers.append(_as(draft, "former-text"))
        else:
            kept.append(draft)
    first = next(draft for draft, name in zip(reading.drafts, named, strict=True) if name == "old")
    reading.drafts[:] = kept
    reading.trouble(
        f"the file holds two editions of the text; what stands under “{first.text}” is kept apart as former text, "
        "only the new edition was read as text",
        "Check which edition is in force.",
        first.page,
    )


def _columns(reading: Reading) -> None:
    """Say where a table sets the old and the new edition side by side: its rows hold both."""
    for draft in reading.drafts:
        cells = (
            [edition_of(cell.strip()) for cell in draft.text.split("|")]
            if draft.kind == "table-row" and len(draft.text) < 200
            else []
        )
        if {"old", "new"} <= set(cells):
            reading.trouble(
                "a table sets an old and a new edition of the text side by side; its rows hold both",
                "Quote only the column of the edition that is in force.",
                draft.page,
            )


def _opens(draft: Draft) -> bool:
    """Whether a heading opens an article or part that stands outside the two editions."""
    number = number_of(draft.text) if draft.kind == "heading" else None
    return number is not None and number.above <= 6


def _as(draft: Draft, kind: str) -> Draft:
    """The draft as a leftover of a kind."""
    draft.kind = kind
    return draft
