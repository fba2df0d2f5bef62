"""What a reader must be told beside the answer to a citation: what is missing, unverified or in another language."""

from __future__ import annotations

from kb.commitments.official import Official
from kb.commitments.register import Entry, Instrument
from kb.languages import is_main
from kb.models import Passage

NOT_INSTALLED = "official text not installed"
"""How the note begins that says so."""


def notes_on(
    id: str, instrument: Instrument, entry: Entry | None, official: Official | None, passages: tuple[Passage, ...]
) -> tuple[str, ...]:
    """What a reader must be told beside the answer."""
    notes = []
    if official is None:
        notes.append(f"{NOT_INSTALLED}: kb fetch {instrument.id}")
    elif not passages:
        notes.append("the official text that is here has no such place; compare them with kb verify --register")
    if passages and not is_main(passages[0].language):
        notes.append(
            f"the text that is here is in '{passages[0].language}': see whether it is authentic or a translation"
        )
    if entry and entry.id != id:
        notes.append(
            f"the register has it under {entry.identifier}"
            + (", by paragraph numbers that are not verified" if entry.range and not entry.range.verified else "")
        )
    if entry and entry.verified != "official-text":
        notes.append(
            f"the statement is {'from a secondary source' if entry.verified == 'secondary' else 'unverified'}: "
            "it has not been checked against the official text"
        )
    notes += [note for passage in passages[:1] for note in passage.notes]
    return tuple(dict.fromkeys(notes))
