"""Refuse quotations that are this project's own statements of commitments instead of the words of an instrument."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kb.assessment.quoting import loose
from kb.errors import KBError, RefusedError

WORDS = 8
"""Minimum words of a quotation that is checked: a treaty may have a few words in common with our statement."""
SHARE = 0.6
"""Share of a statement's letters that a quotation must contain; a phrase of the instrument inside a statement is
shorter."""


def refuse_own_words(quotation: str) -> None:
    """Raise RefusedError if most of `quotation` is this project's own statement of a commitment, unless the
    installed official text contains these words."""
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


class _Statement(NamedTuple):
    """This project's own statement of a commitment."""

    identifier: str
    instrument: str
    words: str
    """The statement, normalised as quotations are before they are compared."""


@lru_cache(maxsize=4)  # a corpus and what tests build
def _statements(folder: Path) -> tuple[_Statement, ...]:
    """Return the statement of every entry of the register that has at least WORDS words."""
    from kb.commitments.register import load_register

    return tuple(
        _Statement(entry.identifier, instrument.id, loose(entry.statement))
        for instrument in load_register(folder)
        for entry in instrument.entries
        if len(re.findall(r"\w+", entry.statement)) >= WORDS
    )


def _is_printed(instrument: str, words: str) -> bool:
    """Return whether the installed official text of the instrument contains `words` (normalised); False if there is
    no readable text."""
    from kb.citing.installed import official_text
    from kb.config import settings

    try:
        text = official_text(settings(), instrument)
    except KBError:
        return False
    return text is not None and words in "".join(loose(passage.text) for passage in text.passages)
