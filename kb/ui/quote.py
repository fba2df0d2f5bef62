"""The text that a person copies: the words, the citation and the force, with what must not be left out."""

from __future__ import annotations

from collections.abc import Iterable

from kb.commitments.documents import OWN_WORDS
from kb.i18n import Words, t
from kb.models import FORCE_WORDS
from kb.report.blocks import note_words

FORMAT_WORDS = Words(
    {
        "plain": "Plain",
        "oscola": "OSCOLA",
        "apa": "APA",
        "chicago": "Chicago",
        "bibtex": "BibTeX",
        "ris": "RIS",
        "csl-json": "CSL-JSON",
    }
)
"""Names of the ways to write a citation; the others are names and the same in every language."""
_AFTER = Words({"own-words": "Statement in own words, not a quotation", "unchecked": "Not checked against the source"})


def quotable(text: str, citation: str, force: str, notes: Iterable[str] = (), *, wording: str) -> str:
    """Words, citation and force. Quotation marks only where the words are the source's (`wording` is a key of
    markup.WORDINGS); notes that limit them follow."""
    words = f"“{text}”" if wording == "verbatim" else f"{text} [{_AFTER[wording]}]"
    rest = [note for note in notes if note != OWN_WORDS]
    return "\n".join(
        [
            words,
            f"— {citation}",
            t("Force: {force}", force=t(FORCE_WORDS[force])),
            *map(note_words, rest),
        ]
    )
