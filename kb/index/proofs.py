"""Verify that a file of the index has the hash in its manifest, with a record of earlier verifications by this process
and, for a large index, by others.

A small index is read whole by every process. Of a large one that would take longer than an answer (a million passages
are 16 GB), so that what one process has proved of its vectors is kept for a day for the others, in a file beside the
indexes; passages and words, of which answers quote and count, every process reads whole. The record holds for a file
with the same number on the disk (inode), bytes, time of writing and time of the last change of any kind (ctime). The
last one cannot be set by a program: whatever writes to the file, and be it a restored backup with old times, makes the
next process read all of it.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Literal

from kb.files import replacing
from kb.text import sha256_of, sha256_text

Trust = Literal["nothing", "untouched", "proved"]
"""Which earlier verifications of a file are accepted: none ("nothing"); only of a file not touched since, not even its
times ("untouched"); or also those by this process while size and modification time are equal ("proved"), for a
long-running program."""

READ_WHOLE = 1_000_000_000
"""Maximum size in bytes of an index that every process reads completely: half a second."""
_A_DAY = 24 * 3600.0
"""Seconds for which a verification is valid for other processes, because a disk can change a byte that nobody writes
to."""
_SETTLED = 2_000_000_000
"""Nanoseconds after which a further change of a file is sure to change its times on every file system (FAT counts in
steps of two seconds)."""
_NAME = "proved.json"

_proved: dict[tuple[int, int, int, int, str], int] = {}
"""Files that this process has verified: (device, inode, size, modification time, sha256) to their change time
(ctime)."""


class ProofRecord:
    """The record of verified files of a large index, stored at `path`. A record that cannot be read or written counts
    as empty: files are then read again."""

    def __init__(self, path: Path) -> None:
        self._path, self._changed = path, False
        self._files = _read(path)

    def knows(self, found: os.stat_result, digest: str) -> bool:
        """Return whether a file with the state `found` was verified to have this hash within a day, and was not touched
        since."""
        entry = self._files.get(_key(found))
        if entry is None or entry[:-1] != _state(found, digest):
            return False
        return 0 <= time.time() - float(entry[-1]) < _A_DAY

    def note(self, found: os.stat_result, digest: str) -> None:
        """ProofRecord that a file, whose state was `found` before and after it was read, has this hash."""
        self._files[_key(found)] = [*_state(found, digest), time.time()]
        self._changed = True

    def forget(self, found: os.stat_result) -> None:
        """Remove the entry of a file."""
        self._changed |= self._files.pop(_key(found), None) is not None

    def carry(self, before: os.stat_result, after: os.stat_result, digest: str) -> None:
        """Update the entry of a verified file after a hard link to it was created or removed, which changes only its
        change time. `before` and `after` are its states."""
        same = before.st_size == after.st_size and before.st_mtime_ns == after.st_mtime_ns
        if same and _key(before) == _key(after) and self.knows(before, digest):
            self._files[_key(after)][:-1] = _state(after, digest)
            self._changed = True

    def write(self) -> None:
        """Write the record, without entries older than a day or from the future (the clock was set back); do nothing
        when it is unchanged or the disk cannot be written."""
        if not self._changed:
            return
        kept = {key: entry for key, entry in self._files.items() if 0 <= time.time() - float(entry[-1]) < _A_DAY}
        data = json.dumps({"since": _start_of_machine(), "files": kept})
        with suppress(OSError), replacing(self._path) as beside:  # a disk that is full or read-only: the next reads all
            beside.write_text(json.dumps({"proved": data, "sha256": sha256_text(data)}), encoding="utf-8")


def record_of(indexes: Path, size: int) -> ProofRecord | None:
    """Return the record of the folder `indexes` for an index of `size` bytes. None for a small index, and on systems
    that do not report the change time of files."""
    return ProofRecord(indexes / _NAME) if size > READ_WHOLE and os.name == "posix" else None


def has(path: Path, digest: str, trust: Trust, record: ProofRecord | None, *, alone: bool = False) -> bool:
    """Return whether a file has this hash; it is read, unless an earlier proof may be trusted, with `alone` one of this
    process."""
    found = path.stat()
    key = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, digest)
    mine = _proved.get(key)
    if trust == "proved" and mine is not None or trust == "untouched" and mine == found.st_ctime_ns:
        return True
    if trust != "nothing" and not alone and record and record.knows(found, digest):
        _proved[key] = found.st_ctime_ns
        return True
    if sha256_of(path) != digest:
        _proved.pop(key, None)
        if record:
            record.forget(found)
        return False
    if _times(path.stat()) == _times(found) and time.time_ns() - found.st_mtime_ns > _SETTLED:
        _proved[key] = found.st_ctime_ns
        if record:
            record.note(found, digest)
    return True


def _times(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _key(found: os.stat_result) -> str:
    return f"{found.st_dev}:{found.st_ino}"


def _state(found: os.stat_result, digest: str) -> list[int | float | str]:
    return [*_times(found), digest]


def _read(path: Path) -> dict[str, list[int | float | str]]:
    """Return what is recorded of files; nothing when the record is missing, damaged or from before this machine was
    started."""
    try:
        held = json.loads(path.read_bytes())
        data = held["proved"]
        if held["sha256"] != sha256_text(data):
            return {}
        kept = json.loads(data)
        files = dict(kept["files"]) if kept["since"] == _start_of_machine() else {}
        return files if all(map(_is_entry, files.values())) else {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _is_entry(entry: object) -> bool:
    """Return whether this is what `ProofRecord.note` records of a file: bytes, two times, sha256, time of the proof."""
    kinds = (int, int, int, str, float)
    return isinstance(entry, list) and len(entry) == len(kinds) and all(map(isinstance, entry, kinds))


def _start_of_machine() -> str:
    """Return what names this run of the system's kernel; '' where the system does not tell."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""
