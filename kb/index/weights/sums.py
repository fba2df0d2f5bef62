"""Hashes of the files in a model folder. The list is written last, so a folder that matches its list is complete and
unchanged."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from kb.errors import IndexError_
from kb.files import replacing
from kb.text import sha256_of

FILE = "model.sha256"
"""Name of the list of hashes; it has the format of the command `sha256sum`, which can check it too."""


def write(folder: Path) -> None:
    """Write the list of hashes of the files in `folder`, into the folder itself."""
    with replacing(folder / FILE) as half:
        half.write_text("".join(f"{sha256_of(folder / name)}  {name}\n" for name in _names(folder)), encoding="utf-8")


def prove(folder: Path, besides: Collection[str] = ()) -> None:
    """Check the files of `folder` against their list. Raises IndexError_ when one is missing, changed or not listed:
    vectors of an altered model would rank at random.

    Contents of the files named in `besides` are not checked here, because their reader does that.
    """
    changed = _changed(folder, besides)
    if changed:
        raise IndexError_(
            f"{changed} of the query encoder is missing or was changed since it was written.",
            where=str(folder),
            do="Run: kb build",
        )


def is_complete(folder: Path) -> bool:
    """Return whether `folder` contains its list of hashes and every file matches it."""
    return not _changed(folder, ())


def _changed(folder: Path, besides: Collection[str]) -> str:
    """Return the name of the first file that does not match the list; '' when all match."""
    try:
        lines = (folder / FILE).read_bytes().decode("utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return FILE
    recorded = {line[66:]: line[:66] for line in lines[:-1]}
    if lines[-1] or len(recorded) != len(lines) - 1:
        return FILE
    names = _names(folder)
    unlike = sorted(recorded.keys() ^ set(names))
    return next(
        (name for name in names if name not in besides and recorded.get(name) != f"{sha256_of(folder / name)}  "),
        unlike[0] if unlike else "",
    )


def _names(folder: Path) -> list[str]:
    """Return the files of the folder, sorted, without the list of hashes and unfinished files."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != FILE and path.suffix != ".part")
    return sorted(path.relative_to(folder).as_posix() for path in found)
