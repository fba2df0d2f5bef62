"""The text that a person copies: the words, the citation and the force, with what must not be left out."""
from __future__ import annotations

from collections.abc import Iterable

from kb.commitments.documents import OWN_WORDS
from kb.models import FORCE_WORDS


def quotable(text: str, citation: str, force: str, notes: Iterable[str] = ()) -> str:
    """Words, citation and force. Quotation marks only where the words are the source's; notes that limit them follow."""
    notes = list(notes)
    own = OWN_WORDS in notes
    words = f"{text} [Statement in own words, not a quotation]" if own else f"“{text}”"
    rest = [note for note in notes if note != OWN_WORDS]
    return "\n".join([words, f"— {citation}", f"Force: {FORCE_WORDS[force]}", *(f"Note: {note}" for note in rest)])
