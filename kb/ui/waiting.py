"""Messages shown while a person waits. Streamlit stores them when a module is imported, before the reader's language
is known."""

from __future__ import annotations

from kb.i18n import later, t


class WaitingText(str):
    """A message that is translated when it is shown: `WaitingText(later("Searching…"))`."""

    __slots__ = ()

    def __str__(self) -> str:
        return t(str.__str__(self))


SEARCHING = WaitingText(later("Searching…"))
COLLECTING = WaitingText(later("Collecting the rows…"))
OPENING = WaitingText(later("Opening the workspace…"))
READING = WaitingText(later("Reading the codebook…"))
