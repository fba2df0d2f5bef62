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


def proved_manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """The manifest of a backup in which every entry has the hash that it was written with. Raises InputError.

    What counts is what the entries hold: a backup that another program packed anew is the same backup. Names of files
    must stay below the library on every file system: no way up, no absolute path, none that is too long, none that
    stands twice.
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
    """The names of the files in the archive; folders that a packer lists beside them hold nothing.

    Raises InputError where the list of contents is not among them."""
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


def _broken_list(words: str, manifest: Manifest, comment: bytes) -> str:
    """What is wrong with the list of contents, which everything else is proved by; '' where it proves itself.

    A list of before it carried its own checksum is proved by the archive's comment, which other packers leave out."""
    if manifest.get("format") != backup.FORMAT:
        return "manifest.json was changed"
    if "sha256" in manifest:
        return "" if backup.sum_of(manifest) == manifest["sha256"] else "manifest.json was changed"
    if not comment:
        return "it was packed anew by another program, and the checksum of its list of contents was lost"
    return "" if sha256_text(words).encode() == comment else "manifest.json was changed"


def _impossible(manifest: Manifest) -> str:
    """What in a list of contents no version of this program could have written, in words; '' where there is nothing."""
    version, revision, head = manifest["version"], manifest["revision"], manifest.get("head", {})
    if version < 1 or revision is None or revision not in schema.KNOWN and revision <= schema.REVISION:
        return f"its version ({str(version)[:20]!r}) or that of its tables ({str(revision)[:20]!r}) never was one"
    if not isinstance(head, dict) or "head" in manifest and not {"sequence", "hash"} <= set(head):
        return "it does not say where its log ends"
    return ""


def _damaged(archive: zipfile.ZipFile, entries: list[str], wanted: dict[str, str]) -> str:
    """What is wrong with the first entry that is not as it was written; '' where all are."""
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
    """The first name of a file that cannot be trusted, shortened and escaped; '' where all can."""
    folders = {"/".join(name.split("/")[:n]) for name in names for n in range(1, name.count("/") + 1)}
    seen: set[str] = set()
    for name in names:
        alike = unicodedata.normalize("NFC", name).casefold()
        if _is_strange(name) or alike in seen or name in folders:
            return f"a file with a strange name: {name[:100]!r}"
        seen.add(alike)
    return ""


def _odd(entries: list[str], wanted: set[str]) -> str:
    """The first file of the archive that the list of contents does not name or that occurs twice; '' where there is
    none."""
    seen: set[str] = set()
    for name in entries:
        if name not in wanted:
            return f"a file that its list of contents does not name: {name[:100]!r}"
        if name in seen:
            return f"two files of one name: {name[:100]!r}"
        seen.add(name)
    return ""


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
