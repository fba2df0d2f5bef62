"""Notes for the reader of a resolved citation: what is missing, not verified, or in another language."""

from __future__ import annotations

from collections.abc import Sequence

from kb.amounts import some
from kb.commitments.official import OfficialText
from kb.commitments.register import Entry, Instrument
from kb.languages import is_main, name_of
from kb.models import Document, Passage
from kb.structure.unplaced import SHOWN, shown, unplaced

MOST = 8
"""Places or lines that a note lists."""

NOT_INSTALLED = "official text not installed"
"""Beginning of the note for a text that is not installed."""


def notes_on(
    id: str,
    instrument: Instrument,
    entry: Entry | None,
    official: OfficialText | None,
    passages: tuple[Passage, ...],
    lacking: Sequence[str] = (),
    before: Sequence[Passage] = (),
) -> tuple[str, ...]:
    """Return the notes on a resolved place. `lacking` are the places missing from the text; `before` are the passages
    after which a number is missing."""
    notes = []
    if official is None:
        notes.append(f"{NOT_INSTALLED}: kb fetch {instrument.id}")
    elif lacking:
        notes.append(_missing_places(lacking))
    elif not passages:
        notes.append("the official text that is here has no such place; compare them with kb verify --register")
    if official and passages:
        notes += _between(official.document, passages, before)
    if passages and not is_main(passages[0].language):
        notes.append(
            f"the text that is here is in {name_of(passages[0].language)}: see whether it is authentic or a translation"
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


def not_there(typed: str, place: str, above: str) -> str:
    """Return a note that part of a typed place does not exist; `place` is the identifier that does not exist, `above`
    that of the place shown instead."""
    inside = "".join(f"({each})" for each in place.removeprefix(f"{above}/").split("/"))
    return f"'{typed}': '{inside}' has no place of its own here; this is what stands above it."


def _missing_places(lacking: Sequence[str]) -> str:
    """Return a note that lists which places are missing from the text shown."""
    names = ", ".join(lacking[:MOST]) + (f" and {len(lacking) - MOST} more" if len(lacking) > MOST else "")
    verb = "is" if len(lacking) == 1 else "are"
    return f"not whole: {names} {verb} missing from the file that is here; get the complete official text"


def _between(document: Document, passages: tuple[Passage, ...], before: Sequence[Passage]) -> list[str]:
    """Return notes on text of the file that is between the passages shown but not part of them, and on text that was
    added to a passage because the number before it is missing."""
    ends = [span for passage in passages for span in (passage.place.pieces or ((passage.place.chars),)) if span]
    first, last = min((a for a, _ in ends), default=0), max((b for _, b in ends), default=0)
    apart = [each for each in unplaced(document) if each.place.chars and first <= each.place.chars[0] < last]
    notes = [f"the file has other words there, which are kept apart ({one.kind}): {shown(one)}" for one in apart[:MOST]]
    if len(apart) > MOST:
        notes.append(f"more words there are kept apart, in {some(len(apart) - MOST, 'place')}; kb read FILE shows them")
    loose = [p for p in before if p.kind != "heading" and "\n" in p.text]
    return notes + [
        f"{p.citation} holds words without a number, which may not belong to it: '{p.text.splitlines()[-1][:SHOWN]}'"
        for p in loose[:MOST]
    ]
