"""Ready-made results that come with a release: the corpus's documents as read and tagged, and their vectors.

They are in one zip file, with the hashes of all they were made from. It is used by key, like the cache of earlier
builds: a document whose file, taxonomy or code has changed is not found in it and is made again. `make artefacts`
writes it; `kb build --from-scratch` does not use it, and reports whether its own result is equal.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from kb.amounts import some
from kb.config import PACKAGE
from kb.errors import DataError
from kb.extras import install
from kb.files import replacing
from kb.models import Document

FILE = PACKAGE / "build" / "shipped.zip"
FORMAT = 1
ALIKE = 0.999
"""Minimum cosine at which two vectors of one text count as equal: processors and libraries round differently."""
_DAY = (1980, 1, 1, 0, 0, 0)
"""Time of every zip entry, so that the same content gives the same bytes."""


@dataclass(frozen=True)
class Shipped:
    """The zip file of ready-made results, opened on first use; when there is no file, nothing is found."""

    path: Path = FILE

    @cached_property
    def _entries(self) -> dict[str, bytes]:
        """The content of each entry by name, checked against the list of hashes in the zip file. Raises DataError when
        one differs."""
        if not self.path.is_file():
            return {}
        try:
            with zipfile.ZipFile(self.path) as archive:
                entries = {name: archive.read(name) for name in archive.namelist()}
            facts = json.loads(entries["made.json"])
            complete = facts["format"] == FORMAT and facts["entries"] == _sums(entries)
        except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError, NotImplementedError) as error:
            raise self._damaged() from error
        if not complete:
            raise self._damaged()
        return entries

    def _damaged(self) -> DataError:
        return DataError(
            "the ready-made documents and vectors of the corpus are damaged.",
            where=str(self.path),
            do="Install the program again, or delete the file: a build then makes them (some minutes).",
        )

    @cached_property
    def facts(self) -> dict[str, object]:
        """What the file was made from: `inputs` (file to sha256), `code`, `packages`, `models`; empty without a
        file."""
        return json.loads(self._entries["made.json"]) if self._entries else {}

    @property
    def keys(self) -> set[str]:
        """Keys of all documents in the file."""
        return {name.removeprefix("documents/") for name in self._entries if name.startswith("documents/")}

    def get(self, key: str) -> Document | None:
        """Return the document with this key, or None."""
        data = self._entries.get(f"documents/{key}")
        return Document.model_validate_json(data) if data is not None else None

    def put(self, key: str, document: Document) -> None:
        """Do nothing: the shipped file is read-only."""

    def vectors(self, identity: str) -> Mapping[str, np.ndarray]:
        """Return the vectors made by the model with this identity, by hash of their text: float32, length 1. They are
        stored as float16 (cosine over 0.999999)."""
        keys = self._entries.get(f"vectors/{identity}.keys", b"")
        size = len(keys) // 32
        if not size:
            return {}
        numbers = np.frombuffer(self._entries[f"vectors/{identity}.f16"], dtype="<f2").reshape(size, -1)
        rows = numbers.astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return {keys[32 * i : 32 * i + 32].hex(): row for i, row in enumerate(rows)}


def write(
    path: Path,
    documents: Mapping[str, Document],
    vectors: Iterable[tuple[str, str, bytes]],
    facts: Mapping[str, object],
) -> None:
    """Write the file atomically. `vectors` are (identity of the model, hash of the text, float32 bytes); `facts` is
    what `Shipped.facts` returns."""
    entries = {f"documents/{key}": each.model_dump_json().encode("utf-8") for key, each in sorted(documents.items())}
    by_model: dict[str, dict[str, bytes]] = {}
    for identity, key, numbers in vectors:
        by_model.setdefault(identity, {})[key] = np.frombuffer(numbers, dtype=np.float32).astype("<f2").tobytes()
    for identity, found in sorted(by_model.items()):
        entries[f"vectors/{identity}.keys"] = b"".join(bytes.fromhex(key) for key in sorted(found))
        entries[f"vectors/{identity}.f16"] = b"".join(found[key] for key in sorted(found))
    made = {"format": FORMAT, **facts, "entries": _sums(entries)}
    with replacing(path) as beside, zipfile.ZipFile(beside, "w") as archive:
        for name, data in {"made.json": json.dumps(made, indent=1, sort_keys=True).encode(), **entries}.items():
            # packed once for a release, unpacked on every machine: as small as it gets
            archive.writestr(zipfile.ZipInfo(name, _DAY), data, zipfile.ZIP_DEFLATED, 9)


def _sums(entries: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(entries.items()) if name != "made.json"}


def vectors_of(indexes: Path) -> list[tuple[str, str, bytes]]:
    """Return (identity, hash of the text, float32 bytes) of every vector cached in `indexes`."""
    db = sqlite3.connect(indexes / "vectors.sqlite")
    try:
        return db.execute("SELECT encoder, key, vector FROM vectors ORDER BY encoder, key").fetchall()
    finally:
        db.close()


def shipped_with(say: Callable[[str], None], from_scratch: bool = False) -> Shipped:
    """Return the ready-made results, or an empty `Shipped` when `from_scratch`. Warn by `say` when the file is missing,
    because the build then takes long and needs packages beyond the base install."""
    shipped = Shipped(Path(os.devnull)) if from_scratch else Shipped(FILE)
    if not from_scratch and not shipped.path.is_file():
        say(f"! {shipped.path.name} is not in this installation: the corpus is read, tagged and embedded here")
        say(f"! that takes some minutes; where a package is missing then: {install('build')}")
    return shipped


def compare(shipped: Shipped, documents: Mapping[str, Document], vectors: Iterable[tuple[str, str, bytes]]) -> str:
    """Compare what was just made with what was shipped; return one line.

    Raises DataError when a document with the same key differs, or the cosine between a vector and the shipped one is
    below ALIKE.
    """
    found = {key: shipped.get(key) for key in documents if key in shipped.keys}
    different = sorted(each.id for key, each in documents.items() if key in found and found[key] != each)
    lowest, count = 1.0, 0
    by_model: dict[str, Mapping[str, np.ndarray]] = {}
    for identity, key, numbers in vectors:
        known = by_model.setdefault(identity, shipped.vectors(identity)).get(key)
        if known is not None:
            count += 1
            lowest = min(lowest, float(known @ np.frombuffer(numbers, dtype=np.float32)))
    if different or lowest < ALIKE:
        what = f"documents {', '.join(different)} differ" if different else f"a vector is {lowest:.4f} alike"
        raise DataError(f"what was shipped is not what is made: {what}.", where=str(shipped.path), do="make artefacts")
    missing = len(documents) - len(found)
    rest = f"; {missing} of {len(documents)} are of other code or files (make artefacts)" if missing else ""
    same = f"{some(len(found), 'document')}, {some(count, 'vector')}"
    return f"shipped and made are equal: {same} (lowest cosine {lowest:.6f}){rest}"
