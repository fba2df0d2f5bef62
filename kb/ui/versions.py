"""Two versions of what a form edits: the words that say who wrote the other one, and the table of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from kb.i18n import clock, day, t
from kb.log.decisions import shown_name
from kb.ui import markup, resources
from kb.ui.fields import FieldValue


@dataclass(frozen=True)
class Clash:
    """A field that two people changed: the value before, theirs and mine."""

    name: str
    before: FieldValue
    theirs: FieldValue
    mine: FieldValue


class ShownField(NamedTuple):
    """One row of the table of both versions, as text: the field, its value when the form was opened, now, and in this
    window."""

    field: str
    before: str
    now: str
    mine: str


@dataclass(frozen=True)
class LastWrite:
    """Who wrote a thing last ('' if not known) and when (None if not known)."""

    by: str = ""
    at: datetime | None = None

    def is_of(self, person: str) -> bool:
        """Return whether `person` wrote it, which is then their own other window."""
        return bool(self.by.strip()) and self.by.strip() == person.strip()

    def meanwhile(self, reader: str) -> str:
        """Return the sentence that tells `reader` who wrote while they were writing."""
        if self.is_of(reader):
            return t("You wrote here in another window meanwhile.")
        who = self._who(reader)
        return t("{who} wrote here meanwhile.", who=who) if who else t("This was changed here meanwhile.")

    def column(self, reader: str) -> str:
        """Return the heading of the column with what is recorded now."""
        who = self._who(reader)
        return t("Now, by {who}", who=who) if who else t("Now")

    def _who(self, reader: str) -> str:
        at = f"{day(self.at)} {clock(self.at)}" if self.at else ""
        if self.is_of(reader):
            return t("you, in another window, on {at} UTC", at=at) if at else t("you, in another window")
        name = shown_name(self.by) if self.by else ""
        return t("{by} on {at} UTC", by=name, at=at) if name and at else name


def last_write(stream: str) -> LastWrite:
    """Return who wrote the last event of `stream`; nobody if it has none."""
    events = resources.workspace().events(stream)
    return LastWrite(events[-1].author, events[-1].at) if events else LastWrite()


def both(rows: Sequence[ShownField], last: LastWrite, reader: str) -> str:
    """Return the table of both versions as HTML."""
    heads = (t("Field"), t("When you began"), last.column(reader), t("In this window"))
    return markup.table(heads, rows, t("Both versions"))
