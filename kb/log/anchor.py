"""The end of the log as one line of text (a mark), to be stored outside the log: if someone rewrites the log and
recomputes its hashes, it no longer matches the mark.

A mark is `kb-log/<sequence>/<sha256>/<time>`: position, hash and time of the last event (by its author's clock).
Exports, reports and backups contain it.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import Field

from kb.log.decisions import stamp, unstamp
from kb.models import Model

if TYPE_CHECKING:
    from kb.log.store import LogReader, Workspace

MARK = re.compile(r"kb-log/(\d{1,18})/([0-9a-f]{64}|-)/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z|-)")


class Anchor(Model):
    """The end of a log at one moment: sequence, hash and time of its last event."""

    sequence: int = Field(description="of the last event; 0 for an empty log")
    hash: str = Field(description="of the last event; empty for an empty log")
    at: datetime | None = Field(None, description="when the last event was written, UTC, by its author's clock")

    @property
    def mark(self) -> str:
        """The anchor as one line of text without spaces."""
        return f"kb-log/{self.sequence}/{self.hash or '-'}/{stamp(self.at) if self.at else '-'}"


def anchor(ws: Workspace) -> Anchor:
    """Return the current end of the log, whose `mark` is written into every file that leaves the workspace."""
    with ws.reading() as reader:
        return anchor_now(reader)


def anchor_now(reader: LogReader) -> Anchor:
    """Like `anchor`, within the caller's transaction."""
    sequence, hash = reader.head()
    last = next(iter(reader.events(since=sequence - 1)), None) if sequence else None
    return Anchor(sequence=sequence, hash=hash, at=last.at if last else None)


def marks_in(text: str) -> list[Anchor]:
    """Return every anchor whose mark is in `text`, in order, without repeats."""
    return list(dict.fromkeys(found for match in MARK.finditer(text) if (found := _read(match))))


def _read(match: re.Match[str]) -> Anchor | None:
    """Return the anchor of a matched mark; None if its time is invalid."""
    try:
        at = unstamp(match[3]) if match[3] != "-" else None
    except ValueError:
        return None
    return Anchor(sequence=int(match[1]), hash="" if match[2] == "-" else match[2], at=at)
