"""A backup file, looked through before anything is restored from it: its names, its hashes, its manifest."""

from __future__ import annotations

import hashlib
import json
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import InputError, WorkspaceError
from kb.files import DAMAGE, readable
from kb.log import backup, schema
from kb.log.backup import Manifest
from kb.text import sha256_text

_DAMAGE = (*DAMAGE, OSError)


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """The backup file, open. Raises InputError where it is missing, cut off or no backup."""
    readable(file, "Give the file that kb backup wrote.")
    try:
        archive = zipfile.ZipFile(file)
    except _DAMAGE as error:
        raise InputError(
            "The file is no backup, or it is cut off.", where=str(file), do="Take another backup."
        ) from error
    with archive:
        yield archive


def check(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """The manifest of a backup in which every entry has the hash that it was written with. Raises InputError.

    Names of files must stay below the library on every file system: no way up, no absolute path, none that is too long,
    none that stands twice.
    """
    if "manifest.json" not in archive.namelist():
        raise InputError(
            "The file is no backup: it was not written by kb backup.",
            where=str(file),
            do="Give the file that kb backup wrote, such as monday.kb.zip.",
        )
    try:
        words = archive.read("manifest.json").decode()
        manifest = json.loads(words)
        complete = sha256_text(words).encode() == archive.comment and manifest.get("format") == backup.FORMAT
        is_newer = manifest["version"] > 1 or manifest["revision"] > schema.REVISION
        wanted = {f"tables/{name}.jsonl": entry["sha256"] for name, entry in manifest["tables"].items()}
        wanted |= {f"library/{name}": sha256 for name, sha256 in manifest["files"].items()}
        strange = _strange(list(manifest["files"]), archive.namelist(), {"manifest.json", *wanted})
        wrong = (
            []
            if strange or not complete
            else [name for name, sha256 in wanted.items() if _hash(archive, name) != sha256]
        )
    except _DAMAGE as error:
        problem = f"its list of contents cannot be read ({type(error).__name__}: {' '.join(str(error).split())[:200]})"
        raise InputError(f"The backup is damaged: {problem}.", where=str(file), do="Take another backup.") from error
    if strange:
        raise InputError(
            f"The backup holds a file with a strange name: {strange}.",
            where=str(file),
            do="Do not use this backup. Nothing was changed.",
        )
    if not complete or wrong:
        raise InputError(
            f"The backup is damaged: {wrong[0] if wrong else 'manifest.json'} was changed.",
            where=str(file),
            do="Take another backup.",
        )
    if is_newer:
        raise WorkspaceError("The backup was made by a newer version of kb.", where=str(file), do="Upgrade kb.")
    return manifest


def _strange(names: list[str], entries: list[str], wanted: set[str]) -> str | None:
    """The first name that cannot be trusted, shortened and escaped; None where all can."""
    folders = {"/".join(name.split("/")[:n]) for name in names for n in range(1, name.count("/") + 1)}
    seen: set[str] = set()
    for name in names:
        alike = unicodedata.normalize("NFC", name).casefold()
        if _is_strange(name) or alike in seen or name in folders:
            return repr(name[:100])
        seen.add(alike)
    odd = (
        [name for name in entries if name not in wanted or entries.count(name) > 1]
        if len(entries) != len(wanted)
        else []
    )
    return repr(odd[0][:100]) if odd else None


def _is_strange(name: str) -> bool:
    """Whether a name leads out of its folder, or not every file system can keep it (255 bytes for each part)."""
    parts = name.split("/")
    try:
        longest = max(len(part.encode()) for part in parts)
    except UnicodeEncodeError:
        return True
    return (
        any(part in ("", ".", "..") for part in parts)
        or longest > 255
        or len(name) > 1000
        or ":" in name
        or "\\" in name
        or not all(letter.isprintable() for letter in name)
    )


def _hash(archive: zipfile.ZipFile, name: str) -> str:
    """sha256 of an entry."""
    digest = hashlib.sha256()
    with archive.open(name) as stream:
        while block := stream.read(1 << 20):  # a megabyte at a time
            digest.update(block)
    return digest.hexdigest()
