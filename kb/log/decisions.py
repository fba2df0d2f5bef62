"""The events of the log, the hashes that chain them, and the fold that computes a current state from events.

An event holds the changed fields of its stream, with their values before and after. The state of a stream is the
`after` of its events, merged in the order of their versions; clocks do not matter. The hash of an event covers its
content and the previous hash, so that `broken` finds a changed, missing or swapped event. (Removing events at the
end leaves no trace in the log itself; therefore a backup stores its last hash.)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal, Required
from urllib.parse import quote, unquote

from pydantic import Field
from typing_extensions import TypedDict

from kb.amounts import some
from kb.i18n import t
from kb.models import Model

Origin = Literal["person", "machine"]


class Event(Model):
    """One change of one stream in the log: who changed which fields, when and why, with the hash that links it to
    the event before."""

    sequence: int = Field(description="place in the whole log, from 1, without gaps")
    stream: str = Field(description="what changed: topic and identifiers, joined by '/'")
    version: int = Field(description="place in the stream, from 1, without gaps")
    kind: str = Field(description="what was done; kinds of the machine begin with 'machine.'")
    author: str
    origin: Origin = "person"
    at: datetime = Field(description="UTC, by the author's clock")
    effective: datetime = Field(
        description="`at`, but never before the stream's previous event; states as of a "
        "day go by the log's order (clocks.py)"
    )
    behind: bool = Field(False, description="the clock stood before one that the log had seen")
    reason: str = ""
    before: dict[str, object] = Field(default_factory=dict, description="previous values of the changed fields")
    after: dict[str, object] = Field(default_factory=dict, description="new values of the changed fields")
    imported: Mapping[str, object] | None = Field(None, description="workspace file's origin, who imported it and when")
    previous_hash: str = ""
    hash: str = ""


class EventOptions(TypedDict, total=False):
    """Keyword arguments of `LogWriter.append`, described there."""

    author: Required[str]
    reason: str
    expected: int | None
    origin: Origin
    at: datetime | None
    imported: Mapping[str, object] | None


def records_in(data: Mapping[str, object], field: str) -> list[dict[str, object]]:
    """Return the list of records in one field of a state; empty if the field was never written."""
    held = data.get(field) or []
    return [record for record in held if isinstance(record, dict)] if isinstance(held, list | tuple) else []


def names_in(data: Mapping[str, object], field: str) -> list[str]:
    """Return the list of strings in one field of a state; empty if the field was never written."""
    held = data.get(field) or []
    return [str(word) for word in held] if isinstance(held, list | tuple) else []


def stream(topic: str, *parts: str) -> str:
    """Return the name of a stream: topic and identifiers, joined by '/'. A '/' inside a part is escaped."""
    return "/".join((topic, *(quote(part, safe=" :.,()@-_'") for part in parts)))


def parts(stream: str) -> tuple[str, ...]:
    """Return the identifiers in the name of a stream, without its topic; the inverse of `stream`."""
    return tuple(unquote(part) for part in stream.split("/")[1:])


def canonical(value: object) -> str:
    """Return the canonical JSON of a value: sorted keys, no spaces, non-ASCII text not escaped."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def stamp(time: datetime) -> str:
    """Return a time as UTC text of fixed width, whose alphabetical order is the order of time. A time without zone
    is taken as UTC."""
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def unstamp(text: str) -> datetime:
    """Parse a text that `stamp` made; return the time."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def seal(event: Event) -> Event:
    """Return the event with its hash: the sha256 of its canonical content, including the previous hash."""
    content = event.model_dump(exclude={"hash"})
    content["at"], content["effective"] = stamp(event.at), stamp(event.effective)
    return event.model_copy(update={"hash": hashlib.sha256(canonical(content).encode()).hexdigest()})


def changes(state: Mapping[str, object], wanted: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Compare `state` with `wanted`; return the fields that differ twice, first with their old and then with their new
    values. The old value of a field that `state` lacks is None."""
    after = {key: value for key, value in wanted.items() if state.get(key) != value}
    return {key: state.get(key) for key in after}, after


def fold(events: Iterable[Event]) -> dict[str, object]:
    """Return the state that the events of one stream add up to; empty without events."""
    state: dict[str, object] = {}
    for event in sorted(events, key=lambda e: e.version):
        state.update(event.after)
    return state


def broken(events: Iterable[Event]) -> list[str]:
    """Return a sentence for each fault of a log read from its start: gaps, changed events, a broken chain, wrong
    versions in a stream. Empty for a correct log."""
    found: list[str] = []
    hash_before = ""
    versions: dict[str, int] = {}
    for place, event in enumerate(events, 1):
        if event.sequence != place:
            found.append(f"event {place} is missing (found {event.sequence})")
            return found
        if event.previous_hash != hash_before or seal(event).hash != event.hash:
            found.append(f"event {place} ({event.stream}) was changed after it was written")
        if event.version != versions.get(event.stream, 0) + 1:
            found.append(f"event {place} ({event.stream}) jumps to version {event.version}")
        hash_before, versions[event.stream] = event.hash, event.version
    return found


def sentence(event: Event) -> str:
    """Return an event as a sentence for people: who changed what, and when."""
    moves = "; ".join(filter(None, (_move(key, event.before.get(key), value) for key, value in event.after.items())))
    when = event.at.strftime("%Y-%m-%d %H:%M UTC")
    how = f", {stated_by(event.imported)}," if event.imported else ""
    return f"{event.author}{how} on {when} (version {event.version}): {moves or event.kind}"


def _move(field: str, old: object, new: object) -> str:
    """Return the change of one field as text, such as 'status was set to met'; '' if the field is empty before and
    after."""
    name, before, after = field.replace("_", " "), word(old), word(new)
    was, now = (each not in ("nothing", "0 entries") for each in (before, after))
    if not was and not now:
        return ""
    if isinstance(new, list | tuple) and was and now and before == after:
        return f"{name} changed, {after} as before"
    return (
        f"{name} was changed from {before} to {after}"
        if was and now
        else f"{name} was {f'set to {after}' if now else f'removed (it was {before})'}"
    )


IN_FILE = " (stated in an imported file)"


def as_stated(name: str) -> str:
    """Return a name with a sign added that means: the name comes from an imported file and was not entered here."""
    return name if not name or name.endswith(IN_FILE) else name + IN_FILE


def bare_name(name: str) -> str:
    """Return a name without the sign that `as_stated` adds."""
    return name.removesuffix(IN_FILE)


def shown_name(name: str) -> str:
    """Return a name for display, in which the sign of `as_stated` is replaced by words in the reader's language."""
    bare = bare_name(name)
    return name if bare == name else t("{name} (stated in an imported file)", name=bare)


def stated_by(imported: Mapping[str, object]) -> str:
    """Return who imported the file that states a value, and when, as text."""
    return t(
        "stated in the file that {by} brought in on {on}",
        by=imported.get("by") or t("somebody"),
        on=str(imported.get("at", ""))[:10],
    )


def word(value: object, limit: int = 60) -> str:
    """Return the value of a field as one line of at most `limit` characters; of a list only the number of items."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return some(len(value), "entry")
    text = "nothing" if value in (None, "") else " ".join(str(value).split())
    return text if len(text) <= limit else text[: limit - 3] + "..."
