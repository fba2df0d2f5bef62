"""Find text that is in no passage and is no number, label or running head, so that it can be reported to those who cite
the document."""

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
"""Kinds of leftovers that every text has and that contain no words of the text proper."""
SHOWN = 90
"""Number of characters of a leftover that a message shows: enough to find it in the source."""
_WORD = re.compile(r"[^\W\d_]{3}")


def unplaced(document: Document) -> tuple[Leftover, ...]:
    """Return the leftovers that contain words and whose kind is not in EXPECTED, in text order."""
    return tuple(each for each in document.leftovers if each.kind not in EXPECTED and _WORD.search(each.text))


def unplaced_words(document: Document) -> tuple[str, ...]:
    """Return one sentence for each kind of unplaced text: the number of pieces, and the location and text of the
    first."""
    kinds: dict[str, list[Leftover]] = defaultdict(list)
    for each in unplaced(document):
        kinds[each.kind].append(each)
    return tuple(
        f"{len(found)} {'piece of words is' if len(found) == 1 else 'pieces of words are'} in no paragraph ({kind}): "
        f"{'' if len(found) == 1 else 'first '}{shown(found[0])}"
        for kind, found in kinds.items()
    )


def shown(one: Leftover) -> str:
    """Return the location and text of leftover `one` for a message; the text is shortened to SHOWN characters."""
    text = squeeze(one.text)
    return f"{where(one.place)}'{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}'"


def where(place: Place) -> str:
    """Return a location to put before a sentence: 'line 243, ' or 'page 3, '; '' when the place has neither."""
    if place.lines:
        return f"line {place.lines[0]}, "
    return f"page {place.page}, " if place.page else ""
