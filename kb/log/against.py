"""Compare the log with a file that was written from it: is the end of the log whose mark is in the file still part
of the log's chain?"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field
from sqlalchemy import select

from kb.errors import InputError
from kb.files import read_bytes
from kb.log.anchor import Anchor
from kb.log.noted import noted
from kb.log.store import LogReader, Workspace
from kb.log.tables import EventRow
from kb.models import Model

RESTORE = "Restore a backup: kb restore FILE"
"""What to do if the log contradicts itself."""
OTHER = (
    "Look first whether the file is of this workspace. Where it is, keep a copy of the workspace, ask who may write to "
    "it, and compare with an older backup."
)
"""What to do if only a file contradicts the log: restoring a backup could lose decisions."""


class Match(Model):
    """The result of comparing a file with the log: the ends of the log that the file states, and whether the log
    still has each."""

    heads: tuple[Anchor, ...] = Field(description="ends of a log that the file notes, each once")
    events: int = Field(description="events of the log that the file carries, and that were compared")
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the log still contains every end of the log that the file states."""
        return not self.problems


def against(ws: Workspace, file: Path) -> Match:
    """Compare the log with an export, report, backup or anchor file. Raises InputError if the file contains no mark."""
    heads = noted(file)
    carried = _events(file)
    if not heads:
        raise InputError(
            "The file carries no mark of a log.",
            where=str(file),
            do="Give an export, a report, a backup, or a text with the mark alone on a line, as kb findings anchor "
            "prints it.",
        )
    with ws.reading() as reader:
        wrong = [problem for head in heads for problem in _problem(reader, head)]
        wrong += [
            f"event {event.get('sequence')} ({event.get('stream')}) is not as the file has it"
            for event in carried
            if _hash(reader, event.get("sequence")) != event.get("hash")
        ]
    return Match(heads=tuple(heads), events=len(carried), problems=tuple(wrong))


def _problem(reader: LogReader, head: Anchor) -> Iterator[str]:
    last = reader.head()[0]
    when = f" of {head.at:%Y-%m-%d %H:%M} UTC" if head.at else ""
    if head.sequence > last:
        yield f"the log ends at event {last}; the file saw event {head.sequence}{when}"
    elif head.sequence and _hash(reader, head.sequence) != head.hash:
        yield f"event {head.sequence}{when} is not the one that the file saw: the history was written anew"


def _hash(reader: LogReader, sequence: object) -> str | None:
    found = reader.rows(select(EventRow.hash).where(EventRow.sequence == sequence)) if isinstance(sequence, int) else []
    return found[0].hash if found else None


def _events(file: Path) -> list[dict[str, object]]:
    """Return the events in an exported assessment; an empty list for any other file."""
    if zipfile.is_zipfile(file):
        return []
    try:
        content = json.loads(read_bytes(file))
    except (ValueError, RecursionError):
        return []
    found = content.get("events") if isinstance(content, dict) and content.get("format") == "kb-assessment" else None
    return [event for event in found if isinstance(event, dict)] if isinstance(found, list) else []
