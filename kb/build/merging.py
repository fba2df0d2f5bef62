"""Merge the segments of a large index into one base, in a separate process: programs search and add documents
meanwhile.

An addition starts the process when the index has grown by a quarter. It holds the lock of builds only while it replaces
the live index by the finished one; documents that were added meanwhile become a segment of the new index. It can be
killed at any time: it never writes to the live index, and the next addition starts it again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from kb.build.growing import is_due
from kb.build.sweeping import MERGING, merge_lock, sweep
from kb.build.writing import prove_index
from kb.engine.local.grow import KINDS, grow
from kb.engine.local.merge import Opened, merged, opened
from kb.engine.protocol import Vectors
from kb.errors import IndexError_
from kb.files import replacing, sync, sync_tree
from kb.index import live
from kb.index import manifest as manifests
from kb.index.manifest import IndexManifest
from kb.models import Document

_WAIT = 1800.0
"""Seconds that a finished merge waits for a running build to end."""
_MILDLY = 10
"""Increment of the process's niceness, so that other programs run first."""
_PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); from kb.build.merging import main; main(sys.argv[1])"
"""Python source that runs `main` of this same program in any working folder. With `python -m` a file of the user's,
such as random.py in the folder where documents are added, would be imported instead of the module of that name."""
_TRIES = 5
"""Number of live indexes that a merge begins with, one after the other, when additions remove the folder of one before
its files are open; an addition takes seconds, so that more in a row are unlikely."""
_FAULT = "merging.txt"
"""Name of the file, beside the indexes, with the reason why the last merge failed."""


def start(indexes: Path, made: IndexManifest) -> bool:
    """Start a process that merges the live index, if it has grown enough; return whether it was started."""
    if not is_due(made):
        (indexes / _FAULT).unlink(missing_ok=True)  # it was made at once since
        return False
    nowhere = subprocess.DEVNULL
    here = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-P", "-c", _PROGRAM, here, str(indexes.absolute())]
    with suppress(OSError):  # no memory for a process: the next addition starts it
        subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
        return True
    return False


