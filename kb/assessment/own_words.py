"""Our statements of commitments are no words of an instrument: they are refused where somebody quotes them as such."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from kb.assessment.quoting import loose
from kb.errors import KBError, RefusedError

WORDS = 8
"""Words from which a quotation is recognised as ours: a treaty may use the same few words as its statement."""
SHARE = 0.6
"""Share of a statement's letters that a quotation must hold: an instrument's own phrase inside a statement is less."""


def refuse_own_words(quotation: str) -> None:
    """Raises RefusedError where a quotation is the statement of a commitment in this project's words, or most of it,
    and no official text that is here prints it so."""
    from kb.config import settings

    if len(re.findall(r"\w+", quotation)) < WORDS:
        return
    words = loose(quotation)
    for identifier, instrument, own in _statements(settings().corpus / "commitments"):
        if (own in words or words in own and len(words) >= SHARE * len(own)) and not _is_printed(instrument, words):
            raise RefusedError(
                f'These words are this project\'s own statement of {identifier}, not its text: "{quotation[:80]}".',
                do=f'Quote the official text: kb cite "{identifier}" (kb fetch {instrument}, where it is not here).',
            )


@lru_cache(maxsize=4)  # a corpus and what tests build
def _statements(folder: Path) -> tuple[tuple[str, str, str], ...]:
    """`(identifier, instrument, statement made comparable)` for every entry of the register."""
    from kb.commitments.register import load_register

    return tuple(
        (entry.identifier, instrument.id, loose(entry.statement))
        for instrument in load_register(folder)
        for entry in instrument.entries
        if len(re.findall(r"\w+", entry.statement)) >= WORDS
    )


def _is_printed(instrument: str, words: str) -> bool:
    """Whether the official text that is here holds the words; False where none can be read."""
    from kb.citing.installed import official_text
    from kb.config import settings

    try:
        text = official_text(settings(), instrument)
    except KBError:
        return False
    return text is not None and words in "".join(loose(passage.text) for passage in text.passages)
