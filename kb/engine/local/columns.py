"""The identifiers and properties of all passages of an index as arrays, stored once beside the passages: reading a
million rows one by one takes ten seconds, and this a tenth of one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic_core import from_json

NAMES = ("document", "section", "kind", "part", "force", "language")
"""The properties, in the order of the columns. A section is its document and the titles above, joined by line ends."""
_TABLE = "CREATE TABLE IF NOT EXISTS columns (name TEXT PRIMARY KEY, known TEXT NOT NULL, codes BLOB NOT NULL)"
_IDS = "id"
_CODES = np.dtype("<i4")


@dataclass(frozen=True)
class PassageColumns:
    """`ids` are the identifiers in the order of the rows. `codes` has the code of each property of each row, by
    `NAMES` (int32 [properties, rows]); `known` has for each property the names that its codes stand for."""

    ids: list[str]
    codes: np.ndarray
    known: list[list[str]]


def of_rows(rows: Iterable[tuple[str, str, str, str, str, str, str]]) -> PassageColumns:
    """Return the columns of these rows, which are as `Store.columns` yields them."""
    ids: list[str] = []
    codes: list[list[int]] = [[] for _ in NAMES]
    known: list[dict[str, int]] = [{} for _ in NAMES]
    for id, document, section, *rest in rows:
        ids.append(id)
        for at, value in enumerate((document, f"{document}\n{section}", *rest)):
            codes[at].append(known[at].setdefault(value, len(known[at])))
    return PassageColumns(
        ids, np.asarray(codes, dtype=np.int32).reshape(len(NAMES), -1), [list(each) for each in known]
    )


def joined(parts: Sequence[PassageColumns]) -> PassageColumns:
    """Return the columns of several parts of an index as one, in their order."""
    if len(parts) == 1:
        return parts[0]
    first, *others = parts
    known = [dict(zip(names, range(len(names)), strict=True)) for names in first.known]
    codes = list(first.codes)
    for part in others:
        for at, names in enumerate(part.known):
            new = np.asarray([known[at].setdefault(name, len(known[at])) for name in names], dtype=np.int32)
            codes.append(new[part.codes[at]])
    rows = [np.concatenate(codes[at :: len(NAMES)]) for at in range(len(NAMES))]
    return PassageColumns([id for part in parts for id in part.ids], np.stack(rows), [list(each) for each in known])


def write(db: sqlite3.Connection, found: PassageColumns) -> None:
    """Store columns in a database, instead of those that it has."""
    rows = [(_IDS, json.dumps(found.ids), b"")]
    for name, codes, known in zip(NAMES, found.codes, found.known, strict=True):
        rows.append((name, json.dumps(known), codes.astype(_CODES).tobytes()))
    with db:
        db.execute(_TABLE)
        db.executemany("INSERT OR REPLACE INTO columns VALUES (?, ?, ?)", rows)


def read(db: sqlite3.Connection) -> PassageColumns | None:
    """Return the columns stored in a database; None when it has none (an index of an older version). Raises
    sqlite3.Error or ValueError when they cannot be read."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'columns'").fetchone():
        return None
    held = {name: (known, codes) for name, known, codes in db.execute("SELECT name, known, codes FROM columns")}
    codes = [np.frombuffer(held[name][1], dtype=_CODES) for name in NAMES]
    return PassageColumns(from_json(held[_IDS][0]), np.stack(codes), [from_json(held[name][0]) for name in NAMES])
