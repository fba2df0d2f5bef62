"""Numbers with their words: one file, two files."""

from __future__ import annotations


def some(count: int, one: str, many: str = "") -> str:
    """How many there are, in words: '1 passage', '2 passages'; `many` where more than an s is added."""
    several = many or (f"{one[:-1]}ies" if one.endswith("y") else f"{one}s")
    return f"{count} {one if count == 1 else several}"
