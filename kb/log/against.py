"""The log against a file that left it: is what the file noted of the log's end still on the chain?"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field
from sqlalchemy import select

from kb.errors import InputError
from kb.files import fault_of, read_bytes
from kb.log.anchor import Anchor, marks_in
from kb.log.store import Reader, Workspace
from kb.log.tables import EventRow
from kb.models import Model

_MEMBER = 64 * 1024 * 1024  # bytes of one part of a zipped file that are looked through for marks; ours are far smaller


class Match(Model):
    """What the file noted, and what the log says of it."""

    heads: tuple[Anchor, ...] = Field(description="ends of a log that the file notes, each once")
    events: int = Field(description="events of the log that the file carries, and that were compared")
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """All that the file notes of the log is still so."""
        return not self.problems


def against(ws: Workspace, file: Path) -> Match:
    """Compare the log with an export, a report, a backup or a noted mark. Raises InputError where the file has none."""
    noted = list(dict.fromkeys(_noted(file)))
    carried = _events(file)
    if not noted:
        raise InputError(
            "The file carries no mark of a log.",
            where=str(file),
            do="Give an export, a report, a backup, or a file with the mark that kb findings anchor prints.",
        )
    with ws.reading() as reader:
        wrong = [problem for head in noted for problem in _problem(reader, head)]
        wrong += [
            f"event {event.get('sequence')} ({event.get('stream')}) is not as the file has it"
            for event in carried
            if _hash(reader, event.get("sequence")) != event.get("hash")
        ]
    return Match(heads=tuple(noted), events=len(carried), problems=tuple(wrong))


def _problem(reader: Reader, head: Anchor) -> Iterator[str]:
    last = reader.head()[0]
    when = f" of {head.at:%Y-%m-%d %H:%M} UTC" if head.at else ""
    if head.sequence > last:
        yield f"the log ends at event {last}; the file saw event {head.sequence}{when}"
    elif head.sequence and _hash(reader, head.sequence) != head.hash:
        yield f"event {head.sequence}{when} is not the one that the file saw: the history was written anew"


def _hash(reader: Reader, sequence: Any) -> str | None:
    found = reader.rows(select(EventRow.hash).where(EventRow.sequence == sequence)) if isinstance(sequence, int) else []
    return found[0].hash if found else None


def _noted(file: Path) -> Iterator[Anchor]:
    """Every mark in a file, also inside a zipped one (backup, Word, Excel)."""
    if zipfile.is_zipfile(file):
        with fault_of(file, "the archive is damaged", "Take another copy of it."), zipfile.ZipFile(file) as archive:
            for part in archive.infolist():
                if part.file_size <= _MEMBER and not part.filename.startswith(("tables/", "library/")):
                    yield from marks_in(archive.read(part).decode("latin-1"))
    else:
        yield from marks_in(read_bytes(file).decode("latin-1"))


def _events(file: Path) -> list[dict[str, Any]]:
    """Events that an exported assessment carries; none for another file."""
    if zipfile.is_zipfile(file):
        return []
    try:
        content = json.loads(read_bytes(file))
    except (ValueError, RecursionError):
        return []
    found = content.get("events") if isinstance(content, dict) and content.get("format") == "kb-assessment" else None
    return [event for event in found if isinstance(event, dict)] if isinstance(found, list) else []
