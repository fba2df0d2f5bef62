"""Maximum lengths of names and texts in the workspace, in characters. They are checked when an event is written, so
they apply to commands, pages, imports and Python callers."""

from __future__ import annotations

from collections.abc import Mapping

from kb.errors import InputError

NAME = 200
"""Maximum characters of a person's name."""
PART = 300
"""Maximum characters of one part of a stream's name, which is made of ids: the id of a set has at most 80, a file's
name at most 255 bytes."""
LABEL = 1_000
"""Maximum characters of a title or another short field; the longest title of an act seen has 340."""
TEXT = 200_000
"""Maximum characters of one reason, note or quotation: the same as one page of a document (kb/read/limits.py)."""
PARTS = 50_000
"""Maximum values in one event. People write dozens; an imported file could have any number."""

_LABELS = frozenset(
    {
        "title",
        "label",
        "country",
        "language",
        "unit",
        "name",
        "body",
        "criterion",
        "policy",
        "policy_set",
        "locator",
        "dated",
        "code",
        "passage",
        "source",
    }
)


def refuse_too_long(stream: str, author: str, reason: str, data: Mapping[str, object]) -> None:
    """Raise InputError, with field, length and limit, if the stream's name, the author, the reason or a text in
    `data` is too long.

    Not called for events of the machine: their text comes from documents, whose size is limited when they are read.
    """
    _length("the name of a person", author, NAME)
    for part in stream.split("/"):
        _length("an id", part, PART)
    _length("the reason", reason, TEXT)
    left = PARTS
    waiting: list[tuple[str, object]] = list(data.items())
    while waiting:
        key, value = waiting.pop()
        left -= 1
        if not left:
            raise InputError(f"there are more than {PARTS} values in one entry of the history.", do="Split it.")
        if isinstance(value, str):
            _length(f"'{key}'", value, LABEL if key in _LABELS else TEXT)
        elif isinstance(value, dict):
            waiting += [(str(name), inner) for name, inner in value.items()]
        elif isinstance(value, list | tuple):
            waiting += [(key, inner) for inner in value]


def _length(what: str, text: str, most: int) -> None:
    if len(text) > most:
        raise InputError(
            f"{what} has {len(text):,} characters; at most {most:,} are kept.",
            do="Shorten it, or keep the long text in a file of its own and name it here.",
        )
