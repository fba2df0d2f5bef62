"""The text that a person copies: the words with citation and force, and the notes that limit their use."""

from __future__ import annotations

from collections.abc import Iterable

from kb.commitments.documents import OWN_WORDS
from kb.i18n import TranslatedLabels, t
from kb.models import FORCE_WORDS
from kb.report.blocks import note_words

FORMAT_WORDS = TranslatedLabels(
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
"""Names of citation formats; only “Plain” is translated."""
_AFTER = TranslatedLabels(
    {"own-words": "Statement in own words, not a quotation", "unchecked": "Not checked against the source"}
)


def quotable(text: str, citation: str, force: str, notes: Iterable[str] = (), *, wording: str) -> str:
    """Return words, citation and force, then the notes that limit them. Only the source's own words get quotation marks
    (`wording` is a key of markup.WORDINGS)."""
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
