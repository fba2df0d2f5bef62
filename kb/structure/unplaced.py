"""Words of a text that are in no paragraph of it, and are no number, label or furniture of its pages: whoever cites
around them must be told."""

from __future__ import annotations

import re
from collections import defaultdict

from kb.models import Document, Leftover, Place
from kb.text import squeeze

EXPECTED = frozenset(
    [
        "number",
        "label",
        "markup",
        "other-language",
        "page-number",
        "running-head",
        "contents",
        "footnote",
        "note",
        "button",
        "title",
        "line-number",
        "editorial",
    ]
)
"""Kinds of leftovers that every text has: they are no words that a reader of its paragraphs would miss."""
SHOWN = 90
"""Characters of a line that are shown: enough to find it."""
_WORD = re.compile(r"[^\W\d_]{3}")


def unplaced(document: Document) -> tuple[Leftover, ...]:
    """The words that stand in no paragraph, in the order of the text."""
    return tuple(each for each in document.leftovers if each.kind not in EXPECTED and _WORD.search(each.text))


def unplaced_words(document: Document) -> tuple[str, ...]:
    """One sentence for each kind of words that are in no paragraph: how many there are, and the first of them."""
    kinds: dict[str, list[Leftover]] = defaultdict(list)
    for each in unplaced(document):
        kinds[each.kind].append(each)
    return tuple(
        f"{len(found)} {'piece of words is' if len(found) == 1 else 'pieces of words are'} in no paragraph ({kind}): "
        f"{'' if len(found) == 1 else 'first '}{shown(found[0])}"
        for kind, found in kinds.items()
    )


def shown(one: Leftover) -> str:
    """The words of a leftover with their place, shortened to SHOWN characters."""
    text = squeeze(one.text)
    return f"{where(one.place)}'{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}'"


def where(place: Place) -> str:
    """'line 243, ' or 'page 3, '; nothing where neither is known."""
    if place.lines:
        return f"line {place.lines[0]}, "
    return f"page {place.page}, " if place.page else ""
