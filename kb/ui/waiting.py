"""What is said while one waits: Streamlit keeps the words from when the code is loaded, before anybody's language is
known."""

from __future__ import annotations

from kb.i18n import later, t


class Waiting(str):
    """Words in the language of who waits, found when they are shown. `Waiting(later("Searching…"))`"""

    __slots__ = ()

    def __str__(self) -> str:
        return t(str.__str__(self))


SEARCHING = Waiting(later("Searching…"))
COLLECTING = Waiting(later("Collecting the rows…"))
OPENING = Waiting(later("Opening the workspace…"))
READING = Waiting(later("Reading the codebook…"))