def fault(indexes: Path) -> str:
    """Return why the last merge failed, with its time; '' when it did not fail."""
    try:
        return (indexes / _FAULT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def merge(indexes: Path) -> str:
    """Merge the segments of the live index and make the result live; return its name.

    Returns '' when there is nothing to do, when another process is merging, or when the index was built completely
    meanwhile. Begins again when additions removed the folder while it was read. Raises KBError, OSError or
    sqlite3.Error when the index is damaged or cannot be written; the live index is then unchanged.
    """
    try:
        with merge_lock(indexes):
            for _ in range(_TRIES - 1):
                folder = live.current(indexes)
                try:
                    return _merge(indexes, folder)
                except Exception:
                    if live.current(indexes) == folder:
                        raise
            return _merge(indexes, live.current(indexes))
    except Timeout:
        return ""


def _merge(indexes: Path, folder: Path) -> str:
    """Merge the index in `folder`, as `merge`; an error can also mean that additions removed this folder meanwhile."""
    old = manifests.read(folder)
    if not is_due(old):
        return ""
    place = indexes / f"{os.getpid()}{MERGING}"
    place.mkdir()
    try:
        manifests.prove(folder, old)  # all of it: what is merged gets new hashes
        files = opened(folder, tuple(old.spaces))
        _copy_tables(folder, old, place)
        made = _written(old, files, place)
        prove_index(place, made)
        sync_tree(place)
        with FileLock(indexes / ".lock", timeout=_WAIT):
            return _exchange(indexes, folder, old, place, made)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _copy_tables(folder: Path, old: IndexManifest, place: Path) -> None:
    """Copy the files of the index in `folder` that contain neither passages, words nor vectors to `place`."""
    beginnings = ("terms/", "passages.sqlite", *(f"{name}-{kind}" for name in old.spaces for kind in KINDS))
    for name in old.files:
        if not name.startswith(beginnings):
            shutil.copyfile(folder / name, place / name)


def _written(old: IndexManifest, files: Opened, place: Path) -> IndexManifest:
    """Write the merged index into `place` from the opened `files` of the index `old`; return its manifest."""
    found = merged(files, place)
    spaces = {
        name: info.model_copy(
            update={"vectors": sum(found[f"{name}-{kind}"][0] for kind in KINDS), "recall": found[f"{name}-parts"][1]}
        )
        for name, info in old.spaces.items()
    }
    return _described(old, place, {"spaces": spaces, "at_once": old.passages})


def _described(of: IndexManifest, place: Path, changes: dict[str, object]) -> IndexManifest:
    """Write the manifest of the index in `place` and return it: that of the index `of` with `changes` (field to value),
    a new time and the hashes of the files."""
    files = manifests.files_of(place)
    stamps = {name: manifests.stamp(place / name) for name in files}
    made = of.model_copy(update={"files": files, "stamps": stamps, "built": datetime.now(UTC), **changes})
    manifests.write(made, place)
    return made


def _exchange(indexes: Path, folder: Path, old: IndexManifest, place: Path, made: IndexManifest) -> str:
    """Make the merged index in `place` live, with the documents that were added since the merge began; return its name,
    or '' when the index was built completely meanwhile. The caller holds the lock of builds.

    `folder` and `old` are the index that was merged, `made` is the manifest of the result.
    """
    current = live.current(indexes)
    if current != folder:
        newer = manifests.read(current)
        if newer.at_once != old.at_once or not old.texts.items() <= newer.texts.items():
            return ""  # all of it was made anew
        if not _caught_up(current, newer, place, made):
            return ""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{manifests.read(place).fingerprint[:12]}"
    os.replace(place, indexes / name)
    sync(indexes)
    live.switch(indexes, name)
    sweep(indexes, keep=name, before=current.name)
    return name


def _caught_up(current: Path, newer: IndexManifest, place: Path, made: IndexManifest) -> bool:
    """Add to the merged index in `place` the documents that only the live index (`current`) has. Returns False when the
    live index must be built completely instead."""
    manifests.prove(current, newer)
    files = opened(current, tuple(newer.spaces))
    documents = [head for head in files.store.documents() if head["id"] not in made.texts]
    numbered = [list(files.store.numbered(head["id"])) for head in documents]
    new = [
        Document.model_validate({**head, "passages": [passage for _, passage in some]})
        for head, some in zip(documents, numbered, strict=True)
    ]
    rows = [row for some in numbered for row, _ in some]
    grown = place.with_name(f"{place.stem}-grown{MERGING}")
    grown.mkdir()
    try:
        sizes = grow(
            place, grown, new, list(newer.documents), {name: _vectors(files, name, rows) for name in newer.spaces}
        )
        if sizes is None:
            return False
        _copy_tables(current, newer, grown)
        spaces = {
            name: info.model_copy(update={"vectors": sizes[name], "recall": made.spaces[name].recall})
            for name, info in newer.spaces.items()
        }
        described = _described(newer, grown, {"spaces": spaces, "at_once": made.at_once})
        prove_index(grown, described)
        sync_tree(grown)
        shutil.rmtree(place)
        os.replace(grown, place)
    finally:
        shutil.rmtree(grown, ignore_errors=True)
    return True


def _vectors(files: Opened, name: str, rows: list[int]) -> Vectors:
    """Return the vectors of these rows in a space, with owners counted from 0. The vector of a pair is computed from
    that of its part, which is the mean of pair and whole."""
    import numpy as np

    wholes, parts = (files.spaces[f"{name}-{kind}"] for kind in KINDS)
    whole = wholes.at(wholes.positions(np.asarray(rows))[0])
    at, many = parts.positions(np.asarray(rows))
    owners = np.repeat(np.arange(len(rows)), many)
    return Vectors(whole, 2 * parts.at(at) - whole[owners], owners)


def main(folder: str) -> None:
    """Merge the live index in the folder of indexes with this name; record a failure beside it for `kb doctor`."""
    os.nice(_MILDLY)
    indexes = Path(folder)
    try:
        merge(indexes)
        (indexes / _FAULT).unlink(missing_ok=True)
    except Exception as error:  # noqa: BLE001 - nobody sees what this process prints: kb doctor tells whatever it was
        what = error.what if isinstance(error, IndexError_) else f"{type(error).__name__}: {error}"
        with suppress(OSError), replacing(indexes / _FAULT) as beside:
            beside.write_text(
                f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {' '.join(what.split())[:300]}\n", encoding="utf-8"
            )
