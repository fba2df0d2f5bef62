"""Browse the register: filtered outlines, and the table of which instrument promised what to whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from pydantic import Field

from kb.commitments.register import Entry, Instrument
from kb.errors import NotFound
from kb.models import Model

EVERYONE = "(everyone)"
"""Row of the table for entries that name no group."""


class OutlineLine(Model):
    """One entry in an outline, with its depth."""

    entry: Entry
    depth: int = Field(ge=0)
    wanted: bool = Field(description="False for a heading that is only shown because of what stands under it")


def terms_of(entry: Entry, field: str) -> tuple[str, ...]:
    """Return the terms that an entry has in a field; 'yes' or 'no' for a flag; EVERYONE when it names no group."""
    value = getattr(entry, field)
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if field == "groups" and not value:
        return (EVERYONE,)
    return (value,) if isinstance(value, str) else tuple(value)


def passes(entry: Entry, filters: Mapping[str, Collection[str]]) -> bool:
    """Return whether the entry has, in every filtered field, one of the wanted terms; a filter without terms passes
    all."""
    return all(not wanted or set(terms_of(entry, field)) & set(wanted) for field, wanted in filters.items())


def outline(instrument: Instrument, filters: Mapping[str, Collection[str]]) -> list[OutlineLine]:
    """Return the entries that pass the filters (field to wanted terms), in text order, with the headings above them."""
    by_id = {entry.id: entry for entry in instrument.entries}
    wanted = {entry.id for entry in instrument.entries if passes(entry, filters)}
    shown = wanted | {above.id for id in wanted for above in _above(by_id[id], by_id)}
    return [
        OutlineLine(entry=entry, depth=sum(1 for _ in _above(entry, by_id)), wanted=entry.id in wanted)
        for entry in instrument.entries
        if entry.id in shown
    ]


def _above(entry: Entry, by_id: dict[str, Entry]) -> Iterator[Entry]:
    """Yield the ancestors of an entry, nearest first."""
    while entry.parent is not None:
        entry = by_id[entry.parent]
        yield entry


def choices(instruments: Iterable[Instrument], field: str) -> dict[str, int]:
    """Return the terms of a field with the number of entries that have each, most frequent first."""
    counts: dict[str, int] = {}
    for instrument in instruments:
        for entry in instrument.entries:
            for term in terms_of(entry, field):
                counts[term] = counts.get(term, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def who_promised_what(
    instruments: Sequence[Instrument], filters: Mapping[str, Collection[str]] | None = None, rows: str = "groups"
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return for each term of the field `rows` and each instrument the ids of the entries with that term; procedural
    entries are left out.

    Entries that name no group are promises to everyone and have a row of their own, not one in each group.
    """
    table: dict[str, dict[str, tuple[str, ...]]] = {}
    for instrument in instruments:
        for entry in instrument.entries:
            if entry.procedural or not passes(entry, filters or {}):
                continue
            for group in terms_of(entry, rows):
                row = table.setdefault(group, {})
                row[instrument.id] = (*row.get(instrument.id, ()), entry.id)
    sizes = {group: sum(map(len, row.values())) for group, row in table.items()}
    order = sorted(table, key=lambda group: (group == EVERYONE, -sizes[group], group))
    return {group: table[group] for group in order}


def find(instruments: Iterable[Instrument], id: str) -> tuple[Instrument, Entry]:
    """Return an entry and its instrument. Raises NotFound when no instrument has it."""
    for instrument in instruments:
        for entry in instrument.entries:
            if entry.id == id:
                return instrument, entry
    raise NotFound(f"The register has no entry '{id}'.", do="Look for it in the outline of its instrument.")


def under(instrument: Instrument, id: str) -> list[Entry]:
    """Return the direct children of an entry, in order."""
    return [entry for entry in instrument.entries if entry.parent == id]
