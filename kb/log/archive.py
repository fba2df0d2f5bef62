"""Verify a backup file before it is restored: file names, hashes, manifest."""

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
from kb.log.backup import BackupManifest
from kb.text import sha256_text

_DAMAGE = (*DAMAGE, OSError)


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open a backup file as a zip archive. Raises InputError if it is missing, truncated or not a backup."""
    readable(file, "Give the file that kb backup wrote.")
    try:
        archive = zipfile.ZipFile(file)
    except _DAMAGE as error:
        raise InputError(
            "The file is no backup, or it is cut off.", where=str(file), do="Take another backup."
        ) from error
    with archive:
        yield archive


def proved_manifest(archive: zipfile.ZipFile, file: Path) -> BackupManifest:
    """Return the manifest of a backup, after checking that every entry has the hash that the manifest states.

    Only the content of entries is compared, so a backup may be repacked by another program. File names must be valid
    below the library folder on every file system: no '..', no absolute path, not too long, no duplicates. Raises
    InputError for a wrong entry or name, WorkspaceError for a backup of a newer kb.
    """
    entries = _entries(archive, file)
    try:
        words = archive.read("manifest.json").decode()
        manifest = json.loads(words)
        broken = _broken_list(words, manifest, archive.comment)
        is_newer = manifest["version"] > 1 or manifest["revision"] > schema.REVISION
        wanted = {f"tables/{name}.jsonl": entry["sha256"] for name, entry in manifest["tables"].items()}
        wanted |= {f"library/{name}": sha256 for name, sha256 in manifest["files"].items()}
        strange = _strange(list(manifest["files"])) or _odd(entries, {"manifest.json", *wanted})
        broken = broken or _impossible(manifest) or ("" if strange else _damaged(archive, entries, wanted))
    except _DAMAGE as error:
        problem = f"its list of contents cannot be read ({type(error).__name__}: {' '.join(str(error).split())[:200]})"
        raise InputError(f"The backup is damaged: {problem}.", where=str(file), do="Take another backup.") from error
    if strange:
        raise InputError(
            f"The backup holds {strange}.", where=str(file), do="Do not use this backup. Nothing was changed."
        )
    if broken:
        raise InputError(f"The backup is damaged: {broken}.", where=str(file), do="Take another backup.")
    if is_newer:
        raise WorkspaceError("The backup was made by a newer version of kb.", where=str(file), do="Upgrade kb.")
    return manifest


def _entries(archive: zipfile.ZipFile, file: Path) -> list[str]:
    """Return the names of the files in the archive, without folder entries. Raises InputError if the manifest is not
    among them."""
    entries = [info.filename for info in archive.infolist() if not (info.is_dir() and not info.file_size)]
    if "manifest.json" in entries:
        return entries
    deeper = [name for name in entries if name.endswith("/manifest.json")]
    if len(deeper) == 1 and all(name.startswith(deeper[0].removesuffix("manifest.json")) for name in entries):
        raise InputError(
            "The backup was packed anew with its files one folder deeper.",
            where=str(file),
            do="Give the file as kb backup wrote it, or pack what is in the folder, without the folder.",
        )
    raise InputError(
        "The file is no backup: it was not written by kb backup.",
        where=str(file),
        do="Give the file that kb backup wrote, such as monday.kb.zip.",
    )


def _broken_list(words: str, manifest: BackupManifest, comment: bytes) -> str:
    """Return what is wrong with the manifest of a backup; '' if its checksum is right.

    `words` is the manifest as text. An older manifest has no checksum of its own; it is compared with the checksum
    in the archive's `comment`, which other packing programs remove.
    """
    if manifest.get("format") != backup.FORMAT:
        return "manifest.json was changed"
    if "sha256" in manifest:
        return "" if backup.sum_of(manifest) == manifest["sha256"] else "manifest.json was changed"
    if not comment:
        return "it was packed anew by another program, and the checksum of its list of contents was lost"
    return "" if sha256_text(words).encode() == comment else "manifest.json was changed"


def _impossible(manifest: BackupManifest) -> str:
    """Return what is wrong with the form of a manifest: values that no version of this program writes; '' if
    nothing."""
    version, revision, head = manifest["version"], manifest["revision"], manifest.get("head", {})
    if version < 1 or revision is None or revision not in schema.KNOWN and revision <= schema.REVISION:
        return f"its version ({str(version)[:20]!r}) or that of its tables ({str(revision)[:20]!r}) never was one"
    if not isinstance(head, dict) or "head" in manifest and not {"sequence", "hash"} <= set(head):
        return "it does not say where its log ends"
    return ""


def _damaged(archive: zipfile.ZipFile, entries: list[str], wanted: dict[str, str]) -> str:
    """Return what is wrong with the first entry that is missing, changed or unreadable; '' if there is none. `wanted`
    maps each name to its sha256."""
    there = set(entries)
    for name, sha256 in wanted.items():
        if name not in there:
            return f"{name} is missing"
        try:
            if _hash(archive, name) != sha256:
                return f"{name} was changed"
        except NotImplementedError:
            return f"{name} is packed in a way that this program does not read"
        except _DAMAGE as error:
            return f"{name} cannot be read ({' '.join(str(error).split())[:200]})"
    return ""


def _strange(names: list[str]) -> str:
    """Return the first unsafe file name, shortened and escaped; '' if all are safe."""
    folders = {"/".join(name.split("/")[:n]) for name in names for n in range(1, name.count("/") + 1)}
    seen: set[str] = set()
    for name in names:
        alike = unicodedata.normalize("NFC", name).casefold()
        if _is_strange(name) or alike in seen or name in folders:
            return f"a file with a strange name: {name[:100]!r}"
        seen.add(alike)
    return ""


def _odd(entries: list[str], wanted: set[str]) -> str:
    """Return the first file of the archive that is not in `wanted` (the manifest's names) or occurs twice; '' if there
    is none."""
    seen: set[str] = set()
    for name in entries:
        if name not in wanted:
            return f"a file that its list of contents does not name: {name[:100]!r}"
        if name in seen:
            return f"two files of one name: {name[:100]!r}"
        seen.add(name)
    return ""


def _is_strange(name: str) -> bool:
    """Return whether a file name points outside its folder, or cannot be stored on every file system (more than 255
    bytes per part)."""
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
    """Return the sha256 of an entry's content."""
    digest = hashlib.sha256()
    with archive.open(name) as stream:
        while block := stream.read(1 << 20):  # a megabyte at a time
            digest.update(block)
    return digest.hexdigest()
