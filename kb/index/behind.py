"""Check whether the user's library is unchanged since the live index was built. Every answer reports files that were
changed, removed or added outside this program."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from kb.config import Settings
from kb.errors import KBError
from kb.index import live, manifest
from kb.sources.library import CHANGE_NOTE, files, scan
from kb.text import sha256_of

MOST_BYTES = 50_000_000
"""Largest library (bytes) that is hashed before an answer, in a tenth of a second. Of a larger one only file sizes are
compared; `kb doctor` then hashes all files."""
SHOWN = 3  # number of documents named in the sentence; kb doctor lists all


def library_behind(settings: Settings) -> tuple[str, ...]:
    """Return the files of the library that differ from the live index or from their records, each with the difference,
    such as 'library/policies/a.pdf (altered)'.

    Without an index only the records are compared. Empty while another process is changing the library.
    """
    if (settings.library.parent / CHANGE_NOTE).exists():
        return ()
    try:
        folder = live.current(settings.indexes)
        made = {k: v for k, v in manifest.read(folder).inputs.items() if k.startswith("library/")}
    except KBError:
        made = None
    return _compared(settings.library, _signature(settings.library), None if made is None else tuple(made.items()))


def behind_words(settings: Settings) -> str:
    """Return a sentence that names the differences between library and live index, and what to do; '' when there are
    none."""
    found = library_behind(settings)
    if not found:
        return ""
    if _of_another(settings):
        return (
            "The index was made for another workspace: answers may have its texts and lack yours. Give this workspace "
            "an index of its own (set KB_INDEXES), then run kb build."
        )
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return (
        f"The library is not what answers are made of: {', '.join(found[:SHOWN])}{more}. Run kb doctor; what is new is "
        "found after kb build."
    )


def _of_another(settings: Settings) -> bool:
    """Return whether the live index holds files of a library although this workspace never had one."""
    if files(settings.library) or scan(settings.library)[0]:
        return False
    try:
        made = manifest.read(live.current(settings.indexes)).inputs
    except KBError:
        return False
    return any(name.startswith("library/") for name in made)


def _signature(library: Path) -> tuple[tuple[str, int, int], ...]:
    """Return (path in the library, size in bytes, modification time in nanoseconds) of every file of the library."""
    stats = ((path, path.stat()) for path in files(library) if path.is_file())
    return tuple((path.relative_to(library).as_posix(), stat.st_size, stat.st_mtime_ns) for path, stat in stats)


@lru_cache(maxsize=4)  # cached states: one for an index, one for the index that replaces it
def _compared(
    library: Path, signature: tuple[tuple[str, int, int], ...], made: tuple[tuple[str, str], ...] | None
) -> tuple[str, ...]:
    """Compare the library with its records and with the inputs of the index (`made`: file to sha256, None without an
    index). `signature` is only the cache key: files are hashed once for each state of the library."""
    sizes = {name: size for name, size, _ in signature}
    hashed = sum(sizes.values()) <= MOST_BYTES
    now = {name: sha256_of(library / name) if hashed else "" for name in sizes}
    found: dict[str, str] = {}
    for record in scan(library)[0].values():
        if record.file not in sizes:
            found[record.file] = "deleted"
        elif sizes[record.file] != record.bytes or hashed and now[record.file] != record.sha256:
            found[record.file] = "altered"
    if made is not None:
        then = {name.removeprefix("library/"): digest for name, digest in made}
        found |= {name: "deleted" for name in then if name not in now}
        found |= {name: "new" for name in now if name not in then}
        found |= {name: "altered" for name in now if hashed and name in then and now[name] != then[name]}
    return tuple(f"library/{name} ({what})" for name, what in sorted(found.items()))
