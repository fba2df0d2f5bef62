"""Actions: who does what by when, for which findings and commitments, and their progress."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from kb.assessment.policies import read_set
from kb.errors import InputError, NotFound, RefusedError
from kb.log.decisions import stream
from kb.log.fold import model_of, refuse_other_fields, validated
from kb.log.store import LogReader, LogWriter, StreamState, Workspace
from kb.plan.models import Action, IndicatorReading, Note

_FIXED = {"id", "notes", "stated", "version", "sequence", "changed_by", "changed_at"}
_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}


def create_action(ws: Workspace, id: str, fields: Mapping[str, object], *, by: str, reason: str = "") -> Action:
    """Create an action and return it; `fields` are fields of Action. Raises RefusedError if the id is taken,
    NotFound if it names an unknown policy set, InputError for an invalid value."""
    with ws.writing() as writer:
        if same := writer.alike("action", id):
            raise RefusedError(f"There is already an action '{same}'.", do="Choose another id, or update it.")
        return _write(writer, id, Action(id=id, title="-"), fields, "action.created", by, reason, 0)


def update_action(
    ws: Workspace, id: str, fields: Mapping[str, object], *, by: str, expected: int, reason: str = ""
) -> Action:
    """Change fields of an action and return it. Raises ConflictError if it is no longer at version `expected`,
    NotFound for an unknown action."""
    with ws.writing() as writer:
        writer.refuse_stale(stream("action", id), expected, fields)
        return _write(writer, id, read_action(writer, id), fields, "action.changed", by, reason, expected)


def add_note(ws: Workspace, id: str, text: str, *, by: str) -> Action:
    """Add a progress note to an action and return the action. Raises InputError if `text` is empty."""
    with ws.writing() as writer:
        old = read_action(writer, id)
        if not text.strip():
            raise InputError("The note is empty.", do="Write what was done.")
        note = Note(text=text.strip(), by=by.strip(), at=writer.clock())
        return _save(writer, old, old.model_copy(update={"notes": (*old.notes, note)}), "action.noted", by, text, None)


def add_reading(ws: Workspace, id: str, on: date, value: float, *, by: str, source: str = "") -> Action:
    """Add a measured value of the action's indicator for the day `on`, and return the action. Raises RefusedError if
    the action has no indicator, or if that day has a value already."""
    with ws.writing() as writer:
        old = read_action(writer, id)
        if not old.indicator:
            raise RefusedError(
                f"Action '{id}' has no indicator.", do="Give it one with a name, a baseline and a target."
            )
        if any(reading.on == on for reading in old.indicator.readings):
            raise RefusedError(f"There is already a reading of {on}.", do="Correct it by changing the indicator.")
        readings = sorted(
            (*old.indicator.readings, IndicatorReading(on=on, value=value, source=source)), key=lambda r: r.on
        )
        indicator = old.indicator.model_copy(update={"readings": tuple(readings)})
        return _save(writer, old, old.model_copy(update={"indicator": indicator}), "action.measured", by, source, None)


def actions(
    ws: Workspace,
    *,
    policy_set: str | None = None,
    criterion: str | None = None,
    until: datetime | int | None = None,
    removed: bool = False,
) -> list[Action]:
    """Return actions sorted by due date: all, those of a policy set, or those of one criterion of that set; now or
    as of `until` (a UTC time or an event's sequence). Deleted actions are left out; with `removed` True, only
    those are returned."""
    with ws.reading() as reader:
        found = [as_action(state) for state in reader.states("action", until=until)]
    wanted = [action for action in found if action.removed == removed and _serves(action, policy_set, criterion)]
    return sorted(wanted, key=lambda action: (action.due or date.max, action.id))


def _serves(action: Action, policy_set: str | None, criterion: str | None) -> bool:
    if policy_set is None:
        return True
    return any(ref.policy_set == policy_set and criterion in (None, ref.criterion) for ref in action.findings)


def action(ws: Workspace, id: str) -> Action:
    """Return one action. Raises NotFound."""
    with ws.reading() as reader:
        return read_action(reader, id)


def read_action(reader: LogReader, id: str) -> Action:
    """Return one action within the caller's transaction. Raises NotFound."""
    state = reader.state(stream("action", id))
    if not state.version:
        raise NotFound(f"There is no action '{id}'.", do="See: kb actions list")
    return as_action(state)


def next_due(action: Action, on: date) -> date | None:
    """Return the due date that applies on the day `on`: for a repeated action its last occurrence up to that day, or
    its first if that is later. None if the action has no due date."""
    if not action.due or not action.repeat or action.due > on:
        return action.due
    count = 0
    while occurrence(action.due, action.repeat, count + 1) <= on:
        count += 1
    return occurrence(action.due, action.repeat, count)


def occurrence(first: date, repeat: str, count: int) -> date:
    """Return the date that is `count` repetitions after `first`; `repeat` is a value of Action.repeat. The 31st
    becomes the last day of a shorter month."""
    if repeat == "weekly":
        return first + timedelta(weeks=count)
    months = first.month - 1 + count * _MONTHS[repeat]
    year, month = first.year + months // 12, months % 12 + 1
    return date(year, month, min(first.day, calendar.monthrange(year, month)[1]))


def overdue(ws: Workspace, on: date) -> list[Action]:
    """Return actions whose due date is before the day `on` and that are neither done, dropped nor archived. A
    repeated action is overdue if it has no note and no reading since its last due date."""
    return [action for action in actions(ws) if not action.archived and _late(action, on)]


def _late(action: Action, on: date) -> bool:
    due = next_due(action, on - timedelta(days=1))
    if action.status.closed or not due or due >= on:
        return False
    last = _last_sign(action) if action.repeat else None
    return not (last and last >= due)


def _last_sign(action: Action) -> date | None:
    """Return the day of the action's last note or reading; None if it has neither."""
    readings = action.indicator.readings if action.indicator else ()
    return max([note.at.date() for note in action.notes] + [reading.on for reading in readings], default=None)


def _write(
    writer: LogWriter,
    id: str,
    old: Action,
    fields: Mapping[str, object],
    kind: str,
    by: str,
    reason: str,
    expected: int,
) -> Action:
    """Validate `fields`, append an event of `kind`, and return the changed action. Raises InputError for an empty
    title or a due date before the start, NotFound for an unknown policy set, ConflictError if the action is no
    longer at version `expected`."""
    refuse_other_fields(fields, [name for name in Action.model_fields if name not in _FIXED], "An action")
    new = validated(Action, {**old.model_dump(), **fields})
    if not str(fields.get("title", old.title)).strip("- "):
        raise InputError("An action needs a title.", do="Say what is to be done.")
    if new.start and new.due and new.due < new.start:
        raise InputError(
            f"The action is due on {new.due}, before it starts on {new.start}.", do="Correct one of the dates."
        )
    for ref in new.findings:
        read_set(writer, ref.policy_set)
    return _save(writer, old, new, kind, by, reason, expected)


def _save(writer: LogWriter, old: Action, new: Action, kind: str, by: str, reason: str, expected: int | None) -> Action:
    data = new.model_dump(mode="json", exclude=_FIXED - {"notes"})
    writer.append(stream("action", old.id), kind, data, author=by, reason=reason, expected=expected)
    return read_action(writer, old.id)


def as_action(state: StreamState) -> Action:
    """Return the action that the events of its stream add up to."""
    found = model_of(
        Action,
        state,
        id=state.parts[0],
    )
    return (
        found.model_copy(
            update={
                "stated": state.stated_words(),
                "notes": tuple(note.model_copy(update={"by": state.who("notes", note.by)}) for note in found.notes),
            }
        )
        if state.stated
        else found
    )
