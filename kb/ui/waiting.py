"""Messages shown while a person waits. Streamlit stores them when a module is imported, before the reader's language
is known."""

from __future__ import annotations

from kb.i18n import later, t


class Waiting(str):
    """A message that is translated when it is shown: `Waiting(later("Searching…"))`."""

    __slots__ = ()

    def __str__(self) -> str:
        return t(str.__str__(self))


SEARCHING = Waiting(later("Searching…"))
COLLECTING = Waiting(later("Collecting the rows…"))
OPENING = Waiting(later("Opening the workspace…"))
READING = Waiting(later("Reading the codebook…"))
