"""How long names and texts of the workspace may be. Checked where events are written, so that every road passes here:
commands, pages, imports and whoever uses the package."""

from __future__ import annotations

from collections.abc import Mapping

from kb.errors import InputError

NAME = 200
"""Characters of a person's name."""
PART = 300
"""Characters of one part of a stream's name, which is made of ids: a set's id has 80 at most, and a file's name 255
bytes."""
LABEL = 1_000
"""Characters of a title or another short field; the longest title of an act that was seen has 340."""
TEXT = 200_000
"""Characters of one reason, note or quotation: as many as one page of a document may have (kb/read/limits.py)."""
PARTS = 50_000
"""Values of one event. What a person writes has dozens; a file to be imported could have them without end."""

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
    """Raises InputError that names the field, its length and the most there may be. What the machine proposes is not
    asked: it comes from documents, whose size is bounded where they are read."""
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
