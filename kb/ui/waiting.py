"""What is said while one waits: Streamlit keeps the words from when the code is loaded, before anybody's language is
known."""

from __future__ import annotations

from kb.i18n import t


class Waiting(str):
    """Words in the language of who waits, found when they are shown. `Waiting(later("Searching…"))`"""

    __slots__ = ()

    def __str__(self) -> str:
        return t(str.__str__(self))
