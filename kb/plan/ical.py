"""Export due dates as an iCalendar file (RFC 5545): all-day events with repetition and status."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from kb.plan.models import Action

if TYPE_CHECKING:
    from icalendar import Event

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "kb:actions")  # the same action is the same entry in every export
MARK = "x-kb-log"
"""Name of the property with the log's fingerprint; `kb.log.noted` reads it."""
_RULES: dict[str | None, dict[str, object]] = {
    "weekly": {"freq": "weekly"},
    "monthly": {"freq": "monthly"},
    "quarterly": {"freq": "monthly", "interval": 3},
    "yearly": {"freq": "yearly"},
}


def calendar_of(actions: Iterable[Action], mark: str = "") -> bytes:
    """Return an iCalendar file of the actions that have a due date and are not dropped. `mark` is the fingerprint of
    the log that they were read from. The same actions and mark give the same bytes."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//kb//actions//EN")
    calendar.add("version", "2.0")
    if mark:
        calendar.add(MARK, mark)
    for action in actions:
        if action.due and action.status != "dropped":
            calendar.add_component(_entry(action, action.due))
    return calendar.to_ical()


def _entry(action: Action, due: date) -> Event:
    """Return one all-day event on the day `due`."""
    from icalendar import Event

    entry = Event()
    entry.add("uid", f"{uuid.uuid5(_SPACE, action.id)}@kb")
    # a fixed time for an unknown one; iCalendar requires a time
    entry.add("dtstamp", action.changed_at or datetime(1970, 1, 1, tzinfo=UTC))
    entry.add("summary", ("Done: " if action.status == "done" else "Due: ") + action.title)
    entry.add("dtstart", due)
    entry.add("dtend", due + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")
    entry.add("sequence", action.version)
    entry.add("description", _words(action))
    if action.repeat:
        entry.add("rrule", _rule(action))
    return entry


def _rule(action: Action) -> dict[str, object]:
    """Return the repetition as an RRULE; a due date on the 29th to 31st becomes the last day of a shorter month."""
    rule: dict[str, object] = dict(_RULES[action.repeat])
    if rule["freq"] == "monthly" and action.due is not None and action.due.day > 28:  # the shortest month has 28 days
        # the last of those days that a month has
        rule |= {"bymonthday": list(range(28, action.due.day + 1)), "bysetpos": -1}
    return rule


def _words(action: Action) -> str:
    """Return the text of an event: body, owner, findings and commitments that the action serves, status and
    description."""
    serves = [f"{ref.policy_set} {ref.criterion}" for ref in action.findings] + list(action.commitments)
    facts = [("Body", action.body), ("Owner", action.owner), ("Serves", ", ".join(serves)), ("Status", action.status)]
    return "\n".join(
        [f"{name}: {value}" for name, value in facts if value] + ([action.description] if action.description else [])
    )
